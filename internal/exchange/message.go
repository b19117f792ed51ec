// Package exchange is an HTTP exchange as it is recorded: journals, reports and rules hold the same one. It owns what
// is masked of one and what is cut off, so that whoever records masks with it and with nothing else. It knows no
// operation, and judges nothing.
package exchange

import (
	"bytes"
	"net/http"
	"unicode/utf8"

	"github.com/payporter-mock/payporter-mock/internal/wording"
	"github.com/payporter-mock/payporter-mock/payment"
)

// Message is one half of an exchange: a request, or an answer. Zero fields do not apply to it.
type Message struct {
	Method  string              `json:"method,omitempty"`
	URL     string              `json:"url,omitempty"`
	Status  int                 `json:"status,omitempty"`
	Headers map[string][]string `json:"headers,omitempty"`
	Body    Body                `json:"body,omitempty"`
}

// Header is the first value of a header, empty when there is none.
func (m Message) Header(name string) string { return http.Header(m.Headers).Get(name) }

// Received is a request that a server of ours got, masked and bounded. It changes the headers of r, as Headers does.
func Received(r *http.Request, body Body) *Message {
	return &Message{Method: r.Method, URL: Target(r.URL), Headers: Headers(r.Header), Body: body}
}

// Size is about what the message holds in memory, in bytes; nil holds nothing.
func (m *Message) Size() int {
	if m == nil {
		return 0
	}
	n := 150 + cap(m.Body) + len(m.URL)

	for name, values := range m.Headers {
		n += 60 + len(name)
		for _, v := range values {
			n += 16 + len(v)
		}
	}
	return n
}

// Body is a recorded body, as text where it is text.
type Body []byte

// maxBody bounds what is kept of a body, in bytes.
const maxBody = 16 << 10

// Masked is the beginning of a body that a stranger wrote, masked as payment.MaskSecrets does.
func Masked(body []byte) Body { return Harmless(payment.MaskSecretsIn(body)) }

// Harmless is the beginning of a body that is known to have no secret in it.
func Harmless(body []byte) Body {
	if len(body) > maxBody {
		return bytes.Clone(body[:maxBody]) // so that the rest of it is not held
	}
	return body
}

// String is the body as text, or says that it is none.
func (b Body) String() string {
	if !utf8.Valid(b) {
		return "(not UTF-8, " + wording.Plural(len(b), "byte") + ")"
	}
	return string(b)
}

// MarshalText makes JSON show the body as a string.
func (b Body) MarshalText() ([]byte, error) { return []byte(b.String()), nil }

// UnmarshalText takes what MarshalText gave.
func (b *Body) UnmarshalText(text []byte) error {
	*b = bytes.Clone(text)
	return nil
}
