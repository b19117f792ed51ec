package pos

import (
	"crypto/subtle"
	"time"

	"github.com/payporter-mock/payporter-mock/payment"
	"github.com/payporter-mock/payporter-mock/scenarios"
)

// StartThreeDSecure makes a payment whose customer is sent to the bank. A card whose bank cannot be asked makes one
// that has failed.
func (p POS) StartThreeDSecure(c Charge, f Followed, number int, now time.Time) Movement {
	m, paid, delay := p.charging(c, f, number, now)
	card, _ := payment.FindTestCard(c.Card.PAN)
	if card.Bank3DS == payment.Unasked && paid.Status != payment.Success {
		m.Payment, m.Note = paid, "the card's bank cannot be asked"
		return m
	}

	hopeless := card.Bank3DS == payment.Hopeless && paid.ResultCode == payment.ResultUnauthenticated
	paid.Authentication = &payment.Authentication{
		State: payment.Asked, Charged: c.order().Charged(c.InstallmentCount), SuccessURL: c.SuccessURL,
		FailureURL: c.FailureURL,
		Challenge: payment.Challenge{
			EndsAt: now.Add(p.Rules.BankPatience), Left: payment.BankTries, Hopeless: hopeless, Payment: paid, Delay: delay,
		},
	}
	m.Payment, m.Note = waiting(paid), "the customer is sent to the bank"
	return m
}

// MeetBank is the customer who comes to the bank's page of a payment by the API. It may have answered without a code.
func (p POS) MeetBank(r Related) (Movement, error) {
	a, late, ok := p.atBankPage(r)
	if !ok || late != "" {
		return p.unknown(r, a, late), nil
	}

	m, _ := p.byScenario(r, a)
	return m, nil
}

// byScenario is what the scenario lets the bank say, whatever the customer does; decided is false if it says nothing.
func (p POS) byScenario(r Related, a payment.Authentication) (m Movement, decided bool) {
	switch outcomeOf(r) {
	case scenarios.Authenticated, scenarios.WrongSecurityKey:
		return p.knows(r, a), true
	case scenarios.Unauthenticated:
		return p.unknown(r, a, payment.ResultUnauthenticatedMessage), true
	}
	return Movement{Payment: r.Payment}, false
}

// TypeBankCode is the customer who types a code on the bank's page of a payment by the API. A wrong one is no error: it
// takes a try away.
func (p POS) TypeBankCode(r Related, code string) (Movement, error) {
	a, late, ok := p.atBankPage(r)
	if !ok || late != "" {
		return p.unknown(r, a, late), nil
	}
	if m, decided := p.byScenario(r, a); decided {
		return m, nil
	}

	switch {
	case code == payment.BankCode && !a.Hopeless:
		return p.knows(r, a), nil
	case a.Left > 1 && code != payment.BankCode:
		a.Left--
		return bankSaid(r, a, "a wrong code"), nil
	}
	return p.unknown(r, a, payment.ResultUnauthenticatedMessage), nil
}

// LeaveBankPage is the customer who presses Cancel on the bank's page of a payment by the API.
func (p POS) LeaveBankPage(r Related) (Movement, error) {
	a, late, ok := p.atBankPage(r)
	if ok && late == "" {
		late = payment.ResultLeftBankMessage
	}
	return p.unknown(r, a, late), nil
}

// atBankPage begins a decision at the bank. It is not ok when the bank asks nothing any more, or the scenario's
// customer never comes back; late is the reason why the bank does not know the customer, for one who comes too late.
func (p POS) atBankPage(r Related) (a payment.Authentication, late string, ok bool) {
	if r.Payment.Authentication == nil {
		return a, "", false
	}

	a = *r.Payment.Authentication
	switch {
	case a.Over() || r.Payment.Status != payment.Enrolled || outcomeOf(r) == scenarios.Left:
		return a, "", false
	case !r.Now.Before(a.EndsAt):
		return a, payment.ResultBankTimeOutMessage, true
	}
	return a, "", true
}

// outcomeOf is what the scenario's customer does at the bank; empty: what the customer on the page does.
func outcomeOf(r Related) scenarios.Authentication {
	if s := r.Scenario(); s != nil && s.ThreeDSecure != nil {
		return s.ThreeDSecure.Outcome
	}
	return ""
}

// knows is the bank that has authenticated the customer.
func (p POS) knows(r Related, a payment.Authentication) Movement {
	a.State = payment.Authenticated
	return bankSaid(r, p.withKey(r, a), "the bank has authenticated the customer")
}

// unknown is the bank that has not, for the reason given; without one nothing has happened.
func (p POS) unknown(r Related, a payment.Authentication, reason string) Movement {
	if reason == "" {
		return Movement{Payment: r.Payment}
	}
	a.State, a.Payment = payment.Unauthenticated, a.Unauthenticated(reason)
	return bankSaid(r, p.withKey(r, a), "the bank has not authenticated the customer")
}

// withKey gives the customer something to bring back.
func (p POS) withKey(r Related, a payment.Authentication) payment.Authentication {
	a.SecurityKey = p.Draws.UUID(r.Payment.ID, "security key")
	a.Posted, a.KeyEndsAt = a.SecurityKey, r.Now.Add(p.Rules.SecurityKeyLifetime)
	if outcomeOf(r) == scenarios.WrongSecurityKey {
		a.Posted = p.Draws.UUID(r.Payment.ID, "wrong security key")
	}
	return a
}

func bankSaid(r Related, a payment.Authentication, note string) Movement {
	changed := r.Payment
	changed.Authentication = &a
	return Movement{Payment: changed, Note: note}
}

// Complete settles a payment whose customer came back from the bank. What PayPorter refuses is an *payment.Error with
// the code of it: NotThreeDSecure, WasCompleted, NotAuthenticated, WrongSecurityKey or SecurityKeyEnded.
func (p POS) Complete(r Related, key string) (Movement, error) {
	a := r.Payment.Authentication
	switch {
	case a == nil:
		return Movement{}, refused(payment.NotThreeDSecure, r.Payment, "was not started with POST /api/3ds")
	case a.State == payment.Completed || r.Payment.Status != payment.Enrolled:
		return Movement{}, refused(payment.WasCompleted, r.Payment, "has been completed; ask for it with GET "+
			"/api/payment/{paymentId}")
	case a.State == payment.Asked:
		return Movement{}, refused(payment.NotAuthenticated, r.Payment, "waits for the customer, who has not come back "+
			"from the bank")
	case subtle.ConstantTimeCompare([]byte(key), []byte(a.SecurityKey)) != 1:
		return Movement{}, refused(payment.WrongSecurityKey, r.Payment, "has another securityKey")
	case !r.Now.Before(a.KeyEndsAt):
		return Movement{}, refused(payment.SecurityKeyEnded, r.Payment, "had to be completed within %s",
			p.Rules.SecurityKeyLifetime)
	}

	paid, delay := a.Payment, a.Delay
	paid.Date, paid.Authentication = r.Now, completed(a)
	if delay == 0 || paid.Status == payment.Failed && paid.ResultCode == payment.ResultUnauthenticated || r.Run == nil {
		return Movement{Payment: paid, Note: "completed by the merchant"}, nil
	}
	run := *r.Run
	return p.takesTime(Movement{Run: &run}, paid, delay, r.Now), nil
}

// completed is the 3-D Secure step when the merchant has the result.
func completed(a *payment.Authentication) *payment.Authentication {
	done := *a
	done.State, done.Payment = payment.Completed, payment.Payment{}
	return &done
}
