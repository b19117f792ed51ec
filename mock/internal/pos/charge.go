package pos

import (
	"strings"
	"time"

	"github.com/payporter-mock/payporter-mock/mock/store"
	"github.com/payporter-mock/payporter-mock/payment"
	"github.com/payporter-mock/payporter-mock/scenarios"
)

// Charge is a card payment that a merchant asks for by the API.
type Charge struct {
	Type                   payment.TransactionType // Sale or PreAuth
	OrderID, CustomerID    string
	Amount                 payment.Amount
	Card                   payment.Card
	InstallmentCount       int // from 1
	InterestPaidByCustomer bool
	SuccessURL, FailureURL string // of a payment with 3-D Secure
}

// mostInstallments is how many instalments a card can pay in.
const mostInstallments = 12

// Facts are what a scenario can be chosen by.
func (c Charge) Facts() scenarios.Facts {
	return scenarios.Facts{
		OrderID: c.OrderID, CustomerID: c.CustomerID, Amount: c.Amount,
		Paying: true, Card: c.Card.PAN, InstallmentCount: c.InstallmentCount, Attempt: 1,
	}
}

// order is what is paid, as far as it costs.
func (c Charge) order() payment.Order {
	return payment.Order{
		Amount: c.Amount, MaxInstallmentCount: mostInstallments, InterestPaidByCustomer: c.InterestPaidByCustomer,
	}
}

// singlePayment is what is wrong with instalments on some cards.
const singlePayment = "must be 1: a debit card and a foreign card cannot pay in instalments"

// Check finds the test card at the given time, and everything that is wrong with it, as an *payment.Error with code
// InvalidRequest that names the fields as the API does.
func (c Charge) Check(now time.Time) (payment.TestCard, error) {
	card, faults := c.Card.Check(now)
	for i := range faults {
		if faults[i].Field == "expiry" {
			faults[i].Field = "expiryYear"
		}
	}

	if card.PAN != "" && c.InstallmentCount > card.InstallmentsAtMost(mostInstallments) {
		faults = append(faults, payment.FieldError{
			Field: "installmentCount", Message: singlePayment,
		})
	}
	return card, payment.Invalid(faults)
}

// Charge makes the payment. The card decides the result unless the scenario knows better: a declined payment is no
// error. Number is how many payments the merchant made by the API before.
func (p POS) Charge(c Charge, f Followed, number int, now time.Time) Movement {
	m, paid, delay := p.charging(c, f, number, now)
	if delay == 0 {
		m.Payment, m.Note = paid, charged(paid)
		return m
	}
	return p.takesTime(m, paid, delay, now)
}

// charging begins the decision about a charge: what the payment will be, and how long the bank takes.
func (p POS) charging(c Charge, f Followed, number int, now time.Time) (m Movement, paid payment.Payment,
	delay time.Duration,
) {
	card, _ := payment.FindTestCard(c.Card.PAN) // it was checked
	id := p.Draws.UUID("", "payment by API", number)
	run := f.Run
	run.Attempt, run.Card, run.InstallmentCount = 1, card.PAN.Masked(), c.InstallmentCount

	if f.Scenario != nil {
		said, ok := f.Scenario.Payment.Attempt(1)
		if ok {
			delay = said.Delay.At(p.Draws.Fraction(id, "delay"))
		}
		if ok && said.Status != "" {
			card.Outcome = Completed(payment.Outcome{
				Status: said.Status, ResultCode: said.ResultCode, ResultMessage: said.ResultMessage,
			})
			card.Bank3DS = asked(card.Bank3DS)
		}
		run.Overlaid = ok && len(said.Fields) > 0
		m.Run = &run
	}
	return m, p.paidBy(c, id, card, now), delay
}

// asked is what the bank does of a card whose result a scenario decides.
func asked(bank payment.Bank3DS) payment.Bank3DS {
	if bank == payment.Hopeless || bank == payment.Unasked {
		return payment.Challenges
	}
	return bank
}

