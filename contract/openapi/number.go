package openapi

import (
	"cmp"
	"strconv"
	"strings"
)

// exactDigits is how many significant digits a float64 always keeps.
const exactDigits = 15

// farExponent stands for every exponent beyond it: 1e999999999 must not be counted out.
const farExponent = 1 << 30

// decimal is a JSON number as it was written: 0.digits times ten to the power of point.
type decimal struct {
	negative bool
	digits   string // without zeros at either end; empty for zero
	point    int
}

// parseDecimal reads a valid JSON number without rounding it.
func parseDecimal(text string) decimal {
	mantissa, exponent, _ := strings.Cut(strings.ToLower(text), "e")
	mantissa, negative := strings.CutPrefix(mantissa, "-")
	whole, fraction, _ := strings.Cut(mantissa, ".")
	digits := strings.TrimLeft(whole+fraction, "0")
	point := len(whole) - (len(whole) + len(fraction) - len(digits))
	digits = strings.TrimRight(digits, "0")
	if digits == "" {
		return decimal{}
	}
	return decimal{negative: negative, digits: digits, point: point + parseExponent(exponent)}
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

func decimalOf(f float64) decimal { return parseDecimal(strconv.FormatFloat(f, 'g', -1, 64)) }

// String is the number as JSON writes it.
func (d decimal) String() string {
	if d.digits == "" {
		return "0"
	}
	text := "0." + d.digits + "e" + strconv.Itoa(d.point)
	if d.negative {
		return "-" + text
	}
	return text
}

// decimals is how many digits follow the decimal point.
func (d decimal) decimals() int { return max(0, len(d.digits)-d.point) }

func (d decimal) sign() int {
	switch {
	case d.digits == "":
		return 0
	case d.negative:
		return -1
	}
	return 1
}

func (d decimal) compare(other decimal) int {
	sign := d.sign()
	if sign != other.sign() || sign == 0 {
		return cmp.Compare(sign, other.sign())
	}
	return sign * cmp.Or(cmp.Compare(d.point, other.point), strings.Compare(d.digits, other.digits))
}

// inexact says whether a float64 could be another number than text.
func inexact(text string) bool {
	if len(text) <= exactDigits {
		// Short, but 1e-400 and 1e400 are no float64 either.
		return strings.ContainsAny(text, "eE") && outsideFloat(parseDecimal(text))
	}
	d := parseDecimal(text)
	return len(d.digits) > exactDigits || outsideFloat(d)
}

func outsideFloat(d decimal) bool { return d.point > 300 || d.point < -300 }

// powerOfTen says how many decimals a multipleOf such as 0.01 stands for.
func powerOfTen(multipleOf *float64) (decimals int, ok bool) {
	if multipleOf == nil {
		return 0, false
	}
	d := decimalOf(*multipleOf)
	return d.decimals(), d.digits == "1" && !d.negative && d.point <= 1
}
