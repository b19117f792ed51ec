package shop

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"time"

	"github.com/google/uuid"

	"github.com/payporter-mock/payporter-mock/contract/rule"
	"github.com/payporter-mock/payporter-mock/internal/exchange"
)

// Session is what one trial does in the shop, and what it sees. Its verbs end the trial as not evaluable when they
// cannot do what they are for.
type Session struct {
	SessionOptions

	Watch    *Watch
	Ctx      context.Context // ends with the run
	Advanced []string        // by how much PayPorter's clock was moved

	harness *Harness
}

// SessionOptions say what the orders of a session are like.
type SessionOptions struct {
	Name         string // whose it is; its customers are named after it
	Prices       int    // tells its prices from those of other sessions
	AsConfigured bool   // its orders have the config's amount, if that has one
}

// Session begins a session.
func (h *Harness) Session(ctx context.Context, o SessionOptions) *Session {
	h.Sandbox.Lock()
	defer h.Sandbox.Unlock()
	watch := &Watch{harness: h, ctx: ctx, from: len(h.Sandbox.Calls)}
	return &Session{SessionOptions: o, Watch: watch, Ctx: ctx, harness: h}
}

// ChoosesAmount reports whether the harness decides what an order costs.
func (s *Session) ChoosesAmount() bool {
	return s.harness.Config.Order.uses("amount") && !s.harness.Pace.OnePrice
}

// ChoosesCurrency reports whether the harness decides what an order is paid in.
func (s *Session) ChoosesCurrency() bool { return s.harness.Config.Order.uses("currency") }

// price is what the next order costs: another amount for each, when the harness decides. It depends on the session's
// options and the seed alone, so that a rule has the same prices when it is replayed.
func (s *Session) price() string {
	if configured := s.harness.Config.Order.Amount; !s.ChoosesAmount() || s.AsConfigured && configured != "" {
		return configured
	}
	n := s.Prices + len(s.Watch.Orders)
	return fmt.Sprintf("%d.%02d", 100+n, (uint64(n)*37+s.harness.Config.Seed*7)%90+10)
}

// SamePrice is one price for several orders of the session.
func (s *Session) SamePrice() func(*Purchase) { return Costing(s.price()) }

// With lets PayPorter play a scenario for the order.
func With(scenario string) func(*Purchase) { return func(o *Purchase) { o.Scenario = scenario } }

// By lets the customer of an earlier order order again.
func By(earlier *Purchase) func(*Purchase) {
	return func(o *Purchase) { o.customer, o.values["customerId"] = earlier.customer, earlier.values["customerId"] }
}

// Costing sets what the order costs.
func Costing(amount string) func(*Purchase) { return func(o *Purchase) { o.Amount = amount } }

// InCurrency sets what it is paid in.
func InCurrency(code string) func(*Purchase) { return func(o *Purchase) { o.Currency = code } }

// NewOrder is an order that has not been placed. The options change it.
func (s *Session) NewOrder(options ...func(*Purchase)) *Purchase {
	o := &Purchase{
		Amount: s.price(), Currency: s.harness.Config.Order.Currency, By: s.Name, customer: NewCustomer(),
		values: s.harness.common(),
	}
	o.values["customerId"] = fmt.Sprintf("customer-%s-%d", strings.ToLower(s.Name), len(s.Watch.Orders))
	for _, option := range options {
		option(o)
	}

	o.values["amount"], o.values["currency"] = o.Amount, o.Currency
	s.Watch.Orders = append(s.Watch.Orders, o)
	return o
}

// TryOrder orders as a customer would. An error says why there is no order.
func (s *Session) TryOrder(options ...func(*Purchase)) (*Purchase, error) {
	o := s.NewOrder(options...)
	return o, s.Place(o)
}

// Order orders, and gives up when that does not work.
func (s *Session) Order(options ...func(*Purchase)) *Purchase {
	o, err := s.TryOrder(options...)
	if err != nil {
		rule.NotEvaluable("no order could be made: %v", err)
	}
	return o
}

// Alone lets no other session order until what it answers is called: which order a create is for can only be
// guessed when several customers order the same at once. REQ-009 is about that.
func (s *Session) Alone() (done func()) {
	s.harness.ordering.Lock()
	return s.harness.ordering.Unlock
}

