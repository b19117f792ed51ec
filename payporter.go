// Package payporter holds the description of PayPorter's checkout API.
//
// It owns openapi.yaml, the dictionary of every public word of this project, and nothing else.
package payporter

import _ "embed"

//go:embed openapi.yaml
var openAPI []byte

// OpenAPI returns a copy of openapi.yaml, the OpenAPI 3.0.3 description of the merchant API.
func OpenAPI() []byte { return append([]byte(nil), openAPI...) }
