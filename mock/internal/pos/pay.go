package pos

import (
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/payporter-mock/payporter-mock/mock/store"
	"github.com/payporter-mock/payporter-mock/payment"
	"github.com/payporter-mock/payporter-mock/scenarios"
)

// Try is one attempt of a customer to pay.
type Try struct {
	Card             payment.Card
	InstallmentCount int // zero means one
	// Present says that the customer sits in front of the hosted page, so that a bank can ask for a
	// code. Without it the sandbox's own customer pays, who always knows the code.
	Present bool
}

// Pay is a customer's attempt to pay with a card, which decides the result unless the scenario knows better: a
// declined payment is no error. What the customer got wrong is an *payment.Error with code InvalidRequest that names
// every field, and a checkout that cannot be paid any more is one with code NotPayable. A link whose time is over ends
// first.
func (p POS) Pay(s Sale, t Try) (Decision, error) {
	if s.Checkout.Payable() && !s.Now.Before(s.Checkout.ExpiresAt) {
		d, err := p.Expire(s)
		d.Refused = d.Checkout.NotPayable()
		return d, err
	}
	if !s.Checkout.Payable() {
		return Decision{}, s.Checkout.NotPayable()
	}
	t.InstallmentCount = max(t.InstallmentCount, 1)
	card, err := t.check(s)
	if err != nil {
		return Decision{}, err
	}

	d := s.decided()
	d.Checkout.Attempts++
	said, ok := p.bankSays(s, &d, t, card)
	if ok && said.Status != "" {
		card.Outcome = Completed(payment.Outcome{
			Status: said.Status, ResultCode: said.ResultCode, ResultMessage: said.ResultMessage,
		})
		if card.Bank3DS == payment.Hopeless {
			card.Bank3DS = payment.Challenges
		}
	}

	c := d.Checkout
	paid := p.paid(s, c, t, card)
	delay := said.Delay.At(p.Draws.Fraction(c.ID, "delay", c.Attempts))
	if t.Present && card.Challenged(p.Rules.ThreeDSecure) {
		return p.ask(s, d, payment.Challenge{Payment: paid, Delay: delay, Hopeless: card.Bank3DS == payment.Hopeless})
	}
	note := charged(paid)
	if delay > 0 {
		note = takesItsTime
	}
	return p.charge(s, d, paid, delay, note)
}

// takesItsTime is what the journal says of a payment whose result is still to come.
const takesItsTime = "the bank takes its time"

// charged is what the journal says of a payment by card that has its result.
func charged(paid payment.Payment) string {
	if paid.Status == payment.Failed || paid.Status == payment.Rejected {
		return strings.TrimSpace("declined: " + paid.ResultCode + " " + paid.ResultMessage)
	}
	return "paid by card"
}

// check finds the test card of the try, and everything that is wrong with it.
func (t Try) check(s Sale) (payment.TestCard, error) {
	card, faults := t.Card.Check(s.Now)
	switch most := s.Checkout.MaxInstallmentCount; {
	case t.InstallmentCount > most:
		faults = append(faults, payment.FieldError{
			Field: "installmentCount", Message: fmt.Sprintf("must be at most %d", most),
		})
	case card.PAN != "" && t.InstallmentCount > card.InstallmentsAtMost(most):
		faults = append(faults, payment.FieldError{Field: "installmentCount", Message: singlePayment})
	}
	return card, payment.Invalid(faults)
}

// bankSays is what the scenario makes of the attempt, now that the card is known; not ok: the card decides. A scenario
// that was chosen by name stays.
func (p POS) bankSays(s Sale, d *Decision, t Try, card payment.TestCard) (scenarios.Payment, bool) {
	if d.Run == nil {
		return scenarios.Payment{}, false
	}
	d.Run.Attempt, d.Run.Card, d.Run.InstallmentCount = d.Checkout.Attempts, card.PAN.Masked(), t.InstallmentCount
	d.Run.Overlaid, d.Run.Pending = false, nil
	if c := d.Run.Choice; c == scenarios.ByFile || c == scenarios.ByDefault {
		p.choosePaying(s, d)
	}

	scenario := d.Run.Of(s.Set)
	if scenario == nil {
		return scenarios.Payment{}, false
	}
	said, ok := scenario.Payment.Attempt(d.Checkout.Attempts)
	d.Run.Overlaid = ok && len(said.Fields) > 0
	return said, ok
}

