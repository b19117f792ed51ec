package payment

import (
	"fmt"
	"time"
)

// Order is what a merchant asks for: the body of POST /api/checkout.
type Order struct {
	OrderID                string
	Amount                 Amount
	Description            string
	Callback               string // absolute http(s) URL
	CustomerID             string
	MaxInstallmentCount    int // 1 to 12
	InterestPaidByCustomer bool
}

// Masked is the order as it may be shown to anybody: what its texts tell as MaskSecrets knows it is masked.
func (o Order) Masked() Order {
	o.OrderID, o.Description, o.CustomerID = MaskSecrets(o.OrderID), MaskSecrets(o.Description), MaskSecrets(o.CustomerID)
	o.Callback = MaskURL(o.Callback)
	return o
}

// Checkout is one checkout link and what became of it. It is a value: a changed one is another one.
type Checkout struct {
	ID string // UUID
	Order
	CreatedAt time.Time
	ExpiresAt time.Time
	State     State
	Attempts  int        // how often a customer tried to pay
	Payment   Payment    // the latest; ENROLLED before anybody paid
	Challenge *Challenge // what the bank asks; only while AUTHENTICATING
}

// Settle gives the checkout the result of a payment. With mayRetry a declined one stays open for
// another attempt. A checkout that is final already answers an Error with code NotPayable. A payment whose status may
// not become this one is an error, too: another try is another payment.
func (c Checkout) Settle(p Payment, mayRetry bool) (Checkout, error) {
	if c.State.Final() {
		return c, c.NotPayable()
	}
	if err := c.Payment.becomes(p); err != nil {
		return c, err
	}
	c.State = after(p.Status, mayRetry)
	c.Payment, c.Challenge = p, nil
	return c, nil
}

// Cancel ends an open link at the customer's wish. A payment that is being processed is no longer
// the customer's to cancel: that is an Error with code NotPayable, as for a final one.
func (c Checkout) Cancel(p Payment) (Checkout, error) { return c.end(LinkCancelled, p) }

// Expire ends an open link whose time is over. PayPorter is silent on it; CANCELLED is assumed.
func (c Checkout) Expire(p Payment) (Checkout, error) { return c.end(Expired, p) }

func (c Checkout) end(s State, p Payment) (Checkout, error) {
	if !c.Payable() {
		return c, c.NotPayable()
	}
	if err := c.Payment.becomes(p); err != nil {
		return c, err
	}
	c.State = s
	c.Payment = p
	return c, nil
}

// Payable reports whether a customer can pay the checkout now.
func (c Checkout) Payable() bool { return c.State == Open }

// NotPayable says in words why the checkout cannot be paid.
func (c Checkout) NotPayable() *Error {
	reason := map[State]string{
		Paid:           "has been paid",
		Processing:     "is being processed",
		Authenticating: "is at the bank's 3-D Secure page",
		Declined:       "was declined and may not be tried again",
		LinkCancelled:  "was cancelled by the customer",
		Expired:        "has expired",
	}[c.State]
	return &Error{Code: NotPayable, Message: fmt.Sprintf("checkout %s %s", c.ID, reason)}
}
