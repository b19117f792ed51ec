package storetest

import (
	"context"
	"errors"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/payporter-mock/payporter-mock/mock/store"
	"github.com/payporter-mock/payporter-mock/payment"
	"github.com/payporter-mock/payporter-mock/scenarios"
)

var transactionCases = map[string]func(*testing.T, store.Books){
	"a failed transaction leaves nothing":      rollBack,
	"a panic in a transaction leaves nothing":  rollBackOnPanic,
	"a failed reset leaves everything":         rollBackReset,
	"a transaction sees its own changes":       ownChanges,
	"a view answers the error of its reader":   viewError,
	"transactions run one after the other":     serial,
	"what may be written soon is seen at once": writtenSoon,
	"reset forgets everything":                 reset,
}

// contents is all that can be read of a key's books but the version.
type contents struct {
	Merchant   *store.Merchant
	Checkouts  []payment.Checkout
	Payments   []payment.Payment
	Deliveries []store.Delivery
	Tasks      []store.Task
	Runs       map[store.Subject]scenarios.Run
	Files      map[string][]scenarios.Source
	Counts     map[string]uint64
	Entries    []store.Entry
	NextDue    time.Time
}

func emptyContents() contents {
	return contents{
		Checkouts: []payment.Checkout{}, Payments: []payment.Payment{}, Deliveries: []store.Delivery{},
		Runs: map[store.Subject]scenarios.Run{}, Files: map[string][]scenarios.Source{}, Counts: map[string]uint64{},
		Entries: []store.Entry{},
	}
}

// The subjects, digests and tasks that the cases use.
var (
	usedSubjects = []string{"c1", "c2", "d1", "d2", "r1", "r2"}
	usedRuns     = []store.Subject{
		store.CheckoutRun("c1"), store.CheckoutRun("c2"), store.CheckoutRun("gone"), store.CheckoutRun("stays"),
		store.OrderRun("o1"), store.OrderRun("o2"), store.PaymentRun("r1"), store.PaymentRun("r2"),
		store.RequestRun("payment", "o1"), store.RequestRun("payment", "o2"),
	}
	usedDigests = []string{"set1", "set2"}
)

func contentsOf(t *testing.T, s store.Store) contents {
	t.Helper()
	return read(t, s, func(r store.Reader) (contents, error) {
		c := emptyContents()
		var errs [7]error
		c.Checkouts, errs[0] = r.Checkouts(store.CheckoutQuery{})
		c.Payments, errs[1] = r.Payments(store.PaymentQuery{})
		c.Deliveries, errs[2] = r.Deliveries(store.DeliveryQuery{})
		c.Counts, errs[3] = r.Counts("")
		c.Entries, errs[4] = r.Entries(store.EntryQuery{})
		c.NextDue, _, errs[5] = r.NextDue()
		errs[6] = c.readNamed(r)
		return c, errors.Join(errs[:]...)
	})
}

// readNamed reads what is found by its name only.
func (c *contents) readNamed(r store.Reader) error {
	var errs []error
	found := func(err error) bool {
		if err != nil && !errors.Is(err, store.ErrNotFound) {
			errs = append(errs, err)
		}
		return err == nil
	}
	if m, err := r.Merchant(); found(err) {
		c.Merchant = &m
	}

	for _, subject := range usedRuns {
		if run, err := r.Run(subject); found(err) {
			c.Runs[subject] = run
		}
	}

	for _, digest := range usedDigests {
		if files, err := r.Scenarios(digest); found(err) {
			c.Files[digest] = files
		}
	}

	for _, subject := range usedSubjects {
		tasks, err := r.Scheduled(subject)
		found(err)
		c.Tasks = append(c.Tasks, tasks...)
	}

	return errors.Join(errs...)
}

// fillBooks puts something of everything into empty books.
func fillBooks(t *testing.T, s store.Store) {
	t.Helper()
	update(t, s, func(tx store.Tx) error {
		_, err := tx.Append(store.Entry{Kind: store.EntryCreate, CheckoutID: "c1"})
		return errors.Join(err,
			tx.PutMerchant(store.Merchant{Seed: 1, Secret: []byte("hash"), Next: []store.Next{{Scenario: "s", Times: 2}}}),
			tx.PutCheckout(checkout("c1", "o1")), tx.PutPayment(payment.Payment{ID: "r1", ParentID: "p-c1"}),
			tx.PutDelivery(delivery("d1", "c1")),
			tx.PutRun(store.CheckoutRun("c1"), scenarios.Run{Set: "set1"}),
			tx.PutRun(store.OrderRun("o1"), scenarios.Run{Request: 1}),
			tx.PutRun(store.PaymentRun("r1"), scenarios.Run{Set: "set1"}),
			tx.PutRun(store.RequestRun("payment", "o1"), scenarios.Run{Request: 2}),
			tx.PutScenarios("set1", []scenarios.Source{{File: "a.yaml", Text: []byte("version: 1")}}),
			tx.Add(3, "limit/a", "limit/b"),
			tx.Schedule(store.Task{Kind: store.Expire, Subject: "c1", Due: noon}),
			tx.Schedule(deliver("d1", noon.Add(time.Hour))),
			tx.Schedule(store.Task{Kind: store.DecideRefund, Subject: "r1", Due: noon.Add(2 * time.Hour)}),
		)
	})
}

