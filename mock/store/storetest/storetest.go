// Package storetest is the suite that every store.Store must pass.
package storetest

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/payporter-mock/payporter-mock/mock/store"
	"github.com/payporter-mock/payporter-mock/payment"
)

var noon = time.Date(2026, 1, 31, 12, 0, 0, 0, time.UTC)

var errOnPurpose = errors.New("on purpose")

// Run checks the stores that newStore makes; each must be empty.
func Run(t *testing.T, newStore func(t *testing.T) store.Store) {
	for name, test := range map[string]func(*testing.T, store.Store){
		"what is put is found":                      whatIsPutIsFound,
		"unknown ids are not found":                 unknownIDs,
		"lists are newest first and narrow":         lists,
		"a failed transaction leaves nothing":       rollBack,
		"a panic in a transaction leaves nothing":   rollBackOnPanic,
		"a transaction sees its own changes":        ownChanges,
		"a kept value is not the caller's":          isolation,
		"tasks come by time, then by order":         taskOrder,
		"tasks of one time keep their order":        taskTurns,
		"a task is replaced by one like it":         taskReplaced,
		"a task is claimed by one caller":           taskClaimedOnce,
		"tasks are listed by what they are about":   taskListed,
		"the newest of another order":               newest,
		"a group is claimed together":               groups,
		"transactions run one after the other":      serial,
		"an order is known while it has a checkout": knownOrders,
		"what is over can be forgotten":             forget,
		"the backlog is what is to be delivered":    backlog,
		"reset forgets everything":                  reset,
		"a context that has ended ends every call":  endedContext,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			test(t, newStore(t))
		})
	}
}

func update(t *testing.T, s store.Store, do func(store.Tx) error) {
	t.Helper()
	require.NoError(t, s.Update(t.Context(), do))
}

func checkout(id, orderID string) payment.Checkout {
	return payment.Checkout{
		ID: id, Order: payment.Order{OrderID: orderID}, CreatedAt: noon, State: payment.Open,
		Payment: payment.Payment{ID: "p-" + id, Status: payment.Enrolled},
	}
}

func delivery(id, checkoutID string) store.Delivery {
	return store.Delivery{ID: id, CheckoutID: checkoutID, URL: "http://127.0.0.1/callback", Status: store.Pending, CreatedAt: noon}
}

func whatIsPutIsFound(t *testing.T, s store.Store) {
	c, d := checkout("c1", "o1"), delivery("d1", "c1")
	d.Attempts = []store.Attempt{{Number: 1, At: noon, Status: 500, Error: "answered 500"}}
	update(t, s, func(tx store.Tx) error { return errors.Join(tx.PutCheckout(c), tx.PutDelivery(d)) })
	gotC, err := s.Checkout(t.Context(), "c1")
	require.NoError(t, err)
	require.Equal(t, c, gotC)
	gotD, err := s.Delivery(t.Context(), "d1")
	require.NoError(t, err)
	require.Equal(t, d, gotD)
	update(t, s, func(tx store.Tx) error {
		known, err := tx.HasOrder("o1")
		require.True(t, known)
		unknown, err2 := tx.HasOrder("o2")
		require.False(t, unknown)
		return errors.Join(err, err2)
	})
}

func unknownIDs(t *testing.T, s store.Store) {
	_, err := s.Checkout(t.Context(), "c1")
	require.ErrorIs(t, err, store.ErrNotFound)
	_, err = s.Delivery(t.Context(), "d1")
	require.ErrorIs(t, err, store.ErrNotFound)
	update(t, s, func(tx store.Tx) error {
		_, err := tx.Checkout("c1")
		require.ErrorIs(t, err, store.ErrNotFound)
		_, err = tx.Delivery("d1")
		require.ErrorIs(t, err, store.ErrNotFound)
		return tx.Unschedule(store.Expire, "c1")
	})
}

