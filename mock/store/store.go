// Package store keeps the books: everything a sandbox must not forget. A sandbox can end at any moment, and another
// one that is given the same books goes on as if nothing had happened. The package knows no time, no network and no
// rule about payments.
//
//	Books     the books of all merchants of a sandbox; memory.Open makes some that live as long as the process
//	Store     the books of one merchant
//	Tx        what a transaction may read and change
//
// Whoever writes a Books of its own runs storetest on it.
package store

import (
	"context"
	"errors"
	"time"

	"github.com/payporter-mock/payporter-mock/payment"
	"github.com/payporter-mock/payporter-mock/scenarios"
)

// ErrNotFound is answered for an id or a key that the books do not have.
var ErrNotFound = errors.New("not found")

// Books are the books of all merchants. They are safe for concurrent use. Every method answers the error of ctx when
// ctx ends first, and otherwise only the errors named with it and those of its medium.
type Books interface {
	// Open gives the books of the merchant with the API key; those of a new key are empty. Tasks that were claimed and
	// came to nothing, because the process ended, are scheduled again.
	Open(ctx context.Context, key string) (Store, error)

	// Keys lists the API keys that have a Merchant, sorted.
	Keys(ctx context.Context) ([]string, error)

	// OwnerOf answers the API key in whose books the checkout or the payment with the id stands, and ErrNotFound for
	// an unknown id.
	OwnerOf(ctx context.Context, id string) (key string, err error)

	// Drop forgets all that the books of the key hold, the Merchant included. An unknown key is no error.
	Drop(ctx context.Context, key string) error

	// Close gives back what the books hold of the process. Nothing is called after it.
	Close() error
}

// Store is the books of one merchant. It is safe for concurrent use, with the errors of Books.
type Store interface {
	// Update runs do in one transaction: either all that it changes takes effect or, when do answers an error or
	// panics, nothing. It answers do's error unchanged. Transactions of one merchant run one after the other. A store
	// may run do again after a conflict, so do changes nothing but the Tx. It must not call the Store, nor block.
	Update(ctx context.Context, do func(Tx) error) error

	// View runs do in a transaction that only reads. It answers do's error unchanged. What holds for do in Update
	// holds here.
	View(ctx context.Context, do func(Reader) error) error

	// Claim takes the task that is due first, not later than now, out of the queue. Tasks with the same time come in
	// the order in which they were scheduled. ok is false when none is due. The task is done when a transaction
	// schedules, unschedules or finishes one of its kind and subject; until then Books.Open gives it again.
	Claim(ctx context.Context, now time.Time) (task Task, ok bool, err error)

	// ClaimGroup takes a task of the group that is due, not later than now, if the next one is of it.
	ClaimGroup(ctx context.Context, now time.Time, group string) (task Task, ok bool, err error)

	// Changed blocks until the journal's version is another one, and answers it. When ctx ends first it answers ctx's
	// error. Version zero is before every other.
	Changed(ctx context.Context, version uint64) (uint64, error)
}

// Reader is what a transaction can read. It is valid only inside Update and View.
type Reader interface {
	// Merchant answers ErrNotFound when none has been put.
	Merchant() (Merchant, error)

	// Checkout answers ErrNotFound for an unknown id. Its Payment is the latest, as it is now.
	Checkout(id string) (payment.Checkout, error)
	// Checkouts are newest first.
	Checkouts(q CheckoutQuery) ([]payment.Checkout, error)
	// HasOrder reports whether a checkout was made for the order id.
	HasOrder(orderID string) (bool, error)

	// Payment answers ErrNotFound for an unknown id.
	Payment(id string) (payment.Payment, error)
	// Payments are newest first.
	Payments(q PaymentQuery) ([]payment.Payment, error)

	// Run answers how far the subject has come in its scenario, and ErrNotFound when it follows none.
	Run(subject Subject) (scenarios.Run, error)
	// Scenarios answers the files of the set with the digest, and ErrNotFound for an unknown one.
	Scenarios(digest string) ([]scenarios.Source, error)

	// Count is how often something was counted; zero: never.
	Count(name string) (uint64, error)
	// Counts lists everything counted whose name begins with the prefix, by the whole name.
	Counts(prefix string) (map[string]uint64, error)

	// Delivery answers ErrNotFound for an unknown id.
	Delivery(id string) (Delivery, error)
	// Deliveries are newest first.
	Deliveries(q DeliveryQuery) ([]Delivery, error)

	// NextDue is the time of the earliest task that waits; ok is false when none does.
	NextDue() (due time.Time, ok bool, err error)
	// Scheduled lists the tasks about a checkout or delivery that wait, in the order in which they come.
	Scheduled(subject string) ([]Task, error)
	// Backlog counts the deliveries that have an attempt planned, and those of them that are due at now.
	Backlog(now time.Time) (Backlog, error)

	// Entries are in the order of recording, or newest first if the query says so.
	Entries(q EntryQuery) ([]Entry, error)
	// Version goes up with every change of the journal.
	Version() (uint64, error)
}

