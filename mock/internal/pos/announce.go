package pos

import (
	"errors"
	"slices"
	"strconv"
	"time"

	"github.com/payporter-mock/payporter-mock/mock/store"
	"github.com/payporter-mock/payporter-mock/payment"
	"github.com/payporter-mock/payporter-mock/scenarios"
)

// announced are the callbacks that a result causes: one at once, or what the scenario plans.
func (p POS) announced(s Sale, d Decision) []Callback {
	c, plan := d.Checkout, planOf(scenarioOf(d.Run, s.Set))
	turns := turnsOf(plan.Deliveries)
	event := c.ID + "/" + strconv.Itoa(c.Attempts) + "/"
	var all []Callback
	for i, planned := range plan.Deliveries {
		turn, together := "", ""
		if turns[planned.After] > 1 {
			turn = event + planned.After.String()
		}
		if planned.Concurrently {
			together = event + strconv.Itoa(i)
		}
		for n := range copies(planned) {
			made := p.callback(s, c, planned, plan.Retry, "delivery "+string(c.State), c.Attempts, i, n)
			made.Group, made.Turn, made.Due = together, turn, s.Now.Add(planned.After)
			all = append(all, made)
		}
	}

	return all
}

// Early is what happens before the create of the checkout has been answered: its customer pays, if that is at once, and
// the callbacks that come before the answer are sent, whatever has become of the checkout by then. These are held:
// whoever decided sends them.
func (p POS) Early(s Sale) (Decision, error) {
	d := s.decided()
	scenario := s.Scenario()
	if scenario == nil || !TellsEarly(scenario) {
		return d, nil
	}

	if scenario.Payer == nil || scenario.Payer.After == 0 {
		paid, err := p.PayAsScenario(s)
		switch {
		case errors.Is(err, &payment.Error{Code: payment.NotPayable}): // its time is over, or somebody paid it
		case err != nil:
			return d, err
		default:
			d = paid
		}
		d.Refused = nil // a link whose time is over already is no matter of the create
		d.Outbox = withoutEarly(d.Outbox)
	}

	later, webhooks := heldWebhooks(d.Outbox, s.Now)
	d.Outbox = slices.Concat(later, p.early(s, d), webhooks)
	return d, nil
}

// heldWebhooks takes those out that are due now. They are sent after the callbacks, by whoever sends these, so that
// their order does not depend on who is faster.
func heldWebhooks(all []Callback, now time.Time) (later, held []Callback) {
	for _, one := range all {
		if one.Kind == store.KindWebhook && !one.Due.After(now) {
			one.Held, one.Turn = true, ""
			held = append(held, one)
			continue
		}
		later = append(later, one)
	}
	return later, held
}

// withoutEarly leaves out what is sent before the create is answered: it is being sent right now.
func withoutEarly(all []Callback) []Callback {
	var kept []Callback
	for _, one := range all {
		if !one.early {
			kept = append(kept, one)
		}
	}
	return kept
}

// early are the callbacks of the plan that come before the create is answered. Each copy is a delivery of its own, so
// that all have been sent when the first attempts are over.
func (p POS) early(s Sale, d Decision) []Callback {
	scenario := scenarioOf(d.Run, s.Set)
	var all []Callback
	for i, planned := range scenario.Callback.Deliveries {
		if !planned.BeforeResponse {
			continue
		}
		count, turn := planned.Count, ""
		if planned.Concurrently {
			turn = strconv.Itoa(i)
		}
		planned.Count = 1
		for n := range count {
			made := p.callback(s, d.Checkout, planned, scenario.Callback.Retry, "early", i, n)
			made.Held, made.Turn, made.Due = true, turn, s.Now
			all = append(all, made)
		}
	}

	return all
}

// TellsEarly reports whether callbacks are sent, and waited for, before the create is answered.
func TellsEarly(s *scenarios.Scenario) bool {
	if s == nil || s.Callback == nil {
		return false
	}

	c := s.Callback
	if c.Via == scenarios.ViaNone || c.Via == scenarios.ViaBrowser {
		return false
	}

	for _, d := range c.Deliveries {
		if d.BeforeResponse {
			return true
		}
	}
	return false
}

