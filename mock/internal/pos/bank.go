package pos

import (
	"fmt"

	"github.com/payporter-mock/payporter-mock/payment"
)

// ask sends the customer to the bank's page.
func (p POS) ask(s Sale, d Decision, q payment.Challenge) (Decision, error) {
	q.EndsAt, q.Left = s.Now.Add(p.Rules.BankPatience), payment.BankTries
	var err error
	d.Checkout, err = d.Checkout.Ask(q)
	return p.settled(s, d, "the bank asks the customer for a one-time code"), err
}

// Authenticate takes the one-time code that the customer typed on the bank's page. The right one
// charges the card. A wrong one is no error: it takes a try away, and the last one fails the payment.
// A checkout that is not at the bank is an *payment.Error with code NotPayable.
func (p POS) Authenticate(s Sale, code string) (Decision, error) {
	q, d, over, err := p.atBank(s)
	if over || err != nil {
		return d, err
	}

	const note = "the customer typed a code"
	switch {
	case code == payment.BankCode && !q.Hopeless:
		return p.charge(s, d, q.Payment, q.Delay, note)
	case q.Left > 1 && code != payment.BankCode:
		d.Checkout = d.Checkout.WrongCode()
		return p.settled(s, d, fmt.Sprintf("a wrong code, %d of %d tries left", q.Left-1, payment.BankTries)), nil
	}
	return p.unauthenticated(s, d, payment.ResultUnauthenticatedMessage, note)
}

// LeaveBank is the customer who presses Cancel on the bank's page: the attempt to pay has failed. A
// checkout that is not at the bank is an *payment.Error with code NotPayable.
func (p POS) LeaveBank(s Sale) (Decision, error) {
	_, d, over, err := p.atBank(s)
	if over || err != nil {
		return d, err
	}
	return p.unauthenticated(s, d, payment.ResultLeftBankMessage, "cancelled on the bank's page")
}

// BankGivesUp ends a challenge whose time is over. One that is not, and a checkout that is not at the bank, are an
// *payment.Error with code NotPayable.
func (p POS) BankGivesUp(s Sale) (Decision, error) {
	_, d, over, err := p.atBank(s)
	if !over && err == nil {
		err = s.Checkout.NotPayable()
	}
	return d, err
}

// atBank begins a decision about a checkout whose customer is at the bank. Whoever comes late finds that the bank
// has given up: then over is true, and the decision is complete.
func (p POS) atBank(s Sale) (q payment.Challenge, d Decision, over bool, err error) {
	if s.Checkout.State != payment.Authenticating {
		return q, d, false, s.Checkout.NotPayable()
	}
	q, d = *s.Checkout.Challenge, s.decided()
	if s.Now.Before(q.EndsAt) {
		return q, d, false, nil
	}
	d, err = p.unauthenticated(s, d, payment.ResultBankTimeOutMessage, "the bank waits no longer")
	return q, d, true, err
}

// unauthenticated fails the attempt to pay. Nothing is charged, and what the scenario made of the
// payment is no longer so.
func (p POS) unauthenticated(s Sale, d Decision, reason, note string) (Decision, error) {
	d.forgetBank()
	failed := d.Checkout.Challenge.Unauthenticated(reason)
	failed.Date = s.Now
	var err error
	d.Checkout, err = d.Checkout.Settle(failed, p.Rules.RetryPayments)
	return p.settled(s, d, note), err
}
