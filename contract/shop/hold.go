package shop

import (
	"sync"
	"time"

	"github.com/payporter-mock/payporter-mock/internal/exchange"
)

// mostHeld is how long an answer is held back that nobody releases.
const mostHeld = 20 * time.Second

// Hold keeps answers of PayPorter back until it is released.
type Hold struct {
	once     sync.Once
	released chan struct{}
}

// NewHold is a hold that is not released.
func NewHold() *Hold { return &Hold{released: make(chan struct{})} }

// Release lets every answer go, those that are still to come, too.
func (h *Hold) Release() { h.once.Do(func() { close(h.released) }) }

// Edit is what keeps an answer back.
func (h *Hold) Edit(a exchange.Message) exchange.Message {
	select {
	case <-h.released:
	case <-time.After(mostHeld):
	}
	return a
}
