package storetest

import (
	"context"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/payporter-mock/payporter-mock/mock/store"
)

var booksCases = map[string]func(*testing.T, store.Books){
	"a merchant is found with all it has":      merchantWhole,
	"two keys do not meet":                     twoKeys,
	"keys are those with a merchant":           keys,
	"the owner of a checkout and of a payment": owner,
	"a key that is dropped is empty":           dropped,
	"a context that has ended ends every call": endedContext,
}

func theMerchant(r store.Reader) (store.Merchant, error) { return r.Merchant() }

func putMerchant(t *testing.T, s store.Store, m store.Merchant) {
	t.Helper()
	update(t, s, func(tx store.Tx) error { return tx.PutMerchant(m) })
}

func merchantWhole(t *testing.T, b store.Books) {
	s := one(t, b)
	requireNotFound(t, s, theMerchant)
	whole := filled[store.Merchant](t)
	putMerchant(t, s, whole)
	whole.Secret[0], whole.Next[0].Times = 0, 0
	whole = filled[store.Merchant](t)
	got := read(t, s, theMerchant)
	require.Equal(t, whole, got)
	got.Secret[0], got.Next[0].Times = 0, 0
	require.Equal(t, whole, read(t, s, theMerchant), "a kept merchant is not the caller's")

	putMerchant(t, s, store.Merchant{})
	require.Equal(t, store.Merchant{}, read(t, s, theMerchant))
}

func twoKeys(t *testing.T, b store.Books) {
	s, other := one(t, b), opened(t, b, "test_other")
	fillBooks(t, s)
	require.Equal(t, emptyContents(), contentsOf(t, other))
	before := contentsOf(t, s)

	fillBooks(t, other)
	require.Equal(t, before, contentsOf(t, s))
	update(t, other, store.Tx.Reset)
	require.Equal(t, before, contentsOf(t, s))
	require.NotEmpty(t, claimAll(t, s))
}

func keys(t *testing.T, b store.Books) {
	list := func() []string {
		found, err := b.Keys(t.Context())
		require.NoError(t, err)
		return found
	}
	require.Empty(t, list())
	nobody := opened(t, b, "")
	record(t, nobody, store.Entry{Kind: store.EntryRequest})
	update(t, opened(t, b, "test_without"), func(tx store.Tx) error { return tx.PutCheckout(checkout("c1", "o1")) })
	for _, key := range []string{"test_b", "test_a", "test_Ç"} {
		putMerchant(t, opened(t, b, key), store.Merchant{})
	}
	require.Equal(t, []string{"test_a", "test_b", "test_Ç"}, list())
	require.Len(t, entriesOf(t, opened(t, b, ""), store.EntryQuery{}), 1)

	update(t, opened(t, b, "test_a"), store.Tx.Reset)
	require.Equal(t, []string{"test_b", "test_Ç"}, list())
}

func owner(t *testing.T, b store.Books) {
	ownerOf := func(id string) (string, error) { return b.OwnerOf(t.Context(), id) }
	_, err := ownerOf("c1")
	require.ErrorIs(t, err, store.ErrNotFound)
	update(t, opened(t, b, "test_a"), func(tx store.Tx) error { return tx.PutCheckout(checkout("c1", "o1")) })
	update(t, opened(t, b, "test_b"), func(tx store.Tx) error { return tx.PutCheckout(paid("c2", "o1")) })
	for id, want := range map[string]string{"c1": "test_a", "p-c1": "test_a", "c2": "test_b", "p-c2": "test_b"} {
		got, err := ownerOf(id)
		require.NoError(t, err)
		require.Equal(t, want, got, id)
	}

	update(t, opened(t, b, "test_b"), func(tx store.Tx) error {
		_, err := tx.Forget(0)
		return err
	})
	_, err = ownerOf("p-c2")
	require.ErrorIs(t, err, store.ErrNotFound)
	_, err = ownerOf("o1")
	require.ErrorIs(t, err, store.ErrNotFound, "an order id is no checkout's")

	require.NoError(t, b.Drop(t.Context(), "test_a"))
	_, err = ownerOf("c1")
	require.ErrorIs(t, err, store.ErrNotFound)
	update(t, opened(t, b, "test_b"), func(tx store.Tx) error { return tx.PutCheckout(checkout("c1", "o1")) })
	got, err := ownerOf("c1")
	require.NoError(t, err)
	require.Equal(t, "test_b", got, "another merchant has the id now")
}

func dropped(t *testing.T, b store.Books) {
	s, other := one(t, b), opened(t, b, "test_other")
	fillBooks(t, s)
	fillBooks(t, other)
	kept := contentsOf(t, other)
	require.NoError(t, b.Drop(t.Context(), "test_one"))
	require.NoError(t, b.Drop(t.Context(), "test_unknown"))
	require.Equal(t, emptyContents(), contentsOf(t, one(t, b)))
	require.Equal(t, kept, contentsOf(t, other))

	// Who still has the books of the key writes into those that it has now.
	putMerchant(t, s, store.Merchant{Seed: 7})
	require.EqualValues(t, 7, read(t, one(t, b), theMerchant).Seed)
	keys, err := b.Keys(t.Context())
	require.NoError(t, err)
	require.Equal(t, []string{"test_one", "test_other"}, keys)
}

func endedContext(t *testing.T, b store.Books) {
	s := one(t, b)
	putMerchant(t, s, store.Merchant{})
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	for name, call := range map[string]func() error{
		"open":   func() error { _, err := b.Open(ctx, "test_one"); return err },
		"keys":   func() error { _, err := b.Keys(ctx); return err },
		"owner":  func() error { _, err := b.OwnerOf(ctx, "c1"); return err },
		"drop":   func() error { return b.Drop(ctx, "test_one") },
		"update": func() error { return s.Update(ctx, func(tx store.Tx) error { return tx.Reset() }) },
		"view":   func() error { return s.View(ctx, func(store.Reader) error { return nil }) },
		"claim":  func() error { _, _, err := s.Claim(ctx, noon); return err },
		"group":  func() error { _, _, err := s.ClaimGroup(ctx, noon, "g"); return err },
		"change": func() error { _, err := s.Changed(ctx, 9); return err },
	} {
		require.ErrorIs(t, call(), context.Canceled, name)
	}

	require.Equal(t, store.Merchant{}, read(t, s, theMerchant))
}
