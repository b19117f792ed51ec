package shop

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"slices"

	"github.com/payporter-mock/payporter-mock/contract/rule"
	"github.com/payporter-mock/payporter-mock/internal/exchange"
)

// Payment is what PayPorter's books have of a payment.
type Payment struct {
	PaymentID, ParentPaymentID, OrderID string
	TransactionType, Status, Currency   string
	Amount                              json.Number

	Text json.RawMessage `json:"-"` // as PayPorter writes it
}

// The types of payments that give money back.
const (
	typeCancel = "CANCEL"
	typeRefund = "REFUND"
)

// GivesBack reports whether the payment is a refund or a cancel that came through, or may.
func (p Payment) GivesBack() bool {
	back := p.TransactionType == typeCancel || p.TransactionType == typeRefund
	return back && p.Status != "REJECTED" && p.Status != "FAILED"
}

// IsPending reports whether a refund waits for its approval.
func (p Payment) IsPending() bool { return p.Status == "PENDING_APPROVAL" }

// Payments are all payments of an order, newest first: its own, and what gives them back.
func (s *Session) Payments(o *Purchase) []Payment {
	all, err := s.TryPayments(o)
	if err != nil {
		rule.NotEvaluable("the sandbox could not be asked: %v", err)
	}
	return all
}

// TryPayments are the same. An error says why the sandbox could not be asked.
func (s *Session) TryPayments(o *Purchase) ([]Payment, error) {
	var known struct{ Payments []json.RawMessage }
	path := "/_mock/payments?orderId=" + url.QueryEscape(s.Watch.SentID(o))
	if err := s.harness.Sandbox.Do(s.Ctx, http.MethodGet, path, nil, &known); err != nil {
		return nil, err
	}

	var all []Payment
	for _, text := range known.Payments {
		p := Payment{Text: text}
		if json.Unmarshal(text, &p) == nil {
			all = append(all, p)
		}
	}
	s.learnPayments(o, all)
	return all, nil
}

// learnPayments lets the line know which payments are the order's.
func (s *Session) learnPayments(o *Purchase, all []Payment) {
	s.harness.Sandbox.Lock()
	defer s.harness.Sandbox.Unlock()
	for _, p := range all {
		ids := &o.payments
		if p.ParentPaymentID != "" {
			ids = &o.refunds
		}
		if !slices.Contains(*ids, p.PaymentID) {
			*ids = append(*ids, p.PaymentID)
		}
	}
}

// TakesPart reports whether the shop can be asked for less than the whole.
func (s *Session) TakesPart() bool { return s.harness.Config.Refund.takesPart() }

// Refund asks the shop to give an amount of an order back. An error says why there is no answer.
func (s *Session) Refund(o *Purchase, amount string) (exchange.Message, error) {
	return s.harness.refund(s.Ctx, o, amount)
}

func (h *Harness) refund(ctx context.Context, o *Purchase, amount string) (exchange.Message, error) {
	filled := maps.Clone(o.values)
	filled["amount"] = amount
	for i, r := range h.Config.Refund.Before {
		a, err := h.ask(ctx, filled, r, toShop(customer, "before the refund", o))
		if err == nil {
			err = filled.take(fmt.Sprintf("refund.before[%d]", i+1), r, a)
		}
		if err != nil {
			return a, err
		}
	}
	return h.ask(ctx, filled, h.Config.Refund.Request, toShop(customer, "refund", o))
}

// AsksBack are the shop's requests to PayPorter to give the order's money back.
func (w *Watch) AsksBack(o *Purchase) []Call {
	return w.Find(func(c *Call) bool { return c.AsksBack() && c.OfLocked(o) })
}

// AnyAskBack are the shop's requests to give any money back since the session began.
func (w *Watch) AnyAskBack() []Call {
	return slices.DeleteFunc(w.Exchanges(), func(c Call) bool { return !c.AsksBack() })
}

// RefundDirectly lets the merchant's own people refund a payment at PayPorter, not in the shop.
func (s *Session) RefundDirectly(o *Purchase, p Payment, amount string) Payment {
	body := fmt.Appendf(nil, `{"amount": %s, "currency": %q}`, amount, p.Currency)
	if err := s.harness.Sandbox.direct(s.Ctx, "/api/payment/"+p.PaymentID+"/refund", body); err != nil {
		rule.NotEvaluable("the payment could not be refunded at PayPorter: %v", err)
	}
	return s.Payments(o)[0]
}

// Decide is the administrator's decision on a refund: approve or reject; or the bank's: outcome, with what it says.
func (s *Session) Decide(o *Purchase, refund Payment, decision string, result map[string]string) Payment {
	var body []byte
	if result != nil {
		body, _ = json.Marshal(result) // it is made of texts
	}
	path := "/_mock/payments/" + refund.PaymentID + "/" + decision
	if err := s.harness.Sandbox.Do(s.Ctx, http.MethodPost, path, body, nil); err != nil {
		rule.NotEvaluable("the sandbox could not be told: %v", err)
	}

	for _, p := range s.Payments(o) {
		if p.PaymentID == refund.PaymentID {
			return p
		}
	}
	return refund
}
