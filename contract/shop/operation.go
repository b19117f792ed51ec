package shop

import (
	"strings"

	"github.com/payporter-mock/payporter-mock/internal/openapi"
)

// IsCreate reports whether the shop asks PayPorter for a checkout.
func (c *Call) IsCreate() bool { return c.isFor(openapi.CreateCheckout) }

func (c *Call) isStatus() bool { return c.isFor(openapi.GetCheckout) }

// The operations about a payment, as openapi.yaml calls them.
const (
	getPayment    = "getPayment"
	cancelPayment = "cancelPayment"
	refundPayment = "refundPayment"
)

// AsksBack reports whether the shop asks PayPorter to give money back, by a refund or a cancel.
func (c *Call) AsksBack() bool { return c.isFor(refundPayment) || c.isFor(cancelPayment) }

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