// Place orders beside no other session; in a slow shop, where that takes too long, beside none that pays the same.
func (s *Session) Place(o *Purchase) error {
	if !s.harness.Pace.Slow() || !s.ChoosesAmount() || s.harness.Sandbox.Corrects.Load() {
		defer s.Alone()()
		return s.PlaceWithin(s.Ctx, o)
	}

	s.harness.ordering.RLock()
	defer s.harness.ordering.RUnlock()
	kept, _ := s.harness.priced.LoadOrStore(o.Amount, &sync.Mutex{})
	alike := kept.(*sync.Mutex) // nothing else is stored
	alike.Lock()
	defer alike.Unlock()
	return s.PlaceWithin(s.Ctx, o)
}

// End says that nothing more is done with the session's orders. A shop that asks about them all the same, again and
// again, is answered slowly from now on.
func (s *Session) End() {
	s.harness.Sandbox.Lock()
	defer s.harness.Sandbox.Unlock()
	for _, o := range s.Watch.Orders {
		o.done = true
	}
}

// PlaceWithin orders beside others, or in the session's turn if it is alone, until ctx ends.
func (s *Session) PlaceWithin(ctx context.Context, o *Purchase) error { return s.harness.place(ctx, o) }

// The customer's test cards.
const (
	goodCard = "5421190122090656"
	poorCard = "4111111111111129"
)

// Pay pays the order with a good card. PayPorter tells the shop about it by itself.
func (s *Session) Pay(o *Purchase) {
	s.Control(o.CheckoutID(), "pay", map[string]any{"card": goodCard})
}

// PayIn pays the order with a good card in so many instalments.
func (s *Session) PayIn(o *Purchase, instalments int) {
	s.Control(o.CheckoutID(), "pay", map[string]any{"card": goodCard, "installmentCount": instalments})
}

// Decline tries to pay the order with a card without funds.
func (s *Session) Decline(o *Purchase) {
	s.Control(o.CheckoutID(), "pay", map[string]any{"card": poorCard})
}

// PayAll pays every checkout of an order that PayPorter made, also those whose answer got lost, and says how many
// there are.
func (s *Session) PayAll(o *Purchase) int {
	var known struct{ Checkouts []struct{ CheckoutID string } }
	path := "/_mock/checkouts?orderId=" + url.QueryEscape(o.SentIDs[0])
	if err := s.harness.Sandbox.Do(s.Ctx, http.MethodGet, path, nil, &known); err != nil {
		rule.NotEvaluable("the sandbox could not be asked: %v", err)
	}

	for _, c := range known.Checkouts {
		s.Control(c.CheckoutID, "pay", map[string]any{"card": goodCard})
	}
	s.Watch.Told(o, len(known.Checkouts))
	return len(known.Checkouts)
}

// Control makes a call of the control API about a checkout.
func (s *Session) Control(checkoutID, what string, body map[string]any) {
	var encoded []byte
	if body != nil {
		encoded, _ = json.Marshal(body) // it is made of texts and numbers
	}
	path := "/_mock/checkouts/" + checkoutID + "/" + what
	if err := s.harness.Sandbox.Do(s.Ctx, http.MethodPost, path, encoded, nil); err != nil {
		rule.NotEvaluable("the sandbox could not be told: %v", err)
	}
}

// Advance moves PayPorter's clock. It answers when everything due has been delivered.
func (s *Session) Advance(d time.Duration) {
	s.Advanced = append(s.Advanced, d.String())
	body := fmt.Appendf(nil, `{"advance": %q}`, d)
	if err := s.harness.Sandbox.Do(s.Ctx, http.MethodPost, "/_mock/clock", body, nil); err != nil {
		rule.NotEvaluable("the sandbox's clock could not be moved: %v", err)
	}
}

// Open opens the page that the shop sent the customer to.
func (s *Session) Open(o *Purchase) (exchange.Message, error) {
	req, err := http.NewRequest(http.MethodGet, o.RedirectURL, nil)
	if err != nil {
		return exchange.Message{}, err
	}
	return exchange.Do(o.customer, req.WithContext(s.Ctx), mostRead) // recorded by the line, when it gets there
}

// UnknownID is an id that PayPorter has given to no checkout.
func (s *Session) UnknownID() string {
	s.harness.drawing.Lock()
	defer s.harness.drawing.Unlock()
	var id uuid.UUID
	for i := range id {
		id[i] = byte(s.harness.random.Uint32())
	}

	id[6], id[8] = id[6]&0x0f|0x40, id[8]&0x3f|0x80 // version 4
	return id.String()
}

// Answering is PayPorter's answer from now on, whatever the sandbox knows.
func (s *Session) Answering(o *Purchase, e Edit) {
	s.harness.Sandbox.Lock()
	defer s.harness.Sandbox.Unlock()
	o.onStatus = e
}
