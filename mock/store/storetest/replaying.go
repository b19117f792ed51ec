package storetest

import (
	"context"
	"errors"
	"fmt"
	"reflect"
	"sync"
	"time"

	"github.com/payporter-mock/payporter-mock/mock/store"
	"github.com/payporter-mock/payporter-mock/payment"
)

// Replaying gives books whose transactions run twice, as those of a SQL store do after a conflict: each Update is
// rolled back once and then runs for real, and each View runs twice. An Update whose first try leaves something in the
// books answers an error that says what. They are safe for concurrent use if the books are.
func Replaying(b store.Books) store.Books {
	return &replayingBooks{Books: b, locks: map[string]*sync.Mutex{}}
}

type replayingBooks struct {
	store.Books
	mu    sync.Mutex // guards locks
	locks map[string]*sync.Mutex
}

// lock is held over both tries of a key's transaction, so that nobody else changes the books between them.
func (b *replayingBooks) lock(key string) *sync.Mutex {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.locks[key] == nil {
		b.locks[key] = new(sync.Mutex)
	}
	return b.locks[key]
}

// Open implements store.Books.
func (b *replayingBooks) Open(ctx context.Context, key string) (store.Store, error) {
	s, err := b.Books.Open(ctx, key)
	if err != nil {
		return nil, err
	}
	return &replayingStore{Store: s, mu: b.lock(key)}, nil
}

// Drop implements store.Books.
func (b *replayingBooks) Drop(ctx context.Context, key string) error {
	mu := b.lock(key)
	mu.Lock()
	defer mu.Unlock()
	return b.Books.Drop(ctx, key)
}

type replayingStore struct {
	store.Store
	mu *sync.Mutex
}

var errReplay = errors.New("the transaction is tried again")

// Update implements store.Store.
func (s *replayingStore) Update(ctx context.Context, do func(store.Tx) error) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	var before seen
	var named named
	err := s.Store.Update(ctx, func(tx store.Tx) (err error) {
		if before, err = look(tx); err != nil {
			return err
		}
		noting := &noting{Tx: tx, before: newNamed()}
		if err := do(noting); err != nil {
			return err
		}
		named = noting.before
		return errReplay
	})
	if !errors.Is(err, errReplay) {
		return err
	}

	return s.Store.Update(ctx, func(tx store.Tx) error {
		after, err := look(tx)
		if err != nil {
			return err
		}
		namedAfter, err := named.read(tx)
		if err != nil {
			return err
		}
		if err := errors.Join(same(before, after), same(named, namedAfter)); err != nil {
			return err
		}
		return do(tx)
	})
}

// Claim implements store.Store.
func (s *replayingStore) Claim(ctx context.Context, now time.Time) (store.Task, bool, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.Store.Claim(ctx, now)
}

// ClaimGroup implements store.Store.
func (s *replayingStore) ClaimGroup(ctx context.Context, now time.Time, group string) (store.Task, bool, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.Store.ClaimGroup(ctx, now, group)
}

// View implements store.Store.
func (s *replayingStore) View(ctx context.Context, do func(store.Reader) error) error {
	return s.Store.View(ctx, func(r store.Reader) error {
		if err := do(r); err != nil {
			return err
		}
		return do(r)
	})
}

// seen is what a transaction that was rolled back must leave as it was.
type seen struct {
	Merchant   *store.Merchant
	Version    uint64
	Counts     map[string]uint64
	Entries    []store.Entry
	Checkouts  []payment.Checkout
	Payments   []payment.Payment
	Deliveries []store.Delivery
	NextDue    time.Time
}

// look reads the newest of all that can be read quickly.
func look(r store.Reader) (now seen, err error) {
	merchant, err := r.Merchant()
	switch {
	case err == nil:
		now.Merchant = &merchant
	case !errors.Is(err, store.ErrNotFound):
		return now, err
	}

	var errs [7]error
	now.Version, errs[0] = r.Version()
	now.Counts, errs[1] = r.Counts("")
	now.Entries, errs[2] = r.Entries(store.EntryQuery{NewestFirst: true, Limit: 1})
	now.Checkouts, errs[3] = r.Checkouts(store.CheckoutQuery{Limit: 1})
	now.Payments, errs[4] = r.Payments(store.PaymentQuery{Limit: 1})
	now.Deliveries, errs[5] = r.Deliveries(store.DeliveryQuery{Limit: 1})
	now.NextDue, _, errs[6] = r.NextDue()
	return now, errors.Join(errs[:]...)
}

// same answers an error that says what is another one.
func same[T seen | named](before, now T) error {
	was, is := reflect.ValueOf(before), reflect.ValueOf(now)
	for i := range was.NumField() {
		if x, y := was.Field(i).Interface(), is.Field(i).Interface(); !reflect.DeepEqual(x, y) {
			return fmt.Errorf("a transaction that was rolled back changed %s: from %+v to %+v", was.Type().Field(i).Name, x, y)
		}
	}
	return nil
}
