package scenarios

import (
	"strconv"

	"github.com/payporter-mock/payporter-mock/internal/decimal"
)

// number is a decimal with the text that says it.
type number struct {
	decimal.Decimal
	text string
}

// mostDigits keeps numbers within what an amount can be.
const mostDigits = 40

// parseNumber reads a number as JSON writes it, of a size that an amount can have.
func parseNumber(text string) (n number, ok bool) {
	value, ok := decimal.Parse(text)
	if !ok || value.Magnitude() > mostDigits || value.Decimals() > mostDigits {
		return number{}, false
	}
	return number{value, text}, true
}

// numberOf is a number whose text is known to be one.
func numberOf(text string) number { return number{decimal.Read(text), text} }

// countOf is a whole number.
func countOf(n int) number { return numberOf(strconv.Itoa(n)) }
