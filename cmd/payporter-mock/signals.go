package main

import (
	"context"
	"errors"
	"os"
	"os/signal"
	"sync/atomic"
	"syscall"

	"github.com/payporter-mock/payporter-mock/mock"
)

// starting runs start, and answers what it does, unless ctx ends first: then nothing of it is used, and ok is false. So
// the first signal ends the program whatever the start waits for.
func starting[T any](ctx context.Context, start func() T, discard func(T)) (made T, ok bool) {
	done := make(chan T, 1)
	go func() { done <- start() }()
	select {
	case made = <-done:
		return made, true
	case <-ctx.Done():
		go func() { discard(<-done) }()
		return made, false
	}
}

// errHurried is what the program says that was told twice to end.
var errHurried = errors.New("ended at once by a second signal: what was under way has been broken off")

// impatience ends a sandbox at once at the second signal. Without it the second one would end the program before it has
// said what is undelivered.
type impatience struct {
	signals chan os.Signal
	done    chan struct{}
	ended   chan struct{}
	hurried atomic.Bool
}

// listen begins to count the signals.
func listen() *impatience {
	i := &impatience{signals: make(chan os.Signal, 2), done: make(chan struct{}), ended: make(chan struct{})}
	signal.Notify(i.signals, os.Interrupt, syscall.SIGTERM)
	return i
}

// watch closes the server now when a second signal comes.
func (i *impatience) watch(server *mock.Server) {
	go func() {
		defer close(i.ended)
		for range 2 {
			select {
			case <-i.signals:
			case <-i.done:
				return
			}
		}

		i.hurried.Store(true)
		server.CloseNow()
	}()
}

// stop ends the watch, and reports whether a second signal came.
func (i *impatience) stop() (hurried bool) {
	close(i.done)
	<-i.ended
	return i.hurried.Load()
}
