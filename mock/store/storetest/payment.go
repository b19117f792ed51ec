package storetest

import (
	"errors"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/payporter-mock/payporter-mock/mock/store"
	"github.com/payporter-mock/payporter-mock/payment"
)

var paymentCases = map[string]func(*testing.T, store.Books){
	"a payment is found with all it has":                  paymentWhole,
	"a checkout's payment is a payment of its own":        paymentOfCheckout,
	"a checkout has its latest payment as it is now":      latestPayment,
	"a payment that was put before becomes the latest":    adoptedPayment,
	"payments are newest first and narrow":                paymentLists,
	"a payment is found by the parent it has now":         parentChanges,
	"a latest payment is the latest of one checkout only": sharedPayment,
}

func paymentWhole(t *testing.T, b store.Books) {
	s := one(t, b)
	requireNotFound(t, s, thePayment("p1"))
	whole := filled[payment.Payment](t)
	update(t, s, func(tx store.Tx) error { return tx.PutPayment(whole) })
	require.Equal(t, whole, read(t, s, thePayment(whole.ID)))

	whole.Amount, whole.Status = payment.Amount{}, payment.Rejected
	update(t, s, func(tx store.Tx) error { return tx.PutPayment(whole) })
	require.Equal(t, whole, read(t, s, thePayment(whole.ID)))
	require.Equal(t, []string{whole.ID}, paymentIDs(t, s, store.PaymentQuery{}))
}

func paymentOfCheckout(t *testing.T, b store.Books) {
	s := one(t, b)
	c := checkout("c1", "o1")
	c.Payment.CheckoutID, c.Payment.OrderID = "", ""
	update(t, s, func(tx store.Tx) error { return tx.PutCheckout(c) })
	c.Payment.CheckoutID, c.Payment.OrderID = "c1", "o1"
	require.Equal(t, c.Payment, read(t, s, thePayment("p-c1")), "it says where it belongs")
	require.Equal(t, c, read(t, s, theCheckout("c1")))

	nameless := payment.Checkout{ID: "c2"}
	update(t, s, func(tx store.Tx) error { return tx.PutCheckout(nameless) })
	require.Equal(t, []string{"p-c1"}, paymentIDs(t, s, store.PaymentQuery{}), "one without an id is none yet")
}

func latestPayment(t *testing.T, b store.Books) {
	s := one(t, b)
	first, second := checkout("c1", "o1"), checkout("c1", "o1")
	first.Payment.ID, second.Payment.ID = "p1", "p2"
	update(t, s, func(tx store.Tx) error { return tx.PutCheckout(first) })
	first.Payment.Status = payment.Failed
	update(t, s, func(tx store.Tx) error { return tx.PutPayment(first.Payment) })
	require.Equal(t, first, read(t, s, theCheckout("c1")))
	require.Equal(t, []string{"c1"}, checkoutIDs(t, s, store.CheckoutQuery{Status: payment.Failed}))

	// The payment before stays, and what becomes of it is not the checkout's any more.
	update(t, s, func(tx store.Tx) error { return tx.PutCheckout(second) })
	require.Equal(t, first.Payment, read(t, s, thePayment("p1")))
	first.Payment.ResultCode = "51"
	update(t, s, func(tx store.Tx) error { return tx.PutPayment(first.Payment) })
	require.Equal(t, second, read(t, s, theCheckout("c1")))
	require.Equal(t, first.Payment, read(t, s, thePayment("p1")))

	// Nor is one that belongs to the checkout and was not put with it.
	refund := payment.Payment{ID: "p3", ParentID: "p2", CheckoutID: "c1", Type: payment.Refund}
	update(t, s, func(tx store.Tx) error { return tx.PutPayment(refund) })
	require.Equal(t, second, read(t, s, theCheckout("c1")))
	require.Equal(t, []string{"p3", "p2", "p1"}, paymentIDs(t, s, store.PaymentQuery{CheckoutID: "c1"}))

	// A transaction that fails leaves the latest as it was.
	require.ErrorIs(t, s.Update(t.Context(), func(tx store.Tx) error {
		first.Payment.ResultCode = "54"
		changed := second
		changed.Payment = payment.Payment{ID: "p4", CheckoutID: "c1"}
		return errors.Join(tx.PutCheckout(first), tx.PutCheckout(changed), tx.PutPayment(first.Payment), errOnPurpose)
	}), errOnPurpose)
	require.Equal(t, second, read(t, s, theCheckout("c1")))
	require.Equal(t, "51", read(t, s, thePayment("p1")).ResultCode)
	require.Equal(t, []string{"p3", "p2", "p1"}, paymentIDs(t, s, store.PaymentQuery{CheckoutID: "c1"}))
	second.Payment.Status = payment.Success
	update(t, s, func(tx store.Tx) error { return tx.PutPayment(second.Payment) })
	require.Equal(t, second, read(t, s, theCheckout("c1")))
}

