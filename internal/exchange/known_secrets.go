package exchange

import (
	"bytes"
	"encoding/json"
	"maps"
	"net/url"
	"slices"
	"strings"

	"github.com/payporter-mock/payporter-mock/payment"
)

// Masker masks what is shown to anybody: the secrets that it knows by their value, in every spelling, and what
// payment.MaskSecrets finds. What it has masked it masks no further. The zero value knows no secret.
type Masker struct {
	secrets   []string
	spellings *strings.Replacer // nil: no secret is known
}

// shortestSecret is the length from which a secret is looked for, in bytes: a shorter one is in every other word.
const shortestSecret = 4

// NewMasker makes a masker that knows these secrets.
func NewMasker(secrets ...payment.Secret) Masker {
	var m Masker
	var spellings []string
	for _, secret := range secrets {
		if text := secret.Reveal(); len(text) >= shortestSecret {
			plain, escaped := quoted(text)
			spellings = append(spellings, text, url.QueryEscape(text), url.PathEscape(text), plain, escaped)
			m.secrets = append(m.secrets, text)
		}
	}
	if m.secrets == nil {
		return m
	}

	// A replacer takes the first that fits: the longest must come first.
	slices.SortStableFunc(spellings, func(a, b string) int { return len(b) - len(a) })
	var pairs []string
	for _, spelling := range slices.Compact(spellings) {
		pairs = append(pairs, spelling, payment.Masked)
	}
	m.spellings = strings.NewReplacer(pairs...)
	return m
}

// quoted is the text as it is within a JSON string, as most write it and as Go does.
func quoted(text string) (plain, escaped string) {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	_ = e.Encode(text) // a string always can be
	plain = strings.Trim(b.String(), "\n")

	b.Reset()
	json.HTMLEscape(&b, []byte(plain))
	return plain[1 : len(plain)-1], b.String()[1 : b.Len()-1]
}

// Known masks the secrets that it knows, and nothing else.
func (m Masker) Known(s string) string {
	if m.spellings == nil {
		return s
	}
	return encoded.ReplaceAllStringFunc(m.spellings.Replace(s), func(token string) string {
		if slices.ContainsFunc(m.secrets, func(secret string) bool { return decodesTo(token, secret) }) {
			return payment.Masked
		}
		return token
	})
}

// Own masks a text of our own, in which strangers may be quoted. It leaves what only looks like a secret by its name.
func (m Masker) Own(s string) string {
	return maskOtherNumbers(payment.MaskText(m.Known(strings.ToValidUTF8(s, "\ufffd"))))
}

// Text masks a text that strangers wrote. JSON stays JSON.
func (m Masker) Text(s string) string { return m.Own(payment.MaskSecrets(s)) }

// Message is a copy of the message that can be shown to anybody; nil stays nil.
func (m Masker) Message(message *Message) *Message {
	if message == nil {
		return nil
	}
	c := *message
	c.Method, c.URL = m.Own(c.Method), m.Own(payment.MaskURL(c.URL))
	c.Headers, c.Body = m.headers(c.Headers), m.body(c.Body)
	return &c
}

// Exchange is a copy of the exchange that can be shown to anybody.
func (m Masker) Exchange(x Exchange) Exchange {
	x.From, x.To, x.Title = m.Own(x.From), m.Own(x.To), m.Own(x.Title)
	x.Note, x.Error = m.Text(x.Note), m.Text(x.Error)
	x.Request, x.Response = m.Message(x.Request), m.Message(x.Response)
	return x
}

// mostShown bounds what Brief keeps of a body, in bytes.
const mostShown = 2 << 10

// Brief is a masked copy of the message with the beginning of its body, and no headers when it has none of the names;
// without names it has all.
func (m Masker) Brief(message Message, names ...string) *Message {
	return m.BriefAround(message, nil, names...)
}

// BriefAround is Brief, with that part of a long body in which the first of the parts stands that it has.
func (m Masker) BriefAround(message Message, parts []string, names ...string) *Message {
	message.URL = m.Text(message.URL)
	message.Headers = m.headers(only(message.Headers, names))

	// It is masked before it is cut, so that no half of a number is left.
	body := message.Body
	if from := placeOf(body, parts) - 16*mostShown; from > 0 {
		body = body[from:]
	}
	body = m.body(body[:min(len(body), 32*mostShown)])
	message.Body = clipped(body, placeOf(body, parts))
	return &message
}

// placeOf is where the first of the parts stands that the body has; zero: it has none.
func placeOf(body Body, parts []string) int {
	for _, part := range parts {
		if at := bytes.Index(body, []byte(part)); part != "" && at >= 0 {
			return at
		}
	}
	return 0
}

// clipped is the part of a body around a place.
func clipped(body Body, at int) Body {
	if len(body) <= mostShown {
		return body
	}

	from := 0
	if at > mostShown*3/4 {
		from = min(at-mostShown/2, len(body)-mostShown)
	}
	part := bytes.ToValidUTF8(body[from:from+mostShown], nil)
	if from > 0 {
		part = append([]byte("..."), part...)
	}
	if from+mostShown < len(body) {
		part = append(part, "..."...)
	}
	return part
}

// only are the headers of these names, nil when there are none; without names it is all.
func only(headers map[string][]string, names []string) map[string][]string {
	if len(names) == 0 {
		return headers
	}

	kept := maps.Clone(headers)
	maps.DeleteFunc(kept, func(name string, _ []string) bool {
		return !slices.ContainsFunc(names, func(n string) bool { return strings.EqualFold(n, name) })
	})
	if len(kept) == 0 {
		return nil
	}
	return kept
}

func (m Masker) body(body Body) Body {
	if len(body) == 0 {
		return nil
	}
	return Body(m.Text(string(body)))
}

func (m Masker) headers(headers map[string][]string) map[string][]string {
	if headers == nil {
		return nil
	}
	masked := make(map[string][]string, len(headers))

	for name, values := range headers {
		shown := make([]string, len(values))
		for i, value := range values {
			if shown[i] = payment.Masked; !payment.SecretName(name) {
				shown[i] = m.Text(value)
			}
		}
		masked[m.Own(name)] = shown
	}
	return masked
}
