package scenarios

import (
	"strconv"

	"github.com/payporter-mock/payporter-mock/payment"
)

// Facts are what is known of a checkout or a payment when its scenario is chosen.
type Facts struct {
	OrderID     string
	CustomerID  string
	Description string
	Amount      payment.Amount // with its currency

	// Paying says that the customer pays now, so that the following are known. Until then a scenario
	// that asks for one of them does not match.
	Paying           bool
	Card             payment.PAN
	InstallmentCount int
	Attempt          int // from 1

	Operation       Operation               // empty: a checkout
	TransactionType payment.TransactionType // of the payment that is made; empty: SALE
}

// subject is a checkout prepared for being looked at by many scenarios.
type subject struct {
	Facts
	amount, installments, attempt number
	variables                     *variables // made when the first expression needs them
}

func (f Facts) subject() subject {
	s := subject{Facts: f, amount: numberOf(f.Amount.String())}
	if f.Paying {
		s.installments, s.attempt = countOf(f.InstallmentCount), countOf(f.Attempt)
	}
	return s
}

// forExpressions are the facts as expressions see them. Their amount is a float64, exact enough to
// compare with, not to reckon with.
func (s *subject) forExpressions() *variables {
	if s.variables == nil {
		amount, _ := strconv.ParseFloat(s.Amount.String(), 64)
		s.variables = &variables{
			OrderID: s.OrderID, CustomerID: s.CustomerID, Description: s.Description, Currency: s.Amount.Currency(),
			Amount: amount, Card: s.Card.Digits(), InstallmentCount: s.InstallmentCount, Attempt: s.Attempt,
		}
	}
	return s.variables
}

// Match is the first scenario whose conditions all hold and that has not reached its limit; nil if
// there is none. used says how often a scenario has been applied; it is asked only for those with a
// limit, and nil means never.
func (s *Set) Match(f Facts, used func(name string) uint64) *Scenario {
	if s == nil || len(s.all) == 0 {
		return nil
	}
	checkout := f.subject()
	for _, one := range s.all {
		if one.When.holds(&checkout) && !one.exhausted(used) {
			return one
		}
	}
	return nil
}

func (s *Scenario) exhausted(used func(name string) uint64) bool {
	return s.Limit > 0 && used != nil && used(s.Name) >= uint64(s.Limit)
}

// Usage is how often each scenario with a limit has been used; nil: none has.
func (s *Set) Usage(used func(name string) uint64) map[string]uint64 {
	if s == nil {
		return nil
	}

	var counts map[string]uint64
	for _, one := range s.limited {
		if n := used(one.Name); n > 0 {
			if counts == nil {
				counts = map[string]uint64{}
			}
			counts[one.Name] = n
		}
	}
	return counts
}

// holds asks the cheap conditions first.
func (w *When) holds(s *subject) bool {
	if !w.takesOperation(s.Operation) || !w.takesType(s.TransactionType) {
		return false
	}
	if !w.Amount.take(s.amount) || !w.Currency.take(s.Facts.Amount.Currency()) ||
		!w.OrderID.take(s.OrderID) || !w.CustomerID.take(s.CustomerID) || !w.Description.take(s.Description) {
		return false
	}
	if w.Paying() && !(s.Paying && w.holdsPaying(s)) {
		return false
	}
	if w.Expr.Any() {
		return true
	}

	yes, err := w.Expr.holds(s.forExpressions())
	return yes && err == nil
}

func (w *When) holdsPaying(s *subject) bool {
	return w.Card.take(s.Card.Digits()) && w.InstallmentCount.take(s.installments) && w.Attempt.take(s.attempt)
}
