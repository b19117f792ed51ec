// Package decimal is the one place where decimal numbers are read and compared. It never rounds: 100.5, 100.5000 and
// 1.005E2 are the same number, and 0.1 is a tenth.
//
// It knows no money. What an amount may be is decided by package payment.
package decimal

import (
	"cmp"
	"strconv"
	"strings"
)

// farExponent stands for every exponent beyond it: 1e999999999 must not be counted out.
const farExponent = 1 << 30

// Decimal is a number: 0.digits times ten to the power of point. Its zero value is 0.
//
// The digits are the two parts one after the other, as they stand around the point of a text, so that reading a number
// allocates nothing. There is no zero at either end, and there are none for zero.
type Decimal struct {
	negative   bool
	head, tail string
	point      int
}

// Parse reads a number as JSON writes it. Anything else is not ok.
func Parse(text string) (d Decimal, ok bool) {
	if !isNumber(text) {
		return Decimal{}, false
	}
	return Read(text), true
}

// Read is Parse for a text that is known to be a JSON number, such as a json.Number that was decoded.
func Read(text string) Decimal {
	mantissa, exponent := text, ""
	if at := exponentAt(text); at >= 0 {
		mantissa, exponent = text[:at], text[at+1:]
	}
	mantissa, negative := strings.CutPrefix(mantissa, "-")
	whole, fraction, _ := strings.Cut(mantissa, ".")

	head, tail := strings.TrimLeft(whole, "0"), fraction
	if head == "" {
		tail = strings.TrimLeft(fraction, "0")
	}
	point := len(head) - (len(fraction) - len(tail))

	tail = strings.TrimRight(tail, "0")
	if tail == "" {
		head = strings.TrimRight(head, "0")
	}
	if head == "" && tail == "" {
		return Decimal{}
	}
	return Decimal{negative: negative, head: head, tail: tail, point: point + parseExponent(exponent)}
}

// HasExponent reports whether a JSON number is written with an exponent, such as 1E2.
func HasExponent(text string) bool { return exponentAt(text) >= 0 }

// exponentAt is where the exponent of a number begins; below zero: it has none.
func exponentAt(text string) int {
	for i := range len(text) {
		if text[i]|0x20 == 'e' {
			return i
		}
	}
	return -1
}

func parseExponent(text string) int {
	if text == "" {
		return 0
	}

	exponent, err := strconv.Atoi(text)
	switch {
	case err != nil && strings.HasPrefix(text, "-"), exponent < -farExponent:
		return -farExponent
	case err != nil, exponent > farExponent:
		return farExponent
	}
	return exponent
}

// isNumber reports whether the text has the form of a JSON number.
func isNumber(text string) bool {
	text = strings.TrimPrefix(text, "-")
	digits := digitsAt(text)
	if digits == 0 || digits > 1 && text[0] == '0' {
		return false
	}
	text = text[digits:]

	if fraction, ok := strings.CutPrefix(text, "."); ok {
		digits = digitsAt(fraction)
		if digits == 0 {
			return false
		}
		text = fraction[digits:]
	}

	if text == "" {
		return true
	}
	if text[0] != 'e' && text[0] != 'E' {
		return false
	}
	text = text[1:]
	if text != "" && (text[0] == '+' || text[0] == '-') {
		text = text[1:]
	}
	return text != "" && digitsAt(text) == len(text)
}

// digitsAt counts the digits with which the text begins.
func digitsAt(text string) int {
	n := 0
	for n < len(text) && '0' <= text[n] && text[n] <= '9' {
		n++
	}
	return n
}

// OfFloat is the number that the shortest text for the float64 says: 0.01 is a hundredth. f must be finite.
func OfFloat(f float64) Decimal { return Read(strconv.FormatFloat(f, 'g', -1, 64)) }

// OfInt is a whole number.
func OfInt(n int64) Decimal { return Read(strconv.FormatInt(n, 10)) }

// Compare is -1, 0 or 1 as d is less than, equal to or greater than other.
func (d Decimal) Compare(other Decimal) int {
	sign := d.Sign()
	if sign != other.Sign() || sign == 0 {
		return cmp.Compare(sign, other.Sign())
	}
	return sign * cmp.Or(cmp.Compare(d.point, other.point), d.compareDigits(other))
}

// compareDigits compares digits of the same magnitude.
func (d Decimal) compareDigits(other Decimal) int {
	for i := range min(d.Digits(), other.Digits()) {
		if order := cmp.Compare(d.digit(i), other.digit(i)); order != 0 {
			return order
		}
	}
	return cmp.Compare(d.Digits(), other.Digits())
}

func (d Decimal) digit(i int) byte {
	if i < len(d.head) {
		return d.head[i]
	}
	return d.tail[i-len(d.head)]
}

func (d Decimal) isZero() bool { return d.Digits() == 0 }

// Same reports whether both texts are JSON numbers of the same value: 100.5 and 100.50.
func Same(a, b string) bool {
	x, ok := Parse(a)
	y, fine := Parse(b)
	return ok && fine && x.Compare(y) == 0
}

// Sign is -1, 0 or 1 as d is less than, equal to or greater than zero.
func (d Decimal) Sign() int {
	switch {
	case d.isZero():
		return 0
	case d.negative:
		return -1
	}
	return 1
}

// Decimals is how many digits follow the decimal point, without zeros at the end: 1 for 100.50.
func (d Decimal) Decimals() int { return max(0, d.Digits()-d.point) }

// Digits is how many digits there are between the first and the last that is not zero: 4 for 100.50.
func (d Decimal) Digits() int { return len(d.head) + len(d.tail) }

// Magnitude is how many digits precede the decimal point: 3 for 100.5, 0 for 0.5, -1 for 0.05.
func (d Decimal) Magnitude() int { return d.point }

// IsWhole reports whether nothing follows the decimal point but zeros.
func (d Decimal) IsWhole() bool { return d.Decimals() == 0 }

// Int is the number as an int; not ok when it has decimals or does not fit.
func (d Decimal) Int() (n int, ok bool) {
	if !d.IsWhole() || d.point > len("9223372036854775807") {
		return 0, false
	}
	n, err := strconv.Atoi(d.String())
	return n, err == nil
}
