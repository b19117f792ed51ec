package scenarios

import (
	"cmp"
	"math/big"
	"strings"
)

// decimal is a number as its digits, without zeros that mean nothing. It never passes through a
// float.
type decimal struct {
	source          string // as it was written
	negative        bool
	whole, fraction string
}

// mostDigits keeps numbers within what an amount can be.
const mostDigits = 40

// decimalOf reads digits that are known to be a plain decimal number.
func decimalOf(digits string) decimal {
	d := decimal{source: digits}
	digits, d.negative = strings.CutPrefix(digits, "-")
	d.whole, d.fraction, _ = strings.Cut(digits, ".")
	d.whole, d.fraction = strings.TrimLeft(d.whole, "0"), strings.TrimRight(d.fraction, "0")
	if d.whole == "" && d.fraction == "" {
		d.negative = false
	}
	return d
}

// parseDecimal reads a number as JSON has it, but without an exponent.
func parseDecimal(s string) (decimal, bool) {
	digits := strings.TrimPrefix(s, "-")
	whole, fraction, point := strings.Cut(digits, ".")
	if !allDigits(whole) || (len(whole) > 1 && whole[0] == '0') || (point && !allDigits(fraction)) || len(digits) > mostDigits {
		return decimal{}, false
	}
	return decimalOf(s), true
}

func allDigits(s string) bool {
	for i := range len(s) {
		if s[i] < '0' || s[i] > '9' {
			return false
		}
	}
	return s != ""
}

// compare is -1, 0 or 1 as d is less than, equal to or more than other.
func (d decimal) compare(other decimal) int {
	switch {
	case d.negative && other.negative:
		return other.magnitude(d)
	case d.negative:
		return -1
	case other.negative:
		return 1
	}
	return d.magnitude(other)
}

func (d decimal) magnitude(other decimal) int {
	if len(d.whole) != len(other.whole) {
		return cmp.Compare(len(d.whole), len(other.whole))
	}
	if order := strings.Compare(d.whole, other.whole); order != 0 {
		return order
	}
	return strings.Compare(d.fraction, other.fraction)
}

// scaled is the number in units of which there are 10 to the power of decimals in one, cut towards
// minus infinity, and whether nothing was cut.
func (d decimal) scaled(decimals int) (units *big.Int, exact bool) {
	kept := d.fraction[:min(len(d.fraction), decimals)]
	units, _ = new(big.Int).SetString("0"+d.whole+kept+strings.Repeat("0", decimals-len(kept)), 10)
	exact = len(d.fraction) <= decimals
	if d.negative {
		units.Neg(units)
		if !exact {
			units.Sub(units, big.NewInt(1))
		}
	}
	return units, exact
}
