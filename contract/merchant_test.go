package contract_test

import (
	"context"
	"encoding/json"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/payporter-mock/payporter-mock/contract"
	"github.com/payporter-mock/payporter-mock/contract/report"
)

func TestMerchant(t *testing.T) {
	t.Parallel()
	c := configFor(t, &shop{})
	c.Rules = []string{"REQ", "FLOW", "TRUST-001", "TRUST-022"}
	contract.Merchant(t, c)
}

func TestMerchantTellsEachRuleInASubtest(t *testing.T) {
	t.Parallel()
	c := configFor(t, &shop{believing: true})
	c.State.Failed = contract.Condition{}
	c.Rules = []string{"FLOW-003", "FLOW-005", "FLOW-006"}
	told := &teller{ctx: t.Context()}
	contract.Merchant(told, c)
	require.Equal(t, []string{"FLOW-003 passed", "FLOW-005 failed", "FLOW-006 skipped"}, told.results)
	require.Contains(t, told.text, "An order whose payment FAILED is not paid (critical)")
	require.Regexp(t, `order ORD-\d+ is paid after a declined payment`, told.text)
	require.Contains(t, told.text, "the config has no state.failed")
}

// A call with a slash too many is the call that was meant, with a fault in its path.
func TestASlashTooManyIsToldAsAFaultOfThePath(t *testing.T) {
	t.Parallel()
	c := configFor(t, &shop{ending: "/"})
	c.Rules = []string{"REQ-001"}
	told := &teller{ctx: t.Context()}
	contract.Merchant(told, c)
	require.Equal(t, []string{"REQ-001 failed"}, told.results)
	require.Contains(t, told.text, "POST /api/checkout/: path: must not end in a slash")
}

// The callback that overtook the answer to its create is drawn before that answer.
func TestEvidenceShowsWhatHappenedInsideACreate(t *testing.T) {
	t.Parallel()
	c := configFor(t, &shop{})
	c.Rules = []string{"RESIL-001"}
	judged, err := contract.Verify(t.Context(), c, contract.Options{})
	require.NoError(t, err)
	i := slices.IndexFunc(judged.Rules, func(r report.Rule) bool { return r.ID == "RESIL-001" })
	drawn := judged.Rules[i].Diagram(nil).Mermaid()
	require.Regexp(t, `(?s)merchant->>\+payporter: \S+ create.*payporter->>\+?merchant: \S+ `+
		`callback.*payporter-->>-merchant: \S+ answer to create: 200 checkout [0-9a-f]{8} `, drawn)
	require.Regexp(t, `merchant: 200 SUCCESS [0-9]+\.[0-9]{2} TRY`, drawn)
}

func TestMerchantToleratesWhatIsLessSevere(t *testing.T) {
	t.Parallel()
	c := configFor(t, &shop{})
	c.State.Failed.Equals = []string{"never"}
	c.Rules = []string{"FLOW-006"}
	told := &teller{ctx: t.Context()}
	contract.Merchant(told, c)
	require.Equal(t, []string{"FLOW-006 skipped"}, told.results)
	c = configFor(t, &shop{})
	c.State.Failed.Equals, c.Rules, c.FailOn = []string{"never"}, []string{"FLOW-006"}, report.Minor
	told = &teller{ctx: t.Context()}
	contract.Merchant(told, c)
	require.Equal(t, []string{"FLOW-006 failed"}, told.results)
}

func TestMerchantThatCannotBeJudgedHasNotPassed(t *testing.T) {
	t.Parallel()
	c := configFor(t, &shop{mute: true})
	c.Rules = []string{"TRUST-001"}
	told := &teller{ctx: t.Context()}
	contract.Merchant(told, c)
	require.Equal(t, []string{"TRUST-001 skipped"}, told.results)
	require.Contains(t, told.text, "no rule could be judged, so nothing is proven")
}

// teller is a test that keeps what it is told.
type teller struct {
	ctx     context.Context
	name    string
	result  string
	results []string
	text    string
}

func (*teller) Helper()                    {}
func (t *teller) Context() context.Context { return t.ctx }

func (t *teller) Run(name string, do func(*teller)) bool {
	sub := &teller{ctx: t.ctx, name: name, result: "passed"}
	do(sub)
	t.results = append(t.results, name+" "+sub.result)
	t.text += sub.text
	return sub.result == "passed"
}

func (t *teller) tell(result, format string, args ...any) {
	t.result = result
	t.text += fmt.Sprintf(format, args...) + "\n"
}

func (t *teller) Fatalf(format string, args ...any) { t.tell("failed", format, args...) }
func (t *teller) Errorf(format string, args ...any) { t.tell("failed", format, args...) }
func (t *teller) Skipf(format string, args ...any)  { t.tell("skipped", format, args...) }
func (t *teller) Logf(format string, args ...any)   { t.text += fmt.Sprintf(format, args...) + "\n" }

