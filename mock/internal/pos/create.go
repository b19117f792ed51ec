package pos

import (
	"time"

	"github.com/payporter-mock/payporter-mock/mock/store"
	"github.com/payporter-mock/payporter-mock/payment"
	"github.com/payporter-mock/payporter-mock/scenarios"
)

// Request is a create with what decides about it.
type Request struct {
	Order   payment.Order
	Header  string              // the scenario that the request names; empty: none
	Next    *scenarios.Scenario // forced for the next checkout; nil: none
	Earlier *scenarios.Run      // of the order's earlier requests, whose answer a scenario kept; nil: there are none
	Set     *scenarios.Set      // in force
	Used    func(string) uint64 // how often a scenario with a limit has been used
	Number  int                 // how many checkouts the merchant made before
	Now     time.Time
	Room    *payment.Checkout // where the checkout is made; nil: in a new place
}

// Creation is what becomes of a create.
type Creation struct {
	Run      scenarios.Run       // of the request, and of the checkout if one is made
	Scenario *scenarios.Scenario // nil: none
	Counted  []string            // the scenarios that the request has come to follow
	TookNext bool                // the scenario was the one forced for the next checkout

	Checkout *payment.Checkout // nil: the scenario refuses the request
	Followed bool              // a scenario can matter to the checkout, so that its run is kept
	Expire   store.Task        // of the checkout
	Customer *store.Task       // what the sandbox's own customer does once the create is answered; nil: nothing

	KeepOrder bool // the run is that of the order's next request as well
	DropOrder bool // the order's requests are over
}

// Create chooses the scenario of a create and makes the checkout, unless the scenario refuses it. A name that no
// scenario has is an *payment.Error.
func (p POS) Create(r Request) (Creation, error) {
	made, err := p.choose(r)
	if err != nil {
		return made, err
	}
	if made.Scenario != nil && made.Scenario.Create.Refuses(made.Run.Request) {
		return made, nil
	}

	made.DropOrder = r.Earlier != nil && !made.Scenario.Create.Applies(made.Run.Request)
	made.Followed = made.Scenario != nil || !r.Set.Empty()
	p.open(&made, r)
	return made, nil
}

// choose finds the scenario of a create. A request for an order whose earlier ones were kept from the merchant goes on
// with theirs.
func (p POS) choose(r Request) (Creation, error) {
	if r.Earlier != nil {
		goesOn, err := goesOn(r)
		if err != nil {
			return Creation{}, err
		}
		if goesOn {
			run := *r.Earlier
			run.Request++
			return Creation{Run: run, Scenario: run.Of(r.Set), KeepOrder: true}, nil
		}
	}

	names := scenarios.Names{Header: r.Header, Next: r.Next, Default: p.Rules.Scenario}
	found, choice, err := r.Set.Choose(factsOf(r.Order), names, r.Used)
	if err != nil {
		return Creation{}, err
	}
	made := Creation{Scenario: found, TookNext: choice == scenarios.ByNext}
	made.Run = scenarios.Run{
		Set: r.Set.Digest(), Request: 1, Chosen: scenarios.Chosen{Choice: choice},
		Used: r.Set.Usage(r.Used),
	}
	if found != nil {
		made.Run.Scenario, made.Run.Counted, made.Counted = found.Name, []string{found.Name}, []string{found.Name}
		made.KeepOrder = found.Create != nil && found.Create.Times > 0
	}
	made.Run.Opened = made.Run.Chosen
	return made, nil
}

// goesOn reports whether a repeated request of the order goes on with its scenario. Only a header
// that names another one makes it begin anew.
func goesOn(r Request) (bool, error) {
	if r.Header == "" {
		return true, nil
	}
	named, err := scenarios.NamedIn(scenarios.HeaderName, r.Header, r.Set)
	return err == nil && named == r.Earlier.Of(r.Set), err
}

func factsOf(o payment.Order) scenarios.Facts {
	return scenarios.Facts{OrderID: o.OrderID, CustomerID: o.CustomerID, Description: o.Description, Amount: o.Amount}
}

// open makes the checkout of a creation.
func (p POS) open(made *Creation, r Request) {
	id := p.Draws.UUID("", "checkout", r.Number)
	expires := r.Now.Add(p.lifetime(made.Scenario))
	if made.Checkout = r.Room; made.Checkout == nil {
		made.Checkout = new(payment.Checkout)
	}
	*made.Checkout = payment.Checkout{
		ID: id, Order: r.Order, CreatedAt: r.Now, ExpiresAt: expires, State: payment.Open,
		Payment: payment.Payment{
			ID: p.Draws.UUID(id, "payment", 1), CheckoutID: id, OrderID: r.Order.OrderID,
			Type: payment.Sale, Status: payment.Enrolled,
		},
	}

	made.Expire = store.Task{Kind: store.Expire, Subject: id, Due: expires}
	made.Customer = p.customer(id, made.Scenario, r.Now)
}

// lifetime is how long the link can be paid.
func (p POS) lifetime(s *scenarios.Scenario) time.Duration {
	if s != nil && s.Create != nil && s.Create.ExpiresAfter > 0 {
		return s.Create.ExpiresAfter
	}
	return p.Rules.LinkLifetime
}

// customer is what the sandbox's own customer does with a checkout that has been answered at a time; nil: nothing.
func (p POS) customer(id string, s *scenarios.Scenario, answered time.Time) *store.Task {
	if s == nil || s.Payer == nil {
		if p.Rules.AutoPay {
			return &store.Task{Kind: store.AutoPay, Subject: id, Due: answered}
		}
		return nil
	}

	kind := store.AutoPay
	switch s.Payer.Action {
	case scenarios.Abandon:
		kind = store.Abandon
	case scenarios.Cancel:
		kind = store.Cancel
	case scenarios.Wait:
		return nil
	}
	return &store.Task{Kind: kind, Subject: id, Due: answered.Add(s.Payer.After)}
}

// Answered is what the sandbox's own customer does now that the create has been answered; nil: nothing.
func (p POS) Answered(s Sale) *store.Task {
	if !s.Checkout.Payable() {
		return nil // it was paid before it was answered
	}
	return p.customer(s.Checkout.ID, s.Scenario(), s.Now)
}
