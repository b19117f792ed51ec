package openapi

import (
	"encoding/json"
	"net/url"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/payporter-mock/payporter-mock/internal/decimal"
)

// longestEcho is how many characters of a value are shown.
const longestEcho = 40

// cardLike stands for a value that must not be shown: people paste real cards into sandboxes.
const cardLike = "a value that looks like a card number"

// echo shows a value in a sentence: cut, with control characters escaped, without passwords of URLs and without
// anything that could be a card number.
func echo(value any) string {
	switch value := value.(type) {
	case string:
		if hidesCard(value) {
			return cardLike
		}
		return strconv.Quote(cut(withoutUser(value)))
	case json.Number:
		if looksLikeCard(string(value), "") {
			return cardLike
		}
		return cut(plainNumber(string(value)))
	case bool:
		return strconv.FormatBool(value)
	case []any:
		return "a list"
	case map[string]any:
		return "an object"
	}
	return "null"
}

// echoAt is echo of a value with this place. A number in amount is money, however many digits it has.
func echoAt(at string, value any) string {
	number, ok := value.(json.Number)
	if ok && (at == "amount" || strings.HasSuffix(at, ".amount")) {
		return cut(plainNumber(string(number)))
	}
	return echo(value)
}

// plainNumber shows a number without its exponent, if that leaves it readable.
func plainNumber(number string) string {
	if plain := decimal.Plain(number); len(plain) <= longestEcho {
		return plain
	}
	return number
}

// safeName is a property's name as it may be shown.
func safeName(name string) string {
	switch {
	case isPlainName(name):
		return name
	case name == "":
		return `""`
	case hidesCard(name):
		return "(a name that looks like a card number)"
	}
	quoted := strconv.Quote(cut(name))
	return quoted[1 : len(quoted)-1]
}

// isPlainName spares the names of a document, which are letters, from being looked at further.
func isPlainName(name string) bool {
	if name == "" || len(name) > longestEcho {
		return false
	}
	for i := range len(name) {
		if c := name[i]; c < 'A' || 'Z' < c && c < 'a' || c > 'z' {
			return false
		}
	}
	return true
}

func cut(text string) string {
	if utf8.RuneCountInString(text) <= longestEcho {
		return text
	}
	return string([]rune(text)[:longestEcho]) + "..."
}

// withoutUser hides the user name and the password of a URL.
func withoutUser(text string) string {
	scheme, rest, ok := strings.Cut(text, "://")
	if !ok {
		return text
	}

	end := strings.IndexAny(rest, "/?#")
	if end < 0 {
		end = len(rest)
	}

	at := strings.LastIndexByte(rest[:end], '@')
	if at < 0 {
		return text
	}
	return scheme + "://***" + rest[at:]
}

// A card number has 12 to 19 digits.
const (
	shortestCard = 12
	longestCard  = 19
)

// cardGaps is what people write between the digits of a card number.
const cardGaps = " -._/+"

// hidesCard finds a card number in a text, even if it is written as in a URL.
func hidesCard(text string) bool {
	if looksLikeCard(text, cardGaps) {
		return true
	}
	plain, err := url.PathUnescape(text)
	return err == nil && plain != text && looksLikeCard(plain, cardGaps)
}

// looksLikeCard finds digits that pass the Luhn check, also with one of gaps between them.
func looksLikeCard(text, gaps string) bool {
	var digits []byte
	var gap bool
	for i := range len(text) {
		c := text[i]
		switch {
		case '0' <= c && c <= '9':
			if digits, gap = append(digits, c-'0'), false; endsCard(digits) {
				return true
			}
		case strings.IndexByte(gaps, c) >= 0 && !gap:
			gap = true
		default:
			digits, gap = digits[:0], false
		}
	}

	return false
}

// endsCard says whether a card number ends at the last digit. No card starts with a zero.
func endsCard(digits []byte) bool {
	sum := 0
	for n := 1; n <= min(len(digits), longestCard); n++ {
		digit := int(digits[len(digits)-n])
		if n%2 == 0 {
			digit = digit*2 - 9*(digit/5)
		}
		sum += digit
		if n >= shortestCard && sum%10 == 0 && digits[len(digits)-n] != 0 {
			return true
		}
	}
	return false
}