// Tx is what a transaction can read and change. It is valid only inside Update.
type Tx interface {
	Reader

	PutMerchant(Merchant) error

	// PutCheckout adds the checkout or replaces the one with its ID. Its Payment is put as PutPayment does; one that
	// it had before stays a payment of its own.
	PutCheckout(payment.Checkout) error
	// PutPayment adds the payment or replaces the one with its ID.
	PutPayment(payment.Payment) error

	PutRun(subject Subject, run scenarios.Run) error
	// DropRun forgets a run; one that there is not is no error.
	DropRun(subject Subject) error
	// DropOrders forgets the runs of all orders.
	DropOrders() error
	// PutScenarios keeps the files of the set with the digest.
	PutScenarios(digest string, files []scenarios.Source) error

	// Add counts each of the names by n, which may be negative; a count never falls below zero.
	Add(n int64, names ...string) error
	// DropCounts forgets everything counted whose name begins with the prefix.
	DropCounts(prefix string) error

	// PutDelivery adds the delivery or replaces the one with its ID.
	PutDelivery(Delivery) error

	// Schedule makes a task due. A task of the same kind and subject is replaced, a claimed one included.
	Schedule(Task) error
	// Hold schedules a task as claimed already: nobody else gets it, but it is not lost when the process ends.
	Hold(Task) error
	// Unschedule takes a task back, a claimed one included; one that is not scheduled is no error.
	Unschedule(kind TaskKind, subject string) error
	// Finish ends a claimed task and leaves one that waits alone.
	Finish(kind TaskKind, subject string) error

	// Moment takes the next place in the order in which the merchant's entries begin and end.
	Moment() (Moment, error)
	// Append records the entry as Place places it, and answers it. The entry must not be changed afterwards.
	Append(Entry) (Entry, error)

	// Forget drops checkouts that are over, with their payments, runs and deliveries, until at most keep checkouts are
	// left or none is over, and answers how many it dropped. Those that were over first go first. A checkout is over
	// when its state is final, no attempt of its deliveries is planned, and all that captures, cancels or refunds its
	// payments is settled.
	//
	// It drops the runs of orders as well, until at most keep are left, or FewestRuns if that is more: those of the
	// orders that got their first one first go first. Then it drops the scenario sets that neither a run nor the
	// Merchant names.
	Forget(keep int) (int, error)
	// ForgetPayments drops payments that are none of a checkout, with their runs and deliveries and with all that
	// captures, cancels or refunds them, until at most keep such families are left or none is settled, and answers how
	// many families it dropped. Those that were settled first go first. A payment is settled when it keeps its status for
	// good, no task about it is left and no attempt of its deliveries is planned; a family, when all its payments are.
	//
	// It drops the runs of requests as well, until at most keep are left, or FewestRuns if that is more: those of the
	// requests that got their first one first go first.
	ForgetPayments(keep int) (int, error)
	// Reset forgets everything, the Merchant included. The journal's version goes up.
	Reset() error
}

// FewestRuns is how many orders with a run of their own are kept, however few checkouts are, and how many requests:
// whoever asks again gets on with the scenario of the first try.
const FewestRuns = 1_000

// Subject says whose scenario a run is.
type Subject struct {
	Kind SubjectKind
	ID   string
}

// SubjectKind is what a run belongs to.
type SubjectKind string

// The kinds of subjects.
const (
	OfCheckout SubjectKind = "checkout" // ID: the checkout's
	OfOrder    SubjectKind = "order"    // ID: the order id of creates whose answer a scenario keeps from the merchant
	OfPayment  SubjectKind = "payment"  // ID: that of a payment that is none of a checkout
	// ID: the operation and what it is about, of requests whose answers a scenario keeps
	OfRequest SubjectKind = "request"
)

// CheckoutRun is the subject of a checkout's run.
func CheckoutRun(id string) Subject { return Subject{OfCheckout, id} }

// OrderRun is the subject of the run of an order that has no checkout yet, as far as the merchant knows.
func OrderRun(orderID string) Subject { return Subject{OfOrder, orderID} }

// PaymentRun is the subject of the run of a payment that is none of a checkout.
func PaymentRun(id string) Subject { return Subject{OfPayment, id} }

// RequestRun is the subject of the run of requests for an operation about an order or a payment, whose answers a
// scenario keeps from the merchant.
func RequestRun(operation, about string) Subject { return Subject{OfRequest, operation + " " + about} }
