package merchant

import (
	"net/http"
	"slices"
	"strings"
	"sync/atomic"
	"time"

	"github.com/payporter-mock/payporter-mock/contract/report"
	"github.com/payporter-mock/payporter-mock/contract/rule"
	"github.com/payporter-mock/payporter-mock/contract/shop"
	"github.com/payporter-mock/payporter-mock/internal/exchange"
)

func resilienceRules() []row { return slices.Concat(troubleRules(), paceRules(), thoroughRules()) }

func troubleRules() []row {
	const retried = "assumed: a callback that is not answered with 2xx within 5 seconds is sent again"
	return []row{
		{
			ID: "RESIL-001", Title: "A callback that overtakes the answer to the create is not lost", Severity: report.Major,
			Source: retried,
			Expected: "The callback of a paid checkout arrives before the answer to POST /api/checkout. The order " +
				"is paid in the end.",
			Advice: "Store the order before you create the checkout, and find it by the orderId that the GET " +
				"answers. Or answer a callback for an unknown checkout with a status other than 2xx, so that " +
				"it comes again.",
			Judge: judgeOvertaken, When: rule.MovesClock,
		},
		{
			ID: "RESIL-002", Title: "A callback that comes hours late still pays", Severity: report.Major,
			Source: documentedWebhooks,
			Expected: "The customer pays six hours after the order. The callback comes six hours after that. " +
				"Meanwhile others have ordered. The order is paid.",
			Advice: "Keep the way from a checkout to its order for as long as callbacks can come: 48 hours and " +
				"more. Keep it in the database, not in a session or a cache.",
			Judge: judgeLate, When: rule.MovesClock,
		},
		{
			ID: "RESIL-003", Title: "A payment whose callback is lost is found all the same", Severity: report.Advisory,
			Source:   "documented: PayPorter, payment status page",
			Expected: "The customer has paid, and no callback comes. The shop asks by itself. The order is paid.",
			Advice: "Ask PayPorter about open orders regularly, and when the customer comes back. GET " +
				"/api/checkout/{checkoutId} is meant for that.",
			Judge: judgeLost, When: rule.Slow,
		},
		{
			ID: "RESIL-004", Title: "A slow answer to the GET still pays in the end", Severity: report.Major, Source: retried,
			Expected: "The first GET takes six seconds. The next ones do not. The order is paid, at the latest " +
				"when the callback comes again.",
			Advice: "Give the GET a time limit below five seconds. When it is over, answer the callback 503. " +
				"PayPorter sends it again.",
			Judge: judgeSlowStatus, When: rule.Slow,
		},
		{
			ID: "RESIL-005", Title: "A GET that fails once is made up for", Severity: report.Critical, Source: retried,
			Expected: "The first GET is answered 500, the next ones are fine; or every GET is, until the callback has been " +
				"answered. The order is paid, if need be when the callback comes again.",
			Advice: "Answer the callback 503 when you could not ask, so that PayPorter sends it again; or ask again " +
				"yourself. 200 means that you need no other callback.",
			Judge: judgeStatusFailsOnce, When: rule.MovesClock,
		},
		{
			ID: "RESIL-006", Title: "Fields that nobody documented yet do no harm", Severity: report.Major,
			Source: "assumed: answers may grow",
			Expected: "The answers to the create and to the GET have more fields than today: orders can be made and " +
				"paid as ever.",
			Advice: "Read the fields you need, and leave the others alone.",
			Judge:  judgeNewFields,
		},
		{
			ID: "RESIL-007", Title: "Optional fields may be absent", Severity: report.Major, Source: "assumed: openapi.yaml " +
				"names what is always there",
			Expected: "The answer to the GET lacks the card's details, the commission and the references. The " +
				"order is paid.",
			Advice: "Decide on status, orderId, amount and currency. Do not need any other field.",
			Judge:  judgeAbsentFields,
		},
		{
			ID: "RESIL-008", Title: "A create that is answered 500 is told to the customer, and the shop sells on",
			Severity: report.Major, Source: "documented: PayPorter, general API introduction",
			Expected: "PayPorter answers every create of an order 500: the customer gets an answer without a link to pay at " +
				"(an error, where the answer is JSON), and the next order works.",
			Advice: "Handle the error of the create: tell the customer to try again later.",
			Judge:  judgeCreateFails,
		},
		{
			ID: "RESIL-009", Title: "A create that hangs does not hang the shop", Severity: report.Major,
			Source:   "assumed: networks do that",
			Expected: "While PayPorter does not answer one customer's create, another customer can order.",
			Advice:   "Call PayPorter with a time limit, and never while you hold a lock that other orders need.",
			Judge:    judgeCreateHangs, When: rule.Alone,
		},
		{
			ID: "RESIL-010", Title: "A callback without checkoutId does no harm", Severity: report.Major,
			Source: "assumed: anybody can call the callback",
			Expected: "A POST without checkoutId and an empty POST arrive while an order is open. The shop " +
				"answers. It pays nothing. It goes on selling.",
			Advice: "Refuse it with 400.", Judge: judgeNoID, Single: true,
		},
		{
			ID: "RESIL-011", Title: "A callback with a huge body does no harm", Severity: report.Major,
			Source:   "assumed: anybody can call the callback",
			Expected: "A POST of eight megabytes arrives. The shop pays nothing. It goes on selling.",
			Advice:   "Limit how much you read of a callback. One checkoutId needs a hundred bytes.",
			Judge:    judgeHuge, Single: true,
		},
		{
			ID: "RESIL-012", Title: "A callback in a broken encoding does no harm", Severity: report.Major,
			Source: "assumed: anybody can call the callback",
			Expected: "Bodies arrive that are no form, no UTF-8 and no JSON. The shop answers. It pays nothing. It " +
				"goes on selling.",
			Advice: "Answer 400 to a body that cannot be read.", Judge: judgeBroken, Single: true,
		},
		{
			ID: "RESIL-013", Title: "A payment that waited for approval pays in the end", Severity: report.Critical,
			Source: "documented: PayPorter, payment status page (PENDING_APPROVAL is not final)",
			Expected: "After the first callback the GET answers PENDING_APPROVAL. After the next one it answers " +
				"SUCCESS. The order is paid.",
			Advice: "PENDING_APPROVAL decides nothing. Leave the order open. Ask again when the next callback " +
				"comes.",
			Judge: judgeUndecided("PENDING_APPROVAL", waiting),
		},
		{
			ID: "RESIL-014", Title: "A question that failed closes no order", Severity: report.Critical, Source: assumedFaults,
			Expected: "After the first callback the GET is answered 404, 500, with broken JSON or with nothing. " +
				"After the next one it answers SUCCESS. The order is paid.",
			Advice: "An answer without a status decides nothing. Leave the order open. Answer the callback 503. " +
				"Ask again when it comes again.",
			Judge: judgeUndecided("404, 500, broken JSON and an empty body", shop.Refusing(404), shop.Refusing(500),
				bodied(`{"status": "SUC`), bodied("")),
		},
		{
			ID: "RESIL-015", Title: "A GET that hangs does not hang the shop", Severity: report.Major,
			Source: "assumed: networks do that",
			Expected: "PayPorter does not answer the question about one order. Meanwhile another customer can " +
				"order and pay. That order is paid.",
			Advice: "Call PayPorter with a time limit below five seconds, and never while you hold a lock or a transaction " +
				"that other callbacks need.",
			Judge: judgeStatusHangs, When: rule.Alone,
		},
	}
}

