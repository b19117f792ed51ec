package tables

import (
	"errors"
	"time"

	"github.com/payporter-mock/payporter-mock/payment"
)

// pause is after what time it is worth trying again while a medium cannot be used.
const pause = time.Second

// trouble says that a medium cannot be used at the moment. Its chain has a *payment.Error with code Unavailable, which
// callers of the sandbox get, and the cause, which is for the log.
type trouble struct {
	told  *payment.Error
	cause error
}

func (t *trouble) Error() string { return t.told.Message + ": " + t.cause.Error() }

func (t *trouble) Unwrap() []error { return []error{t.told, t.cause} }

// Troubled says in words that callers may see why a medium cannot be used: reason says that of the cause.
func Troubled(cause error, reason func(error) string) error {
	var known *trouble
	if cause == nil || errors.As(cause, &known) {
		return cause
	}

	return &trouble{
		told: &payment.Error{
			Code: payment.Unavailable, RetryAfter: pause,
			Message: "the store of the sandbox cannot be used: " + reason(cause),
		},
		cause: cause,
	}
}

// Told is what callers may see of the error.
func Told(err error) string {
	var fault *payment.Error
	if errors.As(err, &fault) {
		return fault.Message
	}
	return err.Error()
}
