package api

import (
	"context"
	"encoding/json"
	"errors"
	"slices"
	"strings"
	"sync"

	"github.com/payporter-mock/payporter-mock/internal/decimal"
	"github.com/payporter-mock/payporter-mock/internal/openapi"
	"github.com/payporter-mock/payporter-mock/mock/internal/gateway"
	"github.com/payporter-mock/payporter-mock/mock/internal/wire"
	"github.com/payporter-mock/payporter-mock/mock/store"
	"github.com/payporter-mock/payporter-mock/payment"
)

// created is the answer of POST /api/checkout.
type created struct {
	CheckoutID  string `json:"checkoutId"`
	RedirectURL string `json:"redirectUrl"`
}

// AppendJSON implements wire.Appender.
func (c created) AppendJSON(to []byte) []byte {
	const names = `{"checkoutId":"","redirectUrl":""}`
	to = slices.Grow(to, len(names)+len(c.CheckoutID)+len(c.RedirectURL))
	to = wire.AppendText(append(to, `{"checkoutId":`...), c.CheckoutID)
	to = wire.AppendText(append(to, `,"redirectUrl":`...), c.RedirectURL)
	return append(to, '}')
}

// creation is a create with what becomes of it.
type creation struct {
	opening gateway.Opening
	made    gateway.Created
}

// creations are used again, as calls are: each is a kilobyte and a half.
var creations = sync.Pool{New: func() any { return &creation{} }}

func (a *api) createCheckout(ctx context.Context, x *call) (any, error) {
	order, faults := orderOf(x.body)
	x.entry.OrderID = order.OrderID
	if err := payment.Invalid(faults); err != nil {
		return nil, err
	}
	if a.PublicURL == "" && x.request.Host == "" {
		return nil, &payment.Error{
			Code: payment.InvalidRequest, Message: "the request names no Host, which redirectUrl begins with; send one, or " +
				"start with --public-url",
		}
	}
	scenario, err := wire.Header(x.request, "X-Mock-Scenario")
	if err != nil {
		return nil, err
	}
	x.creation = creations.Get().(*creation)
	x.creation.opening = gateway.Opening{
		Into: &x.creation.made, Order: order, Header: scenario, Began: x.entry.StartSeq,
		Wait: func(made *gateway.Created) (func(), error) {
			x.entry.Scenario = made.Run.Scenario
			return a.Wait()
		},
	}
	made, err := x.merchant.Create(ctx, &x.creation.opening)
	if err != nil {
		return nil, err
	}
	x.entry.Scenario, x.waited = made.Run.Scenario, made.Release
	if create := made.Answer(); create != nil {
		x.bent = &bend{delay: made.Delay, respond: create.Respond, fault: create.Fault}
	}
	if made.Checkout == nil { // what breaks off on the way looks like a checkout, but there is none
		return a.createdAnswer(x, x.merchant.RequestID(x.entry.StartSeq)), nil
	}

	id := made.Checkout.ID
	x.entry.CheckoutID, x.entry.Status = id, string(payment.Enrolled)
	if made.Customer != nil {
		x.answered = func() { a.answered(ctx, x, made) }
	}
	err = x.merchant.BeforeAnswer(ctx, made, x.entry.StartSeq)
	if forgotten(err) {
		err = nil // the merchant began anew meanwhile: the checkout was made, and is forgotten
	}
	return a.createdAnswer(x, id), err
}

// answered lets the customer of a checkout go on its way. The checkout exists, whether or not the caller waited for
// its answer.
func (a *api) answered(ctx context.Context, x *call, made *gateway.Created) {
	err := x.merchant.Answered(context.WithoutCancel(ctx), made, x.entry.StartSeq)
	if err != nil && !noMore(err) {
		a.Log.Error("bug", "checkoutId", made.Checkout.ID, "error", err.Error())
	}
}

// forgotten reports whether an error says that a checkout is no more.
func forgotten(err error) bool {
	return err != nil && (errors.Is(err, store.ErrNotFound) || errors.Is(err, &payment.Error{Code: payment.NotFound}))
}

// noMore reports whether nothing follows an answer because a reset has come between, or the merchant was forgotten.
func noMore(err error) bool {
	return forgotten(err) || errors.Is(err, &payment.Error{Code: payment.TooManyRequests})
}

func (a *api) createdAnswer(x *call, id string) created {
	return created{CheckoutID: id, RedirectURL: a.baseURL(x.request) + "/checkout-link/" + id}
}

func (a *api) getCheckout(ctx context.Context, x *call) (any, error) {
	x.entry.CheckoutID = strings.ToLower(x.context.Param(checkoutID))
	named, err := a.named(ctx, x)
	if err != nil {
		return nil, err
	}

	ask := x.merchant.Asked
	if x.peeks() || named != nil {
		ask = x.merchant.Peeked
	}

	asked, err := ask(ctx, x.entry.CheckoutID)
	if err != nil {
		return nil, err
	}
	c := asked.Checkout
	if named != nil {
		asked = *named
	}
	x.entry.OrderID, x.entry.Status, x.entry.Scenario = c.OrderID, string(c.Payment.Status), asked.Scenario
	if err := a.bendStatus(x, asked); err != nil {
		return nil, err
	}

	return wire.PaymentOf(c).Overlaid(asked.Fields, asked.Step.Fields), nil
}

// orderOf reads a body that the document allows, and checks what a schema cannot say.
func orderOf(b openapi.Body) (payment.Order, []payment.FieldError) {
	o := payment.Order{MaxInstallmentCount: 1}
	o.OrderID, _ = b.Values["orderId"].(string)
	o.Description, _ = b.Values["description"].(string)
	o.Callback, _ = b.Values["callback"].(string)
	o.CustomerID, _ = b.Values["customerId"].(string)
	o.InterestPaidByCustomer, _ = b.Values["interestPaidByCustomer"].(bool)
	if n, ok := b.Values["maxInstallmentCount"].(json.Number); ok {
		o.MaxInstallmentCount = wholeNumber(n)
	}

	amount, faults := amountOf(b)
	o.Amount = amount
	if fault := payment.CheckCallback(o.Callback); fault != "" {
		faults = append(faults, payment.FieldError{Field: "callback", Message: fault})
	}

	return o, faults
}

// wholeNumber reads an integer that may be written 6, 6.0 or 6e0.
func wholeNumber(n json.Number) int {
	whole, ok := decimal.Read(string(n)).Int()
	if !ok || whole < 1 || whole > 1000 {
		return 1 // only a document without our limits lets such a number through
	}
	return whole
}

func amountOf(b openapi.Body) (payment.Amount, []payment.FieldError) {
	number, _ := b.Values["amount"].(json.Number)
	currency, _ := b.Values["currency"].(string)
	amount, err := payment.ParseAmount(string(number), currency)
	if err == nil {
		return amount, nil
	}
	var fault *payment.Error
	if errors.As(err, &fault) {
		return amount, []payment.FieldError{{Field: fault.Field, Message: fault.Message}}
	}
	return amount, nil
}

// invalidOrder names every faulty field: what the document finds, and for the fields it does not
// mind, what a schema cannot say.
func invalidOrder(b openapi.Body, faults []openapi.Violation) error {
	if b.Values == nil { // not even JSON
		return wire.Invalid(faults)
	}
	wire.NameCallbackFaults(faults, "callback", b.Values)
	_, more := orderOf(b)
	return wire.Invalid(alsoFaulty(faults, more))
}
