package tables

import (
	"github.com/payporter-mock/payporter-mock/mock/store"
	"github.com/payporter-mock/payporter-mock/scenarios"
)

// Run implements store.Reader.
func (r Reader) Run(subject store.Subject) (run scenarios.Run, err error) {
	if counter := r.Counters.runsOf(subject.Kind); counter != nil && *counter == 0 {
		return run, store.ErrNotFound // most orders and requests have none
	}
	var body string
	found, err := r.Session.Row(`SELECT body FROM run WHERE merchant = ? AND kind = ? AND id = ?`,
		[]any{r.Counters.id, string(subject.Kind), subject.ID}, &body)
	switch {
	case err != nil:
		return run, err
	case !found:
		return run, store.ErrNotFound
	}
	return run, r.Session.Fail(decode(body, &run))
}

// PutRun implements store.Tx.
func (tx *Transaction) PutRun(subject store.Subject, run scenarios.Run) error {
	run.Counted = orNil(run.Counted)
	if len(run.Used) == 0 {
		run.Used = nil
	}
	body, err := encode(&run)
	if err != nil {
		return err
	}
	changed, err := tx.Session.Exec(`UPDATE run SET digest = ?, body = ? WHERE merchant = ? AND kind = ? AND id = ?`,
		run.Set, body, tx.Counters.id, string(subject.Kind), subject.ID)
	if err != nil || changed > 0 {
		tx.Counters.unusedSets = true
		return err
	}

	if counter := tx.Counters.runsOf(subject.Kind); counter != nil {
		*counter++
	}
	return tx.Session.Run(`INSERT INTO run (merchant, kind, id, number, digest, body) VALUES (?, ?, ?, ?, ?, ?)`,
		tx.Counters.id, string(subject.Kind), subject.ID, tx.nextNumber(), run.Set, body)
}

// DropRun implements store.Tx.
func (tx *Transaction) DropRun(subject store.Subject) error {
	dropped, err := tx.Session.Exec(`DELETE FROM run WHERE merchant = ? AND kind = ? AND id = ?`,
		tx.Counters.id, string(subject.Kind), subject.ID)
	tx.droppedRuns(subject.Kind, dropped)
	return err
}

// DropOrders implements store.Tx.
func (tx *Transaction) DropOrders() error {
	dropped, err := tx.Session.Exec(`DELETE FROM run WHERE merchant = ? AND kind = ?`,
		tx.Counters.id, string(store.OfOrder))
	tx.droppedRuns(store.OfOrder, dropped)
	return err
}

// runsOf counts the runs of a kind; nil: they are forgotten with what they belong to.
func (c *Counters) runsOf(kind store.SubjectKind) *int64 {
	switch kind {
	case store.OfOrder:
		return &c.orderRuns
	case store.OfRequest:
		return &c.requestRuns
	}
	return nil
}

// forgetRuns forgets the runs of the subjects of a kind that came first, until at most keep are left.
func (tx *Transaction) forgetRuns(kind store.SubjectKind, keep int) error {
	more := *tx.Counters.runsOf(kind) - int64(keep)
	if more <= 0 {
		return nil
	}
	dropped, err := tx.Session.Exec(`DELETE FROM run WHERE merchant = ?1 AND kind = ?2 AND id IN
		(SELECT id FROM run WHERE merchant = ?1 AND kind = ?2 ORDER BY number LIMIT ?3)`,
		tx.Counters.id, string(kind), more)
	tx.droppedRuns(kind, dropped)
	return err
}

// droppedRuns counts runs that are gone.
func (tx *Transaction) droppedRuns(kind store.SubjectKind, dropped int) {
	if dropped == 0 {
		return
	}
	tx.Counters.unusedSets = true
	if counter := tx.Counters.runsOf(kind); counter != nil {
		*counter -= int64(dropped)
	}
}

// Scenarios implements store.Reader.
func (r Reader) Scenarios(digest string) (files []scenarios.Source, err error) {
	var body string
	found, err := r.Session.Row(`SELECT body FROM scenario_set WHERE merchant = ? AND digest = ?`,
		[]any{r.Counters.id, digest}, &body)
	switch {
	case err != nil:
		return nil, err
	case !found:
		return nil, store.ErrNotFound
	}
	return files, r.Session.Fail(decode(body, &files))
}

// PutScenarios implements store.Tx.
func (tx *Transaction) PutScenarios(digest string, files []scenarios.Source) error {
	body, err := encode(orNil(files))
	if err != nil {
		return err
	}
	tx.Counters.unusedSets = true
	return tx.Session.Run(`INSERT INTO scenario_set (merchant, digest, body) VALUES (?, ?, ?)
		ON CONFLICT (merchant, digest) DO UPDATE SET body = excluded.body`, tx.Counters.id, digest, body)
}
