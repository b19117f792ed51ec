package journal

import (
	"bytes"
	"net/http"
	"net/url"
	"regexp"
	"strings"

	"github.com/payporter-mock/payporter-mock/mock/payment"
)

// secretHeaders are the headers whose values never reach the journal, in canonical form.
var secretHeaders = [...]string{"X-Api-Secret", "Authorization", "Proxy-Authorization", "Cookie", "Set-Cookie"}

var maskedValue = []string{payment.Masked}

// Headers takes the headers of an exchange into the journal: it masks the secret ones, and card
// numbers in any, in place, so the caller must be done with them.
func Headers(h http.Header) map[string][]string {
	for _, name := range secretHeaders {
		if _, ok := h[name]; ok {
			h[name] = maskedValue
		}
	}
	for _, values := range h {
		for i, v := range values {
			if hasLongNumber(v) {
				values[i] = payment.MaskText(v)
			}
		}
	}
	return h
}

// Text takes a body written by a stranger into the journal: bounded, with card numbers, what stands
// under the names of card data, and the credentials in URLs masked.
func Text(body []byte) Body {
	if namesCard(body) {
		body = cardFields.ReplaceAll(body, []byte(`$1"***"`))
	}
	if hasLongNumber(body) {
		body = []byte(payment.MaskText(string(body)))
	}
	if bytes.Contains(body, []byte("@")) {
		body = credentials.ReplaceAll(body, []byte("://***@"))
	}
	return Keep(body)
}

// namesCard reports whether a JSON name begins like one of cardFields; it keeps the usual body cheap.
func namesCard(body []byte) bool {
	for i := range len(body) - 3 {
		if body[i] != '"' {
			continue
		}
		switch [3]byte{body[i+1] | 0x20, body[i+2] | 0x20, body[i+3] | 0x20} {
		case [3]byte{'p', 'a', 'n'}, [3]byte{'c', 'a', 'r'}, [3]byte{'c', 'v', 'v'}, [3]byte{'c', 'v', 'c'},
			[3]byte{'x', '-', 'a'}, [3]byte{'a', 'p', 'i'}:
			return true
		}
	}
	return false
}

// cardFields are JSON properties that hold card data, up to their value and with it.
var cardFields = regexp.MustCompile(`(?i)("(?:pan|card_?number|cvv2?|cvc2?|x-api-secret|api_?secret)"\s*:\s*)(?:"(?:[^"\\]|\\.)*"|[0-9]+)`)

// credentials are what stands before the host of a URL.
var credentials = regexp.MustCompile(`://[^/?#\s"@]+@`)

// hasLongNumber reports whether there could be a card number at all; it keeps the usual text cheap.
func hasLongNumber[T string | []byte](text T) bool {
	run := 0
	for i := 0; i < len(text); i++ {
		switch c := text[i]; {
		case c >= '0' && c <= '9':
			if run++; run >= 13 {
				return true
			}
		case c == '%':
			i += 2 // what stands behind it is none of a number's
		case c != ' ' && c != '-' && c != '+' && c != '.':
			run = 0
		}
	}
	return false
}

// URL takes the address of a request into the journal, card data in its query masked.
func URL(u *url.URL) string {
	path := (&url.URL{Path: payment.MaskText(u.Path)}).EscapedPath()
	if u.RawQuery == "" {
		return path
	}
	q := u.Query()
	for name, values := range q {
		for i, v := range values {
			if values[i] = payment.MaskText(v); secretName(name) {
				values[i] = payment.Masked
			}
		}
	}
	return path + "?" + q.Encode()
}

// Where takes a whole address into the journal, without credentials and with card data masked.
func Where(u *url.URL) string {
	return u.Scheme + "://" + u.Host + URL(u)
}

// secretName reports whether a form or query field holds what must not be kept.
func secretName(name string) bool {
	switch strings.ToLower(name) {
	case "pan", "card", "cardnumber", "cvv", "cvc", "secret", "token", "x-api-secret":
		return true
	}
	return false
}