func lists(t *testing.T, s store.Store) {
	for i := range 5 {
		c := checkout(fmt.Sprintf("c%d", i), fmt.Sprintf("o%d", i%2))
		if i == 3 {
			c.Payment.Status, c.CustomerID, c.Description = payment.Success, "vip-Ayşe", "Two BOOKS"
		}
		d := delivery(fmt.Sprintf("d%d", i), fmt.Sprintf("c%d", i%2))
		d.OrderID = "order of " + d.ID
		update(t, s, func(tx store.Tx) error { return errors.Join(tx.PutCheckout(c), tx.PutDelivery(d)) })
	}
	for _, c := range []struct {
		query store.CheckoutQuery
		want  []string
	}{
		{store.CheckoutQuery{}, []string{"c4", "c3", "c2", "c1", "c0"}},
		{store.CheckoutQuery{Limit: 2}, []string{"c4", "c3"}},
		{store.CheckoutQuery{Before: "c3", Limit: 2}, []string{"c2", "c1"}},
		{store.CheckoutQuery{Before: "unknown"}, []string{}},
		{store.CheckoutQuery{OrderID: "o0"}, []string{"c4", "c2", "c0"}},
		{store.CheckoutQuery{CheckoutID: "c2"}, []string{"c2"}},
		{store.CheckoutQuery{CheckoutID: "c2", OrderID: "o1"}, []string{}},
		{store.CheckoutQuery{Status: payment.Success}, []string{"c3"}},
		{store.CheckoutQuery{Search: "C3"}, []string{"c3"}},
		{store.CheckoutQuery{Search: "o1"}, []string{"c3", "c1"}},
		{store.CheckoutQuery{Search: "AYŞE"}, []string{"c3"}},
		{store.CheckoutQuery{Search: "books"}, []string{"c3"}},
		{store.CheckoutQuery{Search: "o1", Status: payment.Enrolled, Before: "c3"}, []string{"c1"}},
		{store.CheckoutQuery{Search: "%"}, []string{}},
	} {
		got, err := s.Checkouts(t.Context(), c.query)
		require.NoError(t, err)
		ids := []string{}
		for _, found := range got {
			ids = append(ids, found.ID)
		}
		require.Equal(t, c.want, ids, "%+v", c.query)
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
	} {
		got, err := s.Deliveries(t.Context(), c.query)
		require.NoError(t, err)
		ids := []string{}
		for _, found := range got {
			ids = append(ids, found.ID)
		}
		require.Equal(t, c.want, ids, "%+v", c.query)
	}
}

// changeEverything is a transaction that touches all there is, new and old.
func changeEverything(tx store.Tx) error {
	c := checkout("c1", "o1")
	c.State = payment.Paid
	d := delivery("d1", "c1")
	d.Status = store.Delivered
	return errors.Join(
		tx.PutCheckout(c), tx.PutCheckout(checkout("c2", "o2")), tx.PutDelivery(d), tx.PutDelivery(delivery("d2", "c1")),
		tx.Unschedule(store.Expire, "c1"),
		tx.Schedule(store.Task{Kind: store.Deliver, Subject: "d1", Due: noon.Add(-time.Hour)}),
		tx.Schedule(store.Task{Kind: store.Deliver, Subject: "d2", Due: noon}),
	)
}

// before is the state that a transaction which fails must leave.
func before(t *testing.T, s store.Store) {
	update(t, s, func(tx store.Tx) error {
		return errors.Join(
			tx.PutCheckout(checkout("c1", "o1")), tx.PutDelivery(delivery("d1", "c1")),
			tx.Schedule(store.Task{Kind: store.Expire, Subject: "c1", Due: noon}),
			tx.Schedule(store.Task{Kind: store.Deliver, Subject: "d1", Due: noon.Add(time.Hour)}),
		)
	})
}

func requireUntouched(t *testing.T, s store.Store) {
	c, err := s.Checkout(t.Context(), "c1")
	require.NoError(t, err)
	require.Equal(t, checkout("c1", "o1"), c)
	d, err := s.Delivery(t.Context(), "d1")
	require.NoError(t, err)
	require.Equal(t, store.Pending, d.Status)
	all, err := s.Checkouts(t.Context(), store.CheckoutQuery{})
	require.NoError(t, err)
	require.Len(t, all, 1)
	deliveries, err := s.Deliveries(t.Context(), store.DeliveryQuery{CheckoutID: "c1"})
	require.NoError(t, err)
	require.Len(t, deliveries, 1)
	update(t, s, func(tx store.Tx) error {
		known, err := tx.HasOrder("o2")
		require.False(t, known)
		return err
	})
	require.Equal(t, []store.Task{
		{Kind: store.Expire, Subject: "c1", Due: noon}, {Kind: store.Deliver, Subject: "d1", Due: noon.Add(time.Hour)},
	}, claimAll(t, s))
}

