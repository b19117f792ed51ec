package gateway

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/payporter-mock/payporter-mock/mock/internal/journal"
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

// Pay tries to pay a checkout with a card, and the card decides the result: a declined payment is
// no error. What the customer got wrong is an *payment.Error with code InvalidRequest that names
// every field, a checkout that cannot be paid any more is one with code NotPayable, and neither
// changes anything.
func (m *Merchant) Pay(ctx context.Context, id string, t Try) (payment.Checkout, error) {
	c, err := m.payable(ctx, id)
	if err != nil {
		return c, err
	}
	t.InstallmentCount = max(t.InstallmentCount, 1)
	card, faults := t.Card.Check(m.clock.Now())
	if t.InstallmentCount > c.MaxInstallmentCount {
		faults = append(faults, payment.FieldError{
			Field: "installmentCount", Message: fmt.Sprintf("must be at most %d", c.MaxInstallmentCount),
		})
	}
	if err := payment.Invalid(faults); err != nil {
		return c, err
	}
	c, err = m.settle(ctx, id, atTheBank("paid by card"), func(tx store.Tx, c payment.Checkout) (payment.Checkout, error) {
		if !c.Payable() {
			return c, c.NotPayable()
		}
		c.Attempts++
		return m.attempt(tx, c, t, card)
	})
	return c, err
}

// attempt is one try to pay: the card decides, unless the scenario knows better.
func (m *Merchant) attempt(tx store.Tx, c payment.Checkout, t Try, card payment.TestCard) (payment.Checkout, error) {
	said, ok := m.bankSays(c, t)
	if ok && said.Status != "" {
		card.Outcome = completed(payment.Outcome{Status: said.Status, ResultCode: said.ResultCode, ResultMessage: said.ResultMessage})
		if card.Bank3DS == payment.Hopeless {
			card.Bank3DS = payment.Challenges
		}
	}
	p := m.paid(c, t, card)
	delay := said.Delay.At(m.drawFor(c.ID, "delay", c.Attempts).Fraction())
	m.script.bank(c.ID, said.Fields)
	if t.Present && card.Challenged(m.config.Rules.ThreeDSecure) {
		return m.ask(tx, c, payment.Challenge{Payment: p, Delay: delay, Hopeless: card.Bank3DS == payment.Hopeless})
	}
	return m.charge(tx, c, p, delay)
}

// charge gives the checkout the result of a payment, now or when the bank has taken its time.
func (m *Merchant) charge(tx store.Tx, c payment.Checkout, p payment.Payment, delay time.Duration) (payment.Checkout, error) {
	p.Date = m.clock.Now()
	if delay == 0 {
		return c.Settle(p, m.config.Rules.RetryPayments)
	}
	m.script.await(c.ID, &p)
	c.State, c.Challenge = payment.Processing, nil
	c.Payment = payment.Payment{ID: p.ID, Type: payment.Sale, Status: payment.Enrolled}
	return c, tx.Schedule(store.Task{Kind: store.Settle, Subject: c.ID, Due: p.Date.Add(delay)})
}

// bankSays is what the scenario makes of the attempt; not ok: the card decides.
func (m *Merchant) bankSays(c payment.Checkout, t Try) (scenarios.Payment, bool) {
	s := m.script.paying(c.ID, t.Card.PAN, t.InstallmentCount, c.Attempts)
	if s == nil {
		return scenarios.Payment{}, false
	}
	return s.Payment.Attempt(c.Attempts)
}

// bankTells gives a checkout the result that its bank took its time for.
func (m *Merchant) bankTells(ctx context.Context, id string) (payment.Checkout, error) {
	return m.settle(ctx, id, always("the bank has answered"), func(_ store.Tx, c payment.Checkout) (payment.Checkout, error) {
		p, ok := m.script.told(id)
		if !ok {
			return c, c.NotPayable() // it was settled otherwise
		}
		p.Date = m.clock.Now()
		return c.Settle(p, m.config.Rules.RetryPayments)
	})
}

