package api

import (
	"bytes"
	"encoding/base64"
	"net/http"
	"strings"
)

// The lengths of secrets that are looked for, in bytes: a shorter one can be in any text. A longer one is not looked
// for in base64.
const (
	shortestSecret = 8
	longestEncoded = 180
)

// secretHeader is where the secret belongs.
const secretHeader = "X-Api-Secret"

// misplaced warns of a secret that is not only in its header. The journal masks what stands under a secret's name,
// so that nobody who reads it can find that out.
func (a *api) misplaced(r *http.Request, body []byte) (warnings []string) {
	secret := a.Gateway.APISecret.Reveal() // it may be elsewhere instead
	if sent := r.Header[secretHeader]; len(sent) > 0 && sent[0] != "" {
		secret = sent[0]
	}
	if len(secret) < shortestSecret {
		return nil
	}

	encoded := &a.encoded
	if secret != a.Gateway.APISecret.Reveal() {
		encoded = new(encodings)
		encoded.of(secret)
	}

	if strings.Contains(r.URL.RawQuery, secret) || strings.Contains(r.URL.Path, secret) {
		warnings = append(warnings, "the secret is in the URL of the request, too")
	}
	if bytes.Contains(body, []byte(secret)) {
		warnings = append(warnings, "the secret is in the body of the request, too")
	}
	if encoded.inBody(body) || encoded.inText(r.URL.RawQuery) {
		warnings = append(warnings, "the secret is in the request in base64, too")
	}

	for name, values := range r.Header {
		for _, value := range values {
			if name != secretHeader && (strings.Contains(value, secret) || encoded.inText(value)) {
				warnings = append(warnings, "the secret is in the header "+name+" of the request, too")
			}
		}
	}
	return warnings
}

// encodings are the base64 of a secret: what it is at each of the three places that it can have among other bytes,
// without the digits that these decide, in both alphabets. They hold no memory of their own.
type encodings struct {
	codes [6][256]byte
	from  [6]int
	to    [6]int
	count int
}

// of encodes a secret. A very long one is not looked for in base64.
func (e *encodings) of(secret string) {
	if len(secret) > longestEncoded {
		return
	}

	var plain [2 + longestEncoded]byte
	for before, skipped := range [3]int{0, 2, 3} {
		n := before + copy(plain[before:], secret)
		e.add(base64.RawStdEncoding, plain[:n], skipped)
		if bytes.ContainsAny(e.code(e.count-1), "+/") {
			e.add(base64.RawURLEncoding, plain[:n], skipped)
		}
	}
}

func (e *encodings) add(alphabet *base64.Encoding, plain []byte, skipped int) {
	alphabet.Encode(e.codes[e.count][:], plain)
	e.from[e.count], e.to[e.count] = skipped, len(plain)*8/6
	e.count++
}

func (e *encodings) code(i int) []byte { return e.codes[i][e.from[i]:e.to[i]] }

func (e *encodings) inBody(body []byte) bool {
	for i := range e.count {
		if bytes.Contains(body, e.code(i)) {
			return true
		}
	}
	return false
}

func (e *encodings) inText(text string) bool {
	for i := range e.count {
		if contains(text, e.code(i)) {
			return true
		}
	}
	return false
}

// contains is strings.Contains of bytes, without a copy of them.
func contains(text string, part []byte) bool {
	for i := 0; i+len(part) <= len(text); i++ {
		if text[i] == part[0] && text[i:i+len(part)] == string(part) {
			return true
		}
	}
	return false
}