func claimAll(t *testing.T, s store.Store) []store.Task {
	var tasks []store.Task
	for {
		task, ok, err := s.Claim(t.Context(), noon.Add(1000*time.Hour))
		require.NoError(t, err)
		if !ok {
			return tasks
		}
		tasks = append(tasks, task)
	}
}

func rollBack(t *testing.T, s store.Store) {
	before(t, s)
	err := s.Update(t.Context(), func(tx store.Tx) error {
		require.NoError(t, changeEverything(tx))
		return errOnPurpose
	})
	require.ErrorIs(t, err, errOnPurpose)
	requireUntouched(t, s)
}

func rollBackOnPanic(t *testing.T, s store.Store) {
	before(t, s)
	require.PanicsWithValue(t, "on purpose", func() {
		_ = s.Update(t.Context(), func(tx store.Tx) error {
			require.NoError(t, changeEverything(tx))
			panic("on purpose")
		})
	})
	requireUntouched(t, s)
}

func ownChanges(t *testing.T, s store.Store) {
	update(t, s, func(tx store.Tx) error {
		require.NoError(t, errors.Join(tx.PutCheckout(checkout("c1", "o1")), tx.PutDelivery(delivery("d1", "c1"))))
		_, err := tx.Checkout("c1")
		require.NoError(t, err)
		known, err := tx.HasOrder("o1")
		require.True(t, known)
		require.NoError(t, err)
		_, err = tx.Delivery("d1")
		return err
	})
}

func isolation(t *testing.T, s store.Store) {
	d := delivery("d1", "c1")
	d.Attempts = make([]store.Attempt, 1, 4)
	update(t, s, func(tx store.Tx) error { return tx.PutDelivery(d) })
	d.Attempts[0].Error = "changed by the caller"
	got, err := s.Delivery(t.Context(), "d1")
	require.NoError(t, err)
	require.Empty(t, got.Attempts[0].Error)
	got.Attempts[0].Error = "changed by a reader"
	again, err := s.Delivery(t.Context(), "d1")
	require.NoError(t, err)
	require.Empty(t, again.Attempts[0].Error)
}

func taskOrder(t *testing.T, s store.Store) {
	_, ok, err := s.NextDue(t.Context())
	require.NoError(t, err)
	require.False(t, ok)
	due := []time.Duration{3, 1, 2, 1, 2, 1}
	for i, d := range due {
		update(t, s, func(tx store.Tx) error {
			return tx.Schedule(store.Task{Kind: store.Deliver, Subject: fmt.Sprintf("d%d", i), Due: noon.Add(d * time.Second)})
		})
	}
	next, ok, err := s.NextDue(t.Context())
	require.NoError(t, err)
	require.True(t, ok)
	require.Equal(t, noon.Add(time.Second), next)
	_, ok, err = s.Claim(t.Context(), noon)
	require.NoError(t, err)
	require.False(t, ok, "nothing is due yet")
	var order []string
	for _, task := range claimAll(t, s) {
		order = append(order, task.Subject)
	}
	require.Equal(t, []string{"d1", "d3", "d5", "d2", "d4", "d0"}, order)
}

