// Package store keeps what a merchant's sandbox must not forget: checkouts, deliveries, and the
// tasks that fall due. It does not know the time, the network or the rules.
//
// A Store holds the books of one merchant, so two merchants cannot meet in it.
package store

import (
	"context"
	"errors"
	"strings"
	"time"

	"github.com/payporter-mock/payporter-mock/payment"
)

// ErrNotFound is answered for an id that the store does not hold.
var ErrNotFound = errors.New("not found")

// Store holds one merchant's books. It is safe for concurrent use. Every method answers the error
// of ctx when ctx ends first, and otherwise only the errors named with it and those of its medium.
type Store interface {
	// Update runs do in one transaction: either all it puts and schedules takes effect or, when do
	// answers an error or panics, nothing. Update answers do's error unchanged. Transactions of one
	// store run one after the other; do must not call the Store itself, and must not block.
	Update(ctx context.Context, do func(Tx) error) error

	// Checkout answers ErrNotFound for an unknown id.
	Checkout(ctx context.Context, id string) (payment.Checkout, error)
	// Checkouts are newest first.
	Checkouts(ctx context.Context, q CheckoutQuery) ([]payment.Checkout, error)
	// Delivery answers ErrNotFound for an unknown id.
	Delivery(ctx context.Context, id string) (Delivery, error)
	// Deliveries are newest first.
	Deliveries(ctx context.Context, q DeliveryQuery) ([]Delivery, error)

	// Claim takes the task that is due first, not later than now, out of the queue. Tasks with the
	// same time come in the order in which they were scheduled. ok is false when none is due. A
	// store that outlives the process gives claimed tasks that had no consequence again when opened.
	Claim(ctx context.Context, now time.Time) (task Task, ok bool, err error)
	// ClaimGroup takes a task of the group that is due, not later than now, if the next one is of it.
	ClaimGroup(ctx context.Context, now time.Time, group string) (task Task, ok bool, err error)
	// NextDue is the time of the earliest task; ok is false when there is none.
	NextDue(ctx context.Context) (due time.Time, ok bool, err error)

	// Backlog counts the deliveries that have an attempt planned, and those of them that are due at now.
	Backlog(ctx context.Context, now time.Time) (Backlog, error)

	// Forget drops checkouts that are over, with their deliveries, until at most keep checkouts are
	// left or none is over, and answers the ids of the dropped ones. Those that were over first go
	// first. A checkout is over when its state is final and no attempt of its deliveries is planned.
	Forget(ctx context.Context, keep int) ([]string, error)

	// Scheduled lists the tasks about a checkout or delivery, in the order in which they come.
	Scheduled(ctx context.Context, subject string) ([]Task, error)

	// Reset forgets everything.
	Reset(ctx context.Context) error
}

// Tx is what a transaction may do. It is valid only inside Update.
type Tx interface {
	// Checkout answers ErrNotFound for an unknown id.
	Checkout(id string) (payment.Checkout, error)
	// PutCheckout adds the checkout or replaces the one with its ID.
	PutCheckout(payment.Checkout) error
	// Newest answers the newest checkout of any order but this, and ErrNotFound if there is none.
	Newest(butOrderID string) (payment.Checkout, error)
	// HasOrder reports whether a checkout was made for the order id.
	HasOrder(orderID string) (bool, error)
	// Delivery answers ErrNotFound for an unknown id.
	Delivery(id string) (Delivery, error)
	// PutDelivery adds the delivery or replaces the one with its ID.
	PutDelivery(Delivery) error
	// Schedule makes a task due. A task of the same kind and subject is replaced.
	Schedule(Task) error
	// Unschedule takes a task back; one that is not scheduled is no error.
	Unschedule(kind TaskKind, subject string) error
}

// Task is something that happens by itself when its time has come.
type Task struct {
	Kind    TaskKind
	Subject string // the id of the checkout or delivery it is about
	Due     time.Time
	Group   string // tasks of one group that are due are claimed together, to be done in their order; empty: alone
	Cause   uint64 // of what scheduled it, as the journal counts; zero: not known
}

// TaskKind says what a task does.
type TaskKind string

// The kinds of tasks.
const (
	Deliver TaskKind = "deliver" // tries a delivery once; subject: the delivery
	Expire  TaskKind = "expire"  // closes an unpaid link; subject: the checkout
	AutoPay TaskKind = "pay"     // the sandbox's own customer pays; subject: the checkout
	Cancel  TaskKind = "cancel"  // the sandbox's own customer presses Cancel; subject: the checkout
	Abandon TaskKind = "abandon" // the sandbox's own customer leaves; subject: the checkout
	Settle  TaskKind = "settle"  // the bank answers at last; subject: the checkout
	GiveUp  TaskKind = "give up" // the bank waits no longer for the customer's code; subject: the checkout
)

// Backlog is what is still to be delivered.
type Backlog struct {
	Planned  int       // deliveries with an attempt to come
	Due      int       // those of them whose time has come
	Earliest time.Time // when the first is due; zero: none is planned
}

// CheckoutQuery narrows a list of checkouts. Zero fields do not narrow.
type CheckoutQuery struct {
	CheckoutID string
	OrderID    string
	Status     payment.Status
	Search     string // a part of the id, order id, customer id or description, whatever the case
	Before     string // the id of a checkout: only what is older
	Limit      int    // zero means all
}

// Fits reports whether the checkout is one of those asked for, Before and Limit aside.
func (q CheckoutQuery) Fits(c *payment.Checkout) bool {
	return (q.CheckoutID == "" || q.CheckoutID == c.ID) &&
		(q.OrderID == "" || q.OrderID == c.OrderID) &&
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

// DeliveryQuery narrows a list of deliveries. Zero fields do not narrow.
type DeliveryQuery struct {
	CheckoutID string
	OrderID    string
	Status     DeliveryStatus
	Before     string // the id of a delivery: only what is older
	Limit      int    // zero means all
}

// Fits reports whether the delivery is one of those asked for, Before and Limit aside.
func (q DeliveryQuery) Fits(d *Delivery) bool {
	return (q.CheckoutID == "" || q.CheckoutID == d.CheckoutID) &&
		(q.OrderID == "" || q.OrderID == d.OrderID) &&
		(q.Status == "" || q.Status == d.Status)
}
