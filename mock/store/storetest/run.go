package storetest

import (
	"errors"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/payporter-mock/payporter-mock/mock/store"
	"github.com/payporter-mock/payporter-mock/scenarios"
)

var runCases = map[string]func(*testing.T, store.Books){
	"a run is found with all it has":       runWhole,
	"a kept run is not the caller's":       runIsolated,
	"runs of each kind are apart":          runSubjects,
	"the files of a scenario set are kept": scenarioFiles,
}

func theRun(subject store.Subject) func(store.Reader) (scenarios.Run, error) {
	return func(r store.Reader) (scenarios.Run, error) { return r.Run(subject) }
}

func theScenarios(digest string) func(store.Reader) ([]scenarios.Source, error) {
	return func(r store.Reader) ([]scenarios.Source, error) { return r.Scenarios(digest) }
}

func runWhole(t *testing.T, b store.Books) {
	s := one(t, b)
	subject := store.CheckoutRun("c1")
	requireNotFound(t, s, theRun(subject))
	whole := filled[scenarios.Run](t)
	update(t, s, func(tx store.Tx) error { return tx.PutRun(subject, whole) })
	require.Equal(t, whole, read(t, s, theRun(subject)))

	update(t, s, func(tx store.Tx) error { return tx.PutRun(subject, scenarios.Run{}) })
	require.Equal(t, scenarios.Run{}, read(t, s, theRun(subject)))
	update(t, s, func(tx store.Tx) error { return errors.Join(tx.DropRun(subject), tx.DropRun(subject)) })
	requireNotFound(t, s, theRun(subject))
}

func runIsolated(t *testing.T, b store.Books) {
	s := one(t, b)
	subject, mine, want := store.CheckoutRun("c1"), filled[scenarios.Run](t), filled[scenarios.Run](t)

	change := func(run scenarios.Run) {
		run.Counted[0], run.Used["another"], run.Pending.ResultCode = "another", 1, "another"
	}
	update(t, s, func(tx store.Tx) error { return tx.PutRun(subject, mine) })
	change(mine)
	got := read(t, s, theRun(subject))
	require.Equal(t, want, got)
	change(got)
	require.Equal(t, want, read(t, s, theRun(subject)))
}

func runSubjects(t *testing.T, b store.Books) {
	s := one(t, b)
	ofCheckout, ofPayment, ofOrder := store.CheckoutRun("1"), store.PaymentRun("1"), store.OrderRun("1")
	ofRequest, other := store.RequestRun("payment", "1"), store.OrderRun("2")
	all := []store.Subject{
		ofCheckout, ofPayment, ofOrder, ofRequest, other, store.RequestRun("refund", "1"),
		{Kind: store.OfPayment, ID: ofRequest.ID}, // one kind's id is another's, too
	}
	update(t, s, func(tx store.Tx) (err error) {
		for i, subject := range all {
			err = errors.Join(err, tx.PutRun(subject, scenarios.Run{Request: i + 1}))
		}
		return err
	})
	for i, subject := range all {
		require.Equal(t, i+1, read(t, s, theRun(subject)).Request, subject)
	}

	update(t, s, func(tx store.Tx) error { return errors.Join(tx.DropRun(other), tx.DropRun(ofRequest)) })
	requireNotFound(t, s, theRun(other))
	requireNotFound(t, s, theRun(ofRequest))
	require.Equal(t, 6, read(t, s, theRun(all[5])).Request)
	require.Equal(t, 7, read(t, s, theRun(all[6])).Request)

	update(t, s, func(tx store.Tx) error { return errors.Join(tx.PutRun(other, scenarios.Run{}), tx.DropOrders()) })
	requireNotFound(t, s, theRun(ofOrder))
	requireNotFound(t, s, theRun(other))
	for i, subject := range all {
		if i < 2 || i > 4 {
			require.Equal(t, i+1, read(t, s, theRun(subject)).Request, "%v is no order", subject)
		}
	}
}

func scenarioFiles(t *testing.T, b store.Books) {
	s := one(t, b)
	requireNotFound(t, s, theScenarios("digest"))
	files := filled[[]scenarios.Source](t)
	update(t, s, func(tx store.Tx) error { return tx.PutScenarios("digest", files) })
	files[0].Text[0] = 'x'
	require.Equal(t, filled[[]scenarios.Source](t), read(t, s, theScenarios("digest")))

	update(t, s, func(tx store.Tx) error { return tx.PutScenarios("digest", files) })
	require.Equal(t, files, read(t, s, theScenarios("digest")))
	requireNotFound(t, s, theScenarios("another"))
}
