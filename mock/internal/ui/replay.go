package ui

import (
	"maps"
	"net/url"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/payporter-mock/payporter-mock/mock/store"
	"github.com/payporter-mock/payporter-mock/payment"
)

// mostKept is how much of a body the journal keeps, in bytes: a longer one was cut off.
const mostKept = 16 << 10

// whole reports whether all of a request is kept, so that it can be made again: nothing was masked or cut off.
func whole(e store.Entry) bool {
	m := e.Request
	return len(m.Body) < mostKept && utf8.Valid(m.Body) && !strings.Contains(m.URL, payment.Masked) &&
		!strings.Contains(string(m.Body), payment.Masked)
}

// notRepeated are the headers that a client makes by itself, or that the credentials stand in.
var notRepeated = map[string]bool{
	"Accept-Encoding": true, "Connection": true, "Content-Length": true, "Host": true, "Te": true, "Trailer": true,
	"Transfer-Encoding": true, "Upgrade": true, "User-Agent": true, "X-Api-Key": true, "X-Api-Secret": true,
	"Authorization": true, "Cookie": true, "Traceparent": true, "Tracestate": true,
}

// replayed is a recorded request as it is made again.
func replayed(e store.Entry) action {
	m := e.Request
	a := action{method: m.Method, path: m.URL, shop: true, body: m.Body}
	for _, name := range slices.Sorted(maps.Keys(m.Headers)) {
		if notRepeated[name] {
			continue
		}
		for _, value := range m.Headers[name] {
			if !strings.Contains(value, payment.Masked) {
				a.headers = append(a.headers, [2]string{name, value})
			}
		}
	}
	return a
}

// controlCall is a recorded call of the control API as it is made again. The query names the merchant anew.
func controlCall(e store.Entry) action {
	m := e.Request
	path, query, _ := strings.Cut(m.URL, "?")
	a := action{method: m.Method, path: path, body: m.Body}
	a.query, _ = url.ParseQuery(query) // what cannot be read was refused, too
	a.query.Del("merchant")
	if len(m.Body) > 0 {
		a.mime = m.Header("Content-Type")
	}
	return a
}

// shopHeaders are the headers of a request of a shop, as words of a shell. A secret that is not public is never shown.
func (a action) shopHeaders() (words []string) {
	if a.key != "" {
		words = append(words, quoted("X-API-KEY: "+a.key))
		secret := `"X-API-SECRET: $` + secretVariable + `"`
		if a.secretShown {
			secret = quoted("X-API-SECRET: " + publicSecret)
		}
		words = append(words, secret)
	}
	for _, h := range a.headers {
		words = append(words, quoted(h[0]+": "+h[1]))
	}
	return words
}
