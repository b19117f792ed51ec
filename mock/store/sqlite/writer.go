package sqlite

import (
	"sync"
	"sync/atomic"
)

// writer runs the transactions that change the file, one after the other. Those that come while others are under way
// are committed together, so that they share one sync of the disk. Each but the first runs under a savepoint of its
// own: one that fails is taken back alone.
type writer struct {
	waiting atomic.Int64 // callers that want the lock

	mu      sync.Mutex // guards all below
	session *session
	batch   *batch       // nil: none is begun
	after   func(*batch) // is called when a batch has been committed
	fault   error        // why a batch was not written, until state finds that there is room again

	journalBytes int64 // what all journals hold, as far as it has been committed
	journalTurn  int64 // of the journal that was written to last
}

// batch is transactions that are committed together.
type batch struct {
	size  int
	empty bool                // the first has been taken back, and nothing is left to be committed
	freed bool                // rows were forgotten
	woken map[string]struct{} // keys whose journal has changed
	done  chan struct{}       // closed when it has been committed or not
	// journalBytes is by how much all journals have grown.
	journalBytes int64
	err          error // why it was not; set before done is closed
}

// mostTogether bounds how long the first of a batch waits for the others.
const mostTogether = 128

// update runs do in one transaction and comes back when that has been committed, or taken back because do answered an
// error or panicked.
func (w *writer) update(do func(*session, *batch) error) error {
	w.waiting.Add(1)
	w.mu.Lock()
	w.waiting.Add(-1)

	b := w.joinLocked()
	ended := false
	defer func() {
		if !ended { // do panicked
			w.takeBackLocked(b)
			w.leaveLocked(b)
		}
	}()
	err := w.runLocked(b, do)
	ended = true
	w.leaveLocked(b)

	<-b.done
	if b.err != nil {
		return b.err
	}
	return err
}

// joinLocked answers the batch that is under way, and begins one if there is none.
func (w *writer) joinLocked() *batch {
	if w.batch == nil {
		w.batch = &batch{woken: map[string]struct{}{}, done: make(chan struct{})}
		w.session.failed = nil
		if err := w.session.Run("BEGIN IMMEDIATE"); err != nil {
			w.batch.err = troubled(err)
		}
	}
	w.batch.size++
	return w.batch
}

// runLocked runs one transaction of the batch. A failure of the medium ends the whole batch: the engine may have taken
// back more than this one.
func (w *writer) runLocked(b *batch, do func(*session, *batch) error) error {
	if b.err != nil {
		return b.err
	}
	if err := w.beginLocked(b); err != nil {
		b.err = troubled(err)
		return b.err
	}

	err := do(w.session, b)
	switch {
	case w.session.failed != nil:
		b.err = troubled(w.session.failed)
	case err != nil:
		w.takeBackLocked(b)
	case !b.isFirst():
		if failed := w.session.Run("RELEASE one"); failed != nil {
			b.err = troubled(failed)
		}
	}
	return err
}

// isFirst reports whether nothing of the batch has run before the transaction that runs.
func (b *batch) isFirst() bool { return b.size == 1 }

// beginLocked sets the savepoint of a transaction. The first of a batch needs none.
func (w *writer) beginLocked(b *batch) error {
	if b.isFirst() {
		return nil
	}
	return w.session.Run("SAVEPOINT one")
}

// takeBackLocked undoes the transaction that runs. With the first of a batch, the batch is over.
func (w *writer) takeBackLocked(b *batch) {
	if b.err != nil {
		return
	}
	var err error
	if b.isFirst() {
		b.empty, err = true, w.session.Run("ROLLBACK")
	} else if err = w.session.Run("ROLLBACK TO one"); err == nil {
		err = w.session.Run("RELEASE one")
	}
	if err != nil {
		b.err = troubled(err)
	}
}

// leaveLocked gives the lock back. The last of a batch commits it: nobody else wants the lock, or enough have come.
func (w *writer) leaveLocked(b *batch) {
	defer w.mu.Unlock()
	if b.err == nil && !b.empty && w.waiting.Load() > 0 && b.size < mostTogether {
		return
	}
	w.endLocked(b)
}

func (w *writer) endLocked(b *batch) {
	if b.err == nil && !b.empty {
		if err := w.session.Run("COMMIT"); err != nil {
			b.err = troubled(err)
		}
	}
	if b.err != nil {
		_ = w.session.Run("ROLLBACK") // fails where the engine has done so already
	}

	w.batch = nil
	switch {
	case b.err != nil:
		w.fault = b.err
	case !b.empty:
		w.journalBytes += b.journalBytes
		w.after(b)
	}

	close(b.done)
}

// state is why the file cannot be written. Where a batch was not, that is tried again with one that needs some room and
// leaves nothing.
func (w *writer) state() error {
	if w.troubled() == nil {
		return nil
	}

	err := w.update(func(s *session, _ *batch) error {
		if err := s.Run("INSERT INTO room (content) VALUES (zeroblob(65536))"); err != nil {
			return err
		}
		return s.Run("DELETE FROM room")
	})
	if err == nil {
		w.forget()
	}
	return err
}

func (w *writer) troubled() error {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.fault
}

func (w *writer) forget() {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.fault = nil
}
