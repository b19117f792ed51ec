package payment

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/payporter-mock/payporter-mock/internal/decimal"
)

// maxMinor keeps every sum and percentage of an amount far from overflow.
const maxMinor = 1_000_000_000_000_000

// Amount is an amount of money: a count of minor units, its currency, and the digits it came with.
// It never passes through a float, and 100.50 keeps its zero.
type Amount struct {
	minor    int64
	digits   string
	currency string
}

// ParseAmount reads a JSON number by its value: 100.5000 TRY and 5.0 JPY are amounts. An unknown currency, a value that
// is not positive, more decimals than the currency has, and sizes beyond reason each answer an *Error with its Field.
func ParseAmount(number, currency string) (Amount, error) {
	decimals, known := MinorDigits(currency)
	if !known {
		return Amount{}, faulty("currency", "must be a known ISO 4217 currency code such as TRY, got "+
			strconv.Quote(shorten(currency)))
	}
	value, ok := decimal.Parse(number)
	if !ok {
		return Amount{}, faulty("amount", "must be a decimal number such as 100.50, got "+shorten(number))
	}
	shown := shorten(decimal.Plain(number))

	switch {
	case value.Sign() <= 0:
		return Amount{}, faulty("amount", "must be greater than 0, got "+shown)
	case value.Decimals() > decimals:
		return Amount{}, faulty("amount", tooPrecise(decimals, currency, shown))
	case value.Magnitude() > mostDigits:
		return Amount{}, faulty("amount", "is too large, got "+shown)
	}

	digits := withoutZeros(decimal.Plain(number), decimals)
	whole, fraction, _ := strings.Cut(digits, ".")
	minor, err := strconv.ParseInt(whole+fraction+strings.Repeat("0", decimals-len(fraction)), 10, 64)
	if err != nil || minor > maxMinor {
		return Amount{}, faulty("amount", "is too large, got "+shown)
	}
	return Amount{minor: minor, digits: digits, currency: currency}, nil
}

// mostDigits is how many digits an amount may have before the point: none that is allowed has more.
const mostDigits = 18

// withoutZeros leaves out the zeros behind the last decimal that the currency has: 100.500 TRY is 100.50, and 5.0 JPY
// 5.
func withoutZeros(digits string, decimals int) string {
	point := strings.IndexByte(digits, '.')
	switch {
	case point < 0:
		return digits
	case decimals == 0:
		return digits[:point]
	}
	return digits[:min(len(digits), point+1+decimals)]
}

func tooPrecise(decimals int, currency, shown string) string {
	switch decimals {
	case 0:
		return "must be a whole number for " + currency + ", got " + shown
	case 1:
		return "must have at most 1 decimal for " + currency + ", got " + shown
	}
	return "must have at most " + strconv.Itoa(decimals) + " decimals for " + currency + ", got " + shown
}

// String is the amount with the digits it came with, such as 100.50.
func (a Amount) String() string { return a.digits }

// Currency is the ISO 4217 code of the amount.
func (a Amount) Currency() string { return a.currency }

// Minor is the amount in minor units: 10050 for 100.50 TRY.
func (a Amount) Minor() int64 { return a.minor }

// MarshalJSON writes the amount as a JSON number with the digits it came with.
func (a Amount) MarshalJSON() ([]byte, error) {
	if a.digits == "" {
		return []byte("0"), nil
	}
	return []byte(a.digits), nil
}

// MarshalBinary writes the amount with its currency, for books: UnmarshalBinary reads it.
func (a Amount) MarshalBinary() ([]byte, error) { return []byte(a.digits + " " + a.currency), nil }

// UnmarshalBinary reads what MarshalBinary wrote. What interest makes of an amount may be more than an order may cost.
func (a *Amount) UnmarshalBinary(text []byte) error {
	digits, currency, _ := strings.Cut(string(text), " ")
	if digits == "" {
		*a = Amount{}
		return nil
	}

	decimals, known := MinorDigits(currency)
	whole, fraction, _ := strings.Cut(digits, ".")
	if !known || len(fraction) > decimals {
		return fmt.Errorf("amount %q: not one that was written down", text)
	}
	minor, err := strconv.ParseInt(whole+fraction+strings.Repeat("0", decimals-len(fraction)), 10, 64)
	if err != nil {
		return fmt.Errorf("amount %q: not one that was written down", text)
	}
	*a = Amount{minor: minor, digits: digits, currency: currency}
	return nil
}

// Percent is the part of the amount in basis points (1.99 % is 199), rounded half up to minor units.
func (a Amount) Percent(basisPoints int64) Amount {
	return ofMinor((a.minor*basisPoints+5_000)/10_000, a.currency)
}

// Plus adds two amounts of the same currency.
func (a Amount) Plus(b Amount) Amount { return ofMinor(a.minor+b.minor, a.currency) }

// WithMinor is another amount in the same currency, of so many minor units.
func (a Amount) WithMinor(minor int64) Amount { return ofMinor(minor, a.currency) }

// Over is the amount of one of n equal parts, rounded half up to minor units.
func (a Amount) Over(n int64) Amount { return ofMinor((2*a.minor+n)/(2*n), a.currency) }

// Fixed writes the amount with all the decimals its currency has: 100.5 TRY is 100.50.
func (a Amount) Fixed() string { return ofMinor(a.minor, a.currency).digits }

func ofMinor(minor int64, currency string) Amount {
	decimals, _ := MinorDigits(currency)
	digits := strconv.FormatInt(minor, 10)
	if decimals > 0 {
		if missing := decimals + 1 - len(digits); missing > 0 {
			digits = strings.Repeat("0", missing) + digits
		}
		at := len(digits) - decimals
		digits = digits[:at] + "." + digits[at:]
	}
	return Amount{minor: minor, digits: digits, currency: currency}
}

func faulty(field, message string) *Error {
	return &Error{Code: InvalidRequest, Field: field, Message: message}
}

// shorten keeps an error readable when somebody sends a very long value.
func shorten(s string) string {
	if len(s) > 40 {
		return s[:40] + "..."
	}
	return s
}
