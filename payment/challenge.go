package payment

import "time"

// BankCode is the one-time code that the sandbox's bank sends to every customer.
const BankCode = "123456"

// BankTries is how many codes the bank lets a customer try.
const BankTries = 3

// Challenge is the 3-D Secure question of a bank: the customer's card is charged only when the
// one-time code is right. PayPorter's page on hosted checkouts is silent on it, so all of it is assumed.
type Challenge struct {
	EndsAt   time.Time     // when the bank stops waiting
	Left     int           // codes that the customer may still try
	Hopeless bool          // no code is right: the card is one whose authentication fails
	Payment  Payment       // what the payment will be once the code was right
	Delay    time.Duration // how long the bank takes after that
}

// Ask sends the customer of an open checkout to the bank's page. Until the bank is content the
// payment is ENROLLED.
func (c Checkout) Ask(q Challenge) (Checkout, error) {
	if !c.Payable() {
		return c, c.NotPayable()
	}
	c.State, c.Challenge = Authenticating, &q
	c.Payment = Payment{ID: q.Payment.ID, Type: Sale, Status: Enrolled}
	return c, nil
}

// WrongCode takes one of the tries away.
func (c Checkout) WrongCode() Checkout {
	q := *c.Challenge
	q.Left--
	c.Challenge = &q
	return c
}

// Unauthenticated is the payment of a challenge that came to nothing, for the reason given.
func (q Challenge) Unauthenticated(reason string) Payment {
	p := q.Payment
	p.Status, p.ResultCode, p.ResultMessage, p.AuthCode = Failed, ResultUnauthenticated, reason, ""
	return p
}

// ResultUnauthenticated is the result code of a 3-D Secure step that failed, and the rest are its
// messages. Turkish gateways report mdStatus 0 for it; assumed for PayPorter.
const (
	ResultUnauthenticated        = "MD_STATUS_0"
	ResultUnauthenticatedMessage = "3-D Secure authentication failed"
	ResultLeftBankMessage        = "3-D Secure authentication was cancelled by the cardholder"
	ResultBankTimeOutMessage     = "3-D Secure authentication was not completed in time"
)

// ThreeDSecure says which cards are sent to the bank's page.
type ThreeDSecure string

// The ways to use 3-D Secure. It never applies to cards whose bank cannot be asked.
const (
	ThreeDSecureByCard ThreeDSecure = "card"   // the test cards that want it
	ThreeDSecureAlways ThreeDSecure = "always" // every card
	ThreeDSecureNever  ThreeDSecure = "never"  // none
)
