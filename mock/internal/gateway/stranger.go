package gateway

import (
	"github.com/payporter-mock/payporter-mock/mock/internal/clock"
	"github.com/payporter-mock/payporter-mock/mock/internal/journal"
)

// Strangers are the callers that no key tells apart: it is missing, or nobody has it. What they sent
// is in no merchant's journal, and yet somebody looks for it. Only they share this one.
type Strangers struct {
	clock   *clock.Clock
	journal *journal.Journal
}

// Strangers is the record of the requests that belong to no merchant.
func (g *Gateway) Strangers() *Strangers { return &g.strangers }

// Clock is real time.
func (s *Strangers) Clock() *clock.Clock { return s.clock }

// Journal is the record.
func (s *Strangers) Journal() *journal.Journal { return s.journal }