// changeEverything is a transaction that touches all there is, new and old.
func changeEverything(tx store.Tx) error {
	d := delivery("d1", "c1")
	d.Status, d.Attempts = store.Delivered, []store.Attempt{{Number: 1, At: noon}}

	other := paid("c1", "o9")
	other.Payment = payment.Payment{ID: "p9", ParentID: "p-c1", CheckoutID: "c1"}
	_, momentErr := tx.Moment()
	_, entryErr := tx.Append(store.Entry{Kind: store.EntryStatus})
	errs := []error{
		momentErr, entryErr, tx.PutMerchant(store.Merchant{Seed: 2}),
		tx.PutCheckout(paid("c1", "o1")), tx.PutCheckout(checkout("c2", "o2")), tx.PutCheckout(other),
		tx.PutPayment(payment.Payment{ID: "r1", ParentID: "p9", CheckoutID: "c2", Status: payment.Success}),
		tx.PutPayment(payment.Payment{ID: "p-c2", ParentID: "r1", CheckoutID: "c1"}),
		tx.PutPayment(payment.Payment{ID: "p-c1", Status: payment.Rejected}), tx.PutPayment(payment.Payment{ID: "r2"}),
		tx.PutDelivery(d), tx.PutDelivery(delivery("d2", "c1")),
		tx.PutRun(store.CheckoutRun("c1"), scenarios.Run{Set: "set2"}), tx.PutRun(store.CheckoutRun("c2"), scenarios.Run{}),
		tx.DropRun(store.CheckoutRun("c1")), tx.PutRun(store.OrderRun("o2"), scenarios.Run{}), tx.DropOrders(),
		tx.PutRun(store.PaymentRun("r1"), scenarios.Run{Set: "set2"}), tx.PutRun(store.PaymentRun("r2"), scenarios.Run{}),
		tx.PutRun(store.RequestRun("payment", "o2"), scenarios.Run{}), tx.DropRun(store.RequestRun("payment", "o1")),
		tx.DropRun(store.PaymentRun("r1")),
		tx.PutScenarios("set1", nil), tx.PutScenarios("set2", nil),
		tx.Add(1, "limit/a", "new"), tx.DropCounts("limit/"), tx.Add(-1, "limit/b"),
		tx.Unschedule(store.Expire, "c1"), tx.Schedule(deliver("d1", noon.Add(-time.Hour))),
		tx.Schedule(deliver("d2", noon)), tx.Hold(deliver("d2", noon)), tx.Finish(store.Deliver, "d2"),
		tx.Unschedule(store.DecideRefund, "r1"),
		tx.Schedule(store.Task{Kind: store.SettlePayment, Subject: "r2", Due: noon}),
	}
	_, forgetErr := tx.Forget(0)
	_, paymentsErr := tx.ForgetPayments(0)
	return errors.Join(append(errs, forgetErr, paymentsErr)...)
}

// rolledBack runs the failing transaction and wants it to have left nothing.
func rolledBack(t *testing.T, b store.Books, fail func(store.Store)) {
	s := one(t, b)
	fillBooks(t, s)
	before, beforeVersion := contentsOf(t, s), version(t, s)
	require.False(t, hasOrder(t, s, "o2"))
	fail(s)
	fail(s)
	require.Equal(t, before, contentsOf(t, s))
	require.Equal(t, beforeVersion, version(t, s))
	require.False(t, hasOrder(t, s, "o2"))
	require.True(t, hasOrder(t, s, "o1"))
	require.Equal(t, []string{"r1"}, paymentIDs(t, s, store.PaymentQuery{ParentID: "p-c1"}))
	require.Equal(t, []string{"p-c1"}, paymentIDs(t, s, store.PaymentQuery{CheckoutID: "c1"}))
	require.Equal(t, []string{"d1"}, deliveryIDs(t, s, store.DeliveryQuery{CheckoutID: "c1"}))
	require.Zero(t, forgotten(t, s, 0), "nothing is over")

	// Numbers go on where they were.
	require.EqualValues(t, 2, moment(t, s))
	require.EqualValues(t, 2, record(t, s, store.Entry{}).Seq)
	require.Equal(t, []string{"c1", "d1", "r1"}, subjects(claimAll(t, s)))
	require.Equal(t, []string{"c1", "d1", "r1"}, subjects(claimAll(t, one(t, b))))
}

func rollBack(t *testing.T, b store.Books) {
	rolledBack(t, b, func(s store.Store) {
		err := s.Update(t.Context(), func(tx store.Tx) error {
			require.NoError(t, changeEverything(tx))
			return errOnPurpose
		})
		require.ErrorIs(t, err, errOnPurpose)
	})
}

func rollBackOnPanic(t *testing.T, b store.Books) {
	rolledBack(t, b, func(s store.Store) {
		require.PanicsWithValue(t, "on purpose", func() {
			_ = s.Update(t.Context(), func(tx store.Tx) error {
				require.NoError(t, changeEverything(tx))
				panic("on purpose")
			})
		})
	})
}

