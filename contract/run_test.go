package contract_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/payporter-mock/payporter-mock/contract"
	"github.com/payporter-mock/payporter-mock/contract/report"
)

// A run that ends early has a report of what it got to, and has failed.
func TestRunThatEndsEarlyTellsWhatItGotTo(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancelCause(t.Context())
	judged, err := contract.Verify(ctx, configFor(t, &shop{}), contract.Options{
		Progress: endingAt{"RESIL-016", func() { cancel(errors.New("interrupt signal received")) }},
	})
	require.NoError(t, err)
	require.Equal(t, report.NotOK, judged.Verdict)
	require.Contains(t, judged.Reason, "the run ended before all was judged (interrupt signal received)")
	require.Positive(t, judged.Summary.Passed)
	for _, rule := range judged.Rules {
		first := rule.Family == "REQ" || slices.Contains([]string{"RESIL-009", "RESIL-015"}, rule.ID)
		if rule.ID == "RESIL-018" { // only a thorough run tries it
			require.Equal(t, report.Skipped, rule.Result)
			continue
		}
		if !first {
			require.Equal(t, report.NotEvaluable, rule.Result, rule.ID)
			require.Equal(t, "the run ended before this was judged", rule.Seen, rule.ID)
		}
	}
}

// What has passed before a run ends has passed, also what was judged beside rules that were not.
func TestRunThatEndsEarlyKeepsWhatHasPassed(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancelCause(t.Context())
	var orders atomic.Int64
	judged, err := contract.Verify(ctx, configFor(t, &shop{placed: func(*order) {
		if orders.Add(1) == 120 {
			cancel(errors.New("interrupt signal received"))
		}
	}}), contract.Options{})
	require.NoError(t, err)
	require.Equal(t, report.NotOK, judged.Verdict)
	for _, one := range judged.Rules {
		if one.ID == "FLOW-003" {
			require.Equal(t, report.Passed, one.Result, one.Seen)
		}
	}
	require.Positive(t, judged.Summary.NotEvaluable, "the run was over before it ended")
	require.Zero(t, judged.Summary.Failed, seen(judged.Report))
}

// A run that ends when every rule is judged says what is missing all the same; if nothing is, it has not ended early.
func TestRunThatEndsAfterItsRulesSaysWhatIsMissing(t *testing.T) {
	t.Parallel()
	for last, reason := range map[string]string{
		"FLOW-004": "the run ended before its orders were looked at once more for a doubled fulfilment (interrupt signal " +
			"received)",
		"REQ-010": "no rule failed",
	} {
		t.Run(last, func(t *testing.T) {
			t.Parallel()
			ctx, cancel := context.WithCancelCause(t.Context())
			c := configFor(t, &shop{})
			c.Rules = []string{"FLOW-004", last}
			judged, err := contract.Verify(ctx, c, contract.Options{
				Progress: endingAfter{last, func() { cancel(errors.New("interrupt signal received")) }},
			})
			require.NoError(t, err)
			require.Equal(t, reason, judged.Reason)
			require.Equal(t, reason == "no rule failed", judged.Verdict == report.OK)
		})
	}
}

// endingAfter ends a run when it has judged a rule.
type endingAfter struct {
	rule string
	end  func()
}

func (endingAfter) Begin(report.Rule) {}

func (e endingAfter) Judged(r report.Rule) {
	if r.ID == e.rule {
		e.end()
	}
}

func TestRunEndsWithinItsTime(t *testing.T) {
	t.Parallel()
	judged, err := contract.Verify(t.Context(), configFor(t, &shop{}), contract.Options{Within: 300 * time.Millisecond})
	require.NoError(t, err)
	require.Equal(t, report.NotOK, judged.Verdict)
	require.Contains(t, judged.Reason, "it was to end within 300ms")
}

// endingAt ends a run when it comes to a rule.
type endingAt struct {
	rule string
	end  func()
}

func (e endingAt) Begin(r report.Rule) {
	if r.ID == e.rule {
		e.end()
	}
}

func (endingAt) Judged(report.Rule) {}

