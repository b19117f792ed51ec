package contract

import (
	"net/http"
	"net/url"
	"strings"
	"sync"

	spec "github.com/payporter-mock/payporter-mock"
	"github.com/payporter-mock/payporter-mock/internal/openapi"
)

// The operations that rules are about, as openapi.yaml names them.
const (
	createCheckout = "createCheckout"
	getCheckout    = "getCheckout"
)

// dictionary is openapi.yaml as a value.
var dictionary = sync.OnceValue(func() *openapi.Document { return openapi.Must(openapi.Parse(spec.OpenAPI())) })

// recognize finds the operation that the call is for. A path with slashes too many at its end is taken for the one that
// was meant, so that the rules can say what is wrong with it.
func (c *call) recognize() {
	op, params, _ := dictionary().Match(c.method, strings.TrimRight(c.path, "/"))
	c.operation, c.params = op, params
}

func (c *call) isCreate() bool { return c.isFor(createCheckout) }

func (c *call) isStatus() bool { return c.isFor(getCheckout) }

func (c *call) isFor(id string) bool {
	return c.toPayPorter() && c.operation != nil && c.operation.ID == id
}

// violations are what openapi.yaml says against a request of the shop.
func (c *call) violations() []openapi.Violation {
	op := c.operation
	switch {
	case op == nil:
		return []openapi.Violation{{In: "path", Message: "is no request that the hosted checkout has"}}
	case strings.HasSuffix(c.path, "/"):
		return []openapi.Violation{{In: "path", Field: "path", Message: "must not end in a slash"}}
	}

	request := &http.Request{Method: c.method, URL: &url.URL{Path: c.path}, Header: c.header}
	if faults := op.CheckParams(request, c.params); len(faults) > 0 || !op.HasBody() {
		return faults
	}
	if v, faulty := op.CheckContentType(c.header.Get("Content-Type")); faulty {
		return []openapi.Violation{v}
	}
	_, faults := op.CheckBody(c.body)
	return faults
}
