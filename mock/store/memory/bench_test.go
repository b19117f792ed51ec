package memory_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/payporter-mock/payporter-mock/internal/exchange"
	"github.com/payporter-mock/payporter-mock/mock/store"
	"github.com/payporter-mock/payporter-mock/mock/store/memory"
	"github.com/payporter-mock/payporter-mock/payment"
)

// BenchmarkCreate is what a POST /api/checkout does in the books: one transaction makes the checkout, another one
// records the exchange and counts what it has shown of the contract.
func BenchmarkCreate(b *testing.B) {
	s := open(b, memory.Open(memory.Options{}), "test_one")
	names := make([]string, 15)
	for i := range names {
		names[i] = fmt.Sprintf("coverage/createCheckout/%d", i)
	}
	ids := make([]string, b.N)
	for i := range ids {
		ids[i] = fmt.Sprintf("6f1c9a52-0000-4000-8000-%012d", i)
	}
	headers := map[string][]string{"Content-Type": {"application/json"}}
	exchanged := &exchange.Message{Body: make([]byte, 200), Headers: headers}
	ctx := b.Context()

	b.ReportAllocs()
	b.ResetTimer()
	for i := range b.N {
		id := ids[i]
		var began store.Moment
		err := s.Update(ctx, func(tx store.Tx) (err error) {
			if began, err = tx.Moment(); err != nil {
				return err
			}
			if err := tx.PutCheckout(payment.Checkout{
				ID: id, Order: payment.Order{OrderID: id}, CreatedAt: noon, State: payment.Open,
				Payment: payment.Payment{ID: id, CheckoutID: id, OrderID: id, Status: payment.Enrolled},
			}); err != nil {
				return err
			}
			if err := tx.Schedule(store.Task{Kind: store.Expire, Subject: id, Due: noon.Add(time.Duration(i))}); err != nil {
				return err
			}
			return tx.Add(1, "creates")
		})
		if err != nil {
			b.Fatal(err)
		}

		err = s.Update(ctx, func(tx store.Tx) error {
			_, err := tx.Append(store.Entry{
				Kind: store.EntryCreate, CheckoutID: id, StartSeq: began, Request: exchanged, Response: exchanged,
			})
			if err != nil {
				return err
			}
			return tx.Add(1, names...)
		})
		if err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkCounts is what counting fifteen names costs.
func BenchmarkCounts(b *testing.B) {
	s := open(b, memory.Open(memory.Options{}), "test_one")
	names := make([]string, 15)
	for i := range names {
		names[i] = fmt.Sprintf("coverage/createCheckout/%d", i)
	}
	ctx := b.Context()
	b.ReportAllocs()
	for b.Loop() {
		if err := s.Update(ctx, func(tx store.Tx) error { return tx.Add(1, names...) }); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkTasks claims a task and schedules it again, while ten thousand wait.
func BenchmarkTasks(b *testing.B) {
	const waiting = 10_000
	s := open(b, memory.Open(memory.Options{}), "test_one")
	ctx := b.Context()
	require.NoError(b, s.Update(ctx, func(tx store.Tx) error {
		for i := range waiting {
			task := store.Task{Kind: store.Deliver, Subject: fmt.Sprint(i), Due: noon.Add(time.Duration(i) * time.Second)}
			if err := tx.Schedule(task); err != nil {
				return err
			}
		}
		return nil
	}))

	b.ReportAllocs()
	for b.Loop() {
		task, ok, err := s.Claim(ctx, noon.AddDate(1000, 0, 0))
		if err != nil || !ok {
			b.Fatal(ok, err)
		}
		task.Due = task.Due.Add(waiting * time.Second)
		if err := s.Update(ctx, func(tx store.Tx) error { return tx.Schedule(task) }); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkForget makes a checkout and forgets another one, while ten thousand of one order are kept.
func BenchmarkForget(b *testing.B) {
	s := open(b, memory.Open(memory.Options{}), "test_one")
	ctx := b.Context()
	makeOne := func(i int) error {
		id := fmt.Sprint(i)
		return s.Update(ctx, func(tx store.Tx) error {
			if _, err := tx.HasOrder("o1"); err != nil {
				return err
			}
			err := tx.PutCheckout(payment.Checkout{
				ID: id, Order: payment.Order{OrderID: "o1"}, State: payment.Paid, Payment: payment.Payment{ID: id},
			})
			if err != nil {
				return err
			}
			_, err = tx.Forget(10_000)
			return err
		})
	}
	made := 0
	for ; made < 10_000; made++ {
		require.NoError(b, makeOne(made))
	}

	b.ReportAllocs()
	for b.Loop() {
		made++
		if err := makeOne(made); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkOwnerOf asks whose a checkout is, as the page does, beside a thousand other merchants.
func BenchmarkOwnerOf(b *testing.B) {
	books, ctx := memory.Open(memory.Options{}), b.Context()
	for i := range 1000 {
		id := fmt.Sprint(i)
		require.NoError(b, open(b, books, "test_"+id).Update(ctx, func(tx store.Tx) error {
			return tx.PutCheckout(payment.Checkout{ID: id, Payment: payment.Payment{ID: "p" + id}})
		}))
	}

	b.ReportAllocs()
	for b.Loop() {
		if _, err := books.OwnerOf(ctx, "500"); err != nil {
			b.Fatal(err)
		}
	}
}
