package payment

import (
	"fmt"
	"io"
	"log/slog"
	"strings"
	"time"
)

// PAN is a card number, digits only. However it is printed, logged or encoded, it shows itself
// masked; Digits is the one way to the number.
type PAN string

// Digits is the number in clear. It must not be kept, logged or answered.
func (p PAN) Digits() string { return string(p) }

// Masked is the documented form: first six digits, six stars, last four.
func (p PAN) Masked() string {
	if len(p) < 12 {
		return "******"
	}
	return string(p[:6]) + "******" + string(p[len(p)-4:])
}

func (p PAN) String() string               { return p.Masked() }
func (p PAN) Format(w fmt.State, _ rune)   { _, _ = io.WriteString(w, p.Masked()) }
func (p PAN) LogValue() slog.Value         { return slog.StringValue(p.Masked()) }
func (p PAN) MarshalText() ([]byte, error) { return []byte(p.Masked()), nil }

// Secret is a text that never shows itself: a CVV, an API secret, an admin token.
type Secret string

// Reveal is the text in clear. It must not be kept, logged or answered.
func (s Secret) Reveal() string { return string(s) }

func (s Secret) String() string               { return Masked }
func (s Secret) Format(w fmt.State, _ rune)   { _, _ = io.WriteString(w, Masked) }
func (s Secret) LogValue() slog.Value         { return slog.StringValue(Masked) }
func (s Secret) MarshalText() ([]byte, error) { return []byte(Masked), nil }

// Masked is what stands where a secret stood.
const Masked = "***"

// Card is what a customer types on the hosted page.
type Card struct {
	PAN         PAN
	Holder      string
	ExpiryMonth int // 1 to 12
	ExpiryYear  int // four digits
	CVV         Secret
}

// ParsePAN takes a card number as people write it, with spaces or hyphens. It says nothing about
// whether the number is a test card.
func ParsePAN(s string) (PAN, bool) {
	digits := strings.NewReplacer(" ", "", "-", "", "\u00a0", "").Replace(s)
	if len(digits) < 12 || len(digits) > 19 || !allDigits(digits) {
		return "", false
	}
	return PAN(digits), true
}

// Luhn reports whether the digits pass the check that every real card number passes.
func Luhn(digits string) bool {
	sum := 0
	for i := range len(digits) {
		d := int(digits[len(digits)-1-i] - '0')
		if i%2 == 1 {
			if d *= 2; d > 9 {
				d -= 9
			}
		}
		sum += d
	}
	return sum%10 == 0
}

// Check finds everything that is wrong with the card at the given time, field by field as the
// hosted page names them. A number that is not a known test card is refused: people do type real
// cards into sandboxes.
func (c Card) Check(now time.Time) (TestCard, []FieldError) {
	var faults []FieldError
	fault := func(field, message string) { faults = append(faults, FieldError{field, message}) }
	card, known := FindTestCard(c.PAN)
	if !known {
		fault("pan", "is not a test card of this sandbox; never enter a real card here")
	}

	switch holder := strings.TrimSpace(c.Holder); {
	case holder == "":
		fault("cardHolderName", "is required")
	case len([]rune(holder)) > 100:
		fault("cardHolderName", "must have at most 100 characters")
	}

	switch {
	case c.ExpiryMonth < 1 || c.ExpiryMonth > 12:
		fault("expiry", "must be a month and a year such as 04/28")
	case !now.Before(time.Date(c.ExpiryYear, time.Month(c.ExpiryMonth)+1, 1, 0, 0, 0, 0, time.UTC)):
		fault("expiry", "is in the past")
	}
	if cvv := c.CVV.Reveal(); !allDigits(cvv) || (known && len(cvv) != card.cvvLength()) {
		fault("cvv", fmt.Sprintf("must have %d digits", card.cvvLength()))
	}

	return card, faults
}

// ParseExpiry reads MM/YY and MM/YYYY, with or without spaces; a zero month is what it cannot read.
func ParseExpiry(s string) (month, year int) {
	mm, yy, ok := strings.Cut(strings.ReplaceAll(s, " ", ""), "/")
	if !ok || !allDigits(mm) || len(mm) > 2 || !allDigits(yy) || (len(yy) != 2 && len(yy) != 4) {
		return 0, 0
	}

	month, year = number(mm), number(yy)
	if len(yy) == 2 {
		year += 2000
	}
	if month > 12 {
		return 0, 0
	}
	return month, year
}

func number(digits string) int {
	n := 0
	for _, d := range digits {
		n = n*10 + int(d-'0')
	}
	return n
}

// allDigits reports whether the text is digits, and at least one.
func allDigits(s string) bool {
	for i := range len(s) {
		if s[i] < '0' || s[i] > '9' {
			return false
		}
	}
	return s != ""
}
