package mock

import (
	"crypto/rand"
	"net/http"
	"strings"

	"github.com/labstack/echo/v4"

	"github.com/payporter-mock/payporter-mock/internal/openapi"
	"github.com/payporter-mock/payporter-mock/mock/internal/api"
	"github.com/payporter-mock/payporter-mock/mock/internal/clock"
	"github.com/payporter-mock/payporter-mock/mock/internal/control"
	"github.com/payporter-mock/payporter-mock/mock/internal/route"
	"github.com/payporter-mock/payporter-mock/mock/internal/ui"
	"github.com/payporter-mock/payporter-mock/mock/store"
)

// EntryKind is the kind under which the journal has requests for an operation of openapi.yaml; store.EntryRequest is
// that of requests for none.
func EntryKind(operationID string) store.EntryKind { return api.KindOf(operationID) }

// CallbackClient is what callbacks are sent with: it dials what Config.CallbackAllow lets it, never the sandbox itself,
// follows no redirect, and has no time limit.
func (s *Server) CallbackClient() *http.Client { return s.sender.Client() }

// routesBeside mounts the dashboard and the control API, which only look, beside Config.Passes.
func (s *Server) routesBeside(e *echo.Echo, document *openapi.Document, requestIDs func() string) (http.Handler,
	error,
) {
	c := s.config
	gate := control.NewGate(control.GateConfig{Token: c.AdminToken, Log: c.Logger, Wall: clock.Wall, Pause: clock.Pause})
	s.serveCA(e)
	own := route.Canonical(e)

	ui.Register(e, ui.Config{
		Gateway: s.gateway, Control: own, Gate: gate, AdminToken: c.AdminToken, PublicURL: c.PublicURL, ReadOnly: true,
		Closing: s.stops, Wait: s.waits.begin, Random: rand.Text, Version: c.Version, Log: c.Logger,
	})
	err := control.Register(e, control.Config{
		Gateway: s.gateway, Gate: gate, PublicURL: c.PublicURL, MaxBody: c.MaxBody, ReadOnly: true,
		Closing: s.ends, Wait: s.waits.begin, ScenarioFault: s.scenes.whyNot,
		Version: c.Version, Log: c.Logger, NewRequestID: requestIDs,
	})
	s.metrics = s.newMetrics(e.Routes(), document)
	return beside(own, c.Passes), err
}

// beside serves what is the sandbox's own, and a browser that opens its address, and passes everything else.
func beside(own, passes http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		path, opens := r.URL.Path, strings.Contains(r.Header.Get("Accept"), "text/html") && r.Header.Get("X-Api-Key") == ""
		if path == "/_mock" || strings.HasPrefix(path, "/_mock/") || path == "/" && opens {
			own.ServeHTTP(w, r)
			return
		}
		passes.ServeHTTP(w, r)
	})
}
