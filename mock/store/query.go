package store

import (
	"strings"

	"github.com/payporter-mock/payporter-mock/payment"
)

// CheckoutQuery narrows a list of checkouts. Zero fields do not narrow.
type CheckoutQuery struct {
	CheckoutID string
	OrderID    string
	Status     payment.Status
	Search     string // a part of the id, order id, customer id or description, whatever the case
	NotOrderID string // only checkouts of other orders
	Before     string // the id of a checkout: only what is older
	Limit      int    // zero means all
}

// Fits reports whether the checkout is one of those asked for, Before and Limit aside.
func (q CheckoutQuery) Fits(c *payment.Checkout) bool {
	return (q.CheckoutID == "" || q.CheckoutID == c.ID) &&
		(q.OrderID == "" || q.OrderID == c.OrderID) &&
		(q.NotOrderID == "" || q.NotOrderID != c.OrderID) &&
		(q.Status == "" || q.Status == c.Payment.Status) &&
		(q.Search == "" || mentions(c, strings.ToLower(q.Search)))
}

func mentions(c *payment.Checkout, lower string) bool {
	for _, text := range [...]string{c.ID, c.OrderID, c.CustomerID, c.Description} {
		if strings.Contains(strings.ToLower(text), lower) {
			return true
		}
	}
	return false
}

// PaymentQuery narrows a list of payments. Zero fields do not narrow.
type PaymentQuery struct {
	CheckoutID string
	ParentID   string
	OrderID    string
	Type       payment.TransactionType
	Status     payment.Status
	Before     string // the id of a payment: only what is older
	Limit      int    // zero means all
}

// Fits reports whether the payment is one of those asked for, Before and Limit aside.
func (q PaymentQuery) Fits(p *payment.Payment) bool {
	return (q.CheckoutID == "" || q.CheckoutID == p.CheckoutID) &&
		(q.ParentID == "" || q.ParentID == p.ParentID) &&
		(q.OrderID == "" || q.OrderID == p.OrderID) &&
		(q.Type == "" || q.Type == p.Type) &&
		(q.Status == "" || q.Status == p.Status)
}

// DeliveryQuery narrows a list of deliveries. Zero fields do not narrow.
type DeliveryQuery struct {
	Kind       DeliveryKind
	PaymentID  string // of a webhook
	CheckoutID string
	OrderID    string
	Status     DeliveryStatus
	Before     string // the id of a delivery: only what is older
	Limit      int    // zero means all
}

// Fits reports whether the delivery is one of those asked for, Before and Limit aside.
func (q DeliveryQuery) Fits(d *Delivery) bool {
	return (q.Kind == "" || q.Kind == d.Kind) &&
		(q.PaymentID == "" || q.PaymentID == d.PaymentID) &&
		(q.CheckoutID == "" || q.CheckoutID == d.CheckoutID) &&
		(q.OrderID == "" || q.OrderID == d.OrderID) &&
		(q.Status == "" || q.Status == d.Status)
}
