package storetest

import (
	"errors"
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/payporter-mock/payporter-mock/mock/store"
	"github.com/payporter-mock/payporter-mock/payment"
)

var checkoutCases = map[string]func(*testing.T, store.Books){
	"a checkout is found with all it has":        checkoutWhole,
	"checkouts are newest first and narrow":      checkoutLists,
	"the newest checkout of another order":       checkoutOfAnotherOrder,
	"an order is known while it has a checkout":  knownOrders,
	"a checkout is found by the order it is now": orderChanges,
}

func checkoutWhole(t *testing.T, b store.Books) {
	s := one(t, b)
	requireNotFound(t, s, theCheckout("c1"))
	whole := filled[payment.Checkout](t)
	bare := payment.Checkout{ID: "bare", Payment: payment.Payment{ID: "p", CheckoutID: "bare"}}
	update(t, s, func(tx store.Tx) error { return errors.Join(tx.PutCheckout(whole), tx.PutCheckout(bare)) })
	require.Equal(t, whole, read(t, s, theCheckout(whole.ID)))
	require.Equal(t, bare, read(t, s, theCheckout("bare")))

	whole.State, whole.Challenge, whole.Attempts = payment.Paid, nil, 7
	update(t, s, func(tx store.Tx) error { return tx.PutCheckout(whole) })
	require.Equal(t, whole, read(t, s, theCheckout(whole.ID)))
	require.Equal(t, []string{"bare", whole.ID}, checkoutIDs(t, s, store.CheckoutQuery{}), "it keeps its place")
}

func checkoutLists(t *testing.T, b store.Books) {
	s := one(t, b)
	for i := range 5 {
		c := checkout(fmt.Sprintf("c%d", i), fmt.Sprintf("o%d", i%2))
		if i == 3 {
			c.Payment.Status, c.CustomerID, c.Description = payment.Success, "vip-Ayşe", "Two BOOKS"
		}
		update(t, s, func(tx store.Tx) error { return tx.PutCheckout(c) })
	}

	for _, c := range []struct {
		query store.CheckoutQuery
		want  []string
	}{
		{store.CheckoutQuery{}, []string{"c4", "c3", "c2", "c1", "c0"}},
		{store.CheckoutQuery{Limit: 2}, []string{"c4", "c3"}},
		{store.CheckoutQuery{Before: "c3", Limit: 2}, []string{"c2", "c1"}},
		{store.CheckoutQuery{Before: "c0"}, []string{}},
		{store.CheckoutQuery{Before: "unknown"}, []string{}},
		{store.CheckoutQuery{OrderID: "o0"}, []string{"c4", "c2", "c0"}},
		{store.CheckoutQuery{OrderID: "o0", Before: "c4", Limit: 1}, []string{"c2"}},
		{store.CheckoutQuery{OrderID: "o0", Before: "c3"}, []string{"c2", "c0"}},
		{store.CheckoutQuery{OrderID: "o9"}, []string{}},
		{store.CheckoutQuery{CheckoutID: "c2"}, []string{"c2"}},
		{store.CheckoutQuery{CheckoutID: "c2", Before: "c3"}, []string{"c2"}},
		{store.CheckoutQuery{CheckoutID: "c2", Before: "c2"}, []string{}},
		{store.CheckoutQuery{CheckoutID: "c9"}, []string{}},
		{store.CheckoutQuery{CheckoutID: "c2", OrderID: "o1"}, []string{}},
		{store.CheckoutQuery{Status: payment.Success}, []string{"c3"}},
		{store.CheckoutQuery{Search: "C3"}, []string{"c3"}},
		{store.CheckoutQuery{Search: "o1"}, []string{"c3", "c1"}},
		{store.CheckoutQuery{Search: "AYŞE"}, []string{"c3"}},
		{store.CheckoutQuery{Search: "books"}, []string{"c3"}},
		{store.CheckoutQuery{Search: "o1", Status: payment.Enrolled, Before: "c3"}, []string{"c1"}},
		{store.CheckoutQuery{Search: "%"}, []string{}},
	} {
		require.Equal(t, c.want, checkoutIDs(t, s, c.query), "%+v", c.query)
	}
}

func checkoutOfAnotherOrder(t *testing.T, b store.Books) {
	s := one(t, b)
	newest := func(orderID string) []string {
		return checkoutIDs(t, s, store.CheckoutQuery{NotOrderID: orderID, Limit: 1})
	}
	require.Empty(t, newest("o2"))

	update(t, s, func(tx store.Tx) error {
		return errors.Join(
			tx.PutCheckout(checkout("c1", "o1")), tx.PutCheckout(checkout("c2", "o2")), tx.PutCheckout(checkout("c3", "o2")),
		)
	})
	require.Equal(t, []string{"c1"}, newest("o2"))
	require.Equal(t, []string{"c3"}, newest("o1"))
}

func knownOrders(t *testing.T, b store.Books) {
	s := one(t, b)
	forget := func() {
		update(t, s, func(tx store.Tx) error {
			_, err := tx.Forget(0)
			return err
		})
	}
	require.False(t, hasOrder(t, s, "o1"), "asked before there is any")
	update(t, s, func(tx store.Tx) error {
		return errors.Join(tx.PutCheckout(paid("c1", "o1")), tx.PutCheckout(checkout("c2", "o1")))
	})
	require.True(t, hasOrder(t, s, "o1"))
	require.ErrorIs(t, s.Update(t.Context(), func(tx store.Tx) error {
		return errors.Join(tx.PutCheckout(checkout("c3", "o3")), errOnPurpose)
	}), errOnPurpose)
	require.False(t, hasOrder(t, s, "o3"), "it was taken back")

	forget()
	require.True(t, hasOrder(t, s, "o1"), "it has another checkout")
	update(t, s, func(tx store.Tx) error { return tx.PutCheckout(paid("c2", "o1")) })
	forget()
	require.False(t, hasOrder(t, s, "o1"))
}

func orderChanges(t *testing.T, b store.Books) {
	s := one(t, b)
	update(t, s, func(tx store.Tx) error {
		return errors.Join(tx.PutCheckout(checkout("c1", "o1")), tx.PutCheckout(checkout("c2", "o2")))
	})
	require.True(t, hasOrder(t, s, "o1"))
	update(t, s, func(tx store.Tx) error { return tx.PutCheckout(checkout("c1", "o2")) })
	require.False(t, hasOrder(t, s, "o1"))
	require.Equal(t, []string{"c2", "c1"}, checkoutIDs(t, s, store.CheckoutQuery{OrderID: "o2"}))
}
