package scenarios

import (
	"github.com/payporter-mock/payporter-mock/internal/wording"
	"github.com/payporter-mock/payporter-mock/internal/yamlfile"
	"github.com/payporter-mock/payporter-mock/payment"
)

// When says for which checkouts and payments a scenario is. All of it must hold; its zero value always does.
type When struct {
	OrderID          Globs
	CustomerID       Globs
	Description      Globs
	Currency         Globs
	Amount           Numbers
	Card             Globs   // digits only
	InstallmentCount Numbers // as the customer chose
	Attempt          Numbers // the n-th try to pay this checkout, from 1
	Expr             Expression

	Operation       oneOf[Operation]               // empty: checkouts
	TransactionType oneOf[payment.TransactionType] // of the payment that is made; empty: any
}

// Paying reports whether it asks for what is known only once the customer pays.
func (w *When) Paying() bool {
	return !w.Card.Any() || !w.InstallmentCount.Any() || !w.Attempt.Any() || w.Expr.paying
}

// Always reports whether it asks for nothing.
func (w *When) Always() bool {
	return w.OrderID.Any() && w.CustomerID.Any() && w.Description.Any() && w.Currency.Any() && w.Amount.Any() &&
		!w.Paying() && w.Expr.Any() && len(w.Operation) == 0 && len(w.TransactionType) == 0
}

// covers reports whether w surely holds wherever other does.
func (w *When) covers(other *When) bool {
	if w.Paying() && !other.Paying() {
		return false // the other can match before it is known whether this one does
	}
	if !w.Operation.covers(other.Operation, forCheckouts) || !w.TransactionType.covers(other.TransactionType, nil) {
		return false
	}

	return w.OrderID.covers(other.OrderID) && w.CustomerID.covers(other.CustomerID) &&
		w.Description.covers(other.Description) && w.Currency.covers(other.Currency) &&
		w.Amount.covers(other.Amount) && w.Card.covers(other.Card) &&
		w.InstallmentCount.covers(other.InstallmentCount) && w.Attempt.covers(other.Attempt) &&
		(w.Expr.Any() || w.Expr.source == other.Expr.source)
}

// when reads the conditions of a scenario.
func (r *reader) when(v value) When {
	var w When
	g := r.mapping(v, keys{
		"orderId":          func(v value) { w.OrderID = r.globs(v) },
		"customerId":       func(v value) { w.CustomerID = r.globs(v) },
		"description":      func(v value) { w.Description = r.globs(v) },
		"currency":         func(v value) { w.Currency = r.currencies(v) },
		"card":             func(v value) { w.Card = r.globs(v) },
		"amount":           func(v value) { w.Amount = r.numbers(v) },
		"installmentCount": func(v value) { w.InstallmentCount = r.numbers(v) },
		"attempt":          func(v value) { w.Attempt = r.numbers(v) },
		"expr":             func(v value) { w.Expr = r.expression(v) },
		"operation":        func(v value) { w.Operation = words(r, v, Operations()) },
		"transactionType":  func(v value) { w.TransactionType = words(r, v, TransactionTypes()) },
	})
	r.possible(g, "amount", w.Amount, decimalsOf(w.Currency))
	r.possible(g, "installmentCount", w.InstallmentCount, 0)
	r.possible(g, "attempt", w.Attempt, 0)

	return w
}

// possible refuses a condition that no number can meet.
func (r *reader) possible(g given, key string, n Numbers, decimals int) {
	for _, one := range n.each() {
		switch {
		case one.possible(decimals):
		case decimals == 0:
			r.fault(g[key], "no "+key+" is "+one.String()+": it is a whole number from 1", "")
		default:
			r.fault(g[key], "no "+key+" is "+one.String(), "")
		}
	}
}

// mostDecimals is what the currency with the most decimals has.
const mostDecimals = 4

// decimalsOf is how many decimals an amount in one of the currencies has at most.
func decimalsOf(currencies Globs) int {
	most := 0
	for _, c := range currencies.patterns {
		decimals, known := payment.MinorDigits(c)
		if !known {
			return mostDecimals
		}
		most = max(most, decimals)
	}

	if currencies.Any() {
		return mostDecimals
	}
	return most
}

// globs reads one pattern or a list of them.
func (r *reader) globs(v value) Globs {
	var g Globs
	for _, one := range r.oneOrMore(v) {
		pattern, ok := r.text(one)
		if !ok {
			continue
		}
		affordable := func(cost int) bool { return r.grow(one.place, size{patterns: cost}) }
		if fault, hint := g.add(pattern, affordable); fault != "" {
			r.fault(one.place, one.path+": "+fault, hint)
		}
	}
	return g
}

// currencies reads patterns of currency codes. A code that no checkout can have is a fault.
func (r *reader) currencies(v value) Globs {
	g := r.globs(v)
	for _, one := range r.oneOrMore(v) {
		code := one.node.Value
		if _, known := payment.MinorDigits(code); known || !yamlfile.IsText(one.node) || !literal(code) || code == "" {
			continue
		}
		hint := wording.Hint(code, payment.Currencies())
		if code == "TL" {
			hint = `did you mean "TRY"?`
		}
		r.fault(one.place, "unknown currency "+quoted(code), hint)
	}
	return g
}

// numbers reads a number, a list of them, or bounds.
func (r *reader) numbers(v value) Numbers {
	var n Numbers
	if !isMapping(v.node) {
		for _, one := range r.oneOrMore(v) {
			if d, ok := r.number(one); ok {
				n.in = append(n.in, d)
			}
		}
		return n
	}

	bounds := keys{}
	for _, key := range []string{"eq", "gt", "gte", "lt", "lte"} {
		bounds[key] = func(v value) {
			if d, ok := r.number(v); ok {
				n.bounds = append(n.bounds, bound{key, d})
			}
		}
	}

	if r.mapping(v, bounds); len(v.node.Content) == 0 {
		r.fault(v.place, v.path+" is empty", "give it one of eq, gt, gte, lt and lte")
	}

	return n
}

// expression reads and compiles an expression.
func (r *reader) expression(v value) Expression {
	source, ok := r.text(v)
	if !ok {
		return Expression{}
	}
	if !r.grow(v.place, size{expressions: 1}) {
		return Expression{}
	}

	e, fault := compileExpression(source)
	if fault == nil {
		r.grow(v.place, size{steps: e.steps})
		return e
	}

	place := v.place
	if !yamlfile.IsBlock(v.node) && fault.Line == 1 {
		place.Column += fault.Column
		if yamlfile.IsQuoted(v.node) {
			place.Column++
		}
	}

	r.fault(place, v.path+": "+fault.Message, hintOfExpression(fault.Message))
	return Expression{}
}
