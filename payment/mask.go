package payment

import (
	"math"
	"regexp"
	"slices"
)

// MaskText masks whatever in a text looks like a card number: 13 to 19 digits, single spaces, hyphens,
// dots and their spellings in a URL between them allowed, that begin like a card number and add up like one. UUIDs are
// left alone, and so are JSON numbers in amount. It is for texts that strangers write; a PAN masks itself.
func MaskText(s string) string {
	if !hasLongNumber(s) {
		return s
	}

	var out []byte
	kept := 0
	var uuids [][]int // looked for once there is something to mask
	for i := 0; i < len(s); i++ {
		if !isDigit(s[i]) || (i > 0 && isDigit(s[i-1]) && !behindEscape(s, i)) {
			continue
		}
		end, digits := cardAt(s, i)
		if digits == nil || BehindAmount(s, i) {
			continue
		}
		if uuids == nil {
			uuids = uuidsIn(s)
		}
		if within(uuids, i) {
			continue
		}
		if next := nextOf(uuids, i); next < end { // a time before an id can make a number together with it
			if end, digits = cardAt(s[:next], i); digits == nil {
				continue
			}
		}
		out = append(out, s[kept:i]...)
		out = append(out, PAN(digits).Masked()...)
		kept, i = end, end-1
	}

	if kept == 0 {
		return s
	}

	return string(append(out, s[kept:]...))
}

var uuidShape = regexp.MustCompile(`[0-9A-Fa-f]{8}-[0-9A-Fa-f]{4}-[0-9A-Fa-f]{4}-[0-9A-Fa-f]{4}-[0-9A-Fa-f]{12}`)

// uuidsIn is where the UUIDs are. What follows right behind a digit is none: it is the rest of a number.
func uuidsIn(s string) [][]int {
	return slices.DeleteFunc(uuidShape.FindAllStringIndex(s, -1), func(span []int) bool {
		return span[0] > 0 && isDigit(s[span[0]-1])
	})
}

func within(spans [][]int, i int) bool {
	for _, span := range spans {
		if i >= span[0] && i < span[1] {
			return true
		}
	}
	return false
}

// nextOf is where the first of the spans behind i begins.
func nextOf(spans [][]int, i int) int {
	for _, span := range spans {
		if span[0] > i {
			return span[0]
		}
	}
	return math.MaxInt
}

// behindEscape reports whether i stands right behind something like %20, whose digits are none of a number's.
func behindEscape(s string, i int) bool {
	at := i - 2
	for at > 2 && s[at-2:at] == "25" { // it was escaped more than once
		at -= 2
	}
	return at > 0 && s[at-1] == '%'
}

// amountNamed is what stands before a digit of a JSON number in amount, however often its quotes were escaped.
var amountNamed = regexp.MustCompile(`"amount\\*"[ \t\r\n]*:[ \t\r\n]*-?[0-9.]*$`)

// BehindAmount reports whether the digit at i belongs to a JSON number in amount, which is money and no card.
func BehindAmount(s string, i int) bool {
	return amountNamed.MatchString(s[max(0, i-64):i])
}

func isDigit(c byte) bool { return c >= '0' && c <= '9' }

// cardAt reads digits from i on, stepping over single separators between them, and answers the longest
// card number that they make; nil: they make none.
func cardAt(s string, i int) (end int, digits []byte) {
	var read []byte
	dots, others := 0, 0 // what stood between the digits
	for at := i; at < len(s) && len(read) < 20; {
		if isDigit(s[at]) {
			read = append(read, s[at])
			decimal := dots == 1 && others == 0 // people part a card's groups by three dots
			if at++; (at == len(s) || !isDigit(s[at])) && !decimal && looksLikeCard(read) {
				end, digits = at, read
			}
			continue
		}
		if s[at] == '.' {
			dots++
		} else {
			others++
		}
		next := at + separator(s, at)
		if next == at || next >= len(s) || !isDigit(s[next]) {
			break
		}
		at = next
	}

	return end, digits
}

// separator is how many bytes what people write between the groups of a number has; zero: there is none.
func separator[T byteText](s T, i int) int {
	c, width := s[i], 1
	if c == '%' {
		c, width = percentAt(s, i)
	}
	switch c {
	case ' ', '-', '+', '.':
		return width
	}
	return 0
}

func looksLikeCard(digits []byte) bool {
	return len(digits) >= shortestPAN && len(digits) <= 19 && digits[0] >= '2' && Luhn(string(digits))
}
