package storetest

import (
	"errors"

	"github.com/payporter-mock/payporter-mock/mock/store"
	"github.com/payporter-mock/payporter-mock/scenarios"
)

// named is what books answer only for who knows its name.
type named struct {
	Runs  map[store.Subject]*scenarios.Run // nil: there is none
	Tasks map[string][]store.Task          // those that wait, by their subject
	Files map[string][]scenarios.Source    // by their digest; nil: there are none
}

// read reads anew all that was read.
func (n named) read(r store.Reader) (now named, err error) {
	now = newNamed()
	for subject := range n.Runs {
		err = errors.Join(err, now.readRun(r, subject))
	}
	for subject := range n.Tasks {
		err = errors.Join(err, now.readTasks(r, subject))
	}
	for digest := range n.Files {
		err = errors.Join(err, now.readFiles(r, digest))
	}
	return now, err
}

func newNamed() named {
	return named{map[store.Subject]*scenarios.Run{}, map[string][]store.Task{}, map[string][]scenarios.Source{}}
}

func (n named) readRun(r store.Reader, subject store.Subject) error {
	run, err := r.Run(subject)
	if n.Runs[subject] = &run; err != nil {
		n.Runs[subject] = nil
	}
	return foundOrNot(err)
}

func (n named) readTasks(r store.Reader, subject string) (err error) {
	n.Tasks[subject], err = r.Scheduled(subject)
	return err
}

func (n named) readFiles(r store.Reader, digest string) (err error) {
	n.Files[digest], err = r.Scenarios(digest)
	return foundOrNot(err)
}

// foundOrNot is an error that is not about a name that the books do not know.
func foundOrNot(err error) error {
	if errors.Is(err, store.ErrNotFound) {
		return nil
	}
	return err
}

// noting is a transaction that reads by its name what is to be changed, before it is.
type noting struct {
	store.Tx
	before  named // as the transaction found it
	changed bool  // by names that nobody says: what is read from now on is not what the transaction found
}

// note reads what has the key in the part of before, unless it was read already.
func note[K comparable, V any](n *noting, part map[K]V, key K, read func(store.Reader, K) error) error {
	if _, known := part[key]; known || n.changed {
		return nil
	}
	return read(n.Tx, key)
}

func (n *noting) task(subject string) error {
	return note(n, n.before.Tasks, subject, n.before.readTasks)
}

func (n *noting) PutRun(subject store.Subject, run scenarios.Run) error {
	if err := note(n, n.before.Runs, subject, n.before.readRun); err != nil {
		return err
	}
	return n.Tx.PutRun(subject, run)
}

func (n *noting) DropRun(subject store.Subject) error {
	if err := note(n, n.before.Runs, subject, n.before.readRun); err != nil {
		return err
	}
	return n.Tx.DropRun(subject)
}

func (n *noting) PutScenarios(digest string, files []scenarios.Source) error {
	if err := note(n, n.before.Files, digest, n.before.readFiles); err != nil {
		return err
	}
	return n.Tx.PutScenarios(digest, files)
}

func (n *noting) Schedule(t store.Task) error {
	if err := n.task(t.Subject); err != nil {
		return err
	}
	return n.Tx.Schedule(t)
}

func (n *noting) Hold(t store.Task) error {
	if err := n.task(t.Subject); err != nil {
		return err
	}
	return n.Tx.Hold(t)
}

func (n *noting) Unschedule(kind store.TaskKind, subject string) error {
	if err := n.task(subject); err != nil {
		return err
	}
	return n.Tx.Unschedule(kind, subject)
}

func (n *noting) Finish(kind store.TaskKind, subject string) error {
	if err := n.task(subject); err != nil {
		return err
	}
	return n.Tx.Finish(kind, subject)
}

func (n *noting) DropOrders() error {
	n.changed = true
	return n.Tx.DropOrders()
}

func (n *noting) Forget(keep int) (int, error) {
	dropped, err := n.Tx.Forget(keep)
	n.changed = n.changed || dropped > 0
	return dropped, err
}

func (n *noting) ForgetPayments(keep int) (int, error) {
	dropped, err := n.Tx.ForgetPayments(keep)
	n.changed = n.changed || dropped > 0
	return dropped, err
}

func (n *noting) Reset() error {
	n.changed = true
	return n.Tx.Reset()
}