func rollBackReset(t *testing.T, b store.Books) {
	rolledBack(t, b, func(s store.Store) {
		err := s.Update(t.Context(), func(tx store.Tx) error {
			return errors.Join(changeEverything(tx), tx.Reset(), changeEverything(tx), tx.Reset(), errOnPurpose)
		})
		require.ErrorIs(t, err, errOnPurpose)
	})
}

func ownChanges(t *testing.T, b store.Books) {
	s := one(t, b)
	update(t, s, func(tx store.Tx) error {
		c := checkout("c1", "o1")
		require.NoError(t, errors.Join(
			tx.PutMerchant(store.Merchant{Seed: 3}), tx.PutCheckout(c), tx.PutDelivery(delivery("d1", "c1")),
			tx.PutRun(store.CheckoutRun("c1"), scenarios.Run{Request: 1}), tx.Add(1, "a"), tx.Schedule(deliver("d1", noon)),
		))
		e, err := tx.Append(store.Entry{})
		require.NoError(t, err)

		m, merchantErr := tx.Merchant()
		require.EqualValues(t, 3, m.Seed)
		found, checkoutErr := tx.Checkout("c1")
		require.Equal(t, c, found)
		known, orderErr := tx.HasOrder("o1")
		require.True(t, known)
		p, paymentErr := tx.Payment("p-c1")
		require.Equal(t, c.Payment, p)
		_, deliveryErr := tx.Delivery("d1")
		run, runErr := tx.Run(store.CheckoutRun("c1"))
		require.Equal(t, 1, run.Request)
		n, countErr := tx.Count("a")
		require.EqualValues(t, 1, n)
		entries, entriesErr := tx.Entries(store.EntryQuery{})
		require.Equal(t, []store.Entry{e}, entries)
		due, ok, dueErr := tx.NextDue()
		require.True(t, ok)
		require.Equal(t, noon, due)
		return errors.Join(merchantErr, checkoutErr, orderErr, paymentErr, deliveryErr, runErr, countErr, entriesErr, dueErr)
	})
}

func viewError(t *testing.T, b store.Books) {
	s := one(t, b)
	require.Equal(t, errOnPurpose, s.View(t.Context(), func(store.Reader) error { return errOnPurpose }))
	require.Equal(t, errOnPurpose, s.Update(t.Context(), func(store.Tx) error { return errOnPurpose }))
	require.PanicsWithValue(t, "on purpose", func() {
		_ = s.View(t.Context(), func(store.Reader) error { panic("on purpose") })
	})
	update(t, s, func(store.Tx) error { return nil })
}

func serial(t *testing.T, b store.Books) {
	s := one(t, b)
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
	require.Equal(t, callers*times, read(t, s, theCheckout("c1")).Attempts)
}

func reset(t *testing.T, b store.Books) {
	s := one(t, b)
	fillBooks(t, s)
	require.NotEmpty(t, claimAll(t, s))
	update(t, s, store.Tx.Reset)
	require.Equal(t, emptyContents(), contentsOf(t, s))
	require.Empty(t, claimAll(t, one(t, b)), "nor is a claimed task left")
	require.False(t, hasOrder(t, s, "o1"))

	fillBooks(t, s)
	require.Equal(t, []string{"c1"}, checkoutIDs(t, s, store.CheckoutQuery{}))
}

// What a transaction changes that need not outlive the process is seen by all that come after it, whichever way they
// look, and stays when one after it fails.
func writtenSoon(t *testing.T, b store.Books) {
	s := one(t, b)
	soon := store.Soon(t.Context())
	version := read(t, s, store.Reader.Version)
	woken := make(chan error, 1)
	go func() {
		_, err := s.Changed(t.Context(), version)
		woken <- err
	}()

	require.NoError(t, s.Update(soon, func(tx store.Tx) error {
		_, err := tx.Append(store.Entry{Note: "soon"})
		return errors.Join(err, tx.Add(2, "soon"), tx.Schedule(deliver("d1", noon)))
	}))
	require.NoError(t, <-woken)
	require.Len(t, read(t, s, func(r store.Reader) ([]store.Entry, error) { return r.Entries(store.EntryQuery{}) }), 1)
	require.EqualValues(t, 2, count(t, s, "soon"))

	require.NoError(t, s.Update(soon, func(tx store.Tx) error { return tx.Add(1, "soon") }))
	require.ErrorIs(t, s.Update(soon, func(tx store.Tx) error { return errors.Join(tx.Add(9, "soon"), errOnPurpose) }),
		errOnPurpose)
	update(t, s, func(tx store.Tx) error {
		n, err := tx.Count("soon")
		require.EqualValues(t, 3, n)
		all, counted := tx.Counts("so")
		require.Equal(t, map[string]uint64{"soon": 3}, all)
		return errors.Join(err, counted)
	})
	task, ok, err := s.Claim(t.Context(), noon)
	require.NoError(t, err)
	require.True(t, ok)
	require.Equal(t, "d1", task.Subject)
}