// askingAgain is what a shop needs that asks for one order after the other, when one of its questions hangs.
const askingAgain = 10 * time.Second

// paidInTheEnd waits until the order is paid; when it is not, PayPorter sends the callback again where
// it would.
func paidInTheEnd(t *trial, o *shop.Purchase, what string) {
	t.needsLooks()
	t.watch.Told(o, 1)
	t.watch.Settled()
	calls := t.watch.Callbacks(o)
	taken := len(calls) == 1 && calls[0].Taken()
	within := t.watch.Soon()
	if t.rule.When == rule.Slow {
		within += askingAgain
	}
	if t.watch.Believed(o).Paid || taken && t.watch.BecomesPaid(o, within) {
		t.saw("paid after the first callback: %s", what)
		return
	}
	if taken {
		rule.Fail("%s; the callback was answered %d, so PayPorter does not send it again, and the order is not paid", what,
			calls[0].Answer().Status)
	}

	if t.rule.When == rule.Slow {
		t.shop.CallAgain(o) // the clock is moved for none that is judged beside others
	} else {
		t.shop.Advance(5 * time.Minute)
	}
	t.watch.Settled()
	if !t.watch.BecomesPaid(o, t.watch.Soon()) {
		rule.Fail("%s; the callback came %d times, and the order is not paid", what, len(t.watch.Callbacks(o)))
	}

	t.saw("paid when the callback had come %d times: %s", len(t.watch.Callbacks(o)), what)
}

