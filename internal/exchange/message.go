// Package exchange is one recorded HTTP exchange.
package exchange

import (
	"encoding/json"
	"strconv"
	"unicode/utf8"
)

// Message is one half of an exchange.
type Message struct {
	Method  string              `json:"method,omitempty"`
	URL     string              `json:"url,omitempty"`
	Status  int                 `json:"status,omitempty"`
	Headers map[string][]string `json:"headers,omitempty"`
	Body    Body                `json:"body,omitempty"`
}

// Body is a recorded body, as text where it is text.
type Body []byte

// MarshalJSON writes the body as a JSON string.
func (b Body) MarshalJSON() ([]byte, error) {
	if !utf8.Valid(b) {
		return json.Marshal("(not UTF-8, " + strconv.Itoa(len(b)) + " bytes)")
	}
	return json.Marshal(string(b))
}

// IsZero keeps empty bodies out of the JSON.
func (b Body) IsZero() bool { return len(b) == 0 }

// Bytes is about what the message holds in memory.
func (m *Message) Bytes() int {
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
