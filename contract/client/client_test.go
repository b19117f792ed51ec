package client_test

import (
	"bytes"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os/exec"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"github.com/payporter-mock/payporter-mock/contract/client"
	"github.com/payporter-mock/payporter-mock/contract/report"
	"github.com/payporter-mock/payporter-mock/internal/extent"
	"github.com/payporter-mock/payporter-mock/mock"
	"github.com/payporter-mock/payporter-mock/payment"
)

func TestMain(m *testing.M) {
	extent.Spacious()
	goleak.VerifyTestMain(m)
}

// verify runs a program against a sandbox of its own, as the command does.
func verify(t *testing.T, program string, args ...string) client.Run {
	t.Helper()
	if _, err := exec.LookPath(program); err != nil {
		extent.Required(t, program+" is not installed")
	}
	var observer atomic.Pointer[client.Observer] // known once the sandbox has its address
	srv := mock.Start(t, mock.Config{
		APISecret:   "a-secret-of-this-test",
		BeforeReset: func(merchant string) { observer.Load().BeforeReset(merchant) },
	})
	observer.Store(client.Observe(srv.URL))
	var out bytes.Buffer
	ended, err := client.Command{
		Args: append([]string{program}, args...), Stdout: &out, Stderr: &out, Timeout: time.Minute,
		Env: []string{
			"PAYPORTER_BASE_URL=" + srv.URL, "PAYPORTER_API_KEY=" + srv.APIKey, "PAYPORTER_API_SECRET=" + srv.APISecret,
			"PAYPORTER_MOCK_URL=" + srv.URL,
		},
	}.Run(t.Context())
	require.NoError(t, err)
	record, err := observer.Load().Record(t.Context())
	require.NoError(t, err)
	t.Cleanup(func() {
		if t.Failed() {
			t.Logf("%s %s wrote:\n%s", program, strings.Join(args, " "), &out)
		}
	})
	return client.Run{Record: record, Ended: &ended, Secret: payment.Secret(srv.APISecret)}
}

func failed(j client.Judgement) []string {
	ids := []string{}
	for _, r := range j.Rules {
		if r.Result == report.Failed {
			ids = append(ids, r.ID)
		}
	}
	return ids
}

func ruleOf(t *testing.T, j client.Judgement, id string) report.Rule {
	t.Helper()
	for _, r := range j.Rules {
		if r.ID == id {
			return r
		}
	}
	t.Fatalf("there is no rule %s", id)
	return report.Rule{}
}

var (
	python = []string{"python3", filepath.Join("testdata", "client.py")}
	node   = []string{"node", filepath.Join("testdata", "client.mjs")}
)

func TestCorrectClientsPass(t *testing.T) {
	t.Parallel()
	for _, program := range [][]string{python, node} {
		t.Run(program[0], func(t *testing.T) {
			t.Parallel()
			run := verify(t, program[0], program[1:]...)
			run.Bars = []client.Bar{{Name: "operations", Percent: 2}, {Name: "fields", Percent: 8}}
			j := run.Judge()
			require.Equal(t, report.OK, j.Verdict)
			for _, rule := range j.Rules {
				require.Equal(t, report.Passed, rule.Result, "%s: %s", rule.ID, rule.Seen)
			}
			require.Empty(t, j.Found.Accepted)
			require.Equal(t, report.Summary{Rules: 25, Passed: 25}, j.Summary)
		})
	}
}

// What nobody looked at must not look like what is right.
func TestForgottenMerchantsAreNotEvaluableAndDoNotPass(t *testing.T) {
	t.Parallel()
	run := verify(t, python[0], python[1:]...)
	for name, record := range map[string]client.Record{
		"2 merchants were forgotten":                {Merchants: run.Record.Merchants, Evicted: 2},
		"the journal had no room for 1 older entry": {Merchants: run.Record.Merchants, Forgotten: 1},
	} {
		run.Record = record
		j := run.Judge()
		rule := ruleOf(t, j, "CLIENT-002")
		require.Equal(t, report.NotEvaluable, rule.Result)
		require.Contains(t, rule.Seen, name)
		require.Equal(t, report.NotOK, j.Verdict)
		require.Equal(t, "4 rules of severity critical could not be judged: CLIENT-002, CLIENT-003, CLIENT-007, CLIENT-017",
			j.Reason)

		run.Lenient = true
		require.Equal(t, report.OK, run.Judge().Verdict)
		run.Lenient = false
	}
}

