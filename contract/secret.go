package contract

import (
	"encoding/base64"
	"encoding/hex"
	"net/url"
	"regexp"
	"strings"

	"github.com/payporter-mock/payporter-mock/payment"
)

// mask is what stands for a secret.
const mask = "***"

// encodings are texts in which a secret can be, beside others: base64 of either alphabet, or hexadecimal.
var encodings = regexp.MustCompile(`[A-Za-z0-9+/_-]{16,}`)

// leaks reports whether a text has the secret in it: as it is, escaped for a URL, in base64, or in
// hexadecimal, alone or with something around it.
func leaks(text, secret string) bool {
	if strings.Contains(text, secret) || strings.Contains(text, url.QueryEscape(secret)) {
		return true
	}
	for _, token := range encodings.FindAllString(text, -1) {
		if hides(token, secret) {
			return true
		}
	}
	return false
}

// hides reports whether an encoded text has the secret in it.
func hides(token, secret string) bool {
	if plain, err := hex.DecodeString(token); err == nil && strings.Contains(string(plain), secret) {
		return true
	}
	token = strings.NewReplacer("-", "+", "_", "/").Replace(token)
	for skip := range min(4, len(token)) { // what stands before it may be no part of it
		rest := token[skip:]
		plain, _ := base64.RawStdEncoding.DecodeString(rest[:len(rest)-len(rest)%4]) // as far as it goes
		if strings.Contains(string(plain), secret) {
			return true
		}
		plain, _ = base64.RawStdEncoding.DecodeString(rest)
		if strings.Contains(string(plain), secret) {
			return true
		}
	}
	return false
}

// masked hides the secret, in any spelling, and what payment.MaskSecrets finds.
func (h *harness) masked(text string) string {
	text = strings.ReplaceAll(text, h.secret, mask)
	text = strings.ReplaceAll(text, url.QueryEscape(h.secret), mask)
	text = encodings.ReplaceAllStringFunc(text, func(token string) string {
		if hides(token, h.secret) {
			return mask
		}
		return token
	})
	return payment.MaskSecrets(text)
}