// taskTurns has tasks of one time come in the order of scheduling, however they are called and whatever else happens.
func taskTurns(t *testing.T, s store.Store) {
	var want []string
	update(t, s, func(tx store.Tx) error {
		for i := range 40 {
			d := fmt.Sprintf("d%d", i*17%40) // neither sorted nor reversed
			want = append(want, d)
			if err := tx.Schedule(store.Task{Kind: store.Deliver, Subject: d, Due: noon, Group: "g"}); err != nil {
				return err
			}
		}
		return nil
	})

	// One that is scheduled again goes to the end, one that is taken back leaves, and what is rolled back moves nothing.
	update(t, s, func(tx store.Tx) error {
		return errors.Join(
			tx.Schedule(store.Task{Kind: store.Deliver, Subject: want[3], Due: noon, Group: "g"}), tx.Unschedule(store.Deliver, want[5]),
		)
	})
	err := s.Update(t.Context(), func(tx store.Tx) error {
		return errors.Join(
			tx.Schedule(store.Task{Kind: store.Deliver, Subject: want[0], Due: noon}), tx.Unschedule(store.Deliver, want[8]), errOnPurpose,
		)
	})
	require.ErrorIs(t, err, errOnPurpose)
	want = append(append(append([]string{}, want[:3]...), append([]string{want[4]}, want[6:]...)...), want[3])

	first, ok, err := s.Claim(t.Context(), noon)
	require.NoError(t, err)
	require.True(t, ok)
	got := []string{first.Subject}
	for {
		next, ok, err := s.ClaimGroup(t.Context(), noon, "g")
		require.NoError(t, err)
		if !ok {
			break
		}
		got = append(got, next.Subject)
	}
	require.Equal(t, want, got)
}

func taskReplaced(t *testing.T, s store.Store) {
	update(t, s, func(tx store.Tx) error {
		return errors.Join(
			tx.Schedule(store.Task{Kind: store.Expire, Subject: "c1", Due: noon}),
			tx.Schedule(store.Task{Kind: store.AutoPay, Subject: "c1", Due: noon}),
			tx.Schedule(store.Task{Kind: store.Expire, Subject: "c1", Due: noon.Add(time.Hour)}),
		)
	})
	require.Equal(t, []store.Task{
		{Kind: store.AutoPay, Subject: "c1", Due: noon}, {Kind: store.Expire, Subject: "c1", Due: noon.Add(time.Hour)},
	}, claimAll(t, s))
}

func taskClaimedOnce(t *testing.T, s store.Store) {
	const tasks, callers = 100, 8
	update(t, s, func(tx store.Tx) error {
		for i := range tasks {
			if err := tx.Schedule(store.Task{Kind: store.Deliver, Subject: fmt.Sprint(i), Due: noon}); err != nil {
				return err
			}
		}
		return nil
	})
	var mu sync.Mutex
	seen := map[string]int{}
	var callersDone sync.WaitGroup
	for range callers {
		callersDone.Go(func() {
			for range tasks {
				task, ok, err := s.Claim(context.Background(), noon)
				if err != nil || !ok {
					return
				}
				mu.Lock()
				seen[task.Subject]++
				mu.Unlock()
			}
		})
	}
	callersDone.Wait()
	require.Len(t, seen, tasks)
	for subject, n := range seen {
		require.Equal(t, 1, n, "task %s", subject)
	}
}

func serial(t *testing.T, s store.Store) {
	update(t, s, func(tx store.Tx) error { return tx.PutCheckout(checkout("c1", "o1")) })
	const callers, times = 8, 50
	var done sync.WaitGroup
	for range callers {
		done.Go(func() {
			for range times {
				_ = s.Update(context.Background(), func(tx store.Tx) error {
					c, err := tx.Checkout("c1")
					if err != nil {
						return err
					}
					c.Attempts++
					return tx.PutCheckout(c)
				})
			}
		})
	}
	done.Wait()
	c, err := s.Checkout(t.Context(), "c1")
	require.NoError(t, err)
	require.Equal(t, callers*times, c.Attempts)
}