// choosePaying chooses the scenario of an attempt to pay.
func (p POS) choosePaying(s Sale, d *Decision) {
	used := func(name string) uint64 {
		n := s.Used(name)
		if n > 0 && d.Run.Counts(name) {
			return n - 1 // this checkout is no rival of itself
		}
		return n
	}
	chosen := d.Run.Opened // what was chosen without the card needs no card, so it still holds
	if found := s.Set.Match(FactsOf(s.Checkout, d.Run), used); found != nil {
		chosen = scenarios.Chosen{Scenario: found.Name, Choice: scenarios.ByFile}
	}
	if chosen.Scenario == d.Run.Scenario {
		return
	}

	d.Run.Used, d.Run.Chosen, d.Run.Answered = s.Set.Usage(s.Used), chosen, 0
	if chosen.Scenario != "" && !d.Run.Counts(chosen.Scenario) {
		d.Run.Counted = append(d.Run.Counted[:len(d.Run.Counted):len(d.Run.Counted)], chosen.Scenario)
		d.Counted = append(d.Counted, chosen.Scenario)
	}
}

// FactsOf are what is known of a checkout: the order, and the latest try to pay, if there was one.
func FactsOf(c payment.Checkout, run *scenarios.Run) scenarios.Facts {
	facts := factsOf(c.Order)
	if run.Attempt > 0 {
		facts.Paying, facts.Attempt, facts.InstallmentCount = true, run.Attempt, run.InstallmentCount
		facts.Card = payment.TestCardMasked(run.Card)
	}
	return facts
}

// charge gives the checkout the result of a payment, now or when the bank has taken its time.
func (p POS) charge(s Sale, d Decision, paid payment.Payment, delay time.Duration, note string) (Decision, error) {
	paid.Date = s.Now
	if delay == 0 {
		var err error
		d.Checkout, err = d.Checkout.Settle(paid, p.Rules.RetryPayments)
		return p.settled(s, d, note), err
	}

	if d.Run == nil {
		return d, errors.New("a bank takes its time for a checkout that follows no scenario")
	}
	d.Run.Pending = &paid
	d.Checkout.State, d.Checkout.Challenge = payment.Processing, nil
	d.Checkout.Payment = enrolled(paid)
	d.Schedule = append(d.Schedule, store.Task{Kind: store.Settle, Subject: d.Checkout.ID, Due: paid.Date.Add(delay)})
	return p.settled(s, d, note), nil
}

// enrolled is a payment while nobody knows its result.
func enrolled(p payment.Payment) payment.Payment {
	return payment.Payment{
		ID: p.ID, ParentID: p.ParentID, CheckoutID: p.CheckoutID, OrderID: p.OrderID, Type: p.Type, Status: payment.Enrolled,
	}
}

// BankAnswers gives a checkout the result that its bank took its time for. One that was settled otherwise is an
// *payment.Error with code NotPayable.
func (p POS) BankAnswers(s Sale) (Decision, error) {
	if s.Run == nil || s.Run.Pending == nil {
		return Decision{}, s.Checkout.NotPayable()
	}
	d := s.decided()
	paid := *d.Run.Pending
	paid.Date, d.Run.Pending = s.Now, nil
	var err error
	d.Checkout, err = d.Checkout.Settle(paid, p.Rules.RetryPayments)
	return p.settled(s, d, "the bank has answered"), err
}

// paid is the payment that comes of the try: every field fits the card that was really used. c has counted the try.
func (p POS) paid(s Sale, c payment.Checkout, t Try, card payment.TestCard) payment.Payment {
	made := p.ofCard(payment.Payment{
		ID: p.paymentID(c), CheckoutID: c.ID, OrderID: c.OrderID, Type: payment.Sale, Date: s.Now,
		Amount: p.paidAmount(c.Order, t.InstallmentCount), InstallmentCount: t.InstallmentCount,
		CardHolderName:        strings.TrimSpace(t.Card.Holder),
		ExternalTransactionID: p.Draws.Reference("EXT", 9, c.ID, "external transaction", c.Attempts),
	}, card)
	if made.Status == payment.Success {
		made.AuthCode = p.Draws.Reference("AUTH", 6, c.ID, "authorization", c.Attempts)
	}
	return made
}

