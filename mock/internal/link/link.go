// Package link writes the addresses in the sandbox's pages and redirects. They are relative to the page that they stand
// on, so they hold wherever a browser found that page: at the sandbox's own address, or below a path of a proxy that
// takes the path away before it asks the sandbox.
package link

import (
	"net/http"
	"net/url"
	"strings"
)

// deepest bounds what a path of nothing but slashes makes of a page. No page of the sandbox lies as deep.
const deepest = 32

// To is the address of target, a path of the sandbox with or without a query, on the page at path. The path is escaped,
// as a browser has it, and may have a query, which does not count.
func To(path, target string) string { return Root(path) + strings.TrimPrefix(target, "/") }

// Root leads from the page at path to where the sandbox begins: "./" from /docs, "../" from /docs/control.
func Root(path string) string {
	path, _, _ = strings.Cut(path, "?")
	depth := min(strings.Count(path, "/")-1, deepest)
	if depth < 1 {
		return "./"
	}
	return strings.Repeat("../", depth)
}

// Base is the address of the sandbox as whoever made the request knows it, without a slash at the end: the public URL
// for those who came by it, else the host that was asked. public is --public-url, and may be empty.
func Base(r *http.Request, public string) string {
	if u := cameBy(r, public); u != nil {
		return public
	}
	if r.TLS != nil || r.Header.Get("X-Forwarded-Proto") == "https" {
		return "https://" + r.Host
	}
	return "http://" + r.Host
}

// Path is the path that a proxy took away from the request: the one of the public URL for those who came by it, else
// empty.
func Path(r *http.Request, public string) string {
	if u := cameBy(r, public); u != nil {
		return u.EscapedPath()
	}
	return ""
}

// cameBy is the public URL, nil when the request was made to another host.
func cameBy(r *http.Request, public string) *url.URL {
	u, err := url.Parse(public)
	if err != nil || u.Host == "" {
		return nil
	}
	if !strings.EqualFold(r.Host, u.Host) && !strings.EqualFold(r.Header.Get("X-Forwarded-Host"), u.Host) {
		return nil
	}
	return u
}