// The observer is told of merchants whose books are gone, and of strangers' requests that had no room.
func TestObserverCountsWhatTheSandboxHasForgotten(t *testing.T) {
	t.Parallel()
	control := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		switch r.URL.Path {
		case "/_mock/merchants":
			fmt.Fprint(w, `{"merchants": ["test_key"], "forgotten": 3}`)
		case "/_mock/strangers":
			fmt.Fprint(w, `{"entries": [{"seq": 5, "kind": "request"}], "next": 5}`)
		default:
			fmt.Fprint(w, `{"entries": [], "items": [], "next": 0}`)
		}
	}))
	t.Cleanup(control.Close)
	record, err := client.Observe(control.URL).Record(t.Context())
	require.NoError(t, err)
	require.Equal(t, uint64(3), record.Evicted)
	require.Equal(t, uint64(4), record.Forgotten)
}

// Each mistake fails the rule that is meant for it, and no other. With -short every fourth is made, or every twelfth.
func TestMistakesFailTheirRules(t *testing.T) {
	t.Parallel()
	proven := map[string]bool{"CLIENT-020": true} // the bars have a test of their own
	for i, test := range mistakes {
		proven[test.rule] = true
		if i%extent.Of(1, 4, 12) != 0 {
			continue
		}
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			run := verify(t, python[0], python[1], test.name)
			run.FailOn = report.Minor
			j := run.Judge()
			require.Equal(t, []string{test.rule}, failed(j))
			require.Equal(t, report.NotOK, j.Verdict)
			rule := ruleOf(t, j, test.rule)
			require.Contains(t, rule.Seen, test.seen)
			var text bytes.Buffer
			require.NoError(t, j.WriteJSON(&text))
			require.NotContains(t, text.String(), run.Secret.Reveal())
			_, err := report.Read(&text) // as its schema has it
			require.NoError(t, err)
			if test.rule == "CLIENT-001" || test.rule == "CLIENT-019" {
				return // no exchange shows it
			}
			require.Len(t, rule.Exchanges, 1)
			require.NotNil(t, rule.Exchanges[0].Request)
			require.Equal(t, []client.Accepted{{Rule: test.rule, Violation: j.Found.Accepted[0].Violation}}, j.Found.Accepted)

			run.Baseline = &j.Found
			require.Empty(t, failed(run.Judge()))
			require.Contains(t, ruleOf(t, run.Judge(), test.rule).Seen, "1 accepted by the baseline")
		})
	}
	for _, rule := range client.Rules() {
		require.True(t, proven[rule.ID], "no mistake is made for %s", rule.ID)
	}
}

// A secret is judged before it is masked: under its own name in the body, and in a header instead of its own.
func TestSecretsAreJudgedBeforeTheyAreMasked(t *testing.T) {
	t.Parallel()
	for mistake, broken := range map[string][]string{
		"secret-in-field": {"CLIENT-011", "CLIENT-017"},
		"secret-instead":  {"CLIENT-002", "CLIENT-017"},
	} {
		t.Run(mistake, func(t *testing.T) {
			t.Parallel()
			run := verify(t, python[0], python[1], mistake)
			run.FailOn = report.Minor
			j := run.Judge()
			require.Equal(t, broken, failed(j))
			var text bytes.Buffer
			require.NoError(t, j.WriteJSON(&text))
			require.NotContains(t, text.String(), run.Secret.Reveal())
		})
	}
}