// What is gone was there before: such an order is not paid. Where nothing was ever there, the address is wrong.
func TestStateThatIsGoneIsABelief(t *testing.T) {
	t.Parallel()
	c := configFor(t, &shop{forgetful: true})
	c.Rules, c.State.Failed = []string{"FLOW-003", "FLOW-005", "FLOW-006"}, contract.Condition{Status: http.StatusGone}
	judged, err := contract.Verify(t.Context(), c, contract.Options{})
	require.NoError(t, err)
	for _, rule := range judged.Rules {
		if rule.Result != report.Skipped {
			require.Equal(t, report.Passed, rule.Result, "%s: %s", rule.ID, rule.Seen)
		}
	}
	c = configFor(t, &shop{})
	c.State.Request.URL += "/none"
	c.Rules = []string{"FLOW-003"}
	judged, err = contract.Verify(t.Context(), c, contract.Options{})
	require.NoError(t, err)
	require.Equal(t, report.NotOK, judged.Verdict)
}

// What a page gives to a customer, the customer can send back.
func TestTokenOfAPageIsSentBack(t *testing.T) {
	t.Parallel()
	c := configFor(t, &shop{guarded: true})
	form := contract.Request{URL: "{{shop}}/form", Take: contract.Take{"token": {Regexp: `value="([^"]+)"`}}}
	c.Rules = []string{"FLOW-003"}
	c.Order.Before, c.State.Before = []contract.Request{form}, []contract.Request{form}
	c.Order.Request.Headers = http.Header{"X-Token": {"{{token}}"}}
	c.State.Request.Headers = http.Header{"X-Token": {"{{token}}"}}
	judged, err := contract.Verify(t.Context(), c, contract.Options{})
	require.NoError(t, err)
	require.Equal(t, report.OK, judged.Verdict, judged.Reason)

	c.Order.Before[0].Take["token"] = contract.Extract{JSON: "$.token"}
	judged, err = contract.Verify(t.Context(), c, contract.Options{})
	require.NoError(t, err)
	require.Contains(t, fmt.Sprint(judged.Rules), "order.before[1].take.token (json: $.token) finds nothing in "+
		"the answer 200")
}

// Whoever looks in the wrong place learns what is there.
func TestProbeThatFindsNothingSaysWhatItSaw(t *testing.T) {
	t.Parallel()
	for want, paid := range map[string]contract.Condition{
		"state.paid: $.payd leads to nothing in the answer": {Extract: contract.Extract{JSON: "$.payd"}},
		`state.paid: json: $.status is "paid", wanted "PAID"`: {
			Extract: contract.Extract{JSON: "$.status"},
			Equals:  []string{"PAID"},
		},
		"state.paid: nothing in the answer matches <b>paid</b>": {Extract: contract.Extract{Regexp: "<b>paid</b>"}},
		"state.paid: the answer is 200, wanted 204":             {Status: 204},
	} {
		t.Run(want, func(t *testing.T) {
			t.Parallel()
			c := configFor(t, &shop{})
			c.Rules, c.State.Paid = []string{"FLOW-003"}, paid
			judged, err := contract.Verify(t.Context(), c, contract.Options{})
			require.NoError(t, err)
			require.Contains(t, fmt.Sprint(judged.Rules), want)
		})
	}
}

// Where the rule is not judged that says why no order can be made or read, the rules that need one say it.
func TestRulesSayWhyThereIsNoOrder(t *testing.T) {
	t.Parallel()
	silent, unread := configFor(t, &shop{silent: true}), configFor(t, &shop{})
	unread.State.Request.URL = "http://127.0.0.1:9/orders/{{orderId}}"
	for _, c := range []struct {
		contract.Config
		alone, beside string
	}{
		{silent, "no order can be made: ", "no order can be made, see FLOW-003"},
		{unread, "the state of the order cannot be read: GET ", "the state of an order cannot be read, see FLOW-003"},
	} {
		c.Rules = []string{"FLOW-006"}
		judged, err := contract.Verify(t.Context(), c.Config, contract.Options{})
		require.NoError(t, err)
		require.Regexp(t, "^"+c.alone+".{20,}", ruleOf(t, judged.Report, "FLOW-006").Seen)

		c.Rules = append(c.Rules, "FLOW-003")
		judged, err = contract.Verify(t.Context(), c.Config, contract.Options{})
		require.NoError(t, err)
		require.Equal(t, c.beside, ruleOf(t, judged.Report, "FLOW-006").Seen)
	}
}

func ruleOf(t *testing.T, r report.Report, id string) report.Rule {
	t.Helper()
	i := slices.IndexFunc(r.Rules, func(of report.Rule) bool { return of.ID == id })
	require.GreaterOrEqual(t, i, 0, id)
	return r.Rules[i]
}