// paymentID is the id of the payment that comes next: that of the latest one while it is open, else a new one.
func (p POS) paymentID(c payment.Checkout) string {
	if !c.Payment.Final() {
		return c.Payment.ID
	}
	return p.Draws.UUID(c.ID, "payment", c.Attempts)
}

// paidAmount is the amount of a payment of the order in so many instalments.
func (p POS) paidAmount(o payment.Order, installments int) payment.Amount {
	if p.Rules.PaidAmount == payment.PaidAmountCharged {
		return o.Charged(installments)
	}
	return o.Amount
}

// commission is what a Turkish acquirer would keep: the merchant's rate, more for each further
// instalment and for a foreign card. PayPorter documents the field, not the rates.
func (p POS) commission(a payment.Amount, card payment.TestCard, installments int) string {
	rate := p.Draws.commissionRate() + 120*int64(installments-1)
	if card.DomInt() == "INT" {
		rate += 100
	}
	return a.Percent(rate).String()
}

// FilledIn completes a card the way a customer of the sandbox would.
func (p POS) FilledIn(s Sale, pan payment.PAN) payment.Card {
	card, _ := payment.FindTestCard(pan)
	cvv := payment.Secret("123")
	if card.Scheme == "AMEX" {
		cvv = "1234"
	}
	return payment.Card{
		PAN: pan, Holder: p.Draws.Name(s.Checkout.ID, "holder of "+pan.Masked()),
		ExpiryMonth: 12, ExpiryYear: s.Now.Year() + 3, CVV: cvv,
	}
}

// PayWithTestCard pays as a customer would who types the number of a test card; the rest of the card is made up to
// fit. An empty number means a card that is good for every payment. Its errors are those of Pay, and call the field
// card.
func (p POS) PayWithTestCard(s Sale, number string, installments int) (Decision, error) {
	pan, ok := payment.ParsePAN(number)
	if number == "" {
		pan, ok = payment.DefaultTestCard().PAN, true
	}
	if !ok {
		return Decision{}, &payment.Error{
			Code: payment.InvalidRequest, Field: "card", Message: "must be a card number of 12 to 19 digits",
		}
	}

	d, err := p.Pay(s, Try{Card: p.FilledIn(s, pan), InstallmentCount: installments})
	return d, renamePAN(err)
}

// renamePAN speaks of the field by the control API's name for it.
func renamePAN(err error) error {
	fault, ok := err.(*payment.Error)
	if !ok || fault.Code != payment.InvalidRequest {
		return err
	}
	for i := range fault.Fields {
		if fault.Fields[i].Field == "pan" {
			fault.Fields[i].Field = "card"
		}
	}
	return payment.Invalid(fault.Fields)
}

// PayAsScenario is what the sandbox's own customer does: it pays as the scenario says, in no more
// instalments than the page and the card offer. With a card that is no test card, nothing is paid.
func (p POS) PayAsScenario(s Sale) (Decision, error) {
	var payer scenarios.Payer
	if scenario := s.Scenario(); scenario != nil && scenario.Payer != nil {
		payer = *scenario.Payer
	}

	installments := min(payer.InstallmentCount, s.Checkout.MaxInstallmentCount)
	if pan, ok := payment.ParsePAN(payer.Card.Digits()); ok {
		if card, known := payment.FindTestCard(pan); known {
			installments = card.InstallmentsAtMost(installments)
		}
	}
	d, err := p.PayWithTestCard(s, payer.Card.Digits(), installments)
	if errors.Is(err, &payment.Error{Code: payment.InvalidRequest}) {
		d = s.decided()
		d.Note = "the customer could not pay: " + err.Error()
		return d, nil
	}
	return d, err
}
