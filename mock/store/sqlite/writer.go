package sqlite

import (
	"context"
	"sync"
	"sync/atomic"
	"time"

	"github.com/payporter-mock/payporter-mock/mock/store/internal/tables"
)

// writer runs the transactions that change the file, one after the other. Those that come while others are under way
// are committed together, so that they share one sync of the disk. Each but the first runs under a savepoint of its
// own: one that fails is taken back alone.
//
// It keeps in memory what merchants count, and writes that down once for each commit.
type writer struct {
	line   line
	unread atomic.Bool // something has been answered that is not committed: who reads has it committed first

	mu      sync.Mutex // guards all below
	session *session
	batch   *batch       // nil: none is begun
	after   func(*batch) // is called when a batch has been committed
	lag     time.Duration
	fault   error // why a batch was not written, until state finds that there is room again

	merchants map[string]tables.Standing // what is known of merchants, by their keys
	behind    map[string]struct{}        // those of which the file does not say all

	journalMost  int64 // about what all journals may hold
	journalBytes int64 // what all journals hold, as far as it has been committed
	journalTurn  int64 // of the journal that was written to last
}

// batch is transactions that are committed together.
type batch struct {
	size    int
	begun   bool                // the engine's transaction is
	changed bool                // there is something to be committed
	waiting []*turn             // those that wait for the commit
	settled func()              // is called when it ends, so that nothing commits it later; nil: nothing would
	freed   bool                // rows were forgotten
	woken   map[string]struct{} // keys whose journal has changed
	// journalBytes is by how much all journals have grown.
	journalBytes int64
	err          error // why it was not committed
}

// mostTogether bounds how long the first of a batch waits for the others.
const mostTogether = 128

// usualLag is how long what nobody waits for may wait for others to be committed with, and mostLag how long it may be
// until it has been.
const (
	usualLag = 100 * time.Millisecond
	mostLag  = 250 * time.Millisecond
)

// Lag implements store.Lagging.
func (*books) Lag() time.Duration { return mostLag }

// update runs do in one transaction and comes back when that has been committed, or taken back because do answered an
// error or panicked. One that may be written soon is not waited for, unless it has read what others wait for, nor is one
// that has neither read nor changed the file.
func (w *writer) update(soon bool, do func(*session, *batch) error) error {
	t := &turn{soon: soon, do: do, told: make(chan signal, 1)}
	w.line.join(t)
	for <-t.told == leads {
		w.lead()
	}
	return t.outcome()
}

// lead runs the turns that wait, and those that come meanwhile, and commits them.
func (w *writer) lead() {
	defer w.line.passOn()
	w.mu.Lock()
	defer w.mu.Unlock()
	defer w.leaveLocked()
	for t := w.line.next(); t != nil; t = w.line.next() {
		b := w.joinLocked()
		w.turnLocked(b, t)
		if b.err != nil || b.size >= mostTogether {
			return
		}
	}
}

// joinLocked answers the batch that is under way, and makes one if there is none.
func (w *writer) joinLocked() *batch {
	if w.batch == nil {
		w.batch = &batch{woken: map[string]struct{}{}}
		w.session.failed = nil
	}
	w.batch.size++
	return w.batch
}

// turnLocked runs one transaction of the batch. Its caller is told at once if it need not wait for the commit. One that
// panics, or ends its goroutine, is taken back.
func (w *writer) turnLocked(b *batch, t *turn) {
	defer func() {
		if !t.returned {
			t.panicked = recover()
			w.takeBackLocked(b)
		}
		b.changed = b.changed || w.session.changed
		answers := !t.soon && (w.session.used || w.session.changed)
		follows := w.session.read && len(b.waiting) > 0 // nobody acts on what may be taken back
		if b.err != nil || answers || follows {
			b.waiting = append(b.waiting, t)
			return
		}
		w.unread.Store(w.unread.Load() || w.session.changed)
		t.told <- hasRun
	}()
	t.err = w.runLocked(b, t.do)
	t.returned = true
}

// runLocked runs the transaction. A failure of the medium ends the whole batch: the engine may have taken back more
// than this one.
func (w *writer) runLocked(b *batch, do func(*session, *batch) error) error {
	w.session.transaction = transaction{}
	w.session.first = func() error { return w.beginLocked(b) }
	err := do(w.session, b)
	w.session.first = nil

	switch {
	case w.session.failed != nil:
		b.err = troubled(w.session.failed)
	case err != nil:
		w.takeBackLocked(b)
	case w.session.saved:
		if failed := w.session.control("RELEASE one"); failed != nil {
			b.err = troubled(failed)
		}
	}
	return err
}

// beginLocked is called before the first statement of a transaction. The first of a batch needs no savepoint.
func (w *writer) beginLocked(b *batch) error {
	w.session.used = true
	if b.begun {
		w.session.saved = true
		return w.session.control("SAVEPOINT one")
	}
	b.begun = true
	return w.session.control("BEGIN IMMEDIATE")
}

// takeBackLocked undoes the transaction that runs. What it has left in memory only is not kept.
func (w *writer) takeBackLocked(b *batch) {
	w.session.first = nil
	w.session.changed = false
	if b.err != nil || !w.session.used {
		return
	}
	var err error
	if !w.session.saved {
		b.begun, err = false, w.session.control("ROLLBACK")
	} else if err = w.session.control("ROLLBACK TO one"); err == nil {
		err = w.session.control("RELEASE one")
	}
	if err != nil {
		b.err = troubled(err)
	}
}

// leaveLocked commits the batch. If nobody waits for that, it can be done later.
func (w *writer) leaveLocked() {
	b := w.batch
	if b == nil {
		return
	}
	if b.err == nil && b.changed && len(b.waiting) == 0 {
		if b.settled == nil {
			b.settled = w.settleLater()
		}
		return
	}
	w.endLocked(b)
}

// settle commits what nobody has waited for, so that whoever reads the file sees it.
func (w *writer) settle() {
	if !w.unread.Load() {
		return
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.batch != nil {
		w.endLocked(w.batch)
	}
}

// settleLater settles after some time, unless stop is called first.
func (w *writer) settleLater() (stop func()) {
	later, cancel := context.WithTimeout(background, w.lag)
	forget := context.AfterFunc(later, w.settle)
	return func() {
		forget()
		cancel()
	}
}

func (w *writer) endLocked(b *batch) {
	if b.settled != nil {
		b.settled()
	}
	if b.err == nil && b.changed {
		b.err = w.writeDownLocked(b)
	}
	if b.err == nil && b.begun {
		if err := w.session.control("COMMIT"); err != nil {
			b.err = troubled(err)
		}
	}

	w.batch = nil
	w.unread.Store(false)
	switch {
	case b.err != nil:
		if b.begun {
			_ = w.session.control("ROLLBACK") // fails where the engine has done so already
		}
		w.fault = b.err
		w.forgetMerchantsLocked()
	case b.changed:
		w.journalBytes += b.journalBytes
		w.after(b)
	}
	for _, t := range b.waiting {
		t.fault = b.err
		t.told <- hasRun
	}
}

// state is why the file cannot be written. Where a batch was not, that is tried again with one that needs some room and
// leaves nothing.
func (w *writer) state() error {
	if w.troubled() == nil {
		return nil
	}

	err := w.update(false, func(s *session, _ *batch) error {
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