// takesTime leaves the payment ENROLLED until the bank has taken its time.
func (p POS) takesTime(m Movement, paid payment.Payment, delay time.Duration, now time.Time) Movement {
	m.Run.Pending, m.Payment = &paid, waiting(paid)
	m.Schedule = append(m.Schedule, store.Task{Kind: store.SettlePayment, Subject: paid.ID, Due: now.Add(delay)})
	m.Note = takesItsTime
	return m
}

// waiting is a payment by the API while nobody knows its result.
func waiting(p payment.Payment) payment.Payment {
	open := enrolled(p)
	open.Amount, open.CustomerID, open.Authentication = p.Amount, p.CustomerID, p.Authentication
	return open
}

// paidBy is the payment that comes of a charge: every field fits the card that was really used.
func (p POS) paidBy(c Charge, id string, card payment.TestCard, now time.Time) payment.Payment {
	made := payment.Payment{
		ID: id, OrderID: c.OrderID, CustomerID: c.CustomerID, Type: c.Type, Date: now,
		Amount: p.paidAmount(c.order(), c.InstallmentCount), InstallmentCount: c.InstallmentCount,
		CardHolderName: strings.TrimSpace(c.Card.Holder),
	}
	made = p.ofCard(made, card)
	made.ExternalTransactionID = p.Draws.Reference("EXT", 9, id, "external transaction")

	if made.Status == payment.Success {
		made.AuthCode = p.Draws.Reference("AUTH", 6, id, "authorization")
	}
	return made
}

// ofCard fills in what follows from the card of a payment that knows its amount.
func (p POS) ofCard(made payment.Payment, card payment.TestCard) payment.Payment {
	made.Status, made.ResultCode, made.ResultMessage = card.Outcome.Status, card.Outcome.ResultCode,
		card.Outcome.ResultMessage
	made.PAN, made.DomInt, made.Scheme, made.CardType = card.PAN.Masked(), card.DomInt(), card.Scheme, card.Type
	made.CardSubType, made.LoyaltyCode = card.SubType(), card.LoyaltyCode()
	made.Commission = p.commission(made.Amount, card, made.InstallmentCount)
	return made
}

// PaymentSettles gives a payment the result that its bank took its time for. One that was settled otherwise is an
// *payment.Error with code NotDecidable.
func (p POS) PaymentSettles(r Related) (Movement, error) {
	if r.Run == nil || r.Run.Pending == nil {
		return Movement{}, notDecidable(r.Payment)
	}
	run := *r.Run
	paid := *run.Pending
	paid.Date, paid.Authentication, run.Pending = r.Now, r.Payment.Authentication, nil
	return Movement{Payment: paid, Run: &run, Note: "the bank has answered"}, nil
}

// ForcePayment gives a payment that is none of a checkout a result, as if the bank or the administrator had said so.
// One that cannot have it is an *payment.Error with code NotDecidable.
func (p POS) ForcePayment(r Related, o payment.Outcome) (Movement, error) {
	forced := r.Payment
	if forced.Final() || forced.Status == o.Status || !forced.MayBecome(o.Status) {
		return Movement{}, notDecidable(forced)
	}
	if a := forced.Authentication; a != nil && a.State != payment.Completed {
		paid := a.Payment
		paid.Authentication = completed(a)
		forced = paid
	}

	o = Completed(o)
	forced.Status, forced.ResultCode, forced.ResultMessage, forced.Date = o.Status, o.ResultCode, o.ResultMessage, r.Now
	forced.AuthCode = ""
	if o.Status == payment.Success {
		forced.AuthCode = p.Draws.Reference("AUTH", 6, forced.ID, "authorization")
	}
	m := Movement{Payment: forced, Drop: []store.TaskKind{store.SettlePayment, store.DecideRefund}, Note: "outcome forced"}
	if r.Run != nil {
		run := *r.Run
		run.Overlaid, run.Pending = false, nil
		m.Run = &run
	}
	return m, nil
}

// notDecidable says that a payment waits for no decision.
func notDecidable(p payment.Payment) error {
	return &payment.Error{
		Code: payment.NotDecidable,
		Message: "payment " + p.ID + " is a " + string(p.Type) + " with status " + string(p.Status) +
			", for which nobody decides that",
	}
}