func forget(t *testing.T, s store.Store) {
	next := noon.Add(time.Minute)
	over := func(id string) payment.Checkout {
		c := checkout(id, "of "+id)
		c.State = payment.Paid
		return c
	}
	waits, told := delivery("d-waits", "waits"), delivery("d-told", "told")
	waits.NextAttemptAt, told.Status = &next, store.Delivered
	update(t, s, func(tx store.Tx) error {
		return errors.Join(
			tx.PutCheckout(checkout("open", "of open")), tx.PutCheckout(over("told")), tx.PutDelivery(told),
			tx.PutDelivery(waits), tx.PutCheckout(over("waits")), tx.PutCheckout(over("last")),
		)
	})
	require.ErrorIs(t, s.Update(t.Context(), func(tx store.Tx) error {
		return errors.Join(tx.PutCheckout(over("open")), errOnPurpose)
	}), errOnPurpose)

	gone, err := s.Forget(t.Context(), 4)
	require.NoError(t, err)
	require.Empty(t, gone, "no more are kept than may be")
	gone, err = s.Forget(t.Context(), 3)
	require.NoError(t, err)
	require.Equal(t, []string{"told"}, gone)
	_, err = s.Delivery(t.Context(), "d-told")
	require.ErrorIs(t, err, store.ErrNotFound)

	gone, err = s.Forget(t.Context(), 0)
	require.NoError(t, err)
	require.Equal(t, []string{"last"}, gone, "what is open or has a delivery to come stays")
	waits.NextAttemptAt = nil
	update(t, s, func(tx store.Tx) error { return tx.PutDelivery(waits) })
	gone, err = s.Forget(t.Context(), 0)
	require.NoError(t, err)
	require.Equal(t, []string{"waits"}, gone)

	left, err := s.Checkouts(t.Context(), store.CheckoutQuery{})
	require.NoError(t, err)
	require.Len(t, left, 1)
	require.Equal(t, "open", left[0].ID)
	deliveries, err := s.Deliveries(t.Context(), store.DeliveryQuery{})
	require.NoError(t, err)
	require.Empty(t, deliveries)
	update(t, s, func(tx store.Tx) error {
		known, err := tx.HasOrder("of told")
		require.False(t, known)
		newest, err2 := tx.Newest("another")
		require.Equal(t, "open", newest.ID)
		return errors.Join(err, err2)
	})
}

func knownOrders(t *testing.T, s store.Store) {
	known := func(orderID string) (known bool) {
		update(t, s, func(tx store.Tx) (err error) {
			known, err = tx.HasOrder(orderID)
			return err
		})
		return known
	}
	over := checkout("c1", "o1")
	over.State = payment.Paid
	require.False(t, known("o1"), "asked before there is any")
	update(t, s, func(tx store.Tx) error {
		return errors.Join(tx.PutCheckout(over), tx.PutCheckout(checkout("c2", "o1")))
	})
	require.True(t, known("o1"))
	require.ErrorIs(t, s.Update(t.Context(), func(tx store.Tx) error {
		return errors.Join(tx.PutCheckout(checkout("c3", "o3")), errOnPurpose)
	}), errOnPurpose)
	require.False(t, known("o3"), "it was taken back")
	_, err := s.Forget(t.Context(), 0)
	require.NoError(t, err)
	require.True(t, known("o1"), "it has another checkout")
	over.ID = "c2"
	update(t, s, func(tx store.Tx) error { return tx.PutCheckout(over) })
	_, err = s.Forget(t.Context(), 0)
	require.NoError(t, err)
	require.False(t, known("o1"))
}

func reset(t *testing.T, s store.Store) {
	before(t, s)
	require.NoError(t, s.Reset(t.Context()))
	all, err := s.Checkouts(t.Context(), store.CheckoutQuery{})
	require.NoError(t, err)
	require.Empty(t, all)
	deliveries, err := s.Deliveries(t.Context(), store.DeliveryQuery{})
	require.NoError(t, err)
	require.Empty(t, deliveries)
	require.Empty(t, claimAll(t, s))
	update(t, s, func(tx store.Tx) error {
		known, err := tx.HasOrder("o1")
		require.False(t, known)
		return err
	})
}

func endedContext(t *testing.T, s store.Store) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, err := s.Checkout(ctx, "c1")
	require.ErrorIs(t, err, context.Canceled)
	_, err = s.Checkouts(ctx, store.CheckoutQuery{})
	require.ErrorIs(t, err, context.Canceled)
	_, err = s.Delivery(ctx, "d1")
	require.ErrorIs(t, err, context.Canceled)
	_, err = s.Deliveries(ctx, store.DeliveryQuery{})
	require.ErrorIs(t, err, context.Canceled)
	_, _, err = s.Claim(ctx, noon)
	require.ErrorIs(t, err, context.Canceled)
	_, _, err = s.ClaimGroup(ctx, noon, "g")
	require.ErrorIs(t, err, context.Canceled)
	_, err = s.Backlog(ctx, noon)
	require.ErrorIs(t, err, context.Canceled)
	_, _, err = s.NextDue(ctx)
	require.ErrorIs(t, err, context.Canceled)
	_, err = s.Forget(ctx, 0)
	require.ErrorIs(t, err, context.Canceled)
	require.ErrorIs(t, s.Reset(ctx), context.Canceled)
	require.ErrorIs(t, s.Update(ctx, func(store.Tx) error { return nil }), context.Canceled)
}

