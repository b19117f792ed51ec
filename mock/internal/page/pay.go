package page

import (
	"context"
	"errors"
	"net/http"

	"github.com/payporter-mock/payporter-mock/payment"
)

// show is the form of an open link.
func (p *page) show(_ context.Context, x *call) (answer, error) {
	if !x.checkout.Payable() {
		return x.moved(), nil
	}
	return x.form(http.StatusOK, x.ofTestCard(), nil), nil
}

// pay tries to pay with what the customer typed. A payment that is declined but may be tried again
// leads back to the form, which says so; one that the bank asks about leads to the bank's page.
func (p *page) pay(ctx context.Context, x *call) (answer, error) {
	if !x.checkout.Payable() {
		return x.moved(), nil
	}

	values, err := readValues(x.response, x.request)
	if err != nil {
		return answer{}, err
	}

	f := formOf(values)
	x.body = f.record()
	c, err := x.merchant.Pay(ctx, x.checkout.ID, f.try())
	var fault *payment.Error
	switch {
	case errors.As(err, &fault) && fault.Code == payment.InvalidRequest:
		return x.form(http.StatusUnprocessableEntity, f, fault.Fields), nil
	case notPayable(err): // another tab was faster
		x.checkout = c
		return x.moved(), nil
	case err != nil:
		return answer{}, err
	}

	x.checkout = c
	return x.next(), nil
}

// cancel is the customer who does not want to pay.
func (p *page) cancel(ctx context.Context, x *call) (answer, error) {
	if !x.checkout.Payable() {
		return x.moved(), nil
	}

	c, err := x.merchant.Cancel(ctx, x.checkout.ID)
	if err != nil && !notPayable(err) {
		return answer{}, err
	}

	x.checkout = c
	if err != nil {
		return x.moved(), nil
	}
	return x.seeOther("/result"), nil
}

// result says what became of the link.
func (p *page) result(_ context.Context, x *call) (answer, error) {
	if x.checkout.Payable() || x.checkout.State == payment.Authenticating {
		return x.next(), nil
	}
	return x.outcome(), nil
}
