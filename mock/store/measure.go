package store

import (
	"context"
	"time"
)

// Measured are books that tell how long their transactions take and how much room they take up. A sandbox asks once
// whether its books are such ones, and shows it in its metrics.
type Measured interface {
	// Measure has the meter told of everything from now on.
	Measure(m Meter)

	// Figures are how things are now. It may wait for the medium until ctx ends; what it cannot find out is left out.
	Figures(ctx context.Context) Figures
}

// Meter is told what books do. It is safe for concurrent use and does not block.
type Meter interface {
	// Now is the real time.
	Now() time.Time
	// Transaction tells of a transaction that is over, whatever became of it: when it was asked for, by Now.
	Transaction(of TransactionKind, began time.Time)
	// Conflict tells that the medium ended a transaction because others were in its way.
	Conflict()
	// Retry tells that a transaction is tried again.
	Retry()
}

// TransactionKind says what a transaction does.
type TransactionKind string

// The kinds of transactions.
const (
	Read  TransactionKind = "read"
	Write TransactionKind = "write"
)

// TransactionKinds are all kinds.
func TransactionKinds() [2]TransactionKind { return [2]TransactionKind{Read, Write} }

// Figures are how things are with books.
type Figures struct {
	Bytes map[string]int64 // the room that their parts take up, by the names of these; empty: not known
	Pool  *Pool            // nil: they have none
}

// Pool is the connections to a database.
type Pool struct {
	InUse, Idle, Most int
	Waits             int64         // how often somebody had to wait for one, since the process began
	Waited            time.Duration // how long together
}
