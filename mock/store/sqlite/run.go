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
	changed, err := tx.session.exec(`UPDATE run SET digest = ?, body = ? WHERE merchant = ? AND kind = ? AND id = ?`,
		run.Set, body, tx.counters.id, string(subject.Kind), subject.ID)
	if err != nil || changed > 0 {
		tx.counters.unusedSets = true
		return err
	}

	if counter := tx.runsOf(subject.Kind); counter != nil {
		*counter++
	}
	return tx.session.run(`INSERT INTO run (merchant, kind, id, number, digest, body) VALUES (?, ?, ?, ?, ?, ?)`,
		tx.counters.id, string(subject.Kind), subject.ID, tx.nextNumber(), run.Set, body)
}

// DropRun implements store.Tx.
func (tx *transaction) DropRun(subject store.Subject) error {
	dropped, err := tx.session.exec(`DELETE FROM run WHERE merchant = ? AND kind = ? AND id = ?`,
		tx.counters.id, string(subject.Kind), subject.ID)
	tx.droppedRuns(subject.Kind, dropped)
	return err
}

// DropOrders implements store.Tx.
func (tx *transaction) DropOrders() error {
	dropped, err := tx.session.exec(`DELETE FROM run WHERE merchant = ? AND kind = ?`,
		tx.counters.id, string(store.OfOrder))
	tx.droppedRuns(store.OfOrder, dropped)
	return err
}

// runsOf counts the runs of a kind; nil: they are forgotten with what they belong to.
func (tx *transaction) runsOf(kind store.SubjectKind) *int64 {
	switch kind {
	case store.OfOrder:
		return &tx.counters.orderRuns
	case store.OfRequest:
		return &tx.counters.requestRuns
	}
	return nil
}

// forgetRuns forgets the runs of the subjects of a kind that came first, until at most keep are left.
func (tx *transaction) forgetRuns(kind store.SubjectKind, keep int) error {
	more := *tx.runsOf(kind) - int64(keep)
	if more <= 0 {
		return nil
	}
	dropped, err := tx.session.exec(`DELETE FROM run WHERE merchant = ?1 AND kind = ?2 AND id IN
		(SELECT id FROM run WHERE merchant = ?1 AND kind = ?2 ORDER BY number LIMIT ?3)`,
		tx.counters.id, string(kind), more)
	tx.droppedRuns(kind, dropped)
	return err
}

// droppedRuns counts runs that are gone.
func (tx *transaction) droppedRuns(kind store.SubjectKind, dropped int) {
	if dropped == 0 {
		return
	}
	tx.counters.unusedSets = true
	if counter := tx.runsOf(kind); counter != nil {
		*counter -= int64(dropped)
	}
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
	tx.counters.unusedSets = true
	return tx.session.run(`INSERT INTO scenario_set (merchant, digest, body) VALUES (?, ?, ?)
		ON CONFLICT DO UPDATE SET body = excluded.body`, tx.counters.id, digest, body)
}
