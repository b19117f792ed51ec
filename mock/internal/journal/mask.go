package journal

import (
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/payporter-mock/payporter-mock/internal/wording"
	"github.com/payporter-mock/payporter-mock/payment"
)

// The bounds of what an entry keeps besides a body, in bytes.
const (
	maxHeaderValue = 4 << 10
	maxHeaders     = 16 << 10 // names and values of a message together
	maxURL         = 8 << 10
	maxText        = 2 << 10 // a note, an error, a name
)

var maskedValue = []string{payment.Masked}

// Headers takes the headers of an exchange into the journal: bounded, the values of secret ones masked, and in all
// others what payment.MaskSecrets finds. It changes h, so the caller must be done with it.
func Headers(h http.Header) map[string][]string {
	bytes := 0
	for name, values := range h {
		bytes += len(name)
		if payment.SecretName(name) {
			h[name] = maskedValue
			continue
		}
		for i, v := range values {
			values[i] = bounded(text(v), maxHeaderValue)
			bytes += len(values[i])
		}
	}
	if bytes > maxHeaders {
		return fewerHeaders(h)
	}
	return h
}

// leftOut is the name under which the headers are counted that had no room.
const leftOut = "(left out)"

// fewerHeaders keeps the headers that have room, in the order of their names.
func fewerHeaders(h http.Header) map[string][]string {
	kept := map[string][]string{}
	room, dropped, droppedBytes := maxHeaders, 0, 0
	for _, name := range slices.Sorted(maps.Keys(h)) {
		bytes := len(name)
		for _, v := range h[name] {
			bytes += len(v)
		}
		if bytes > room {
			dropped++
			droppedBytes += bytes
			continue
		}
		room -= bytes
		kept[name] = h[name]
	}
	if dropped > 0 {
		kept[leftOut] = []string{fmt.Sprintf("%s (%s)", wording.Plural(dropped, "header"), wording.Plural(droppedBytes, "byte"))}
	}
	return kept
}

// Text takes a body written by a stranger into the journal: masked as payment.MaskSecrets does, and bounded.
func Text(body []byte) Body {
	if tells(body) {
		body = []byte(payment.MaskSecrets(string(body)))
	}
	return Keep(body)
}

// text is a short text of a stranger, masked.
func text(s string) string {
	if tells(s) {
		return payment.MaskSecrets(s)
	}
	return s
}

// tells reports whether there could be something to mask; it keeps the usual text cheap.
func tells[T string | []byte](s T) bool {
	for i := range len(s) {
		if s[i] == '@' || s[i] == '<' {
			return true
		}
	}
	return hasLongNumber(s) || payment.NamesSecret(s)
}

// bounded cuts a text that is longer than so many bytes, and says how long it was. What is cut off is not held.
func bounded(s string, most int) string {
	if len(s) <= most {
		return s
	}
	return fmt.Sprintf("%s… (%s)", strings.ToValidUTF8(s[:most], ""), wording.Plural(len(s), "byte"))
}

// hasLongNumber reports whether there could be a card number at all.
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

// URL takes the address of a request into the journal, masked and bounded.
func URL(u *url.URL) string { return bounded(payment.MaskTarget(u), maxURL) }

// Where takes a whole address into the journal, without credentials, masked and bounded.
func Where(u *url.URL) string { return bounded(payment.MaskURL(u.String()), maxURL) }
