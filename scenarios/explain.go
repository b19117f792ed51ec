package scenarios

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/payporter-mock/payporter-mock/payment"
)

// Explanation says why a checkout has its scenario. Card numbers in it are masked.
type Explanation struct {
	Winner   string    `json:"winner,omitempty"` // empty: no scenario matches, or the set was not asked
	Nearly   []Verdict `json:"nearly"`           // those with the fewest failed conditions, at most three
	Verdicts []Verdict `json:"verdicts"`         // on every scenario of the set, in its order
}

// Verdict is what became of one scenario.
type Verdict struct {
	Name   string     `json:"name"`
	Place  Place      `json:"place"`
	Result Verdicted  `json:"result"`
	Failed []Mismatch `json:"failed,omitempty"` // the conditions that do not hold
}

// Verdicted is a result of a scenario.
type Verdicted string

// The results.
const (
	Won    Verdicted = "won"
	Later  Verdicted = "later"  // it matches too, but one before it won, or another was named
	Missed Verdicted = "missed" // a condition does not hold
)

// Mismatch is a condition that does not hold.
type Mismatch struct {
	Field string `json:"field"` // the key within when, or limit
	Want  string `json:"want"`
	Got   string `json:"got"` // the value, or why there is none
}

// unknownYet stands for values that a checkout does not have yet.
const unknownYet = "not known until the customer pays"

// Explain says what Match finds for these facts, and why not the others.
func (s *Set) Explain(f Facts, used func(name string) uint64) Explanation {
	e := Explanation{Nearly: []Verdict{}, Verdicts: []Verdict{}}
	checkout := f.subject()
	for _, one := range s.Scenarios() {
		v := Verdict{Name: one.Name, Place: one.Place, Result: Later, Failed: one.mismatches(&checkout, used)}
		switch {
		case len(v.Failed) > 0:
			v.Result = Missed
		case e.Winner == "":
			v.Result, e.Winner = Won, one.Name
		}
		e.Verdicts = append(e.Verdicts, v)
	}

	e.Nearly = nearly(e.Verdicts)
	return e
}

// Unasked is the explanation of a set that was not asked, because the scenario was named: none has won.
func (e Explanation) Unasked() Explanation {
	e.Winner = ""
	e.Verdicts = slices.Clone(e.Verdicts)
	for i := range e.Verdicts {
		if e.Verdicts[i].Result == Won {
			e.Verdicts[i].Result = Later
		}
	}
	return e
}

// nearly picks the missed scenarios with the fewest failed conditions.
func nearly(all []Verdict) []Verdict {
	missed := slices.DeleteFunc(slices.Clone(all), func(v Verdict) bool { return v.Result != Missed })
	slices.SortStableFunc(missed, func(a, b Verdict) int { return cmp.Compare(len(a.Failed), len(b.Failed)) })
	n := 0
	for n < len(missed) && n < 3 && len(missed[n].Failed) == len(missed[0].Failed) {
		n++
	}
	return append([]Verdict{}, missed[:n]...)
}

// mismatches lists the conditions that do not hold.
func (s *Scenario) mismatches(c *subject, used func(name string) uint64) []Mismatch {
	w := &s.When
	var all []Mismatch
	check := func(field string, holds bool, want, got string) {
		if !holds {
			all = append(all, Mismatch{Field: field, Want: want, Got: got})
		}
	}
	op, kind := cmp.Or(c.Operation, OpCheckout), cmp.Or(c.TransactionType, payment.Sale)
	check("operation", w.takesOperation(op), cmp.Or(w.Operation.String(), string(OpCheckout)), string(op))
	check("transactionType", w.takesType(kind), w.TransactionType.String(), string(kind))
	check("orderId", w.OrderID.take(c.OrderID), w.OrderID.String(), quoted(c.OrderID))
	check("customerId", w.CustomerID.take(c.CustomerID), w.CustomerID.String(), quoted(c.CustomerID))
	check("description", w.Description.take(c.Description), w.Description.String(), quoted(c.Description))
	check("currency", w.Currency.take(c.Facts.Amount.Currency()), w.Currency.String(), quoted(c.Facts.Amount.Currency()))
	check("amount", w.Amount.take(c.amount), w.Amount.String(), c.amount.text)
	check("card", w.Card.Any() || c.Paying && w.Card.take(c.Card.Digits()), w.Card.String(), c.known(c.Card.Masked()))
	check("installmentCount", w.InstallmentCount.Any() || c.Paying && w.InstallmentCount.take(c.installments),
		w.InstallmentCount.String(), c.known(c.installments.text))
	check("attempt", w.Attempt.Any() || c.Paying && w.Attempt.take(c.attempt), w.Attempt.String(), c.known(c.attempt.text))
	holds, got := w.Expr.verdict(c)
	check("expr", holds, payment.MaskText(w.Expr.source), got)
	if s.exhausted(used) {
		check("limit", false, fmt.Sprintf("at most %d times", s.Limit), fmt.Sprintf("used %d times", used(s.Name)))
	}

	return all
}

// known is a value of the payment, or the word for that it is not known.
func (s *subject) known(value string) string {
	if !s.Paying {
		return unknownYet
	}
	return value
}

// verdict says whether the expression holds, and if not, why.
func (e *Expression) verdict(c *subject) (holds bool, got string) {
	if e.paying && !c.Paying {
		return false, unknownYet
	}
	holds, err := e.holds(c.forExpressions())
	if err != nil {
		return false, "cut off: " + payment.MaskText(err.Error())
	}
	return holds, fmt.Sprint(holds)
}

// String is the explanation in sentences, a line each.
func (e Explanation) String() string {
	var lines []string
	if e.Winner == "" {
		lines = append(lines, "no scenario matches")
	}

	for _, v := range e.Verdicts {
		switch v.Result {
		case Won:
			lines = append(lines, v.Name+" won ("+v.Place.String()+")")
		case Later:
			lines = append(lines, v.Name+" matches, but "+e.Winner+" comes first ("+v.Place.String()+")")
		}
	}

	for _, v := range e.Nearly {
		lines = append(lines, v.Name+" nearly matched ("+v.Place.String()+")")
		for _, m := range v.Failed {
			lines = append(lines, "  "+m.String())
		}
	}

	return strings.Join(lines, "\n") + "\n"
}

// String is the mismatch in words, such as: amount: want >= 100, got 99.90.
func (m Mismatch) String() string { return m.Field + ": want " + m.Want + ", got " + m.Got }
