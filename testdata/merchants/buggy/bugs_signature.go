package main

import (
	"bytes"
	"encoding/json"
	"net"
	"net/http"
	"sync"
)

// signatureBugs are about how it is known that PayPorter sent a webhook.
func signatureBugs() []bug {
	return []bug{
		{
			Name: "unsigned-webhook", About: "takes a webhook that has no signature",
			Rule: "WEBHOOK-016", Source: common,
			plant: func(h *habits) {
				h.genuine = func(s *shop, header http.Header, body []byte) bool {
					return header.Get("X-Request-Signature") == "" || isGenuine(s, header, body)
				}
			},
		},
		{
			Name: "empty-webhook-secret", About: "takes an empty secret, too, as when none is configured",
			Rule: "WEBHOOK-017", Source: common,
			plant: func(h *habits) {
				h.genuine = func(s *shop, header http.Header, body []byte) bool {
					return isGenuine(s, header, body) || isFresh(header) && isSignedWith("", header, body)
				}
			},
		},
		{
			Name: "any-webhook-signature", About: "only looks whether there is a signature",
			Rule: "WEBHOOK-017", Also: []string{"WEBHOOK-018"}, Source: common,
			plant: func(h *habits) {
				h.genuine = func(_ *shop, header http.Header, _ []byte) bool {
					return isFresh(header) && len(header.Get("X-Request-Signature")) == 64
				}
			},
		},
		{
			Name: "signature-remembered", About: "remembers signatures that were right, whatever body they come with again",
			Rule: "WEBHOOK-018", Source: common,
			plant: func(h *habits) {
				var known sync.Map
				h.genuine = func(s *shop, header http.Header, body []byte) bool {
					signature := header.Get("X-Request-Signature")
					if isGenuine(s, header, body) {
						known.Store(signature, true)
					}
					_, right := known.Load(signature)
					return right
				}
			},
		},
		{
			Name: "old-webhook", About: "takes a webhook of any age",
			Rule: "WEBHOOK-019", Source: common,
			plant: func(h *habits) {
				h.genuine = func(s *shop, header http.Header, body []byte) bool {
					return isSignedWith(s.webhookSecret, header, body)
				}
			},
		},
		{
			Name: "signature-over-json", About: "checks the signature over JSON that it has written anew",
			Rule: "WEBHOOK-020", Source: common,
			plant: func(h *habits) {
				h.genuine = func(s *shop, header http.Header, body []byte) bool {
					var b bytes.Buffer
					return json.Compact(&b, body) == nil && isGenuine(s, header, b.Bytes())
				}
			},
		},
		{
			Name: "headers-in-lower-case", About: "knows names of headers only in lower case",
			Rule: "WEBHOOK-021", Source: common,
			plant: func(h *habits) {
				h.line = func(l net.Listener) net.Listener { return caseListener{l} }
			},
		},
		{
			Name: "forged-event-remembered", About: "remembers the event of a webhook whose signature is wrong",
			Rule: "WEBHOOK-022", Source: common,
			plant: func(h *habits) {
				h.forged = func(s *shop, header http.Header) reply {
					rememberHandled(s, header.Get("X-Event-Id"), true)
					return say(http.StatusUnauthorized, "the signature is wrong")
				}
			},
		},
		{
			Name: "short-signature-fails", About: "answers 500 when a signature has another length than it should",
			Rule: "WEBHOOK-023", Source: common,
			plant: func(h *habits) {
				h.forged = func(_ *shop, header http.Header) reply {
					if len(header.Get("X-Request-Signature")) != 64 {
						return say(http.StatusInternalServerError, "input buffers must have the same length")
					}
					return say(http.StatusUnauthorized, "the signature is wrong")
				}
			},
		},
	}
}

// caseListener hands out connections on which names of headers count only in lower case.
type caseListener struct{ net.Listener }

func (l caseListener) Accept() (net.Conn, error) {
	c, err := l.Listener.Accept()
	return caseConn{c}, err
}

type caseConn struct{ net.Conn }

// Read spoils the name of a header in capitals, so that it is not found.
func (c caseConn) Read(b []byte) (int, error) {
	n, err := c.Conn.Read(b)
	for _, name := range []string{"X-Request-Time:", "X-REQUEST-TIME:"} {
		for at := bytes.Index(b[:n], []byte(name)); at >= 0; at = bytes.Index(b[:n], []byte(name)) {
			b[at] = '_'
		}
	}
	return n, err
}