// payable answers a checkout that a customer can pay now. One whose time is over is ended first,
// even if the queue has not come to it yet.
func (m *Merchant) payable(ctx context.Context, id string) (payment.Checkout, error) {
	c, err := m.Checkout(ctx, id)
	if err != nil {
		return c, err
	}
	if c.Payable() && !m.clock.Now().Before(c.ExpiresAt) {
		if c, err = m.Expire(ctx, id); err != nil {
			return c, err
		}
	}
	if !c.Payable() {
		return c, c.NotPayable()
	}
	return c, nil
}

// PayWithTestCard pays as a customer would who types the number of a test card; the rest of the
// card is made up to fit. An empty number means a card that is good for every payment.
func (m *Merchant) PayWithTestCard(ctx context.Context, id, number string, installments int) (payment.Checkout, error) {
	pan, ok := payment.ParsePAN(number)
	if number == "" {
		pan, ok = payment.TestCards()[0].PAN, true
	}
	if !ok {
		return payment.Checkout{}, &payment.Error{
			Code: payment.InvalidRequest, Field: "card", Message: "must be a card number of 12 to 19 digits",
		}
	}
	c, err := m.Pay(ctx, id, Try{Card: m.filledIn(id, pan), InstallmentCount: installments})
	return c, renamePAN(err)
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

// filledIn completes a card the way a customer of the sandbox would.
func (m *Merchant) filledIn(checkoutID string, pan payment.PAN) payment.Card {
	card, _ := payment.FindTestCard(pan)
	now := m.clock.Now()
	cvv := payment.Secret("123")
	if card.Scheme == "AMEX" {
		cvv = "1234"
	}
	return payment.Card{PAN: pan, Holder: m.drawFor(checkoutID, "holder", pan.Masked()).Name(), ExpiryMonth: 12, ExpiryYear: now.Year() + 3, CVV: cvv}
}

// payAsCustomer is what the sandbox's own customer does: it pays as the scenario says, in no more
// instalments than the page offers.
func (m *Merchant) payAsCustomer(ctx context.Context, id string) (payment.Checkout, error) {
	c, err := m.Checkout(ctx, id)
	if err != nil {
		return c, err
	}
	var payer scenarios.Payer
	if s := m.script.of(id); s != nil && s.Payer != nil {
		payer = *s.Payer
	}
	paid, err := m.PayWithTestCard(ctx, id, payer.Card.Digits(), min(payer.InstallmentCount, c.MaxInstallmentCount))
	if errors.Is(err, &payment.Error{Code: payment.InvalidRequest}) { // a card of the scenario that is no test card
		m.note(ctx, c, "the customer could not pay: "+err.Error(), m.journal.Moment())
		return c, nil
	}
	return paid, err
}

// paid is the payment that comes of the try: every field fits the card that was really used.
func (m *Merchant) paid(c payment.Checkout, t Try, card payment.TestCard) payment.Payment {
	draw := m.drawFor(c.ID, "payment", c.Attempts)
	amount := m.paidAmount(c.Order, t.InstallmentCount)
	p := payment.Payment{
		ID: c.Payment.ID, Type: payment.Sale, Date: m.clock.Now(), Amount: amount,
		Status: card.Outcome.Status, ResultCode: card.Outcome.ResultCode, ResultMessage: card.Outcome.ResultMessage,
		InstallmentCount: t.InstallmentCount, CardHolderName: strings.TrimSpace(t.Card.Holder),
		PAN: card.PAN.Masked(), DomInt: card.DomInt(), Scheme: card.Scheme, CardType: card.Type,
		CardSubType: card.SubType(), LoyaltyCode: card.LoyaltyCode(),
		Commission:            m.commission(amount, card, t.InstallmentCount),
		ExternalTransactionID: draw.Reference("EXT", 9),
	}
	if c.Attempts > 1 { // the first attempt is the payment that was enrolled, any other is a new one
		p.ID = draw.UUID()
	}
	if p.Status == payment.Success {
		p.AuthCode = draw.Reference("AUTH", 6)
	}
	return p
}

// paidAmount is the amount of a payment of the order in so many instalments.
func (m *Merchant) paidAmount(o payment.Order, installments int) payment.Amount {
	if m.config.Rules.PaidAmount == payment.PaidAmountCharged {
		return o.Charged(installments)
	}
	return o.Amount
}

// commission is what a Turkish acquirer would keep: the merchant's rate, more for each further
// instalment and for a foreign card. PayPorter documents the field, not the rates.
func (m *Merchant) commission(a payment.Amount, card payment.TestCard, installments int) string {
	rate := m.faker.commissionRate() + 120*int64(installments-1)
	if card.DomInt() == "INT" {
		rate += 100
	}
	return a.Percent(rate).String()
}

// Cancel is the customer who presses Cancel on the hosted page.
func (m *Merchant) Cancel(ctx context.Context, id string) (payment.Checkout, error) {
	return m.settle(ctx, id, always("cancelled by the customer"), func(_ store.Tx, c payment.Checkout) (payment.Checkout, error) {
		return m.over(c.Cancel(m.ended(c, payment.ResultCancelled, payment.ResultCancelledMessage)))
	})
}

// Expire ends an unpaid link, as its time does.
func (m *Merchant) Expire(ctx context.Context, id string) (payment.Checkout, error) {
	return m.settle(ctx, id, always("the link expired"), func(_ store.Tx, c payment.Checkout) (payment.Checkout, error) {
		return m.over(c.Expire(m.ended(c, payment.ResultExpired, payment.ResultExpiredMessage)))
	})
}

// over forgets what the scenario made of payments when there will be no more of them.
func (m *Merchant) over(c payment.Checkout, err error) (payment.Checkout, error) {
	if err == nil {
		m.script.bank(c.ID, nil)
	}
	return c, err
}

// ended is the payment of a checkout that nobody will pay any more. It has no card.
func (m *Merchant) ended(c payment.Checkout, code, message string) payment.Payment {
	p := payment.Payment{
		ID: c.Payment.ID, Type: payment.Sale, Status: payment.Cancelled, Date: m.clock.Now(),
		ResultCode: code, ResultMessage: message,
	}
	if c.Attempts > 0 { // the id belongs to an attempt that failed
		p.ID = m.drawFor(c.ID, "end", c.Attempts).UUID()
	}
	return p
}

// Abandon is the customer who closes the page: nothing happens any more until the link expires.
func (m *Merchant) Abandon(ctx context.Context, id string) (payment.Checkout, error) {
	var c payment.Checkout
	err := m.store.Update(ctx, func(tx store.Tx) error {
		var err error
		if c, err = tx.Checkout(id); err != nil {
			return err
		}
		if !c.Payable() && c.State != payment.Authenticating {
			return c.NotPayable()
		}
		return tx.Unschedule(store.AutoPay, id)
	})
	if err != nil {
		return c, m.known(err, "checkout")
	}
	m.note(ctx, c, "abandoned by the customer", m.journal.Moment())
	return c, nil
}

// ScenarioOf is the name of the scenario that a checkout follows, empty if it follows none.
func (m *Merchant) ScenarioOf(checkoutID string) string {
	if s := m.script.of(checkoutID); s != nil {
		return s.Name
	}
	return ""
}

// note puts a change of a checkout, which came at the moment, into the journal.
func (m *Merchant) note(ctx context.Context, c payment.Checkout, what string, moment journal.Moment) {
	m.journal.Append(journal.Entry{
		Time: m.clock.Now(), StartSeq: moment, EndSeq: moment, Cause: journal.CauseOf(ctx, 0),
		Kind: journal.Payment, CheckoutID: c.ID, OrderID: c.OrderID,
		Status: string(c.Payment.Status), Note: what, Scenario: m.ScenarioOf(c.ID),
	})
}
