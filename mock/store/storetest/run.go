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
	"runs of orders and of checkouts":      runSubjects,
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
	ofCheckout, ofOrder, other := store.CheckoutRun("1"), store.OrderRun("1"), store.OrderRun("2")
	update(t, s, func(tx store.Tx) error {
		return errors.Join(
			tx.PutRun(ofCheckout, scenarios.Run{Request: 1}), tx.PutRun(ofOrder, scenarios.Run{Request: 2}),
			tx.PutRun(other, scenarios.Run{Request: 3}),
		)
	})
	require.Equal(t, 1, read(t, s, theRun(ofCheckout)).Request)
	require.Equal(t, 2, read(t, s, theRun(ofOrder)).Request)
	require.Equal(t, 3, read(t, s, theRun(other)).Request)

	update(t, s, func(tx store.Tx) error { return tx.DropRun(other) })
	requireNotFound(t, s, theRun(other))
	update(t, s, func(tx store.Tx) error { return errors.Join(tx.PutRun(other, scenarios.Run{}), tx.DropOrders()) })
	requireNotFound(t, s, theRun(ofOrder))
	requireNotFound(t, s, theRun(other))
	require.Equal(t, 1, read(t, s, theRun(ofCheckout)).Request)
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
