package payment

import "time"

// Authentication is the 3-D Secure step of a payment that a merchant started with POST /api/3ds. The payment stays
// ENROLLED until the merchant completes it.
type Authentication struct {
	Challenge   // what the bank asks, and what the payment will be if the customer is who it should be
	State       AuthenticationState
	Charged     Amount // what the card is charged, with any interest that the customer pays
	SuccessURL  string // where the customer's browser POSTs paymentId and securityKey after the right code
	FailureURL  string // and after anything else
	SecurityKey string // what completes the payment; empty until the bank has answered
	Posted      string // what the browser says as securityKey: the key itself, unless a scenario has another
	KeyEndsAt   time.Time
}

// AuthenticationState is how far a 3-D Secure step has come. It is the sandbox's own word, not the wire's.
//
//	ASKED --right code--> AUTHENTICATED   --+
//	  |                                     +--complete with the key--> COMPLETED
//	  +---anything else-> UNAUTHENTICATED --+
type AuthenticationState string

// The states of a 3-D Secure step.
const (
	Asked           AuthenticationState = "ASKED"           // the customer is at the bank, or has left it without a word
	Authenticated   AuthenticationState = "AUTHENTICATED"   // the bank knows the customer
	Unauthenticated AuthenticationState = "UNAUTHENTICATED" // it does not
	Completed       AuthenticationState = "COMPLETED"       // the merchant has the result
)

// Over reports whether the bank asks no more.
func (a *Authentication) Over() bool { return a.State != Asked }
