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
	Params    map[string]string  // what the operation's path has in this one
}

func (r *Relay) newCall(req *http.Request) *Call {
	c := &Call{Path: req.URL.Path, Exchange: exchange.Exchange{
		From: Merchant, To: PayPorter, Title: "request", Request: &exchange.Message{
			Method: req.Method, URL: r.BaseURL + req.URL.RequestURI(), Headers: req.Header.Clone(), Body: read(req.Body),
		},
	}}
	if r.Document != nil {
		c.Operation, c.Params = operationAt(r.Document.Operations(), req.Method, req.URL.Path)
	}
	return c
}

// operationAt finds the operation of a request, and what the path has for its parameters. A slash at the end makes no
// difference, and the last parameter takes what is left.
func operationAt(operations []*openapi.Operation, method, path string) (*openapi.Operation, map[string]string) {
	for _, op := range operations {
		if op.Method != method {
			continue
		}
		if params, ok := match(op.Path, path); ok {
			return op, params
		}
	}
	return nil, nil
}

// match compares a path with one of the document.
func match(described, path string) (map[string]string, bool) {
	if strings.TrimRight(path, "/") == described {
		return nil, true
	}
	params, rest := map[string]string{}, path
	for described != "" {
		fixed, behind, _ := strings.Cut(described, "{")
		name, next, found := strings.Cut(behind, "}")
		after, ok := strings.CutPrefix(rest, fixed)
		if !ok {
			return nil, false
		}
		if !found {
			return params, after == ""
		}

		value := after
		if next != "" {
			end := strings.IndexByte(after, '/')
			if end < 0 {
				return nil, false
			}
			value = after[:end]
		}
		params[name] = value
		described, rest = next, after[len(value):]
	}
	return params, rest == ""
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
	if c.Operation == nil || c.Response == nil {
		return nil
	}
	return c.Operation.CheckAnswer(c.Response.Status, c.Response.Headers, c.Response.Body)
}
