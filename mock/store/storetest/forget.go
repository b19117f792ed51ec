package storetest

import (
	"errors"
	"strconv"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/payporter-mock/payporter-mock/mock/store"
	"github.com/payporter-mock/payporter-mock/payment"
	"github.com/payporter-mock/payporter-mock/scenarios"
)

var forgetCases = map[string]func(*testing.T, store.Books){
	"what is over can be forgotten":                    forget,
	"what was over first is forgotten first":           forgetOrder,
	"a forgotten checkout takes all it has with it":    forgetAll,
	"scenario sets that nothing names are forgotten":   forgetScenarios,
	"many checkouts are forgotten and made":            forgetMany,
	"the runs of orders that came first are forgotten": forgetOrders,
	"scenario sets go although no checkout does":       forgetUnusedScenarios,
}

// forgotten forgets all but keep, and says how many went.
func forgotten(t *testing.T, s store.Store, keep int) (n int) {
	t.Helper()
	update(t, s, func(tx store.Tx) (err error) {
		n, err = tx.Forget(keep)
		return err
	})
	return n
}

func forget(t *testing.T, b store.Books) {
	s := one(t, b)
	next := noon.Add(time.Minute)
	waits, told := delivery("d-waits", "waits"), delivery("d-told", "told")
	waits.NextAttemptAt, told.Status = &next, store.Delivered
	update(t, s, func(tx store.Tx) error {
		return errors.Join(
			tx.PutCheckout(checkout("open", "of open")), tx.PutCheckout(paid("told", "of told")), tx.PutDelivery(told),
			tx.PutDelivery(waits), tx.PutCheckout(paid("waits", "of waits")), tx.PutCheckout(paid("last", "of last")),
		)
	})
	require.ErrorIs(t, s.Update(t.Context(), func(tx store.Tx) error {
		return errors.Join(tx.PutCheckout(paid("open", "of open")), errOnPurpose)
	}), errOnPurpose)

	require.Zero(t, forgotten(t, s, 4), "no more are kept than may be")
	require.Equal(t, 1, forgotten(t, s, 3))
	require.Equal(t, []string{"last", "waits", "open"}, checkoutIDs(t, s, store.CheckoutQuery{}))
	requireNotFound(t, s, theDelivery("d-told"))

	require.Equal(t, 1, forgotten(t, s, 0))
	require.Equal(t, []string{"waits", "open"}, checkoutIDs(t, s, store.CheckoutQuery{}),
		"what has a delivery to come stays")
	waits.NextAttemptAt = nil
	update(t, s, func(tx store.Tx) error { return tx.PutDelivery(waits) })
	require.Equal(t, 1, forgotten(t, s, 0))
	require.Equal(t, []string{"open"}, checkoutIDs(t, s, store.CheckoutQuery{}))
	require.Empty(t, deliveryIDs(t, s, store.DeliveryQuery{}))
	require.Equal(t, []string{"open"}, checkoutIDs(t, s, store.CheckoutQuery{NotOrderID: "another", Limit: 1}))
	require.False(t, hasOrder(t, s, "of told"))
}

func forgetOrder(t *testing.T, b store.Books) {
	s := one(t, b)
	for _, id := range []string{"a", "b", "c", "d"} {
		update(t, s, func(tx store.Tx) error { return tx.PutCheckout(checkout(id, id)) })
	}
	over := func(id string) func(store.Tx) error {
		return func(tx store.Tx) error { return tx.PutCheckout(paid(id, id)) }
	}
	require.ErrorIs(t, s.Update(t.Context(), func(tx store.Tx) error {
		return errors.Join(over("a")(tx), errOnPurpose)
	}), errOnPurpose)
	for _, id := range []string{"c", "b", "a"} {
		update(t, s, over(id))
	}
	require.ErrorIs(t, s.Update(t.Context(), func(tx store.Tx) error {
		_, err := tx.Forget(0)
		return errors.Join(err, errOnPurpose)
	}), errOnPurpose)

	require.Equal(t, 1, forgotten(t, s, 3))
	require.Equal(t, []string{"d", "b", "a"}, checkoutIDs(t, s, store.CheckoutQuery{}))
	require.Equal(t, 1, forgotten(t, s, 2))
	require.Equal(t, []string{"d", "a"}, checkoutIDs(t, s, store.CheckoutQuery{}))
}

