package openapi

import (
	"sync"

	payporter "github.com/payporter-mock/payporter-mock"
)

// The operations of the hosted checkout, as our own document names them.
const (
	CreateCheckout = "createCheckout"
	GetCheckout    = "getCheckout"
)

// Ours is our own description of the merchant API, read once in a process: it never changes.
var Ours = sync.OnceValue(func() *Document { return Must(ParseChecked(payporter.OpenAPI())) })
