package page

import (
	"strings"

	"github.com/payporter-mock/payporter-mock/mock/payment"
)

// amount writes money the way customers of the language do, from its digits alone: 1.234,50 TL in
// Turkish, TRY 1,234.50 in English.
func (w *words) amount(a payment.Amount) string {
	whole, fraction, fractional := strings.Cut(a.Fixed(), ".")
	number := grouped(whole, w.ThousandsMark)
	if fractional {
		number += w.DecimalMark + fraction
	}
	currency := a.Currency()
	if currency == "TRY" {
		currency = w.Lira
	}
	if w.CurrencyFirst {
		return currency + " " + number
	}
	return number + " " + currency
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
