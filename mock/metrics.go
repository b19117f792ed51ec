package mock

import (
	"context"
	"net/http"
	"time"

	"github.com/labstack/echo/v4"

	"github.com/payporter-mock/payporter-mock/internal/openapi"
	"github.com/payporter-mock/payporter-mock/mock/internal/clock"
	"github.com/payporter-mock/payporter-mock/mock/internal/control"
	"github.com/payporter-mock/payporter-mock/mock/internal/metrics"
	"github.com/payporter-mock/payporter-mock/mock/internal/wire"
	"github.com/payporter-mock/payporter-mock/mock/store"
)

const metricsPath = "/metrics"

func (s *Server) newMetrics(routes []*echo.Route, document *openapi.Document) *metrics.Metrics {
	c := metrics.Config{
		Version: s.config.Version, Fields: []string{"body", "path", "header", "checkoutId", "paymentId"},
		Merchants: func() int { return len(s.gateway.Keys()) },
		Backlog:   func() (int, time.Duration) { return s.gateway.Backlog(context.Background()) },
		Wall:      clock.Wall,
	}
	c.Store, _ = s.config.Store.(store.Measured)
	for _, r := range routes {
		c.Routes = append(c.Routes, [2]string{r.Method, r.Path})
	}

	for _, op := range document.Operations() {
		for _, property := range op.Properties() {
			c.Fields = append(c.Fields, property.Name)
		}
	}
	return metrics.New(c)
}

// count counts how a request was answered.
func (s *Server) count(c echo.Context) {
	s.metrics.Request(c.Request().Method, c.Path(), statusOf(c))
}

// statusOf is what a request was answered with; zero: nothing.
func statusOf(c echo.Context) int {
	if !c.Response().Committed {
		return 0
	}
	return c.Response().Status
}

// serveMetrics lets in who may control the sandbox.
func (s *Server) serveMetrics(gate *control.Gate) echo.HandlerFunc {
	return func(c echo.Context) error {
		if err := gate.Admit(c.Request()); err != nil {
			return err
		}
		return wire.Answer{Status: http.StatusOK, Body: s.metrics.Text(), ContentType: metrics.ContentType}.Send(c.Response())
	}
}
