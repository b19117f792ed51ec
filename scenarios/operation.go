package scenarios

import (
	"slices"
	"strings"

	"github.com/payporter-mock/payporter-mock/payment"
)

// Operation is what a merchant asks of the API, as when.operation names it.
type Operation string

// The operations.
const (
	OpCheckout           Operation = "checkout"            // POST /api/checkout
	OpPayment            Operation = "payment"             // POST /api/payment
	OpThreeDSecure       Operation = "3ds"                 // POST /api/3ds, and its complete
	OpPreAuthorization   Operation = "pre-authorization"   // POST /api/pre-authorization
	OpCapture            Operation = "capture"             // POST /api/pre-authorization/{paymentId}/capture
	OpCancel             Operation = "cancel"              // POST /api/payment/{paymentId}/cancel
	OpRefund             Operation = "refund"              // POST /api/payment/{paymentId}/refund
	OpInstallmentOptions Operation = "installment-options" // POST /api/installment-options
)

// Operations lists the operations that a scenario can be for.
func Operations() []Operation {
	return []Operation{
		OpCheckout, OpPayment, OpThreeDSecure, OpPreAuthorization, OpCapture, OpCancel, OpRefund, OpInstallmentOptions,
	}
}

// TransactionTypes lists the transaction types that a scenario can be for.
func TransactionTypes() []payment.TransactionType {
	return []payment.TransactionType{payment.Sale, payment.PreAuth, payment.Capture, payment.CancelType, payment.Refund}
}

// oneOf is a condition that one of some words holds. Its zero value takes what it stands for without one.
type oneOf[T ~string] []T

// String is the words as an explanation shows them.
func (o oneOf[T]) String() string {
	words := make([]string, len(o))
	for i, one := range o {
		words[i] = string(one)
	}
	return strings.Join(words, ", ")
}

// covers reports whether o surely takes whatever other takes; usual is what an empty condition takes, nil: anything.
func (o oneOf[T]) covers(other, usual oneOf[T]) bool {
	if len(o) == 0 {
		o = usual
	}
	if len(other) == 0 {
		other = usual
	}
	if len(o) == 0 {
		return true
	}
	return len(other) > 0 && !slices.ContainsFunc(other, func(one T) bool { return !slices.Contains(o, one) })
}

// forCheckouts is what a scenario without an operation is for.
var forCheckouts = oneOf[Operation]{OpCheckout}

// takesOperation reports whether the scenario is for the operation; empty: a checkout.
func (w *When) takesOperation(op Operation) bool {
	if len(w.Operation) == 0 {
		return op == "" || op == OpCheckout
	}
	if op == "" {
		op = OpCheckout
	}
	return slices.Contains(w.Operation, op)
}

// takesType reports whether the scenario is for payments of the type.
func (w *When) takesType(t payment.TransactionType) bool {
	if t == "" {
		t = payment.Sale // which is what a checkout makes
	}
	return len(w.TransactionType) == 0 || slices.Contains(w.TransactionType, t)
}

// words reads one of the known words or a list of them.
func words[T ~string](r *reader, v value, known []T) oneOf[T] {
	var all oneOf[T]
	for _, one := range r.oneOrMore(v) {
		if word := choice(r, one, known...); word != "" {
			all = append(all, word)
		}
	}
	return all
}