func scenarioOf(run *scenarios.Run, set *scenarios.Set) *scenarios.Scenario {
	if run == nil {
		return nil
	}
	return run.Of(set)
}

// planOf is the scenario's plan for the server's callbacks. Without one it is a delivery at once.
func planOf(s *scenarios.Scenario) scenarios.Callback {
	var plan scenarios.Callback
	if s != nil && s.Callback != nil {
		plan = *s.Callback
	}

	switch {
	case plan.Via == scenarios.ViaNone || plan.Via == scenarios.ViaBrowser:
		plan.Deliveries = nil
	case len(plan.Deliveries) == 0:
		plan.Deliveries = []scenarios.Delivery{{Count: 1, As: scenarios.AsForm}}
	}
	return plan
}

// copies is how many deliveries come of one in the plan: those that are to be sent at the same time
// are several, those one after the other are one that is repeated.
func copies(d scenarios.Delivery) int {
	if d.Concurrently {
		return d.Count
	}
	return 1
}

// turnsOf counts the deliveries of a plan that are due at the same time: they go in its order. Nil: there is no more
// than one.
func turnsOf(plan []scenarios.Delivery) map[time.Duration]int {
	if len(plan) == 1 && copies(plan[0]) == 1 {
		return nil
	}
	turns := map[time.Duration]int{}
	for _, d := range plan {
		turns[d.After] += copies(d)
	}
	return turns
}

func (p POS) callback(
	s Sale, c payment.Checkout, d scenarios.Delivery, retry *scenarios.Retry, purpose string, numbers ...int,
) Callback {
	made := store.Delivery{
		ID: p.Draws.UUID(c.ID, purpose, numbers...), Kind: store.KindCallback, CheckoutID: c.ID, OrderID: c.OrderID,
		URL:     onWire(c.Callback),
		Carries: p.carried(s, d.CheckoutID, purpose, numbers), As: store.Format(d.As),
		Status: store.Pending, CreatedAt: s.Now, Attempts: []store.Attempt{}, Retry: p.retry(retry),
	}
	if !d.Concurrently && d.Count > 1 {
		made.Repeats = d.Count - 1
	}
	return Callback{Delivery: made, early: d.BeforeResponse}
}

// carried is what a callback says as checkoutId.
func (p POS) carried(s Sale, wrong scenarios.CheckoutID, purpose string, numbers []int) string {
	switch wrong {
	case scenarios.MissingID:
		return ""
	case scenarios.MalformedID:
		return "not-a-uuid"
	case scenarios.OtherID:
		if other := s.Other(); other != "" {
			return other
		}
	case scenarios.UnknownID:
	default:
		return s.Checkout.ID
	}
	return p.Draws.UUID(s.Checkout.ID, purpose+" unknown", numbers...)
}

// retry is the scenario's retry plan; nil leaves it to the sandbox's settings.
func (p POS) retry(r *scenarios.Retry) *store.RetryPlan {
	switch {
	case r == nil:
		return nil
	case r.Documented:
		plan := p.Rules.Documented
		return &plan
	}
	return &store.RetryPlan{Waits: r.Waits}
}

// FromBrowser is what the result page submits from the customer's browser: where to, and what it
// says as checkoutId, which is nothing when that is empty. ok is false when the browser has nothing
// to tell.
func (p POS) FromBrowser(s Sale) (target, carries string, ok bool) {
	scenario := s.Scenario()
	if scenario == nil || scenario.Callback == nil || !p.Rules.Announce[eventOf(s.Checkout)] {
		return "", "", false
	}
	plan := scenario.Callback
	if plan.Via != scenarios.ViaBrowser && plan.Via != scenarios.ViaBoth {
		return "", "", false
	}

	var wrong scenarios.CheckoutID
	if len(plan.Deliveries) > 0 && plan.Via == scenarios.ViaBrowser {
		wrong = plan.Deliveries[0].CheckoutID
	}
	return onWire(s.Checkout.Callback), p.carried(s, wrong, "browser", nil), true
}

// onWire is the callback URL as it is asked for. It was checked with the order.
func onWire(callback string) string {
	wire, fault := payment.CallbackOnWire(callback)
	if fault != "" { // only a reader of the document that is laxer than the order's lets it through
		return callback
	}
	return wire
}
