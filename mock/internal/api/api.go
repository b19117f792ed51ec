// Package api is PayPorter's merchant API, as openapi.yaml describes it: every request is checked
// against that document before a use case sees it. It owns the routes, the authentication and the
// recording of these exchanges, and no rule about payments.
package api

import (
	"log/slog"
	"net/http"

	"github.com/payporter-mock/payporter-mock/internal/openapi"
	"github.com/payporter-mock/payporter-mock/mock/internal/gateway"
	"github.com/payporter-mock/payporter-mock/payment"
)

// Config is what the API works with. Every field but PublicURL and Invalid is wanted.
type Config struct {
	Gateway         *gateway.Gateway
	Document        *openapi.Document
	PublicURL       string                          // what redirectUrl begins with; empty takes the request's own host
	MaxBody         int64                           // bytes
	ValidateAnswers bool                            // an answer that breaks the document becomes a 500
	Invalid         func([]payment.FieldError)      // is told what is wrong with requests; nil: nobody is
	Wait            func() (done func(), err error) // asked before an answer is delayed; an error is the answer instead
	Log             *slog.Logger
}

type api struct {
	Config
	encoded encodings // of the sandbox's own secret, which nearly every request has
}

// baseURL is what redirectUrl begins with.
func (a *api) baseURL(r *http.Request) string {
	if a.PublicURL != "" {
		return a.PublicURL
	}
	scheme := "http://"
	if r.TLS != nil {
		scheme = "https://"
	}
	return scheme + r.Host
}