func forgetAll(t *testing.T, b store.Books) {
	s := one(t, b)
	first, second := paid("gone", "o1"), paid("gone", "o1")
	first.Payment.ID, second.Payment.ID = "try", "sale"
	update(t, s, func(tx store.Tx) error {
		return errors.Join(
			tx.PutCheckout(first), tx.PutCheckout(second), tx.PutCheckout(checkout("stays", "o2")),
			tx.PutPayment(payment.Payment{ID: "refund", ParentID: "sale"}),
			tx.PutPayment(payment.Payment{ID: "refund of refund", ParentID: "refund"}),
			tx.PutPayment(payment.Payment{ID: "refund of another", ParentID: "p-stays"}),
			tx.PutPayment(payment.Payment{ID: "further", CheckoutID: "gone"}),
			tx.PutRun(store.CheckoutRun("gone"), scenarios.Run{}), tx.PutRun(store.CheckoutRun("stays"), scenarios.Run{}),
			tx.PutRun(store.PaymentRun("refund"), scenarios.Run{}),
			tx.PutDelivery(delivery("d1", "gone")), tx.PutDelivery(delivery("d2", "gone")),
			tx.PutDelivery(delivery("d3", "stays")),
		)
	})
	before := contentsOf(t, s)
	require.ErrorIs(t, s.Update(t.Context(), func(tx store.Tx) error {
		_, err := tx.Forget(0)
		return errors.Join(err, errOnPurpose)
	}), errOnPurpose)
	require.Equal(t, before, contentsOf(t, s))
	require.Equal(t, []string{"further", "sale", "try"}, paymentIDs(t, s, store.PaymentQuery{CheckoutID: "gone"}))

	require.Equal(t, 1, forgotten(t, s, 0))
	require.Equal(t, []string{"stays"}, checkoutIDs(t, s, store.CheckoutQuery{}))
	require.Equal(t, []string{"refund of another", "p-stays"}, paymentIDs(t, s, store.PaymentQuery{}))
	require.Equal(t, []string{"d3"}, deliveryIDs(t, s, store.DeliveryQuery{}))
	requireNotFound(t, s, theRun(store.CheckoutRun("gone")))
	requireNotFound(t, s, theRun(store.PaymentRun("refund")))
	require.Zero(t, read(t, s, theRun(store.CheckoutRun("stays"))))

	update(t, s, func(tx store.Tx) error { return tx.PutCheckout(first) })
	require.Equal(t, []string{"try"}, paymentIDs(t, s, store.PaymentQuery{CheckoutID: "gone"}))
	require.Equal(t, []string{"gone", "stays"}, checkoutIDs(t, s, store.CheckoutQuery{}))
}

func forgetScenarios(t *testing.T, b store.Books) {
	s := one(t, b)
	files := filled[[]scenarios.Source](t)
	run := func(set string) scenarios.Run { return scenarios.Run{Set: set} }
	update(t, s, func(tx store.Tx) error {
		var errs []error
		for _, digest := range []string{"own", "in force", "run", "order", "gone", "changed"} {
			errs = append(errs, tx.PutScenarios(digest, files))
		}
		return errors.Join(append(errs,
			tx.PutMerchant(store.Merchant{Scenarios: "own", InForce: "in force"}),
			tx.PutCheckout(checkout("open", "o1")), tx.PutRun(store.CheckoutRun("open"), run("run")),
			tx.PutRun(store.OrderRun("o1"), run("changed")), tx.PutRun(store.OrderRun("o1"), run("order")),
			tx.PutCheckout(paid("c1", "o2")), tx.PutRun(store.CheckoutRun("c1"), run("gone")),
			tx.PutCheckout(paid("c2", "o2")), tx.PutRun(store.CheckoutRun("c2"), run("run")),
		)...)
	})
	require.ErrorIs(t, s.Update(t.Context(), func(tx store.Tx) error {
		_, err := tx.Forget(0)
		return errors.Join(err, errOnPurpose)
	}), errOnPurpose)
	require.Equal(t, files, read(t, s, theScenarios("gone")))

	require.Equal(t, 2, forgotten(t, s, 0))
	for _, digest := range []string{"own", "in force", "run", "order"} {
		require.Equal(t, files, read(t, s, theScenarios(digest)), digest)
	}
	requireNotFound(t, s, theScenarios("gone"))
	requireNotFound(t, s, theScenarios("changed"))
}

