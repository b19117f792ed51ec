package report

import (
	"bytes"
	"encoding/json"
	"math"
	"net/url"
	"regexp"
	"slices"
	"strings"

	"github.com/payporter-mock/payporter-mock/payment"
)

// Redacted is a copy that can be shown to anybody: without the values of secret headers, without the
// run's secrets, with card numbers masked. Every form is written from such a copy, so that this is the
// last wall, whoever built the report. It also puts right what no form can carry, such as a time of NaN.
func (r *Report) Redacted() *Report {
	c := *r
	wall := newWall(r.Secrets)
	wall.texts(&c.Reason, &c.Tool, &c.Target, &c.Bundle)
	c.Seconds = finite(c.Seconds)
	c.Rules = make([]Rule, len(r.Rules))
	for i, rule := range r.Rules {
		c.Rules[i] = wall.rule(rule)
	}
	if r.Coverage != nil {
		items := append([]CoverageItem{}, r.Coverage.Items...)
		for i := range items {
			wall.texts(&items[i].Kind, &items[i].Name)
		}
		c.Coverage = &Coverage{Items: items}
	}
	return &c
}

// Mask is a text of strangers as a report shows it: without the run's secrets, and with what payment.MaskSecrets
// finds masked. JSON stays JSON.
func (r *Report) Mask(text string) string { return newWall(r.Secrets).foreign(text) }

// wall knows what must not pass.
type wall struct {
	secrets *strings.Replacer
}

// shortest is the length from which a secret is looked for: a shorter one stands in every other word.
const shortest = 4

func newWall(secrets []payment.Secret) wall {
	var forms []string
	for _, secret := range secrets {
		if text := secret.Reveal(); len(text) >= shortest {
			plain, escaped := quoted(text)
			forms = append(forms, text, url.QueryEscape(text), url.PathEscape(text), plain, escaped)
		}
	}
	// A replacer takes the first that fits: the longest must come first.
	slices.SortStableFunc(forms, func(a, b string) int { return len(b) - len(a) })
	var pairs []string
	for _, form := range slices.Compact(forms) {
		pairs = append(pairs, form, payment.Masked)
	}
	return wall{secrets: strings.NewReplacer(pairs...)}
}

// quoted is the text as it stands within a JSON string, as most write it and as Go does.
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

func (w wall) rule(rule Rule) Rule {
	w.texts(&rule.ID, &rule.Family, &rule.Title, &rule.Source, &rule.Expected, &rule.Advice)
	rule.Seen = w.foreign(rule.Seen)
	rule.Seconds = finite(rule.Seconds)
	exchanges := make([]Exchange, len(rule.Exchanges))
	for i, e := range rule.Exchanges {
		w.texts(&e.From, &e.To, &e.Title)
		e.Note, e.Error = w.foreign(e.Note), w.foreign(e.Error)
		e.LatencyMS = finite(e.LatencyMS)
		e.Request, e.Response = w.message(e.Request), w.message(e.Response)
		exchanges[i] = e
	}
	rule.Exchanges = exchanges
	return rule
}

func (w wall) message(m *Message) *Message {
	if m == nil {
		return nil
	}
	c := *m
	w.texts(&c.Method)
	c.URL, c.Body = w.text(payment.MaskURL(m.URL)), w.foreign(m.Body)
	if m.Headers != nil {
		c.Headers = make(map[string][]string, len(m.Headers))
		for name, values := range m.Headers {
			c.Headers[w.text(name)] = w.header(name, values)
		}
	}
	return &c
}

func (w wall) header(name string, values []string) []string {
	masked := make([]string, len(values))
	for i, value := range values {
		if masked[i] = payment.Masked; !payment.SecretName(name) {
			masked[i] = w.foreign(value)
		}
	}
	return masked
}

func (w wall) texts(all ...*string) {
	for _, text := range all {
		*text = w.text(*text)
	}
}

// text is what our own rules say, in which strangers may be quoted.
func (w wall) text(s string) string {
	return maskRest(payment.MaskText(w.secrets.Replace(strings.ToValidUTF8(s, "\ufffd"))))
}

// foreign is what strangers sent.
func (w wall) foreign(s string) string { return w.text(payment.MaskSecrets(s)) }

// spelled are card numbers that payment.MaskText leaves: with separators as a form encodes them, and
// of twelve digits.
var spelled = regexp.MustCompile(`[2-9](?:(?:\+|%20|%2[dD]|\x{a0}|_)?[0-9]){11,18}`)

func maskRest(s string) string {
	if !hasLongNumber(s) {
		return s
	}
	var b strings.Builder
	kept := 0
	for _, at := range spelled.FindAllStringIndex(s, -1) {
		digits := onlyDigits(s[at[0]:at[1]])
		if partOfWord(s, at[0], at[1]) || !payment.Luhn(digits) {
			continue
		}
		b.WriteString(s[kept:at[0]])
		b.WriteString(payment.PAN(digits).Masked())
		kept = at[1]
	}
	return b.String() + s[kept:]
}

// hasLongNumber reports whether there could be a number of twelve digits at all.
func hasLongNumber(s string) bool {
	digits := 0
	for i := range len(s) {
		switch c := s[i]; {
		case c >= '0' && c <= '9':
			if digits++; digits >= 12 {
				return true
			}
		case !strings.ContainsRune("+%_dD", rune(c)) && c != 0xc2 && c != 0xa0:
			digits = 0
		}
	}
	return false
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

// onlyDigits drops separators; those of a form are a per cent sign and two characters.
func onlyDigits(s string) string {
	s = strings.NewReplacer("%20", "", "%2d", "", "%2D", "").Replace(s)
	return strings.Map(func(r rune) rune {
		if r < '0' || r > '9' {
			return -1
		}
		return r
	}, s)
}

// finite is a time that can be written and added up. What is none is zero.
func finite(f float64) float64 {
	if math.IsNaN(f) || f < 0 {
		return 0
	}
	return min(f, 1e12)
}
