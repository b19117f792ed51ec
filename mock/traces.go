package mock

import (
	"cmp"
	"strings"

	"github.com/labstack/echo/v4"

	"github.com/payporter-mock/payporter-mock/mock/internal/clock"
	"github.com/payporter-mock/payporter-mock/mock/internal/traces"
	"github.com/payporter-mock/payporter-mock/mock/internal/ui"
)

// Traces says where an OpenTelemetry collector takes spans of requests and of callbacks. The zero value is nowhere.
type Traces struct {
	Endpoint string            // base URL of a collector that takes OTLP over HTTP, such as http://127.0.0.1:4318
	Headers  map[string]string // sent with every export; they can hold a secret
}

// traced makes a span of each request that a shop, its customer or a test makes.
func (s *Server) traced(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		if !worthASpan(c.Path()) {
			return next(c)
		}
		began := clock.Wall()
		ctx, facts := traces.Listen(c.Request().Context())
		c.SetRequest(c.Request().WithContext(ctx))
		err := next(c)
		facts.CheckoutID = cmp.Or(facts.CheckoutID, c.Param("checkoutId"))
		s.tracer.Request(traces.Request{
			Facts: *facts, Method: c.Request().Method, Route: c.Path(), Header: c.Request().Header, Status: statusOf(c),
			Began: began, Ended: clock.Wall(),
		})
		return err
	}
}

// worthASpan leaves out what asks by itself every few seconds, and what only looks.
func worthASpan(route string) bool {
	switch {
	case strings.HasPrefix(route, ui.Path), route == "/_mock/health":
		return false
	}
	return strings.HasPrefix(route, "/api") || strings.HasPrefix(route, "/checkout-link/") || strings.HasPrefix(route,
		"/_mock/")
}
