package openapi

import (
	"strings"

	"github.com/payporter-mock/payporter-mock/internal/decimal"
)

// exactDigits is how many significant digits a float64 always keeps.
const exactDigits = 15

// inexact says whether a float64 could be another number than text.
func inexact(text string) bool {
	if len(text) <= exactDigits {
		// Short, but 1e-400 and 1e400 are no float64 either.
		return decimal.HasExponent(text) && outsideFloat(decimal.Read(text))
	}
	d := decimal.Read(text)
	return d.Digits() > exactDigits || outsideFloat(d)
}

func outsideFloat(d decimal.Decimal) bool { return d.Magnitude() > 300 || d.Magnitude() < -300 }

// powerOfTen says how many decimals a multipleOf such as 0.01 stands for.
func powerOfTen(multipleOf *float64) (decimals int, ok bool) {
	if multipleOf == nil {
		return 0, false
	}
	d := decimal.OfFloat(*multipleOf)
	return d.Decimals(), d.Digits() == 1 && d.Shift(-d.Magnitude()+1).Compare(decimal.OfInt(1)) == 0 && d.Magnitude() <= 1
}

// decimalsIn counts the decimals of a number by its value: zeros at the end are none.
func decimalsIn(text string) int {
	if decimal.HasExponent(text) {
		return decimal.Read(text).Decimals()
	}
	_, fraction, _ := strings.Cut(text, ".")
	return len(strings.TrimRight(fraction, "0"))
}
