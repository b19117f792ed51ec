package store

import (
	"context"
	"time"

	"github.com/payporter-mock/payporter-mock/payment"
)

// ErrLost is answered where a process goes on with what it had claimed, after the others took it for dead and gave its
// claims to somebody else. Nothing has been changed then. Its chain has a *payment.Error with code Unavailable.
var ErrLost error = lost{}

type lost struct{}

func (lost) Error() string { return errLost.Message }

func (lost) Unwrap() error { return errLost }

var errLost = &payment.Error{
	Code: payment.Unavailable, RetryAfter: time.Second,
	Message: "this process of the sandbox stood still for too long, and another one took over what it did: send the " +
		"request again",
}

// Shared are books that several processes use at the same time. A sandbox asks once whether its books are such ones.
type Shared interface {
	Books
	// Agree compares the settings with those to which the other processes have agreed that use the books now, and
	// answers those in force: these, where no other process has agreed. A setting that is named by follow is taken
	// from the others. A difference is an error that names it, once it is sure that the others still run.
	Agree(ctx context.Context, mine Settings, follow ...string) (Settings, error)
	// PutSetting changes one of the settings in force, for processes that begin later.
	PutSetting(ctx context.Context, name, value string) error
	// Watch has told called, from one goroutine, after changes that other processes have made. It must not block.
	Watch(told func(Change))
	// Record is what the books hold of the merchant with the key now. It answers ErrNotFound when there is none.
	Record(ctx context.Context, key string) (Merchant, error)
}

// Settings are settings in which processes agree, by their names.
type Settings map[string]string

// Change is what another process has changed. It is a hint: what the books say is true.
type Change struct {
	Key       string    // whose books they are; empty: anybody's
	Due       time.Time // of the earliest task that was scheduled; zero: none was
	Finished  bool      // a task that was claimed, or a movement of the clock, is over
	Forgotten bool      // the merchant was forgotten; it may have come back since
}

// SharedStore is the books of one merchant in Shared. A process that does not answer for some seconds is taken for
// dead: what it had claimed waits again, and its Lead has ended. Should it live after all, ErrLost tells it so.
type SharedStore interface {
	Store
	// Record is what the books hold of the merchant now. It answers ErrNotFound when none has been put.
	Record(ctx context.Context) (Merchant, error)
	// Lease is ctx with the lease that the process has now: calls with it answer ErrLost once the lease is lost.
	Lease(ctx context.Context) context.Context
	// ClaimBy is Claim, or ClaimGroup where a group is given, by the clock as the books have it: show answers what that
	// shows. While the clock is frozen, at most one process runs tasks.
	ClaimBy(ctx context.Context, show func(Clock) time.Time, group *string) (Claim, error)
	// Lead keeps other processes from claiming tasks and from leading until release is called. It waits for the one that
	// leads. Two calls of one process do not wait for each other.
	Lead(ctx context.Context) (release func(), err error)
	// Settled waits until no other process has a claimed task.
	Settled(ctx context.Context) error
}

// Claim is what came of ClaimBy.
type Claim struct {
	Task    Task
	OK      bool   // there is a task
	Blocked bool   // one is due, and another process must come to an end first
	Clock   Clock  // as the books have it
	Resets  uint64 // how often the merchant had begun anew, if there is a task
}
