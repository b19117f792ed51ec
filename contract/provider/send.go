package provider

import (
	"bytes"
	"context"
	"errors"
	"net/http"
	"strconv"
	"time"

	"github.com/payporter-mock/payporter-mock/internal/exchange"
	"github.com/payporter-mock/payporter-mock/internal/openapi"
)

// request is what is sent. The zero value of a field leaves out what it stands for.
type request struct {
	title  string
	op     *openapi.Operation
	method string
	path   string
	key    string
	secret string
	header map[string]string // as they are written, more than or instead of the usual ones
	body   []byte
	asks   bool // ask before sending the body: a server that refuses by the headers is spared it
	once   bool // a 429 is what is wanted
}

// The headers of a merchant, as PayPorter's page writes them.
const (
	keyHeader    = "X-API-KEY"
	secretHeader = "X-API-SECRET"
)

// errBudget ends what would send more than a run may.
var errBudget = errors.New("this run has made all the requests it may")

// How a server that asks for patience gets it.
const (
	mostWaits   = 3                // for one request
	longestWait = 30 * time.Second // at a time
	usualWait   = time.Second      // when the server does not say how long
)

// send makes a request, and makes it again when the server asks for patience.
func (r *run) send(ctx context.Context, q request) *call {
	x := r.sendOnce(ctx, q)
	for range mostWaits {
		if x.Answer().Status != http.StatusTooManyRequests || q.once || ctx.Err() != nil {
			break
		}
		r.wait(ctx, patience(x.Answer().Header("Retry-After")))
		x = r.sendOnce(ctx, q)
	}

	if x.Answer().Status == http.StatusTooManyRequests && !q.once {
		r.deny()
	}
	return x
}

// patience reads Retry-After, in seconds.
func patience(retryAfter string) time.Duration {
	seconds, err := strconv.Atoi(retryAfter)
	if err != nil || seconds < 0 {
		return usualWait
	}
	return min(time.Duration(seconds)*time.Second, longestWait)
}

func (r *run) wait(ctx context.Context, d time.Duration) {
	if r.Waiting != nil && d > 0 {
		r.Waiting(d)
	}
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-ctx.Done():
	}
}

func (r *run) sendOnce(ctx context.Context, q request) *call {
	x := &call{op: q.op, Exchange: exchange.Exchange{From: "harness", To: "payporter", Title: q.title}}
	x.Request = &exchange.Message{Method: q.method, URL: r.BaseURL + q.path, Headers: q.headers(), Body: q.body}
	if !r.spend() {
		r.deny()
		x.err = errBudget
		return x
	}

	ctx, cancel := context.WithTimeout(ctx, r.Timeout)
	defer cancel()
	x.At = time.Now()
	x.err = r.exchange(ctx, x)
	x.LatencyMS = exchange.Millis(time.Since(x.At))
	r.remember(x)
	return x
}

func (q request) headers() http.Header {
	h := http.Header{"User-Agent": {"payporter-mock verify provider"}}
	set := func(name, value string) {
		if value != "" {
			h[name] = []string{value} // as written: PayPorter's page has capitals
		}
	}
	set(keyHeader, q.key)
	set(secretHeader, q.secret)
	if q.body != nil {
		set("Content-Type", "application/json")
	}
	if q.asks {
		set("Expect", "100-continue")
	}

	for name, value := range q.header {
		h[name] = []string{value}
	}

	return h
}

// largestAnswer bounds what is read of an answer.
const largestAnswer = 1 << 20

func (r *run) exchange(ctx context.Context, x *call) error {
	req, err := http.NewRequestWithContext(ctx, x.Request.Method, x.Request.URL, bytes.NewReader(x.Request.Body))
	if err != nil {
		return err
	}
	if x.Request.Body == nil {
		req.Body = nil
	}
	req.Header = http.Header(x.Request.Headers).Clone()

	answer, err := exchange.Do(r.client, req, largestAnswer)
	x.begun = answer.Status != 0
	if err != nil {
		answer.Status, answer.Headers = 0, nil // what broke off is no answer, and must tell no secret all the same
	}
	x.Response = &answer
	return err
}

// create asks for a checkout with the merchant's credentials.
func (r *run) create(ctx context.Context, title string, o order) *call {
	return r.send(ctx, r.creates(title, o.json()))
}

// creates is a request for a checkout, to be changed and sent.
func (r *run) creates(title string, body []byte) request {
	return request{
		title: title, op: r.createOp, method: r.createOp.Method, path: r.createOp.Path,
		key: r.APIKey, secret: r.APISecret, body: body,
	}
}

// reads is a request for a checkout's status, to be changed and sent.
func (r *run) reads(title, id string) request {
	path := r.getOp.PathWith(map[string]string{"checkoutId": id})
	return request{title: title, op: r.getOp, method: r.getOp.Method, path: path, key: r.APIKey, secret: r.APISecret}
}

func (r *run) read(ctx context.Context, title, id string) *call {
	return r.send(ctx, r.reads(title, id))
}
