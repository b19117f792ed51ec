package mock_test

import (
	"cmp"
	"context"
	"errors"
	"log/slog"
	"net/http"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/payporter-mock/payporter-mock/mock"
	"github.com/payporter-mock/payporter-mock/mock/store"
	"github.com/payporter-mock/payporter-mock/mock/store/postgres/postgrestest"
	"github.com/payporter-mock/payporter-mock/mock/store/sqlite/sqlitetest"
	"github.com/payporter-mock/payporter-mock/mock/store/storetest"
	"github.com/payporter-mock/payporter-mock/payment"
)

var errMedium = errors.New("the medium is full")

// faultyBooks are books whose transactions fail while faults, of which each takes one, are left.
type faultyBooks struct {
	store.Books
	faults atomic.Int64
	err    error // what they say; nil: errMedium
	// what fails: a store.Task, finishedTask, payment.Payment, store.Delivery, store.Merchant, reading or waiting
	hits func(change any) bool
}

// finishedTask is a change that Finish makes.
type finishedTask struct{ kind store.TaskKind }

// reading is a View, and waiting a Changed.
type (
	reading struct{}
	waiting struct{}
)

func newFaultyBooks(t *testing.T, hits func(change any) bool) *faultyBooks {
	return &faultyBooks{Books: storetest.Books(t, postgrestest.Kind(), sqlitetest.Kind()), hits: hits}
}

func (b *faultyBooks) fault(change any) error {
	if b.hits(change) && b.faults.Add(-1) >= 0 {
		return cmp.Or(b.err, errMedium)
	}
	return nil
}

func (b *faultyBooks) Open(ctx context.Context, key string) (store.Store, error) {
	s, err := b.Books.Open(ctx, key)
	return faultyStore{s, b}, err
}

type faultyStore struct {
	store.Store
	books *faultyBooks
}

func (s faultyStore) Update(ctx context.Context, do func(store.Tx) error) error {
	return s.Store.Update(ctx, func(tx store.Tx) error { return do(faultyTx{tx, s.books}) })
}

func (s faultyStore) View(ctx context.Context, do func(store.Reader) error) error {
	if err := s.books.fault(reading{}); err != nil {
		return err
	}
	return s.Store.View(ctx, do)
}

func (s faultyStore) Changed(ctx context.Context, version uint64) (uint64, error) {
	if err := s.books.fault(waiting{}); err != nil {
		return version, err
	}
	return s.Store.Changed(ctx, version)
}

type faultyTx struct {
	store.Tx
	books *faultyBooks
}

func (tx faultyTx) Finish(kind store.TaskKind, subject string) error {
	return errors.Join(tx.books.fault(finishedTask{kind}), tx.Tx.Finish(kind, subject))
}

func (tx faultyTx) Schedule(t store.Task) error {
	return errors.Join(tx.books.fault(t), tx.Tx.Schedule(t))
}

func (tx faultyTx) PutDelivery(d store.Delivery) error {
	return errors.Join(tx.books.fault(d), tx.Tx.PutDelivery(d))
}

func (tx faultyTx) PutPayment(p payment.Payment) error {
	return errors.Join(tx.books.fault(p), tx.Tx.PutPayment(p))
}

func (tx faultyTx) PutMerchant(m store.Merchant) error {
	return errors.Join(tx.books.fault(m), tx.Tx.PutMerchant(m))
}

// isRecorded reports whether a change records an attempt of a delivery.
func isRecorded(change any) bool {
	d, ok := change.(store.Delivery)
	return ok && len(d.Attempts) > 0
}

// What the books could not take down is done again, a while later and without a restart: nothing stays claimed.
func TestWhatTheBooksCouldNotTakeComesAgain(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		hits     func(change any) bool
		faults   int64
		scenario string
		wanted   string
	}{
		"a task": {
			func(change any) bool { return change == finishedTask{store.AutoPay} }, 1, "success",
			"kind=callback&status=DELIVERED",
		},
		"the attempt of a callback": {isRecorded, 1, "success", "kind=callback&status=DELIVERED"},
		"an attempt, and putting it back": {
			func(change any) bool {
				t, ok := change.(store.Task)
				return isRecorded(change) || ok && t.Kind == store.Deliver && t.Group == ""
			}, 2, "success", "kind=callback&status=DELIVERED",
		},
		"callbacks before the answer": {isRecorded, 1, "early-thrice", "kind=callback&status=DELIVERED&count=3"},
		"callbacks at one time before the answer": {
			isRecorded, 2, "early-thrice-together", "kind=callback&status=DELIVERED&count=3",
		},
		"callbacks of one group": {isRecorded, 2, "thrice-together", "kind=callback&status=DELIVERED&count=3"},
		"the customer who is on the way": {
			func(change any) bool {
				t, ok := change.(store.Task)
				return ok && t.Kind == store.AutoPay
			}, 1, "success", "kind=callback&status=DELIVERED",
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			merchant, books := newShop(t), newFaultyBooks(t, c.hits)
			api := clientOf(t, start(t, mock.Config{Store: books, Payer: mock.PayerAuto}))
			require.Equal(t, http.StatusOK, api.put(faultyScenarios).status)

			books.faults.Store(c.faults)
			api.send(following(api, merchant, c.scenario))

			seen := api.get("/_mock/journal/wait?timeout=20s&" + c.wanted)
			require.Equal(t, http.StatusOK, seen.status, seen.raw)
			require.Negative(t, books.faults.Add(-1), "the books failed as often as they should")
		})
	}
}