func judgeOvertaken(t *trial) {
	t.needsQuestions()
	early := &overtaking{trial: t}
	o, err := t.shop.TryOrder(shop.With("overtaken"), early.order)
	switch {
	case err != nil:
		rule.Fail("the callback came before the create was answered, and the order went wrong: %v", err)
	case early.answered.Load():
		paidInTheEnd(t, o, "the callback came before the create was answered")
	case early.sent.Load():
		paidInTheEnd(t, o, "the callback was sent before the create was answered, and the shop answered it later")
	default:
		rule.NotEvaluable("no callback was sent while the answer to the create was held back")
	}
}

// overtakenFor is how long the answer to a create waits for a callback that overtakes it. A shop that serves one
// request at a time takes the callback only when its create has been answered, and does nothing wrong by that.
const overtakenFor = 1500 * time.Millisecond

// overtaking is an order whose callback comes before its create is answered.
type overtaking struct {
	trial          *trial
	sent, answered atomic.Bool // the callback was, before the create was answered
}

// order lets the answer to the create wait until the callback has been answered.
func (x *overtaking) order(o *shop.Purchase) {
	shop.Edit(func(a exchange.Message) exchange.Message {
		if a.Status == http.StatusOK {
			within := min(overtakenFor+2*x.trial.facts.Latency, shop.MostQuiet)
			over := func(c *shop.Call) bool { return o.HasCallback(c) && c.Over }
			x.answered.Store(x.trial.watch.Arrives(1, within, over))
			x.sent.Store(x.trial.watch.Arrives(1, 0, func(c *shop.Call) bool { return o.HasCallback(c) }))
		}
		return a
	}).Creates(o)
}

func judgeLate(t *trial) {
	t.needsPaid()
	o := t.order(shop.With("six-hours-late"))
	t.shop.Advance(6 * time.Hour) // a link can be paid for a day
	t.shop.Pay(o)
	for range 5 {
		_, _ = t.shop.TryOrder() // the shop sells on meanwhile
	}

	t.shop.Advance(6*time.Hour + time.Minute)
	t.watch.Told(o, 1)
	if !t.watch.BecomesPaid(o, t.watch.Soon()) {
		if t.facts.mixesUp {
			rule.See("FLOW-010").Fault("a payment pays another order")
		}
		rule.Fail("the customer paid six hours after the order, the callback came six hours after that, and the order " +
			"is not paid")
	}
	t.saw("paid by a callback that came six hours after the payment, and five orders later")
}

// patienceWithLost is how long a shop is watched that gets no callback. A job that asks every minute shows in a
// thorough run. Many ask less often, so silence proves nothing.
var patienceWithLost = patience{usual: 5 * time.Second, thorough: 65 * time.Second}

func judgeLost(t *trial) {
	t.needsPaid()
	o := t.order(shop.With("callback-lost"))
	t.shop.Pay(o)
	if within := t.looks(patienceWithLost); !t.watch.BecomesPaid(o, within) {
		rule.NotEvaluable("within %s the shop did not ask by itself; a job that asks less often cannot be seen from here",
			within)
	}
	t.saw("paid without a callback")
}

func judgeCreateFails(t *trial) {
	t.needsPaid()
	o, err := t.shop.TryOrder(shop.With("create-fails"))
	switch {
	case err == nil:
		rule.Fail("PayPorter made no checkout, and the customer was sent to %s", o.RedirectURL)
	case o.Answer.Status == 0:
		rule.Fail("PayPorter answered the create 500, and the customer got no answer: %v", err)
	}

	isJSON := strings.Contains(o.Answer.Header("Content-Type"), "json")
	switch {
	case o.RedirectURL != "":
		rule.Fail("PayPorter made no checkout, and the customer is sent to %s", o.RedirectURL)
	case o.Answer.Status < 300 && isJSON:
		rule.Fail("PayPorter made no checkout, and the customer is answered %d with nowhere to pay at: %s", o.Answer.Status,
			shop.Clip(string(o.Answer.Body), 120))
	case o.Answer.Status < 300:
		t.saw("the customer is shown a page without a link (%d); whether it says what happened, a person must read",
			o.Answer.Status)
	default:
		t.saw("the customer is answered %d", o.Answer.Status)
	}

	sellsOn(t, "a create that was answered 500")
}
