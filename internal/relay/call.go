package relay

import (
	"net/http"
	"net/url"
	"strings"

	"github.com/payporter-mock/payporter-mock/internal/exchange"
	"github.com/payporter-mock/payporter-mock/internal/openapi"
)

// Those between whom the relay is, as exchanges name them.
const (
	Merchant  = "merchant"
	PayPorter = "payporter"
)

// Call is an exchange that passes, in clear: its request as it came, and its answer as it was received.
type Call struct {
	exchange.Exchange
	Path      string             // of a request to PayPorter
	Operation *openapi.Operation // nil: none of the document's
	Params    map[string]string  // what the path has for the operation's parameter
}

func (r *Relay) newCall(req *http.Request) *Call {
	c := &Call{Path: req.URL.Path, Exchange: exchange.Exchange{
		From: Merchant, To: PayPorter, Title: "request", Request: &exchange.Message{
			Method: req.Method, URL: r.BaseURL + req.URL.RequestURI(), Headers: req.Header.Clone(), Body: read(req.Body),
		},
	}}
	if r.Document != nil {
		// A slash at the end makes no difference, so that what is wrong with the request can be told.
		c.Operation, c.Params, _ = r.Document.Match(req.Method, strings.TrimRight(req.URL.Path, "/"))
	}
	return c
}

// RequestFaults is how the request breaks the description of its operation; of no operation there is none.
func (c *Call) RequestFaults() []openapi.Violation {
	if c.Operation == nil {
		return nil
	}

	if fault, faulty := c.Operation.CheckContentType(c.Request.Header("Content-Type")); faulty {
		return []openapi.Violation{fault}
	}
	_, faults := c.Operation.CheckBody(c.Request.Body)

	u, err := url.Parse(c.Request.URL)
	if err != nil {
		u = &url.URL{Path: c.Path}
	}
	req := &http.Request{Method: c.Request.Method, URL: u, Header: c.Request.Headers}
	return append(faults, c.Operation.CheckParams(req, c.Params)...)
}

// AnswerFaults is how the answer breaks it; an answer that did not come breaks nothing.
func (c *Call) AnswerFaults() []openapi.Violation {
	if c.Operation == nil || c.Answer().Status == 0 {
		return nil
	}
	return c.Operation.CheckAnswer(c.Response.Status, c.Response.Headers, c.Response.Body)
}
