package decimal

import (
	"math/big"
	"strings"
)

// Units is the number in units of its last of so many decimals, cut towards minus infinity, and whether nothing was
// cut: 100.5 is 10050 of two decimals. The number must not be beyond all measure: look at Magnitude first where a
// stranger wrote it.
func (d Decimal) Units(decimals int) (units *big.Int, exact bool) {
	last := d.point + decimals // how many digits are kept
	kept := (d.head + d.tail)[:min(max(last, 0), d.Digits())]
	units, _ = new(big.Int).SetString("0"+kept+strings.Repeat("0", max(0, last-len(kept))), 10)

	exact = d.Decimals() <= decimals
	if d.negative {
		units.Neg(units)
		if !exact {
			units.Sub(units, big.NewInt(1))
		}
	}
	return units, exact
}

// OfUnits is a number of units, of which there are ten to the power of decimals in one: 10050 of two decimals is 100.5.
func OfUnits(units *big.Int, decimals int) Decimal {
	d := Read(units.String())
	if !d.isZero() {
		d.point -= decimals
	}
	return d
}

// Times multiplies by a whole number.
func (d Decimal) Times(n int64) Decimal {
	decimals := d.Decimals()
	units, _ := d.Units(decimals)
	return OfUnits(units.Mul(units, big.NewInt(n)), decimals)
}

// Minus is d less other.
func (d Decimal) Minus(other Decimal) Decimal {
	decimals := max(d.Decimals(), other.Decimals())
	from, _ := d.Units(decimals)
	less, _ := other.Units(decimals)
	return OfUnits(from.Sub(from, less), decimals)
}

// Shift multiplies by ten to the power of places: 100.5 shifted by -2 is 1.005.
func (d Decimal) Shift(places int) Decimal {
	if !d.isZero() {
		d.point += places
	}
	return d
}

// Floor is the largest whole number that is not greater.
func (d Decimal) Floor() Decimal {
	units, _ := d.Units(0)
	return OfUnits(units, 0)
}

// Fixed writes the number with at least so many decimals: 100.5 with two is 100.50. One that keeps its exponent, see
// String, gets none.
func (d Decimal) Fixed(decimals int) string {
	text := d.String()
	missing := decimals - d.Decimals()
	if missing <= 0 || strings.Contains(text, "e") {
		return text
	}
	if d.IsWhole() {
		text += "."
	}
	return text + strings.Repeat("0", missing)
}
