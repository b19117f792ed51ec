package memory_test

import (
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/payporter-mock/payporter-mock/mock/store"
	"github.com/payporter-mock/payporter-mock/mock/store/memory"
	"github.com/payporter-mock/payporter-mock/mock/store/storetest"
	"github.com/payporter-mock/payporter-mock/payment"
)

var noon = time.Date(2026, 1, 31, 12, 0, 0, 0, time.UTC)

func TestImageIsThatOfTheSameBooks(t *testing.T) {
	t.Parallel()
	image := new(memory.Image)
	books := memory.OpenImage(image)
	require.NoError(t, books.Close())
	empty := len(*image)
	books = memory.OpenImage(image)
	s := open(t, books, "test_one")
	require.NoError(t, s.Update(t.Context(), func(tx store.Tx) error {
		var errs []error
		for i := range 300 {
			id := fmt.Sprintf("c%d", i)
			c := payment.Checkout{ID: id, State: payment.Paid, Payment: payment.Payment{ID: "p-" + id}}
			errs = append(errs, tx.PutCheckout(c))
		}
		_, err := tx.Forget(100)
		return errors.Join(append(errs, err)...)
	}))
	require.NoError(t, books.Close())
	require.Greater(t, len(*image), empty)

	// Those that are over go on going in their order, and nothing that was forgotten is back.
	again := open(t, memory.OpenImage(image), "test_one")
	require.NoError(t, again.Update(t.Context(), func(tx store.Tx) error {
		n, err := tx.Forget(99)
		require.Equal(t, 1, n)
		_, goneErr := tx.Checkout("c200")
		require.ErrorIs(t, goneErr, store.ErrNotFound)
		all, listErr := tx.Checkouts(store.CheckoutQuery{})
		require.Len(t, all, 99)
		require.Equal(t, "c299", all[0].ID)
		payments, paymentsErr := tx.Payments(store.PaymentQuery{})
		require.Len(t, payments, 99)
		return errors.Join(err, listErr, paymentsErr)
	}))
}

func TestImageKeepsWhichPaymentsAreSettled(t *testing.T) {
	t.Parallel()
	image := new(memory.Image)
	books := memory.OpenImage(image)
	put := func(s store.Store, id string, status payment.Status) {
		require.NoError(t, s.Update(t.Context(), func(tx store.Tx) error {
			return tx.PutPayment(payment.Payment{ID: id, Type: payment.Sale, Status: status})
		}))
	}
	s := open(t, books, "test_one")
	put(s, "first", payment.Enrolled)
	put(s, "second", payment.Success)
	put(s, "first", payment.Success)
	require.NoError(t, books.Close())

	again := open(t, memory.OpenImage(image), "test_one")
	require.NoError(t, again.Update(t.Context(), func(tx store.Tx) error {
		n, err := tx.ForgetPayments(1)
		require.Equal(t, 1, n)
		_, goneErr := tx.Payment("second")
		require.ErrorIs(t, goneErr, store.ErrNotFound, "it was settled before the first")
		return err
	}))
}

func TestImageKeepsClaims(t *testing.T) {
	t.Parallel()
	image := new(memory.Image)
	books := memory.OpenImage(image)
	s := open(t, books, "test_one")
	require.NoError(t, s.Update(t.Context(), func(tx store.Tx) error {
		return tx.Schedule(store.Task{Kind: store.Deliver, Subject: "d1", Due: noon})
	}))
	_, ok, err := s.Claim(t.Context(), noon)
	require.NoError(t, err)
	require.True(t, ok)
	require.NoError(t, books.Close())

	next := memory.OpenImage(image)
	peeked, err := next.(storetest.Peeker).Peek(t.Context(), "test_one")
	require.NoError(t, err)
	_, ok, err = peeked.Claim(t.Context(), noon)
	require.NoError(t, err)
	require.False(t, ok, "whoever only looks gets no claimed task")
	_, ok, err = open(t, next, "test_one").Claim(t.Context(), noon)
	require.NoError(t, err)
	require.True(t, ok)
}

func TestImageThatIsNoneIsRefused(t *testing.T) {
	t.Parallel()
	image := memory.Image("no image")
	require.PanicsWithValue(t, "memory: read an image of 8 bytes: unexpected EOF", func() { memory.OpenImage(&image) })
}
