package exchange

import (
	"regexp"
	"strings"

	"github.com/payporter-mock/payporter-mock/payment"
)

// spelled are card numbers that payment.MaskText leaves: with separators as a form encodes them, and
// of twelve digits.
var spelled = regexp.MustCompile(`[2-9](?:(?:\+|%20|%2[dD]|\x{a0}|_)?[0-9]){11,18}`)

// maskSpelled masks them.
func maskSpelled(s string) string {
	if !hasTwelveDigits(s) {
		return s
	}
	var b strings.Builder
	kept := 0
	for _, at := range spelled.FindAllStringIndex(s, -1) {
		digits := onlyDigits(s[at[0]:at[1]])
		if partOfWord(s, at[0], at[1]) || !payment.Luhn(digits) {
			continue
		}
		b.WriteString(s[kept:at[0]])
		b.WriteString(payment.PAN(digits).Masked())
		kept = at[1]
	}
	return b.String() + s[kept:]
}

// hasTwelveDigits reports whether there could be one at all.
func hasTwelveDigits(s string) bool {
	digits := 0
	for i := range len(s) {
		switch c := s[i]; {
		case c >= '0' && c <= '9':
			if digits++; digits >= 12 {
				return true
			}
		case !strings.ContainsRune("+%_dD", rune(c)) && c != 0xc2 && c != 0xa0:
			digits = 0
		}
	}
	return false
}

// partOfWord reports whether the digits are the end of an id, such as a UUID's last group, or go on.
func partOfWord(s string, from, to int) bool {
	if to < len(s) && s[to] >= '0' && s[to] <= '9' {
		return true
	}
	if from == 0 {
		return false
	}
	c := s[from-1]
	return c == '-' || c == '.' || c >= '0' && c <= '9' || c|0x20 >= 'a' && c|0x20 <= 'z'
}

// onlyDigits drops separators; those of a form are a per cent sign and two characters.
func onlyDigits(s string) string {
	s = strings.NewReplacer("%20", "", "%2d", "", "%2D", "").Replace(s)
	return strings.Map(func(r rune) rune {
		if r < '0' || r > '9' {
			return -1
		}
		return r
	}, s)
}
