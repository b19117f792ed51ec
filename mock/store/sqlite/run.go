package sqlite

import (
	"github.com/payporter-mock/payporter-mock/mock/store"
	"github.com/payporter-mock/payporter-mock/scenarios"
)

// Run implements store.Reader.
func (r reader) Run(subject store.Subject) (run scenarios.Run, err error) {
	var body string
	found, err := r.session.row(`SELECT body FROM run WHERE merchant = ? AND kind = ? AND id = ?`,
		[]any{r.counters.id, string(subject.Kind), subject.ID}, &body)
	switch {
	case err != nil:
		return run, err
	case !found:
		return run, store.ErrNotFound
	}
	return run, r.session.fail(decode(body, &run))
}

// PutRun implements store.Tx.
func (tx *transaction) PutRun(subject store.Subject, run scenarios.Run) error {
	run.Counted = orNil(run.Counted)
	if len(run.Used) == 0 {
		run.Used = nil
	}
	body, err := encode(&run)
	if err != nil {
		return err
	}
	return tx.session.run(`INSERT INTO run (merchant, kind, id, digest, body) VALUES (?, ?, ?, ?, ?)
		ON CONFLICT DO UPDATE SET digest = excluded.digest, body = excluded.body`,
		tx.counters.id, string(subject.Kind), subject.ID, run.Set, body)
}

// DropRun implements store.Tx.
func (tx *transaction) DropRun(subject store.Subject) error {
	return tx.session.run(`DELETE FROM run WHERE merchant = ? AND kind = ? AND id = ?`,
		tx.counters.id, string(subject.Kind), subject.ID)
}

// DropOrders implements store.Tx.
func (tx *transaction) DropOrders() error {
	return tx.session.run(`DELETE FROM run WHERE merchant = ? AND kind = ?`, tx.counters.id, string(store.OfOrder))
}

// Scenarios implements store.Reader.
func (r reader) Scenarios(digest string) (files []scenarios.Source, err error) {
	var body string
	found, err := r.session.row(`SELECT body FROM scenario_set WHERE merchant = ? AND digest = ?`,
		[]any{r.counters.id, digest}, &body)
	switch {
	case err != nil:
		return nil, err
	case !found:
		return nil, store.ErrNotFound
	}
	return files, r.session.fail(decode(body, &files))
}

// PutScenarios implements store.Tx.
func (tx *transaction) PutScenarios(digest string, files []scenarios.Source) error {
	body, err := encode(orNil(files))
	if err != nil {
		return err
	}
	return tx.session.run(`INSERT INTO scenario_set (merchant, digest, body) VALUES (?, ?, ?)
		ON CONFLICT DO UPDATE SET body = excluded.body`, tx.counters.id, digest, body)
}
