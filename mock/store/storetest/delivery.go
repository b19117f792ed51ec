package storetest

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/payporter-mock/payporter-mock/mock/store"
)

var deliveryCases = map[string]func(*testing.T, store.Books){
	"a delivery is found with all it has":    deliveryWhole,
	"deliveries are newest first and narrow": deliveryLists,
	"a kept delivery is not the caller's":    deliveryIsolated,
}

func deliveryWhole(t *testing.T, b store.Books) {
	s := one(t, b)
	requireNotFound(t, s, theDelivery("d1"))
	whole := filled[store.Delivery](t)
	never := delivery("never", "c1")
	never.Retry, never.Attempts = &store.RetryPlan{}, nil
	update(t, s, func(tx store.Tx) error {
		if err := tx.PutDelivery(whole); err != nil {
			return err
		}
		return tx.PutDelivery(never)
	})
	require.Equal(t, whole, read(t, s, theDelivery(whole.ID)))

	never.Attempts = []store.Attempt{}
	require.Equal(t, never, read(t, s, theDelivery("never")),
		"no attempts are an empty list, and a plan of none is a plan")
	whole.NextAttemptAt, whole.Retry, whole.Status = nil, nil, store.Exhausted
	update(t, s, func(tx store.Tx) error { return tx.PutDelivery(whole) })
	require.Equal(t, whole, read(t, s, theDelivery(whole.ID)))
	require.Equal(t, []string{"never", whole.ID}, deliveryIDs(t, s, store.DeliveryQuery{}), "it keeps its place")
}

func deliveryLists(t *testing.T, b store.Books) {
	s := one(t, b)
	for i := range 5 {
		d := delivery(fmt.Sprintf("d%d", i), fmt.Sprintf("c%d", i%2))
		d.OrderID = "order of " + d.ID
		update(t, s, func(tx store.Tx) error { return tx.PutDelivery(d) })
	}

	for _, c := range []struct {
		query store.DeliveryQuery
		want  []string
	}{
		{store.DeliveryQuery{}, []string{"d4", "d3", "d2", "d1", "d0"}},
		{store.DeliveryQuery{CheckoutID: "c1"}, []string{"d3", "d1"}},
		{store.DeliveryQuery{CheckoutID: "c0", Limit: 1}, []string{"d4"}},
		{store.DeliveryQuery{OrderID: "order of d2"}, []string{"d2"}},
		{store.DeliveryQuery{OrderID: "order of d2", CheckoutID: "c1"}, []string{}},
		{store.DeliveryQuery{Before: "d3"}, []string{"d2", "d1", "d0"}},
		{store.DeliveryQuery{Before: "d3", CheckoutID: "c1"}, []string{"d1"}},
		{store.DeliveryQuery{Before: "d3", CheckoutID: "c0"}, []string{"d2", "d0"}},
		{store.DeliveryQuery{Before: "d3", Limit: 1}, []string{"d2"}},
		{store.DeliveryQuery{Before: "unknown"}, []string{}},
		{store.DeliveryQuery{Status: store.Exhausted}, []string{}},
		{store.DeliveryQuery{Status: store.Pending, Limit: 1}, []string{"d4"}},
	} {
		require.Equal(t, c.want, deliveryIDs(t, s, c.query), "%+v", c.query)
	}
}

func deliveryIsolated(t *testing.T, b store.Books) {
	s := one(t, b)
	d := delivery("d1", "c1")
	due := noon
	d.NextAttemptAt, d.Attempts = &due, make([]store.Attempt, 1, 4)
	update(t, s, func(tx store.Tx) error { return tx.PutDelivery(d) })
	d.Attempts[0].Error, due = "changed by the caller", noon.AddDate(1, 0, 0)
	got := read(t, s, theDelivery("d1"))
	require.Empty(t, got.Attempts[0].Error)
	require.Equal(t, noon, *got.NextAttemptAt)

	got.Attempts[0].Error = "changed by a reader"
	require.Empty(t, read(t, s, theDelivery("d1")).Attempts[0].Error)
}
