package sequence

import (
	"bytes"
	"encoding/json"
	"net/http"
	"strconv"
	"strings"
	"unicode/utf8"
)

// Answered says in a few words what an HTTP answer said: its status, and of the body what counts. Of a payment that is
// its status and amount, of a new checkout the beginning of its id, of an error its messageCode and the fields; a short
// text stands as it is. The body may be cut off, and must be masked already.
func Answered(status int, body string) string {
	code := strconv.Itoa(status)
	if said := said(body); said != "" {
		return code + " " + said
	}
	return strings.TrimSpace(code + " " + http.StatusText(status))
}

// content is what counts in the bodies of PayPorter's API, and in many shops'.
type content struct {
	CheckoutID  string          `json:"checkoutId"`
	RedirectURL string          `json:"redirectUrl"`
	Status      json.RawMessage `json:"status"`
	Amount      json.Number     `json:"amount"`
	Currency    string          `json:"currency"`
	MessageCode string          `json:"messageCode"`
	Errors      []struct {
		Field string `json:"field"`
	} `json:"errors"`
}

// Bounds of what is said of a body.
const (
	shortID  = 8  // of a UUID, its first group
	mostSaid = 40 // letters of a text
	mostRead = 64 << 10
)

// said is what counts in a body; empty: nothing does.
func said(body string) string {
	text := strings.TrimSpace(body)
	if len(text) > mostRead {
		return ""
	}
	if !strings.HasPrefix(text, "{") {
		return quote(text)
	}

	c := content{}
	decoder := json.NewDecoder(bytes.NewReader([]byte(text)))
	if decoder.Decode(&c) != nil && c.Status == nil && c.MessageCode == "" {
		return quote(text) // a field is of another type than ours, or the text ends too early
	}
	if words := strings.Join(c.words(), " "); words != "" {
		return words
	}

	return quote(text)
}

func (c content) words() []string {
	var words []string
	add := func(word string) {
		if word != "" {
			words = append(words, word)
		}
	}

	add(c.MessageCode)
	for _, e := range c.Errors {
		add(e.Field)
	}
	if c.RedirectURL != "" && c.CheckoutID != "" {
		add("checkout " + c.CheckoutID[:min(len(c.CheckoutID), shortID)])
	}
	add(strings.Trim(string(c.Status), `"`))
	add(c.Amount.String())
	add(c.Currency)
	return words
}

// quote is a short text in quotation marks; empty: it is none.
func quote(text string) string {
	long := utf8.RuneCountInString(text) > mostSaid
	if text == "" || long || strings.ContainsAny(text, "<\n") || !utf8.ValidString(text) {
		return ""
	}
	return `"` + text + `"`
}
