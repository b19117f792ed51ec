package storetest_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/payporter-mock/payporter-mock/mock/store"
	"github.com/payporter-mock/payporter-mock/mock/store/memory"
	"github.com/payporter-mock/payporter-mock/mock/store/storetest"
	"github.com/payporter-mock/payporter-mock/payment"
	"github.com/payporter-mock/payporter-mock/scenarios"
)

// leakyBooks take no transaction back.
type leakyBooks struct{ store.Books }

func (b leakyBooks) Open(ctx context.Context, key string) (store.Store, error) {
	s, err := b.Books.Open(ctx, key)
	return leakyStore{s}, err
}

type leakyStore struct{ store.Store }

func (s leakyStore) Update(ctx context.Context, do func(store.Tx) error) (failed error) {
	err := s.Store.Update(ctx, func(tx store.Tx) error {
		failed = do(tx)
		return nil
	})
	if err != nil {
		return err
	}
	return failed
}

// expire is a task that is due some hours after the beginning of time.
func expire(subject string, hours int) store.Task {
	return store.Task{Kind: store.Expire, Subject: subject, Due: time.Unix(0, 0).Add(time.Duration(hours) * time.Hour)}
}

func TestReplayingSaysWhatATransactionLeaves(t *testing.T) {
	t.Parallel()
	for what, do := range map[string]func(store.Tx) error{
		"Merchant":   func(tx store.Tx) error { return tx.PutMerchant(store.Merchant{Seed: 1}) },
		"Version":    func(tx store.Tx) error { _, err := tx.Append(store.Entry{}); return err },
		"Counts":     func(tx store.Tx) error { return tx.Add(1, "limit/a") },
		"Checkouts":  func(tx store.Tx) error { return tx.PutCheckout(payment.Checkout{ID: "c1"}) },
		"Payments":   func(tx store.Tx) error { return tx.PutPayment(payment.Payment{ID: "p1"}) },
		"Deliveries": func(tx store.Tx) error { return tx.PutDelivery(store.Delivery{ID: "d1"}) },
		"NextDue":    func(tx store.Tx) error { return tx.Schedule(expire("c1", 1)) },
		"Runs":       func(tx store.Tx) error { return tx.PutRun(store.PaymentRun("p1"), scenarios.Run{}) },
		"Tasks": func(tx store.Tx) error {
			return errors.Join(tx.Schedule(expire("c1", 1)), tx.Schedule(expire("c2", 2)))
		},
		"Files": func(tx store.Tx) error { return tx.PutScenarios("set", []scenarios.Source{{File: "a.yaml"}}) },
	} {
		s, err := storetest.Replaying(leakyBooks{memory.Open(memory.Options{})}).Open(t.Context(), "test_one")
		require.NoError(t, err)
		require.ErrorContains(t, s.Update(t.Context(), do), "a transaction that was rolled back changed "+what)
	}
}

func TestReplayingRunsATransactionTwiceAndKeepsItOnce(t *testing.T) {
	t.Parallel()
	s, err := storetest.Replaying(memory.Open(memory.Options{})).Open(t.Context(), "test_one")
	require.NoError(t, err)
	runs := 0
	require.NoError(t, s.Update(t.Context(), func(tx store.Tx) error {
		runs++
		return tx.Add(1, "a")
	}))
	require.Equal(t, 2, runs)
	require.NoError(t, s.View(t.Context(), func(r store.Reader) error {
		runs++
		n, err := r.Count("a")
		require.EqualValues(t, 1, n)
		return err
	}))
	require.Equal(t, 4, runs)
}

// restingBooks leave room for others behind each transaction.
type restingBooks struct{ store.Books }

func (b restingBooks) Open(ctx context.Context, key string) (store.Store, error) {
	s, err := b.Books.Open(ctx, key)
	return restingStore{s}, err
}

type restingStore struct{ store.Store }

func (s restingStore) Update(ctx context.Context, do func(store.Tx) error) error {
	defer time.Sleep(20 * time.Millisecond)
	return s.Store.Update(ctx, do)
}

// A task that is claimed at the same time is nothing that the transaction left.
func TestReplayingLetsNobodyClaimBetweenTheTries(t *testing.T) {
	t.Parallel()
	s, err := storetest.Replaying(restingBooks{memory.Open(memory.Options{})}).Open(t.Context(), "test_one")
	require.NoError(t, err)
	later := time.Unix(0, 0).Add(48 * time.Hour)
	claims := map[string]func() error{
		"any":        func() error { _, _, err := s.Claim(t.Context(), later); return err },
		"of a group": func() error { _, _, err := s.ClaimGroup(t.Context(), later, ""); return err },
	}
	for what, claim := range claims {
		require.NoError(t, s.Update(t.Context(), func(tx store.Tx) error { return tx.Schedule(expire("c1", 1)) }))
		running, claimed := make(chan struct{}), make(chan error, 1)
		go func() {
			<-running
			claimed <- claim()
		}()
		tries := 0
		require.NoError(t, s.Update(t.Context(), func(tx store.Tx) error {
			if tries++; tries == 1 {
				close(running)
			}
			return tx.Add(1, "a")
		}), what)
		require.NoError(t, <-claimed, what)
	}
}

func TestReopenedOpensTheBooksAnewBetweenTwoCalls(t *testing.T) {
	t.Parallel()
	image, opened := new(memory.Image), 0
	books := storetest.Reopened(func() store.Books {
		opened++
		return memory.OpenImage(image)
	})
	s, err := books.Open(t.Context(), "test_one")
	require.NoError(t, err)
	for i := range 5 {
		require.Equal(t, i+1, opened)
		require.NoError(t, s.Update(t.Context(), func(tx store.Tx) error { return tx.Add(1, "a") }))
	}

	// Big books are opened anew more seldom.
	require.NoError(t, s.Update(t.Context(), func(tx store.Tx) error {
		return tx.PutCheckout(payment.Checkout{ID: "c1", Order: payment.Order{Description: string(make([]byte, 80<<10))}})
	}))
	before := opened
	for range 20 {
		_, err := books.Keys(t.Context())
		require.NoError(t, err)
	}
	require.Equal(t, before+2, opened)
	require.NoError(t, books.Close())
}

// blindBooks are no Peeker.
type blindBooks struct{ store.Books }

func TestReopenedRefusesBooksThatCannotBeLookedAt(t *testing.T) {
	t.Parallel()
	why := "storetest: Reopened needs books with a method Peek, and storetest_test.blindBooks has none"
	require.PanicsWithValue(t, why, func() {
		storetest.Reopened(func() store.Books { return blindBooks{memory.Open(memory.Options{})} })
	})
}
