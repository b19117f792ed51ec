package storetest

import (
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/payporter-mock/payporter-mock/mock/store"
	"github.com/payporter-mock/payporter-mock/payment"
	"github.com/payporter-mock/payporter-mock/scenarios"
)

var forgetPaymentCases = map[string]func(*testing.T, store.Books){
	"payments of no checkout can be forgotten":              forgetPayments,
	"a payment takes all that follows it with it":           forgetFamily,
	"a payment that something is open of stays":             forgetNoOpenPayment,
	"a checkout that something follows which is open stays": forgetNoOpenRefund,
	"many payments are forgotten and made":                  forgetManyPayments,
	"the runs of requests that came first are forgotten":    forgetRequests,
}

// forgottenPayments forgets all families but keep, and says how many went.
func forgottenPayments(t *testing.T, s store.Store, keep int) (n int) {
	t.Helper()
	update(t, s, func(tx store.Tx) (err error) {
		n, err = tx.ForgetPayments(keep)
		return err
	})
	return n
}

// putPayments puts payments, each in a transaction of its own.
func putPayments(t *testing.T, s store.Store, all ...payment.Payment) {
	t.Helper()
	for _, p := range all {
		update(t, s, func(tx store.Tx) error { return tx.PutPayment(p) })
	}
}

func sale(id string) payment.Payment {
	return payment.Payment{ID: id, Type: payment.Sale, Status: payment.Success}
}

// refundOf waits for approval.
func refundOf(parent, id string) payment.Payment {
	return payment.Payment{ID: id, ParentID: parent, Type: payment.Refund, Status: payment.PendingApproval}
}

func forgetPayments(t *testing.T, b store.Books) {
	s := one(t, b)
	putPayments(t, s, payment.Payment{ID: "open", Type: payment.Sale, Status: payment.Enrolled}, sale("a"), sale("b"))
	update(t, s, func(tx store.Tx) error { return tx.PutCheckout(paid("c1", "o1")) })
	putPayments(t, s, sale("open"), payment.Payment{ID: "reserved", Type: payment.PreAuth, Status: payment.Success})

	require.Zero(t, forgottenPayments(t, s, 4), "no more are kept than may be, and a checkout's payment does not count")
	require.ErrorIs(t, s.Update(t.Context(), func(tx store.Tx) error {
		_, err := tx.ForgetPayments(0)
		return errors.Join(err, errOnPurpose)
	}), errOnPurpose)
	require.Equal(t, []string{"reserved", "p-c1", "b", "a", "open"}, paymentIDs(t, s, store.PaymentQuery{}))

	require.Equal(t, 1, forgottenPayments(t, s, 3))
	requireNotFound(t, s, thePayment("a"))
	require.Equal(t, 1, forgottenPayments(t, s, 2))
	require.Equal(t, []string{"reserved", "p-c1", "open"}, paymentIDs(t, s, store.PaymentQuery{}),
		"b was settled before open")
	require.Equal(t, 1, forgottenPayments(t, s, 0))
	require.Equal(t, []string{"reserved", "p-c1"}, paymentIDs(t, s, store.PaymentQuery{}))
	require.Equal(t, []string{"c1"}, checkoutIDs(t, s, store.CheckoutQuery{}))
}

func forgetFamily(t *testing.T, b store.Books) {
	s := one(t, b)
	capture := payment.Payment{ID: "capture", ParentID: "reserved", Type: payment.Capture, Status: payment.Success}
	refund, told := refundOf("capture", "refund"), delivery("d1", "")
	refund.Status, told.PaymentID, told.Status = payment.Success, "refund", store.Delivered
	putPayments(t, s, payment.Payment{ID: "reserved", Type: payment.PreAuth, Status: payment.Captured}, capture, refund,
		sale("another"))
	update(t, s, func(tx store.Tx) error {
		return errors.Join(
			tx.PutRun(store.PaymentRun("reserved"), scenarios.Run{}), tx.PutRun(store.PaymentRun("refund"), scenarios.Run{}),
			tx.PutRun(store.PaymentRun("another"), scenarios.Run{}), tx.PutDelivery(told), tx.PutDelivery(delivery("d2", "c9")),
		)
	})
	before := contentsOf(t, s)
	require.ErrorIs(t, s.Update(t.Context(), func(tx store.Tx) error {
		_, err := tx.ForgetPayments(0)
		return errors.Join(err, errOnPurpose)
	}), errOnPurpose)
	require.Equal(t, before, contentsOf(t, s))

	require.Equal(t, 1, forgottenPayments(t, s, 1))
	require.Equal(t, []string{"another"}, paymentIDs(t, s, store.PaymentQuery{}))
	require.Empty(t, paymentIDs(t, s, store.PaymentQuery{ParentID: "capture"}))
	require.Equal(t, []string{"d2"}, deliveryIDs(t, s, store.DeliveryQuery{}))
	requireNotFound(t, s, theRun(store.PaymentRun("reserved")))
	requireNotFound(t, s, theRun(store.PaymentRun("refund")))
	require.Zero(t, read(t, s, theRun(store.PaymentRun("another"))))
	_, err := b.OwnerOf(t.Context(), "refund")
	require.ErrorIs(t, err, store.ErrNotFound)
}

