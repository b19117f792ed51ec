package pos

import (
	"strconv"
	"time"

	"github.com/payporter-mock/payporter-mock/mock/store"
	"github.com/payporter-mock/payporter-mock/payment"
	"github.com/payporter-mock/payporter-mock/scenarios"
)

// Told is what a webhook tells: a payment as a GET answers it.
type Told struct {
	Payment payment.Payment    // knows its amount and its customer
	Fields  []scenarios.Fields // what scenarios lay over it
}

// event is a payment that has come to a status of which its merchant is told.
type event struct {
	url      string
	told     Told
	scenario *scenarios.Scenario // nil: none
	now      time.Time
}

// Concludes reports whether a merchant is told that a payment has come to the status. PayPorter documents "a final
// state"; that CAPTURED, which a pre-authorization gets, is one of them is assumed.
func Concludes(s payment.Status) bool { return s != payment.Enrolled && s != payment.PendingApproval }

// concluded reports whether something has happened to a payment of which its merchant is told.
func concluded(before, after payment.Payment) bool {
	return Concludes(after.Status) && (before.ID != after.ID || before.Status != after.Status)
}

// checkoutWebhooks are the webhooks of what has become of a checkout's payment.
func (p POS) checkoutWebhooks(s Sale, d Decision) []Callback {
	c := d.Checkout
	if s.Webhook == "" || !concluded(s.Checkout.Payment, c.Payment) {
		return nil
	}
	scenario, told := scenarioOf(d.Run, s.Set), c.Payment
	told.OrderID, told.CustomerID, told.Amount = c.OrderID, c.CustomerID, c.PaidAmount()
	return p.webhooks(event{s.Webhook, Told{told, laidOver(scenario, d.Run, c.Attempts)}, scenario, s.Now})
}

// Webhooks adds to a movement the webhooks of the payments that it concludes. The scenario is that of the movement;
// nil: none.
func (p POS) Webhooks(r Related, m Movement, scenario *scenarios.Scenario) Movement {
	if r.Webhook == "" || m.Note == "" {
		return m
	}
	run := m.Run
	if run == nil && m.Payment.ID == r.Payment.ID {
		run = r.Run
	}
	for i, changed := range append([]payment.Payment{m.Payment}, m.Changed...) {
		var before payment.Payment
		if changed.ID == r.Payment.ID {
			before = r.Payment
		}
		if !concluded(before, changed) {
			continue
		}

		told := Told{Payment: changed}
		if i == 0 {
			told.Fields = laidOver(scenario, run, 1)
		}
		m.Outbox = append(m.Outbox, p.webhooks(event{r.Webhook, told, scenario, r.Now})...)
	}
	return m
}

// laidOver is what a scenario lays over the result of an attempt to pay, whoever asks for it.
func laidOver(s *scenarios.Scenario, run *scenarios.Run, attempt int) []scenarios.Fields {
	if s == nil || run == nil || !run.Overlaid {
		return nil
	}
	said, _ := s.Payment.Attempt(attempt)
	return []scenarios.Fields{said.Fields}
}

// webhooks are the deliveries that an event causes: one at once, or what the scenario plans.
func (p POS) webhooks(e event) []Callback {
	var plan scenarios.Webhook
	if e.scenario != nil && e.scenario.Webhook != nil {
		plan = *e.scenario.Webhook
	}
	switch {
	case plan.Lost:
		return nil
	case len(plan.Deliveries) == 0:
		plan.Deliveries = []scenarios.Telling{{Count: 1}}
	}

	turns := tellingTurns(plan.Deliveries)
	name := e.told.Payment.ID + "/" + string(e.told.Payment.Status) + "/"
	var all []Callback
	for i, planned := range plan.Deliveries {
		turn, together := "", ""
		if turns[planned.After] > 1 {
			turn = name + planned.After.String()
		}
		if planned.Concurrently {
			together = name + strconv.Itoa(i)
		}
		for n := range tellings(planned) {
			made := p.webhook(e, planned, plan.Retry, i, n)
			made.Group, made.Turn, made.Due = together, turn, e.now.Add(planned.After)
			all = append(all, made)
		}
	}
	return all
}

// tellings is how many deliveries come of one in the plan, as copies is for callbacks.
func tellings(t scenarios.Telling) int {
	if t.Concurrently {
		return t.Count
	}
	return 1
}

// tellingTurns counts the webhooks of a plan that are due at the same time: they go in its order.
func tellingTurns(plan []scenarios.Telling) map[time.Duration]int {
	turns := map[time.Duration]int{}
	for _, t := range plan {
		turns[t.After] += tellings(t)
	}
	return turns
}

// webhook is the n-th delivery of the i-th in the plan.
func (p POS) webhook(e event, t scenarios.Telling, retry *scenarios.Retry, i, n int) Callback {
	told, status := e.told, string(e.told.Payment.Status)
	if t.Fields != nil {
		told.Fields = append(told.Fields[:len(told.Fields):len(told.Fields)], t.Fields)
	}

	made := store.Delivery{
		ID: p.Draws.UUID(told.Payment.ID, "webhook "+status, i, n), Kind: store.KindWebhook,
		CheckoutID: told.Payment.CheckoutID, OrderID: told.Payment.OrderID, URL: onWire(e.url), As: store.JSON,
		Event: store.Event{
			PaymentID: told.Payment.ID, EventID: p.EventID(told.Payment), EventType: payment.StatusChanged,
			Signature: store.WebhookSignature(t.Signature), Shift: t.RequestTime,
		},
		Status: store.Pending, CreatedAt: e.now, Attempts: []store.Attempt{}, Retry: p.retry(retry),
	}
	if t.EventID == scenarios.NewEvent {
		made.EventID = p.Draws.UUID(told.Payment.ID, "event "+status, i, n)
	}
	if t.EventType != "" {
		made.EventType = t.EventType
	}
	if !t.Concurrently {
		made.Repeats = t.Count - 1
	}

	return Callback{Delivery: made, Tells: &told}
}

// EventID is the id of the event that the payment has come to its status.
func (p POS) EventID(told payment.Payment) string {
	return p.Draws.UUID(told.ID, "event "+string(told.Status))
}
