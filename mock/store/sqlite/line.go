package sqlite

import (
	"runtime"
	"sync"
)

// line is the transactions that wait for their turn. The caller of one of them leads: it runs the others' with its own,
// so that the writer does not pass from goroutine to goroutine with every transaction.
type line struct {
	mu    sync.Mutex // guards all below
	turns []*turn
	led   bool // somebody leads
}

// turn is a transaction that somebody has asked for.
type turn struct {
	soon bool
	do   func(*session, *batch) error
	told chan signal

	returned bool // do has
	panicked any  // what do panicked with
	err      error
	fault    error // why the batch was not written
}

// signal is what the caller of a turn is told.
type signal string

const (
	leads  signal = "lead" // it runs the turns, its own first
	hasRun signal = "run"  // its turn is over
)

// join puts the turn at the end of the line. If nobody leads, its caller does.
func (l *line) join(t *turn) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.turns = append(l.turns, t)
	if !l.led {
		l.led = true
		t.told <- leads
	}
}

// next takes the first turn out of the line; nil: there is none.
func (l *line) next() *turn {
	l.mu.Lock()
	defer l.mu.Unlock()
	if len(l.turns) == 0 {
		return nil
	}
	t := l.turns[0]
	l.turns[0] = nil
	l.turns = l.turns[1:]
	return t
}

// passOn has the caller of the first turn lead, if there is one.
func (l *line) passOn() {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.led = len(l.turns) > 0; l.led {
		l.turns[0].told <- leads
	}
}

// outcome is what came of a turn that is over. It panics if do has, and ends the goroutine if do would have.
func (t *turn) outcome() error {
	switch {
	case t.panicked != nil:
		panic(t.panicked)
	case !t.returned:
		runtime.Goexit()
	case t.fault != nil:
		return t.fault
	}
	return t.err
}
