package page

import (
	"strings"

	"github.com/payporter-mock/payporter-mock/payment"
)

// amount writes money the way customers of the language do, from its digits alone: 1.234,50 TL in
// Turkish, TRY 1,234.50 in English.
func (w *words) amount(a payment.Amount) string {
	if w.CurrencyFirst {
		return w.currency(a) + " " + w.number(a)
	}
	return w.number(a) + " " + w.currency(a)
}

// number is an amount without its currency.
func (w *words) number(a payment.Amount) string {
	whole, fraction, fractional := strings.Cut(a.Fixed(), ".")
	number := grouped(whole, w.ThousandsMark)
	if fractional {
		number += w.DecimalMark + fraction
	}
	return number
}

func (w *words) currency(a payment.Amount) string {
	if a.Currency() == "TRY" {
		return w.Lira
	}
	return a.Currency()
}

// grouped puts the mark between every three digits, counted from the right.
func grouped(digits, mark string) string {
	first := len(digits) % 3
	groups := []string{}
	if first > 0 {
		groups = append(groups, digits[:first])
	}
	for i := first; i < len(digits); i += 3 {
		groups = append(groups, digits[i:i+3])
	}
	return strings.Join(groups, mark)
}
