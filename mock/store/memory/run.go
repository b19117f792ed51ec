package memory

import (
	"maps"

	"github.com/payporter-mock/payporter-mock/mock/store"
	"github.com/payporter-mock/payporter-mock/scenarios"
)

// Run implements store.Reader.
func (r reader) Run(subject store.Subject) (scenarios.Run, error) {
	found, ok := r.m.runs[subject.Kind][subject.ID]
	if !ok {
		return scenarios.Run{}, store.ErrNotFound
	}
	return cloneRun(&found.run), nil
}

// runRow is a run. It is not changed once it is kept.
type runRow struct {
	run   scenarios.Run
	first uint64 // of an order or a request: the number of its place in their queue
}

// PutRun implements store.Tx.
func (tx *transaction) PutRun(subject store.Subject, run scenarios.Run) error {
	tx.setRun(subject, tx.m.newRun(subject, cloneRun(&run)))
	return nil
}

// newRun makes the row of a run, which stands in the queue of its kind where the one before it did.
func (m *merchant) newRun(subject store.Subject, run scenarios.Run) *runRow {
	row := &runRow{run: run}
	queue := m.queueOf(subject.Kind)
	if queue == nil {
		return row
	}

	if before := m.runs[subject.Kind][subject.ID]; before != nil {
		row.first = before.first
		return row
	}
	row.first = queue.add(subject.ID)
	return row
}

// DropRun implements store.Tx.
func (tx *transaction) DropRun(subject store.Subject) error {
	if _, known := tx.m.runs[subject.Kind][subject.ID]; known {
		tx.setRun(subject, nil)
	}
	return nil
}

// DropOrders implements store.Tx.
func (tx *transaction) DropOrders() error {
	for id := range tx.m.runs[store.OfOrder] {
		tx.setRun(store.OrderRun(id), nil)
	}
	return nil
}

func (tx *transaction) setRun(subject store.Subject, run *runRow) {
	m := tx.m
	before := m.setRun(subject, run)
	tx.onRollBack(func() { m.setRun(subject, before) })
}

// setRun keeps the run, or forgets it if it is nil, and answers the one before.
func (m *merchant) setRun(subject store.Subject, run *runRow) (before *runRow) {
	runs := m.runs[subject.Kind]
	if runs == nil {
		runs = map[string]*runRow{}
		m.runs[subject.Kind] = runs
	}
	if before = runs[subject.ID]; before != nil {
		m.countRunsOf(before.run.Set, -1)
	}

	if run == nil {
		delete(runs, subject.ID)
		return before
	}
	runs[subject.ID] = run
	m.countRunsOf(run.run.Set, 1)
	return before
}

// countRunsOf keeps count of the runs that name a set.
func (m *merchant) countRunsOf(digest string, by int) {
	if m.runsOf[digest] += by; m.runsOf[digest] == 0 {
		delete(m.runsOf, digest)
		m.setsToCheck = true
	}
}

func cloneRun(r *scenarios.Run) scenarios.Run {
	c := *r
	c.Counted, c.Pending = cloned(r.Counted), clonePointer(r.Pending)
	if c.Used = nil; len(r.Used) > 0 {
		c.Used = maps.Clone(r.Used)
	}
	return c
}

// Scenarios implements store.Reader.
func (r reader) Scenarios(digest string) ([]scenarios.Source, error) {
	files, ok := r.m.sets[digest]
	if !ok {
		return nil, store.ErrNotFound
	}
	return cloneFiles(files), nil
}

// PutScenarios implements store.Tx.
func (tx *transaction) PutScenarios(digest string, files []scenarios.Source) error {
	m := tx.m
	before, known := m.sets[digest]
	m.setsToCheck = true
	m.sets[digest] = cloneFiles(files)
	tx.onRollBack(func() {
		if m.sets[digest] = before; !known {
			delete(m.sets, digest)
		}
	})
	return nil
}

// dropUnusedScenarios forgets the sets that nothing names any more.
func (tx *transaction) dropUnusedScenarios() {
	m := tx.m
	if !m.setsToCheck {
		return
	}
	m.setsToCheck = false
	tx.onRollBack(func() { m.setsToCheck = true })

	for digest, files := range m.sets {
		named := m.record != nil && (m.record.Scenarios == digest || m.record.InForce == digest)
		if named || m.runsOf[digest] > 0 {
			continue
		}
		delete(m.sets, digest)
		tx.onRollBack(func() { m.sets[digest] = files })
	}
}

func cloneFiles(files []scenarios.Source) []scenarios.Source {
	c := cloned(files)
	for i := range c {
		c[i].Text = cloned(c[i].Text)
	}
	return c
}