var mistakes = []struct{ name, rule, seen string }{
	{"silent", "CLIENT-001", "no request"},
	{"no-key", "CLIENT-002", "missing: X-API-KEY"},
	{"no-secret", "CLIENT-002", "missing: X-API-SECRET"},
	{"wrong-secret", "CLIENT-003", "the key or the secret is wrong"},
	{"unknown-key", "CLIENT-003", "the key or the secret is wrong"},
	{"two-keys", "CLIENT-003", "X-API-KEY came with two different values"},
	{"two-secrets", "CLIENT-003", "X-API-SECRET came with two different values"},
	{"two-types", "CLIENT-004", "Content-Type came with two different values"},
	{"two-scenarios", "CLIENT-018", "X-Mock-Scenario came with two different values"},
	{"form", "CLIENT-004", "content type"},
	{"no-content-type", "CLIENT-004", "content type"},
	{"compressed", "CLIENT-004", "content type"},
	{"broken-json", "CLIENT-005", "is not valid JSON at line 1, column 2"},
	{"not-an-object", "CLIENT-005", "body must be an object, got a list"},
	{"twice", "CLIENT-005", "orderId appears twice"},
	{"huge", "CLIENT-005", "too large"},
	{"no-currency", "CLIENT-006", "currency is required"},
	{"amount-text", "CLIENT-007", "amount must be a number, got the text"},
	{"amount-float", "CLIENT-007", "at most 2 decimals"},
	{"amount-negative", "CLIENT-007", "must be greater than 0, got -5"},
	{"amount-yen", "CLIENT-007", "whole number"},
	{"currency-TL", "CLIENT-008", "ISO 4217"},
	{"currency-lower", "CLIENT-008", "ISO 4217"},
	{"callback-relative", "CLIENT-009", "absolute"},
	{"callback-password", "CLIENT-009", "must not contain credentials"},
	{"order-long", "CLIENT-010", "orderId must have at most 128 characters"},
	{"order-number", "CLIENT-010", "orderId must be text"},
	{"installments", "CLIENT-010", "maxInstallmentCount must be at most 12"},
	{"typo", "CLIENT-011", "maxInstalmentCount"},
	{"path", "CLIENT-012", "no such operation"},
	{"base", "CLIENT-012", "no such operation"},
	{"slash", "CLIENT-012", "no such operation"},
	{"method", "CLIENT-012", "no such operation"},
	{"order-as-id", "CLIENT-013", "must be a UUID"},
	{"no-id", "CLIENT-013", "must be a UUID"},
	{"unknown-id", "CLIENT-014", "no create has answered"},
	{"forgotten-id", "CLIENT-014", "before a reset"},
	{"upper-other-key", "CLIENT-015", "with another key"},
	{"other-key", "CLIENT-015", "with another key"},
	{"paid-order", "CLIENT-016", "an order that is paid"},
	{"secret-in-callback", "CLIENT-017", "the body of the request"},
	{"secret-in-query", "CLIENT-017", "the query of the request"},
	{"secret-in-authorization", "CLIENT-017", "the secret is in the header Authorization of the request"},
	{"secret-in-basic", "CLIENT-017", "the secret is in the header Authorization of the request"},
	{"secret-in-cookie", "CLIENT-017", "the secret is in the header Cookie of the request"},
	{"secret-in-header", "CLIENT-017", "the secret is in the header X-Trace of the request"},
	{"secret-in-base64", "CLIENT-017", "the secret is in the request in base64"},
	{"secret-in-body", "CLIENT-017", "the body of the request"},
	{"scenario", "CLIENT-018", `there is no scenario "sucess"`},
	{"scenario-token", "CLIENT-018", `there is no scenario "sucess"`},
	{"refund-too-much", "CLIENT-021", "must be at most 100.50"},
	{"refund-currency", "CLIENT-021", "currency"},
	{"refund-text", "CLIENT-007", "amount must be a number"},
	{"refund-zero", "CLIENT-007", "amount must be greater than 0"},
	{"capture-sale", "CLIENT-021", ""},
	{"complete-sale", "CLIENT-021", ""},
	{"cancel-declined", "CLIENT-021", ""},
	{"cancel-unknown", "CLIENT-022", "no answer has had this paymentId"},
	{"payment-of-order", "CLIENT-022", "must be a UUID"},
	{"payment-other-key", "CLIENT-023", "with another key"},
	{"payment-no-cvv", "CLIENT-006", "cvv is required"},
	{"payment-month", "CLIENT-010", "expiryMonth must be a month"},
	{"3ds-no-url", "CLIENT-006", "failureUrl is required"},
	{"3ds-not-opened", "CLIENT-024", "the bank's page was never opened"},
	{"3ds-cut", "CLIENT-024", "the bank's page was never opened"},
	{"3ds-link", "CLIENT-024", "opened with GET"},
	{"3ds-json", "CLIENT-024", "is not that of the form in htmlContent"},
	{"3ds-other-key", "CLIENT-025", "another securityKey"},
	{"3ds-twice", "CLIENT-021", ""},
	{"exit", "CLIENT-019", "the command ended with exit code 3"},
}
