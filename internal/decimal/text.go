package decimal

import (
	"strconv"
	"strings"
)

// longestPlain is how many digits a number may have and still be written without an exponent.
const longestPlain = 60

// String is the number as JSON writes it, without zeros that say nothing, and without an exponent unless it would have
// more than 60 digits.
func (d Decimal) String() string {
	if d.isZero() {
		return "0"
	}

	sign := ""
	if d.negative {
		sign = "-"
	}
	if d.point > longestPlain || d.point < -longestPlain {
		return sign + "0." + d.head + d.tail + "e" + strconv.Itoa(d.point)
	}
	return sign + d.plain()
}

// plain writes the digits around the decimal point.
func (d Decimal) plain() string {
	digits := d.head + d.tail
	switch {
	case d.point <= 0:
		return "0." + strings.Repeat("0", -d.point) + digits
	case d.point >= len(digits):
		return digits + strings.Repeat("0", d.point-len(digits))
	}
	return digits[:d.point] + "." + digits[d.point:]
}

// Plain writes a JSON number without an exponent. One that has none is as it was: 100.50 keeps its zero. One that would
// have more than 60 digits is as it was, too.
func Plain(number string) string {
	if !HasExponent(number) {
		return number
	}
	if plain := Read(number).String(); !strings.Contains(plain, "e") {
		return plain
	}
	return number
}
