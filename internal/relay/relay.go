// Package relay is a proxy between merchants and PayPorter. Who uses it is told of every exchange in both directions,
// may edit requests and answers, and can have both checked against an OpenAPI document. Callbacks pass through it,
// too. It judges nothing, and knows no rule.
package relay

import (
	"bytes"
	"errors"
	"io"
	"log"
	"net/http"
	"net/http/httputil"
	"net/url"
	"strconv"
	"strings"
	"sync"

	"github.com/payporter-mock/payporter-mock/internal/exchange"
	"github.com/payporter-mock/payporter-mock/internal/openapi"
)

// Relay is the proxy. Its fields must not change once it serves. It is safe for concurrent use.
type Relay struct {
	BaseURL  string              // where merchants and PayPorter reach it, without a slash at the end
	Upstream http.Handler        // PayPorter; To is one over the network
	Shops    *http.Client        // passes callbacks on
	Document *openapi.Document   // names the operations, and checks; nil: neither
	Watch    func(*Call) Passage // told of every request before it is passed on
	Token    string              // in the paths of callbacks, so that none of another relay is taken for one of this

	mu      sync.Mutex // guards all below
	targets []target   // the newest
	dropped int        // how many older ones were
	shared  map[string]int
}

// Why an answer did not come, or is not whole.
var (
	ErrHungUp   = errors.New("PayPorter hung up without an answer")
	ErrBrokeOff = errors.New("the answer broke off")
	ErrLeft     = errors.New("who asked did not wait for the whole answer") // whatever PayPorter did
)

// Edit changes an answer on its way. It gets an answer of its own.
type Edit func(exchange.Message) exchange.Message

// Passage is what becomes of a request. One with nothing but its End passes it on as it came.
type Passage struct {
	Body   []byte            // is passed on instead of what came; nil: that is
	Header map[string]string // is set on what is passed on
	Edit   Edit              // changes the answer; nil: it stays

	// Callback is told of every callback to the address that the request has as `callback`. Nil: it is left as it is,
	// and its callbacks do not pass the relay.
	Callback func(*Call) Passage
	Shared   bool // requests with the same address get the same one in its place, and the Callback of the first

	// End is told of the answer as it was received, when all of it has been passed on. Its status is zero when none
	// came. Of a request to PayPorter the error is ErrHungUp, ErrBrokeOff or ErrLeft, of a callback what kept the shop
	// from answering; nil: the answer is whole.
	End func(answer exchange.Message, err error)
}

// To is a PayPorter over the network. When it cannot be reached, the caller's connection ends without an answer.
func To(upstream *url.URL) http.Handler {
	return Over(upstream, nil, func(http.ResponseWriter, *http.Request, error) { panic(http.ErrAbortHandler) })
}

// Over is a PayPorter over a transport; nil is the default one. Where no answer comes, fail answers.
func Over(upstream *url.URL, transport http.RoundTripper, fail func(http.ResponseWriter, *http.Request, error),
) http.Handler {
	return &httputil.ReverseProxy{
		Rewrite:      func(r *httputil.ProxyRequest) { asItCame(r); r.SetURL(upstream) },
		Transport:    transport,
		ErrorHandler: fail,
		ErrorLog:     log.New(io.Discard, "", 0), // who watches is told
	}
}

// asItCame puts back what a ReverseProxy takes out of a request: what it cannot parse of a query, and the headers in
// which a proxy before this one says who asked.
func asItCame(r *httputil.ProxyRequest) {
	r.Out.URL.RawQuery = r.In.URL.RawQuery
	for _, name := range []string{"Forwarded", "X-Forwarded-For", "X-Forwarded-Host", "X-Forwarded-Proto"} {
		if values, sent := r.In.Header[name]; sent {
			r.Out.Header[name] = values
		}
	}
}

// ServeHTTP passes a request on to PayPorter, or a callback to the shop.
func (r *Relay) ServeHTTP(w http.ResponseWriter, req *http.Request) {
	if number, ok := strings.CutPrefix(req.URL.Path, callbackPath); ok {
		r.callback(w, req, number)
		return
	}
	r.request(w, req)
}

// mostRead bounds a body that passes, in bytes.
const mostRead = 8 << 20

// read reads a body. What breaks off is passed on as far as it came, and refused by whoever gets it.
func read(body io.Reader) []byte {
	read, _ := io.ReadAll(io.LimitReader(body, mostRead))
	return read
}

func (r *Relay) request(w http.ResponseWriter, req *http.Request) {
	c := r.newCall(req)
	p := r.Watch(c)

	body := c.Request.Body
	if p.Body != nil {
		body = p.Body
	}
	if p.Callback != nil {
		body = r.redirected(body, p)
	}
	passOn(req, body, p.Header)

	heard := &tee{ResponseWriter: w}
	defer func() { // an upstream that breaks off panics
		answer := exchange.Message{Status: heard.status, Headers: w.Header().Clone(), Body: heard.body.Bytes()}
		p.End(answer, heard.fault(req))
	}()
	if p.Edit != nil {
		r.edited(heard, req, p.Edit)
	} else {
		r.Upstream.ServeHTTP(heard, req)
	}
	heard.whole = true
}

// passOn makes the request the one that is passed on.
func passOn(req *http.Request, body []byte, header map[string]string) {
	for name, value := range header {
		req.Header.Set(name, value)
	}
	req.Body, req.ContentLength = io.NopCloser(bytes.NewReader(body)), int64(len(body))
	req.Header.Del("Content-Length")
}

// edited lets PayPorter answer, and passes on what becomes of it.
func (r *Relay) edited(w http.ResponseWriter, req *http.Request, edit Edit) {
	answer := edit(Answered(r.Upstream, req))

	for name, values := range answer.Headers {
		w.Header()[name] = values
	}
	w.Header().Set("Content-Length", strconv.Itoa(len(answer.Body)))
	w.WriteHeader(answer.Status)
	_, _ = w.Write(answer.Body)
}

// Answered is what a handler answers to a request.
func Answered(h http.Handler, req *http.Request) exchange.Message {
	kept := &keeper{header: http.Header{}}
	h.ServeHTTP(kept, req)
	return exchange.Message{Status: max(kept.status, http.StatusOK), Headers: kept.header, Body: kept.body.Bytes()}
}