func adoptedPayment(t *testing.T, b store.Books) {
	s := one(t, b)
	own := payment.Payment{ID: "p1", CheckoutID: "c1", OrderID: "o1", Status: payment.Enrolled}
	update(t, s, func(tx store.Tx) error { return tx.PutPayment(own) })
	c := checkout("c1", "o1")
	c.Payment = own
	c.Payment.Status = payment.Success
	require.ErrorIs(t, s.Update(t.Context(), func(tx store.Tx) error {
		return errors.Join(tx.PutCheckout(c), errOnPurpose)
	}), errOnPurpose)
	require.Equal(t, own, read(t, s, thePayment("p1")))
	requireNotFound(t, s, theCheckout("c1"))

	update(t, s, func(tx store.Tx) error { return tx.PutCheckout(c) })
	require.Equal(t, c, read(t, s, theCheckout("c1")))
	require.Equal(t, c.Payment, read(t, s, thePayment("p1")))
	require.Equal(t, []string{"p1"}, paymentIDs(t, s, store.PaymentQuery{CheckoutID: "c1"}))
}

func paymentLists(t *testing.T, b store.Books) {
	s := one(t, b)
	sale := func(id, orderID string) payment.Checkout {
		c := checkout("c-"+id, orderID)
		c.Payment.ID, c.Payment.Status = id, payment.Success
		return c
	}
	refund := payment.Payment{ID: "r1", ParentID: "p1", OrderID: "o1", Type: payment.Refund}
	done := refund
	done.ID, done.Status = "r2", payment.Success
	update(t, s, func(tx store.Tx) error {
		return errors.Join(
			tx.PutCheckout(sale("p1", "o1")), tx.PutCheckout(sale("p2", "o2")), tx.PutPayment(refund), tx.PutPayment(done),
			tx.PutPayment(payment.Payment{ID: "r3", ParentID: "p2", CheckoutID: "c-p2", Type: payment.CancelType}),
		)
	})

	for _, c := range []struct {
		query store.PaymentQuery
		want  []string
	}{
		{store.PaymentQuery{}, []string{"r3", "r2", "r1", "p2", "p1"}},
		{store.PaymentQuery{Limit: 2}, []string{"r3", "r2"}},
		{store.PaymentQuery{Before: "r2", Limit: 2}, []string{"r1", "p2"}},
		{store.PaymentQuery{Before: "unknown"}, []string{}},
		{store.PaymentQuery{ParentID: "p1"}, []string{"r2", "r1"}},
		{store.PaymentQuery{ParentID: "p1", Before: "r2"}, []string{"r1"}},
		{store.PaymentQuery{ParentID: "p9"}, []string{}},
		{store.PaymentQuery{CheckoutID: "c-p2"}, []string{"r3", "p2"}},
		{store.PaymentQuery{CheckoutID: "c-p2", ParentID: "p2"}, []string{"r3"}},
		{store.PaymentQuery{CheckoutID: "c-p2", Before: "r3", Limit: 1}, []string{"p2"}},
		{store.PaymentQuery{OrderID: "o1"}, []string{"r2", "r1", "p1"}},
		{store.PaymentQuery{Type: payment.Refund}, []string{"r2", "r1"}},
		{store.PaymentQuery{Status: payment.Success}, []string{"r2", "p2", "p1"}},
		{store.PaymentQuery{Status: payment.Success, Type: payment.Sale, OrderID: "o1"}, []string{"p1"}},
	} {
		require.Equal(t, c.want, paymentIDs(t, s, c.query), "%+v", c.query)
	}
}

func parentChanges(t *testing.T, b store.Books) {
	s := one(t, b)
	p := payment.Payment{ID: "r1", ParentID: "p1", CheckoutID: "c1"}
	update(t, s, func(tx store.Tx) error { return tx.PutPayment(p) })
	p.ParentID, p.CheckoutID = "p2", "c2"
	update(t, s, func(tx store.Tx) error { return tx.PutPayment(p) })
	require.Empty(t, paymentIDs(t, s, store.PaymentQuery{ParentID: "p1"}))
	require.Empty(t, paymentIDs(t, s, store.PaymentQuery{CheckoutID: "c1"}))
	require.Equal(t, []string{"r1"}, paymentIDs(t, s, store.PaymentQuery{ParentID: "p2"}))
	require.Equal(t, []string{"r1"}, paymentIDs(t, s, store.PaymentQuery{CheckoutID: "c2"}))
}

func sharedPayment(t *testing.T, b store.Books) {
	s := one(t, b)
	first, second := checkout("c1", "o1"), checkout("c2", "o2")
	second.Payment.ID = first.Payment.ID
	update(t, s, func(tx store.Tx) error { return tx.PutCheckout(first) })
	require.ErrorContains(t, s.Update(t.Context(), func(tx store.Tx) error { return tx.PutCheckout(second) }),
		`payment "p-c1" of checkout "c2" is the latest of checkout "c1"`)
	requireNotFound(t, s, theCheckout("c2"))

	// A transaction that goes on after the error has not put anything by it.
	update(t, s, func(tx store.Tx) error {
		require.Error(t, tx.PutCheckout(second))
		return tx.PutCheckout(checkout("c3", "o3"))
	})
	requireNotFound(t, s, theCheckout("c2"))
	require.Equal(t, []string{"c3", "c1"}, checkoutIDs(t, s, store.CheckoutQuery{}))
	require.Equal(t, first, read(t, s, theCheckout("c1")))
}
