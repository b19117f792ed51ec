package payment

import (
	"strings"
	"time"
)

// Code names a kind of fault; it is the messageCode of an error answer.
// PayPorter documents that codes exist, not their values, so these are assumed.
type Code string

// The codes of the sandbox.
const (
	InvalidRequest  Code = "INVALID_REQUEST"        // the request breaks the contract
	Unauthorized    Code = "UNAUTHORIZED"           // no valid credentials
	Forbidden       Code = "FORBIDDEN"              // another web site asks through a browser
	NotFound        Code = "NOT_FOUND"              // no such checkout, payment, delivery or path
	WrongMethod     Code = "METHOD_NOT_ALLOWED"     // the path exists, the method does not
	NotPayable      Code = "CHECKOUT_NOT_PAYABLE"   // paid, cancelled, expired or being processed
	TooLarge        Code = "BODY_TOO_LARGE"         // over the body limit
	UnsupportedType Code = "UNSUPPORTED_MEDIA_TYPE" // not the content type the operation takes
	ClockRange      Code = "CLOCK_OUT_OF_RANGE"     // the clock would leave the years in which it can be
	TimedOut        Code = "TIMED_OUT"              // what was waited for did not happen
	TooManyRequests Code = "TOO_MANY_REQUESTS"      // slow down; Retry-After says until when
	Unavailable     Code = "SERVICE_UNAVAILABLE"    // try again later
	Scripted        Code = "SCRIPTED"               // a scenario answers with a status that has no code of its own
	Internal        Code = "INTERNAL_ERROR"         // a bug of the sandbox
	NotDecidable    Code = "PAYMENT_NOT_DECIDABLE"  // the payment waits for no decision
)

// Error is a fault that a caller can mend. A declined payment is not an error: it is a Payment.
type Error struct {
	Code    Code
	Message string
	Field   string       // the faulty field, empty for the request as a whole
	Fields  []FieldError // every faulty field, when more than one thing was looked at
	// RetryAfter is when to try again; zero: nothing is said about that.
	RetryAfter time.Duration
}

// FieldError says what is wrong with one field.
type FieldError struct {
	Field   string `json:"field"`
	Message string `json:"message"`
}

// Error is the sentence itself, led by the field it is about.
func (e *Error) Error() string {
	if e.Field == "" {
		return e.Message
	}
	return e.Field + ": " + e.Message
}

// Is reports whether target is an *Error with the same code.
func (e *Error) Is(target error) bool {
	other, ok := target.(*Error)
	return ok && other.Code == e.Code
}

// Invalid gathers faults of fields into one InvalidRequest error, or nil when there are none.
func Invalid(fields []FieldError) error {
	if len(fields) == 0 {
		return nil
	}

	sentences := make([]string, len(fields))
	for i, f := range fields {
		sentences[i] = f.Message
		if f.Field != "" {
			sentences[i] = f.Field + ": " + f.Message
		}
	}
	return &Error{Code: InvalidRequest, Message: strings.Join(sentences, "; "), Fields: fields}
}
