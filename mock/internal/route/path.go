package route

import (
	"net/http"
	"net/url"
	"strings"
)

// Canonical lets the router see each path in one spelling: what is percent-encoded without need is the same as what is
// not. A slash that is encoded stays so: it is part of a segment, and separates none.
func Canonical(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.RawPath != "" { // some character is encoded that need not be
			r = respelt(r)
		}
		next.ServeHTTP(w, r)
	})
}

// respelt is the request with its path in the one spelling. A handler must not change the request that it was given.
func respelt(r *http.Request) *http.Request {
	copied, at := *r, *r.URL
	at.RawPath = ""
	if segments := strings.Split(r.URL.RawPath, "/"); strings.Count(r.URL.Path, "/") >= len(segments) {
		for i, s := range segments {
			if decoded, err := url.PathUnescape(s); err == nil { // net/http has read it before
				segments[i] = url.PathEscape(decoded)
			}
		}
		at.RawPath = strings.Join(segments, "/")
	}

	copied.URL = &at
	return &copied
}

// fault says what is wrong with a path that means nothing to any server; empty: nothing is.
func fault(path string) string {
	for segment := range strings.SplitSeq(path, "/") {
		if segment == "." || segment == ".." {
			return `must not have the segment "` + segment + `": write the path that is meant without it`
		}
	}
	if strings.ContainsFunc(path, func(c rune) bool { return c < ' ' || c == 0x7f }) {
		return "must not contain control characters such as %00: leave them out"
	}
	return ""
}