func forgetOrders(t *testing.T, b store.Books) {
	forgetRuns(t, b, func(i int) store.Subject { return store.OrderRun("o" + strconv.Itoa(i)) }, store.Tx.Forget)
}

func forgetRequests(t *testing.T, b store.Books) {
	forgetRuns(t, b, func(i int) store.Subject { return store.RequestRun("refund", strconv.Itoa(i)) },
		store.Tx.ForgetPayments)
}

// forgetRuns wants that the runs of the subjects that came first are forgotten first.
func forgetRuns(
	t *testing.T, b store.Books, subject func(int) store.Subject, forget func(store.Tx, int) (int, error),
) {
	s := one(t, b)
	put := func(from, to, request int) {
		update(t, s, func(tx store.Tx) error {
			for i := from; i < to; i++ {
				if err := tx.PutRun(subject(i), scenarios.Run{Request: request}); err != nil {
					return err
				}
			}
			return nil
		})
	}
	forgets := func(keep int) {
		update(t, s, func(tx store.Tx) error {
			n, err := forget(tx, keep)
			require.Zero(t, n, "a run is no checkout and no payment")
			return err
		})
	}
	const all, goes = store.FewestRuns + 4, 3
	put(0, all, 1)
	put(0, 1, 2) // one that comes again keeps its place
	update(t, s, func(tx store.Tx) error { return tx.DropRun(subject(1)) })
	put(1, 2, 1) // one that begins anew does not

	forgets(all)
	require.Equal(t, 2, read(t, s, theRun(subject(0))).Request)
	require.ErrorIs(t, s.Update(t.Context(), func(tx store.Tx) error {
		_, err := forget(tx, 0)
		return errors.Join(err, errOnPurpose)
	}), errOnPurpose)
	require.Equal(t, 2, read(t, s, theRun(subject(0))).Request)

	forgets(all - goes)
	for _, gone := range []int{0, 2, 3} {
		requireNotFound(t, s, theRun(subject(gone)))
	}
	forgets(0)
	requireNotFound(t, s, theRun(subject(4)))
	for _, kept := range []int{1, 5, all - 1} {
		require.Equal(t, 1, read(t, s, theRun(subject(kept))).Request)
	}
}

func forgetUnusedScenarios(t *testing.T, b store.Books) {
	s := one(t, b)
	files := filled[[]scenarios.Source](t)
	inForce := func(digest string) {
		update(t, s, func(tx store.Tx) error {
			_, err := tx.Forget(1)
			return errors.Join(tx.PutMerchant(store.Merchant{InForce: digest}), tx.PutScenarios(digest, files), err)
		})
	}
	inForce("first")
	inForce("second")
	require.Zero(t, forgotten(t, s, 1))

	requireNotFound(t, s, theScenarios("first"))
	require.Equal(t, files, read(t, s, theScenarios("second")))
}

// forgetMany makes and forgets more than books keep in mind at a time.
func forgetMany(t *testing.T, b store.Books) {
	s := one(t, b)
	const each, keep = 100, 30
	for range 3 {
		before := len(checkoutIDs(t, s, store.CheckoutQuery{}))
		update(t, s, func(tx store.Tx) error {
			for i := range each {
				id := string(rune('a'+i%26)) + time.Duration(i).String()
				if err := errors.Join(tx.PutCheckout(paid(id, "o1")), tx.PutDelivery(delivery("d-"+id, id))); err != nil {
					return err
				}
			}
			return nil
		})
		require.Len(t, checkoutIDs(t, s, store.CheckoutQuery{}), each)
		require.Equal(t, each-keep, forgotten(t, s, keep))
		require.Len(t, checkoutIDs(t, s, store.CheckoutQuery{OrderID: "o1"}), keep)
		require.Len(t, paymentIDs(t, s, store.PaymentQuery{}), keep)
		require.Len(t, deliveryIDs(t, s, store.DeliveryQuery{}), keep)
		require.LessOrEqual(t, before, keep)
	}
}
