package gateway

import (
	"github.com/payporter-mock/payporter-mock/mock/internal/clock"
	"github.com/payporter-mock/payporter-mock/mock/internal/journal"
	"github.com/payporter-mock/payporter-mock/mock/internal/pos"
	"github.com/payporter-mock/payporter-mock/mock/store"
)

// Strangers are the requests whose X-API-KEY is missing or unknown. What they sent
// is in no merchant's journal, and yet somebody looks for it. Only they share this one.
type Strangers struct {
	clock   *clock.Clock
	journal *journal.Journal
	pos     pos.POS
}

// strangersKey is whose books they are in: no merchant has an empty key.
const strangersKey = ""

// RequestID is the id for an answer to the request that began at the moment.
func (s *Strangers) RequestID(began store.Moment) string {
	return s.pos.Draws.UUID("", "request", int(began.Number()))
}

// Strangers is the record of the requests that belong to no merchant.
func (g *Gateway) Strangers() *Strangers { return &g.strangers }

// Clock is real time.
func (s *Strangers) Clock() *clock.Clock { return s.clock }

// Journal is the record.
func (s *Strangers) Journal() *journal.Journal { return s.journal }
