package exchange

import (
	"encoding/base64"
	"encoding/hex"
	"net/url"
	"regexp"
	"strings"
)

// encoded are texts in which a secret can be, beside others: base64 of either alphabet, or hexadecimal.
var encoded = regexp.MustCompile(`[A-Za-z0-9+/_-]{16,}`)

// Tells reports whether a text has the secret in it: as it is, escaped for a URL, in base64, or in hexadecimal, alone
// or with something around it.
func Tells(text, secret string) bool {
	if strings.Contains(text, secret) || strings.Contains(text, url.QueryEscape(secret)) {
		return true
	}
	for _, token := range encoded.FindAllString(text, -1) {
		if decodesTo(token, secret) {
			return true
		}
	}
	return false
}

// decodesTo reports whether an encoded text has the secret in it.
func decodesTo(token, secret string) bool {
	if plain, err := hex.DecodeString(token); err == nil && strings.Contains(string(plain), secret) {
		return true
	}

	token = strings.NewReplacer("-", "+", "_", "/").Replace(token)
	for skip := range min(4, len(token)) { // what comes before it may be no part of it
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