func TestShopThatCannotBeOrderedInIsToldInOneReading(t *testing.T) {
	t.Parallel()
	for name, s := range map[string]struct {
		shop *shop
		want string
	}{
		"the order is refused": {&shop{mute: true}, "the order was answered 400, and the shop sent no create to " +
			"PayPorter: compare order.request"},
		"PayPorter is never told": {&shop{silent: true}, "the order was answered 200, and the shop sent no create " +
			"to PayPorter"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			config := thorough(configFor(t, s.shop))
			config.Webhook.URL = "{{shop}}/webhook"
			config.Refund.Request = contract.Request{Method: "POST", URL: "{{shop}}/orders/{{orderId}}/refund"}
			judged, err := contract.Verify(t.Context(), config, contract.Options{})
			require.NoError(t, err)
			require.Equal(t, report.NotOK, judged.Verdict)
			for _, rule := range judged.Rules {
				if rule.ID == "FLOW-003" {
					require.Equal(t, report.Failed, rule.Result)
					require.Contains(t, rule.Seen, s.want)
					continue
				}
				require.Equal(t, report.NotEvaluable, rule.Result, "%s: %s", rule.ID, rule.Seen)
				require.Contains(t, rule.Seen, "FLOW-003", rule.ID)
			}
		})
	}
}

func TestNoSecretIsInTheReport(t *testing.T) {
	t.Parallel()
	s := &shop{believing: true}
	c := configFor(t, s)
	c.Rules = []string{"FLOW", "REQ-002"}
	judged, err := contract.Verify(t.Context(), c, contract.Options{})
	require.NoError(t, err)
	require.NotNil(t, judged.Replay)
	text := fmt.Sprintf("%+v", judged.Rules) + fmt.Sprintf("%+v", judged.Replay)
	for _, rule := range judged.Rules {
		for _, x := range rule.Exchanges {
			text += fmt.Sprintf("%+v %+v", x.Request, x.Response)
		}
	}
	for _, rule := range judged.Replay.Rules {
		for _, entry := range rule.Journal {
			text += string(entry)
		}
	}
	require.NotContains(t, text, s.payporter.APISecret)
	require.Contains(t, text, "/api/checkout")
	require.False(t, strings.Contains(text, "5421190122090656"))
}

// What shops say in JSON within JSON, or in forms, comes out of a bundle as little as out of a report.
func TestNoSecretIsInTheBundle(t *testing.T) {
	t.Parallel()
	inner, _ := json.Marshal(`{"cvv":"73918264","x":{"pan":4242424242424242,"apiSecret":"hush-1"}}`)
	twice, _ := json.Marshal(string(inner))
	for name, said := range map[string]string{
		"escaped": string(inner), "twice": string(twice), "form": "a=1&cvv=73918264&password=hush-2",
		"percent": "x=" + url.QueryEscape(`{"cvv":"73918264","X-Auth-Token":"hush-3"}`), "twice percent": "y=" +
			url.QueryEscape("x="+url.QueryEscape("cvv=73918264&token=hush-4")),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := &shop{believing: true, tattling: said}
			c := configFor(t, s)
			c.Rules = []string{"TRUST-001", "FLOW-003"}
			judged, err := contract.Verify(t.Context(), c, contract.Options{})
			require.NoError(t, err)
			require.NotNil(t, judged.Replay)
			file := filepath.Join(t.TempDir(), "bundle.json")
			require.NoError(t, judged.Replay.Write(file, ""))
			text, err := os.ReadFile(file)
			require.NoError(t, err)
			require.Contains(t, string(text), "***")
			for _, secret := range []string{"73918264", "hush-", "4242424242424242", s.payporter.APISecret} {
				require.NotContains(t, string(text), secret)
			}
			_, err = contract.ReadBundle(file)
			require.NoError(t, err, "it can be replayed")
		})
	}
}

func TestSeedDecidesWhatIsOrdered(t *testing.T) {
	t.Parallel()
	ordered := func(seed uint64, rules ...string) []string {
		s := &shop{}
		c := configFor(t, s)
		c.Seed, c.Rules = seed, rules
		_, err := contract.Verify(t.Context(), c, contract.Options{})
		require.NoError(t, err)
		s.mu.Lock()
		defer s.mu.Unlock()
		var amounts []string
		for _, o := range s.orders {
			amounts = append(amounts, string(o.Amount))
		}
		slices.Sort(amounts)
		return slices.Compact(amounts) // on a busy machine the harness may look twice whether the shop still sells
	}
	alone := ordered(7, "FLOW-009")
	require.Equal(t, alone, ordered(7, "FLOW-009"))
	require.NotEqual(t, alone, ordered(8, "FLOW-009"))
	require.Subset(t, ordered(7, "FLOW"), alone, "a rule orders the same when others are judged, too")
}