// Books that are busy answer with 503, as a sandbox does that is being stopped. The log tells of them all the same.
func TestBooksThatAreBusyAreToldOfInTheLog(t *testing.T) {
	t.Parallel()
	log, merchant, books := &logged{}, newShop(t), newFaultyBooks(t, isRecorded)
	books.err = &payment.Error{Code: payment.Unavailable, Message: "the books are busy"}
	api := clientOf(t, start(t, mock.Config{
		Store: books, Payer: mock.PayerAuto, Logger: slog.New(slog.NewTextHandler(log, nil)),
	}))

	books.faults.Store(1)
	api.create("ORD-1", merchant.callback())

	seen := api.get("/_mock/journal/wait?timeout=20s&kind=callback&status=DELIVERED")
	require.Equal(t, http.StatusOK, seen.status, seen.raw)
	require.Contains(t, log.String(), "task comes again")
	require.Contains(t, log.String(), "the books are busy")
}

// following is a create that names a scenario.
func following(api *client, merchant *shop, scenario string) *http.Request {
	create := api.request(http.MethodPost, "/api/checkout", order("ORD-1", merchant.callback()))
	create.Header.Set("X-Mock-Scenario", scenario)
	return create
}

const faultyScenarios = `version: 1
scenarios:
- name: early-thrice
  payer: {action: pay}
  callback: {deliveries: [{beforeResponse: true, count: 3}]}
- name: early-thrice-together
  payer: {action: pay}
  callback: {deliveries: [{beforeResponse: true, count: 3, concurrently: true}]}
- name: thrice-together
  payer: {action: pay}
  callback: {deliveries: [{count: 3, concurrently: true}]}
`

// A task that the books cannot take down does not end an advance: it is tried again before the time goes on.
func TestAdvanceTriesAgainWhatTheBooksCouldNotTake(t *testing.T) {
	t.Parallel()
	merchant, books := newShop(t), newFaultyBooks(t, isRecorded)
	srv := start(t, mock.Config{Store: books})
	api := clientOf(t, srv)
	require.Equal(t, http.StatusOK, api.post("/_mock/clock", `{"freeze": true}`).status)
	id := api.send(following(api, merchant, "callback-late")).text("checkoutId")
	require.Equal(t, http.StatusOK, api.post("/_mock/checkouts/"+id+"/pay", "").status)

	books.faults.Store(1)
	srv.Advance(time.Hour)

	seen := api.get("/_mock/journal/wait?timeout=0s&kind=callback&status=DELIVERED")
	require.Equal(t, http.StatusOK, seen.status, seen.raw)
}

// What is due about a payment of its own comes again, too: its result, and the decision on its refund.
func TestWhatTheBooksCouldNotTakeOfPaymentsComesAgain(t *testing.T) {
	t.Parallel()
	for kind, ask := range map[store.TaskKind]func(*client, string) string{
		store.SettlePayment: func(_ *client, paid string) string { return paid },
		store.DecideRefund: func(c *client, paid string) string {
			c.post("/_mock/clock", `{"advance": "2m"}`)
			return c.post("/api/payment/"+paid+"/refund", part("10")).text("paymentId")
		},
	} {
		t.Run(string(kind), func(t *testing.T) {
			t.Parallel()
			books := newFaultyBooks(t, func(change any) bool {
				p, ok := change.(payment.Payment)
				return ok && p.Status == payment.Success
			})
			c := clientOf(t, start(t, mock.Config{Store: books}))
			require.Equal(t, http.StatusOK, c.post("/_mock/clock", `{"freeze": true}`).status)
			require.Equal(t, http.StatusOK, c.put("{version: 1, scenarios: [{name: a, when: {operation: payment}, payment: {status: SUCCESS, delay: 1m}, "+
				"refund: {decision: approve, after: 1m}}]}").status)
			id := ask(c, c.post("/api/payment", charge("ORD-1")).text("paymentId"))

			books.faults.Store(1)
			require.Equal(t, http.StatusOK, c.post("/_mock/clock", `{"advance": "1h"}`).status)

			require.Negative(t, books.faults.Add(-1), "the books failed")
			require.Equal(t, "SUCCESS", c.get("/api/payment/"+id).text("status"))
		})
	}
}

// A wait that the books cannot serve says so: it is not a time-out, after which a test would look for the entry.
func TestWaitTellsThatTheBooksFail(t *testing.T) {
	t.Parallel()
	for _, fault := range []any{reading{}, waiting{}} {
		books := newFaultyBooks(t, func(change any) bool { return change == fault })
		api := clientOf(t, start(t, mock.Config{Store: books}))

		books.faults.Store(1)
		seen := api.get("/_mock/journal/wait?kind=create&timeout=20s")

		require.Equal(t, http.StatusInternalServerError, seen.status, seen.raw)
		require.Equal(t, "INTERNAL_ERROR", seen.text("messageCode"))
	}
}
