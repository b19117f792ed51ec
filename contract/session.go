package contract

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/google/uuid"

	"github.com/payporter-mock/payporter-mock/contract/rule"
	"github.com/payporter-mock/payporter-mock/internal/exchange"
)

// Session is what one trial does in the shop: its orders, and what happened since it began. Its verbs end the
// trial as not evaluable when they cannot do what they are for.
type Session struct {
	SessionOptions

	harness  *harness
	ctx      context.Context
	from     int // how many calls there were before it
	orders   []*order
	advanced []string // by how much PayPorter's clock was moved
}

// SessionOptions say what the orders of a session are like.
type SessionOptions struct {
	name         string // whose it is; its customers are named after it
	prices       int    // tells its prices from those of other sessions
	asConfigured bool   // its orders have the config's amount, if that has one
}

// session begins a session.
func (h *harness) session(ctx context.Context, o SessionOptions) *Session {
	h.sandbox.Lock()
	defer h.sandbox.Unlock()
	return &Session{SessionOptions: o, harness: h, ctx: ctx, from: len(h.sandbox.Calls)}
}

// choosesAmount reports whether the harness decides what an order costs.
func (s *Session) choosesAmount() bool {
	return s.harness.config.Order.uses("amount") && !s.harness.pace.onePrice
}

// choosesCurrency reports whether the harness decides what an order is paid in.
func (s *Session) choosesCurrency() bool { return s.harness.config.Order.uses("currency") }

// price is what the next order costs: another amount for each, when the harness decides. It depends on the session's
// options and the seed alone, so that a rule has the same prices when it is replayed.
func (s *Session) price() string {
	if configured := s.harness.config.Order.Amount; !s.choosesAmount() || s.asConfigured && configured != "" {
		return configured
	}
	n := s.prices + len(s.orders)
	return fmt.Sprintf("%d.%02d", 100+n, (uint64(n)*37+s.harness.config.Seed*7)%90+10)
}

// samePrice is one price for several orders of the session.
func (s *Session) samePrice() func(*order) { return costing(s.price()) }

// with lets PayPorter play a scenario for the order.
func with(scenario string) func(*order) { return func(o *order) { o.scenario = scenario } }

// by lets the customer of an earlier order order again.
func by(earlier *order) func(*order) {
	return func(o *order) { o.customer, o.values["customerId"] = earlier.customer, earlier.values["customerId"] }
}

// costing sets what the order costs.
func costing(amount string) func(*order) { return func(o *order) { o.amount = amount } }

// inCurrency sets what it is paid in.
func inCurrency(code string) func(*order) { return func(o *order) { o.currency = code } }

// newOrder is an order that has not been placed. The options change it.
func (s *Session) newOrder(options ...func(*order)) *order {
	o := &order{amount: s.price(), currency: s.harness.config.Order.Currency, customer: newCustomer(), values: s.harness.common()}
	o.values["customerId"] = fmt.Sprintf("customer-%s-%d", strings.ToLower(s.name), len(s.orders))
	for _, option := range options {
		option(o)
	}

	o.values["amount"], o.values["currency"] = o.amount, o.currency
	s.orders = append(s.orders, o)
	return o
}

// tryOrder orders as a customer would. An error says why there is no order.
func (s *Session) tryOrder(options ...func(*order)) (*order, error) {
	o := s.newOrder(options...)
	return o, s.place(o)
}

// order orders, and gives up when that does not work.
func (s *Session) order(options ...func(*order)) *order {
	o, err := s.tryOrder(options...)
	if err != nil {
		rule.NotEvaluable("no order could be made: %v", err)
	}
	return o
}

// alone lets no other session order until what it answers is called: which order a create is for can only be
// guessed when several customers order the same at once. REQ-009 is about that.
func (s *Session) alone() (done func()) {
	s.harness.ordering.Lock()
	return s.harness.ordering.Unlock
}

// place orders beside no other session.
func (s *Session) place(o *order) error {
	defer s.alone()()
	return s.placeWithin(s.ctx, o)
}

// placeWithin orders beside others, or in the session's turn if it is alone, until ctx ends.
func (s *Session) placeWithin(ctx context.Context, o *order) error { return s.harness.place(ctx, o) }

// The customer's test cards.
const (
	goodCard = "5421190122090656"
	poorCard = "4111111111111129"
)

// pay pays the order with a good card. PayPorter tells the shop about it by itself.
func (s *Session) pay(o *order) {
	s.control(o.checkoutID(), "pay", map[string]string{"card": goodCard})
}

// decline tries to pay the order with a card without funds.
func (s *Session) decline(o *order) {
	s.control(o.checkoutID(), "pay", map[string]string{"card": poorCard})
}

// payAll pays every checkout of an order that PayPorter made, also those whose answer got lost, and says how many
// there are.
func (s *Session) payAll(o *order) int {
	var known struct{ Checkouts []struct{ CheckoutID string } }
	path := "/_mock/checkouts?orderId=" + url.QueryEscape(o.sentIDs[0])
	if err := s.harness.sandbox.do(s.ctx, http.MethodGet, path, nil, &known); err != nil {
		rule.NotEvaluable("the sandbox could not be asked: %v", err)
	}

	for _, c := range known.Checkouts {
		s.control(c.CheckoutID, "pay", map[string]string{"card": goodCard})
	}
	s.told(o, len(known.Checkouts))
	return len(known.Checkouts)
}

// control makes a call of the control API about a checkout.
func (s *Session) control(checkoutID, what string, body map[string]string) {
	var encoded []byte
	if body != nil {
		encoded, _ = json.Marshal(body) // it is made of texts
	}
	path := "/_mock/checkouts/" + checkoutID + "/" + what
	if err := s.harness.sandbox.do(s.ctx, http.MethodPost, path, encoded, nil); err != nil {
		rule.NotEvaluable("the sandbox could not be told: %v", err)
	}
}

// advance moves PayPorter's clock. It answers when everything due has been delivered.
func (s *Session) advance(d time.Duration) {
	s.advanced = append(s.advanced, d.String())
	body := fmt.Appendf(nil, `{"advance": %q}`, d)
	if err := s.harness.sandbox.do(s.ctx, http.MethodPost, "/_mock/clock", body, nil); err != nil {
		rule.NotEvaluable("the sandbox's clock could not be moved: %v", err)
	}
}

// open opens the page that the shop sent the customer to.
func (s *Session) open(o *order) (exchange.Message, error) {
	req, err := http.NewRequest(http.MethodGet, o.redirectURL, nil)
	if err != nil {
		return exchange.Message{}, err
	}
	return exchange.Do(o.customer, req.WithContext(s.ctx), mostRead) // recorded by the line, when it gets there
}

// unknownID is an id that PayPorter has given to no checkout.
func (s *Session) unknownID() string {
	s.harness.drawing.Lock()
	defer s.harness.drawing.Unlock()
	var id uuid.UUID
	for i := range id {
		id[i] = byte(s.harness.random.Uint32())
	}

	id[6], id[8] = id[6]&0x0f|0x40, id[8]&0x3f|0x80 // version 4
	return id.String()
}

// answering is PayPorter's answer from now on, whatever the sandbox knows.
func (s *Session) answering(o *order, e edit) {
	s.harness.sandbox.Lock()
	defer s.harness.sandbox.Unlock()
	o.onStatus = e
}