func forgetNoOpenPayment(t *testing.T, b store.Books) {
	s := one(t, b)
	next := noon.Add(time.Minute)
	waits := delivery("d1", "")
	waits.PaymentID, waits.NextAttemptAt = "tells", &next
	task := store.Task{Kind: store.SettlePayment, Subject: "settles", Due: noon}
	putPayments(t, s, sale("refunded"), refundOf("refunded", "refund"), sale("settles"), sale("tells"))
	update(t, s, func(tx store.Tx) error { return errors.Join(tx.PutDelivery(waits), tx.Schedule(task)) })
	require.Zero(t, forgottenPayments(t, s, 0))

	// Each goes once the last of it has come to its end.
	_, claimed, err := s.Claim(t.Context(), noon)
	require.NoError(t, err)
	require.True(t, claimed)
	require.Zero(t, forgottenPayments(t, s, 0), "whoever claimed the task is at it")
	update(t, s, func(tx store.Tx) error { return tx.Finish(store.SettlePayment, "settles") })
	require.Equal(t, 1, forgottenPayments(t, s, 0))

	waits.NextAttemptAt = nil
	update(t, s, func(tx store.Tx) error { return tx.PutDelivery(waits) })
	require.Equal(t, 1, forgottenPayments(t, s, 0))
	require.Equal(t, []string{"refund", "refunded"}, paymentIDs(t, s, store.PaymentQuery{}))
	require.Empty(t, deliveryIDs(t, s, store.DeliveryQuery{}))

	rejected := refundOf("refunded", "refund")
	rejected.Status = payment.Rejected
	putPayments(t, s, rejected)
	require.Equal(t, 1, forgottenPayments(t, s, 0))
	require.Empty(t, paymentIDs(t, s, store.PaymentQuery{}))
}

func forgetNoOpenRefund(t *testing.T, b store.Books) {
	s := one(t, b)
	told := delivery("d1", "")
	told.PaymentID = "refund"
	update(t, s, func(tx store.Tx) error {
		return errors.Join(tx.PutCheckout(paid("c1", "o1")), tx.PutPayment(refundOf("p-c1", "refund")), tx.PutDelivery(told))
	})
	require.Zero(t, forgotten(t, s, 0))
	require.Zero(t, forgottenPayments(t, s, 0), "it belongs to the checkout")
	require.Equal(t, []string{"refund", "p-c1"}, paymentIDs(t, s, store.PaymentQuery{}))

	approved := refundOf("p-c1", "refund")
	approved.Status = payment.Success
	putPayments(t, s, approved)
	require.Equal(t, 1, forgotten(t, s, 0))
	require.Empty(t, paymentIDs(t, s, store.PaymentQuery{}))
	require.Empty(t, deliveryIDs(t, s, store.DeliveryQuery{}))
}

// forgetManyPayments makes and forgets more than books keep in mind at a time.
func forgetManyPayments(t *testing.T, b store.Books) {
	s := one(t, b)
	const each, keep = 100, 30
	for round := range 3 {
		update(t, s, func(tx store.Tx) error {
			var errs []error
			for i := range each {
				id := fmt.Sprint(round, "-", i)
				refund := refundOf(id, "refund of "+id)
				refund.Status = payment.Failed
				errs = append(errs, tx.PutPayment(sale(id)), tx.PutPayment(refund))
			}
			return errors.Join(errs...)
		})
		require.Equal(t, min(round, 1)*keep+each-keep, forgottenPayments(t, s, keep))
		all := paymentIDs(t, s, store.PaymentQuery{})
		require.Len(t, all, 2*keep)
		require.Equal(t, fmt.Sprint("refund of ", round, "-", each-1), all[0])
	}
}
