// Package storetest is the suite that every store.Books must pass, and two wrappers that make it harder: Replaying and
// Reopened.
package storetest

import (
	"errors"
	"maps"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/payporter-mock/payporter-mock/internal/extent"
	"github.com/payporter-mock/payporter-mock/mock/store"
	"github.com/payporter-mock/payporter-mock/payment"
)

// Run checks the books that open makes; each must be empty. Every case runs on them as they are and on Replaying; in a
// quick run by turns. A Books that outlives its process runs the suite a second time on Reopened.
func Run(t *testing.T, open func(t *testing.T) store.Books) {
	cases := map[string]func(*testing.T, store.Books){}
	for _, some := range []map[string]func(*testing.T, store.Books){
		booksCases, checkoutCases, paymentCases, deliveryCases, taskCases, claimCases, runCases, countCases,
		journalCases, transactionCases, forgetCases, forgetPaymentCases,
	} {
		for name, test := range some {
			require.NotContains(t, cases, name)
			cases[name] = test
		}
	}

	for i, name := range slices.Sorted(maps.Keys(cases)) {
		asTheyAre, replaying := i%2 == 0 || !extent.Quick(), i%2 == 1 || !extent.Quick()
		if asTheyAre {
			t.Run(name, func(t *testing.T) {
				t.Parallel()
				cases[name](t, open(t))
			})
		}
		if replaying {
			t.Run(name+", replaying", func(t *testing.T) {
				t.Parallel()
				cases[name](t, Replaying(open(t)))
			})
		}
	}
}

var noon = time.Date(2026, 1, 31, 12, 0, 0, 0, time.UTC)

var errOnPurpose = errors.New("on purpose")

// one opens the books of the key that most cases are about.
func one(t *testing.T, b store.Books) store.Store { return opened(t, b, "test_one") }

func opened(t *testing.T, b store.Books, key string) store.Store {
	t.Helper()
	s, err := b.Open(t.Context(), key)
	require.NoError(t, err)
	return s
}

func update(t *testing.T, s store.Store, do func(store.Tx) error) {
	t.Helper()
	require.NoError(t, s.Update(t.Context(), do))
}

// read is what a transaction that only reads answers.
func read[T any](t *testing.T, s store.Store, do func(store.Reader) (T, error)) (answer T) {
	t.Helper()
	require.NoError(t, s.View(t.Context(), func(r store.Reader) (err error) {
		answer, err = do(r)
		return err
	}))
	return answer
}

// requireNotFound wants ErrNotFound of the read.
func requireNotFound[T any](t *testing.T, s store.Store, do func(store.Reader) (T, error)) {
	t.Helper()
	require.ErrorIs(t, s.View(t.Context(), func(r store.Reader) error {
		_, err := do(r)
		return err
	}), store.ErrNotFound)
}

func checkout(id, orderID string) payment.Checkout {
	return payment.Checkout{
		ID: id, Order: payment.Order{OrderID: orderID}, CreatedAt: noon, State: payment.Open,
		Payment: payment.Payment{
			ID: "p-" + id, CheckoutID: id, OrderID: orderID, Type: payment.Sale, Status: payment.Enrolled,
		},
	}
}

// paid is a checkout that is over.
func paid(id, orderID string) payment.Checkout {
	c := checkout(id, orderID)
	c.State = payment.Paid
	return c
}

func delivery(id, checkoutID string) store.Delivery {
	return store.Delivery{
		ID: id, CheckoutID: checkoutID, URL: "http://127.0.0.1/callback", Status: store.Pending, CreatedAt: noon,
		Attempts: []store.Attempt{},
	}
}

func theCheckout(id string) func(store.Reader) (payment.Checkout, error) {
	return func(r store.Reader) (payment.Checkout, error) { return r.Checkout(id) }
}

func thePayment(id string) func(store.Reader) (payment.Payment, error) {
	return func(r store.Reader) (payment.Payment, error) { return r.Payment(id) }
}

func theDelivery(id string) func(store.Reader) (store.Delivery, error) {
	return func(r store.Reader) (store.Delivery, error) { return r.Delivery(id) }
}

// checkoutIDs, paymentIDs and deliveryIDs are the ids of what was asked for, in the order of the answer.
func checkoutIDs(t *testing.T, s store.Store, q store.CheckoutQuery) []string {
	t.Helper()
	ids := []string{}
	for _, c := range read(t, s, func(r store.Reader) ([]payment.Checkout, error) { return r.Checkouts(q) }) {
		ids = append(ids, c.ID)
	}
	return ids
}

func paymentIDs(t *testing.T, s store.Store, q store.PaymentQuery) []string {
	t.Helper()
	ids := []string{}
	for _, p := range read(t, s, func(r store.Reader) ([]payment.Payment, error) { return r.Payments(q) }) {
		ids = append(ids, p.ID)
	}
	return ids
}

func deliveryIDs(t *testing.T, s store.Store, q store.DeliveryQuery) []string {
	t.Helper()
	ids := []string{}
	for _, d := range read(t, s, func(r store.Reader) ([]store.Delivery, error) { return r.Deliveries(q) }) {
		ids = append(ids, d.ID)
	}
	return ids
}

func hasOrder(t *testing.T, s store.Store, orderID string) bool {
	t.Helper()
	return read(t, s, func(r store.Reader) (bool, error) { return r.HasOrder(orderID) })
}