func newest(t *testing.T, s store.Store) {
	update(t, s, func(tx store.Tx) error {
		_, err := tx.Newest("")
		require.ErrorIs(t, err, store.ErrNotFound)
		require.NoError(t, errors.Join(
			tx.PutCheckout(checkout("c1", "o1")), tx.PutCheckout(checkout("c2", "o2")), tx.PutCheckout(checkout("c3", "o2")),
		))
		c, err := tx.Newest("o2")
		require.NoError(t, err)
		require.Equal(t, "c1", c.ID)
		c, err = tx.Newest("o1")
		require.Equal(t, "c3", c.ID)
		return err
	})
}

func groups(t *testing.T, s store.Store) {
	update(t, s, func(tx store.Tx) error {
		return errors.Join(
			tx.Schedule(store.Task{Kind: store.Deliver, Subject: "d1", Due: noon, Group: "g"}),
			tx.Schedule(store.Task{Kind: store.Deliver, Subject: "d2", Due: noon, Group: "g"}),
			tx.Schedule(store.Task{Kind: store.Deliver, Subject: "d3", Due: noon}),
			tx.Schedule(store.Task{Kind: store.Deliver, Subject: "d4", Due: noon.Add(time.Hour), Group: "g"}),
		)
	})
	first, ok, err := s.Claim(t.Context(), noon)
	require.NoError(t, err)
	require.True(t, ok)
	require.Equal(t, "d1", first.Subject)
	second, ok, err := s.ClaimGroup(t.Context(), noon, "g")
	require.NoError(t, err)
	require.True(t, ok)
	require.Equal(t, "d2", second.Subject)
	_, ok, err = s.ClaimGroup(t.Context(), noon, "g")
	require.NoError(t, err)
	require.False(t, ok, "the next one is of no group")
	third, ok, err := s.Claim(t.Context(), noon)
	require.NoError(t, err)
	require.True(t, ok)
	require.Equal(t, "d3", third.Subject)
	_, ok, err = s.ClaimGroup(t.Context(), noon, "g")
	require.NoError(t, err)
	require.False(t, ok, "the rest of the group is not due yet")
}

func taskListed(t *testing.T, s store.Store) {
	expire, settle := store.Task{Kind: store.Expire, Subject: "c1", Due: noon.Add(time.Hour)}, store.Task{Kind: store.Settle, Subject: "c1", Due: noon}
	update(t, s, func(tx store.Tx) error {
		return errors.Join(tx.Schedule(expire), tx.Schedule(settle), tx.Schedule(store.Task{Kind: store.Expire, Subject: "c2", Due: noon}))
	})
	found, err := s.Scheduled(t.Context(), "c1")
	require.NoError(t, err)
	require.Equal(t, []store.Task{settle, expire}, found)
	found, err = s.Scheduled(t.Context(), "c3")
	require.NoError(t, err)
	require.Empty(t, found)
}

func backlog(t *testing.T, s store.Store) {
	books := func() store.Backlog {
		b, err := s.Backlog(t.Context(), noon)
		require.NoError(t, err)
		return b
	}
	require.Equal(t, store.Backlog{}, books())
	update(t, s, func(tx store.Tx) error {
		require.NoError(t, tx.Schedule(store.Task{Kind: store.Expire, Subject: "c", Due: noon.Add(-time.Hour)}))
		for i, due := range []time.Duration{time.Minute, 0, -time.Minute, time.Hour} {
			require.NoError(t, tx.Schedule(store.Task{Kind: store.Deliver, Subject: string(rune('a' + i)), Due: noon.Add(due)}))
		}
		return nil
	})
	require.Equal(t, store.Backlog{Planned: 4, Due: 2, Earliest: noon.Add(-time.Minute)}, books())
	update(t, s, func(tx store.Tx) error { return tx.Unschedule(store.Deliver, "c") })
	require.Equal(t, store.Backlog{Planned: 3, Due: 1, Earliest: noon}, books())
}
