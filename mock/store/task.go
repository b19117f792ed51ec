package store

import "time"

// Task is something that happens by itself when its time has come.
type Task struct {
	Kind    TaskKind
	Subject string // the id of the checkout, payment or delivery it is about
	Due     time.Time
	Group   string // tasks of one group that are due are claimed together, to be done in their order; empty: alone
	Cause   Moment // the beginning of what scheduled it; zero: not known
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

	SettlePayment TaskKind = "settle payment" // the bank answers at last; subject: a payment that is none of a checkout
	DecideRefund  TaskKind = "decide refund"  // the administrator decides on a refund; subject: the refund
)

// PaymentTasks are the kinds of tasks about payments.
func PaymentTasks() [2]TaskKind { return [2]TaskKind{SettlePayment, DecideRefund} }

// Backlog is what is still to be delivered.
type Backlog struct {
	Planned  int       // deliveries with an attempt to come
	Due      int       // those of them whose time has come
	Earliest time.Time // when the first is due; zero: none is planned
}
