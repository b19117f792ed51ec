package shop

import (
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

func (c *Call) IsCreate() bool { return c.isFor(createCheckout) }

func (c *Call) isStatus() bool { return c.isFor(getCheckout) }

func (c *Call) isFor(id string) bool {
	return c.ToPayPorter() && c.Operation != nil && c.Operation.ID == id
}

// Violations are what openapi.yaml says against a request of the shop.
func (c *Call) Violations() []openapi.Violation {
	switch {
	case c.Operation == nil:
		return []openapi.Violation{{In: "path", Message: "is no request that the hosted checkout has"}}
	case strings.HasSuffix(c.Path, "/"):
		return []openapi.Violation{{In: "path", Field: "path", Message: "must not end in a slash"}}
	}
	return c.RequestFaults()
}
