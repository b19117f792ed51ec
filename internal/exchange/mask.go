package exchange

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

// The bounds of what a message keeps besides its body, in bytes.
const (
	maxHeaderValue = 4 << 10
	maxHeaders     = 16 << 10 // names and values of a message together
	maxURL         = 8 << 10
)

var maskedValue = []string{payment.Masked}

// Headers are the headers of a message: bounded, the values of secret ones masked, and in all others what
// payment.MaskSecrets finds. It changes h, so the caller must be done with it.
func Headers(h http.Header) map[string][]string {
	bytes := 0
	for name, values := range h {
		bytes += len(name)
		if isSecret(name) {
			h[name] = maskedValue
			continue
		}
		for i, v := range values {
			values[i] = Bounded(payment.MaskSecrets(v), maxHeaderValue)
			bytes += len(values[i])
		}
	}

	if bytes > maxHeaders {
		return fewerHeaders(h)
	}

	return h
}

// usual is what payment.SecretName says of the headers that nearly every message has.
var usual = func() map[string]bool {
	known := map[string]bool{}
	for _, name := range []string{
		"Accept", "Accept-Encoding", "Accept-Language", "Connection", "Content-Length", "Content-Type", "Date", "Host",
		"Idempotency-Key", "User-Agent", "X-Api-Key", "X-Api-Secret",
	} {
		known[name] = payment.SecretName(name)
	}
	return known
}()

// isSecret reports whether the value of a header must not be shown.
func isSecret(name string) bool {
	if secret, known := usual[name]; known {
		return secret
	}
	return payment.SecretName(name)
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
		kept[leftOut] = []string{
			fmt.Sprintf("%s (%s)", wording.Plural(dropped, "header"), wording.Plural(droppedBytes, "byte")),
		}
	}

	return kept
}

// Bounded cuts a text that is longer than so many bytes, and says how long it was. What is cut off is not held.
func Bounded(s string, most int) string {
	if len(s) <= most {
		return s
	}
	return fmt.Sprintf("%s… (%s)", strings.ToValidUTF8(s[:most], ""), wording.Plural(len(s), "byte"))
}

// Target is the path and the query of a request's address, masked and bounded.
func Target(u *url.URL) string { return Bounded(payment.MaskTarget(u), maxURL) }

// URL is a whole address, without credentials, masked and bounded.
func URL(u *url.URL) string { return Bounded(payment.MaskURL(u.String()), maxURL) }
