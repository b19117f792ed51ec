package exchange

import (
	"regexp"
	"strings"

	"github.com/payporter-mock/payporter-mock/payment"
)

// Card numbers that payment.MaskText leaves: of twelve digits, or with other signs between them.
var (
	between = regexp.MustCompile(`\+|%20|%2[dD]|\x{a0}|_`)
	number  = regexp.MustCompile(`[2-9](?:(?:` + between.String() + `)?[0-9]){11,18}`)
)

// maskOtherNumbers masks them.
func maskOtherNumbers(s string) string {
	var b strings.Builder
	kept := 0
	for _, at := range number.FindAllStringIndex(s, -1) {
		digits := between.ReplaceAllString(s[at[0]:at[1]], "")
		if partOfWord(s, at[0], at[1]) || payment.BehindAmount(s, at[0]) || !payment.Luhn(digits) {
			continue
		}
		b.WriteString(s[kept:at[0]] + payment.PAN(digits).Masked())
		kept = at[1]
	}
	return b.String() + s[kept:]
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
