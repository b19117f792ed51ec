// Package control is the control API under /_mock/: it drives and observes the sandbox, one
// merchant at a time. It owns its routes, its admin token and its description, control.yaml, and no
// rule about payments. None of it exists at PayPorter.
package control

import (
	"context"
	_ "embed"
	"fmt"
	"log/slog"
	"net/http"
	"strings"
	"sync"

	"github.com/labstack/echo/v4"

	"github.com/payporter-mock/payporter-mock/internal/openapi"
	"github.com/payporter-mock/payporter-mock/mock/internal/gateway"
	"github.com/payporter-mock/payporter-mock/mock/internal/link"
	"github.com/payporter-mock/payporter-mock/mock/internal/route"
)

//go:embed control.yaml
var description []byte

// Config is what the control API works with. Every field but PublicURL and BeforeReset is wanted.
type Config struct {
	Gateway         *gateway.Gateway
	Gate            *Gate                           // lets in who may control the sandbox
	PublicURL       string                          // what redirectUrl begins with; empty: the request's own host
	MaxBody         int64                           // bytes
	ValidateAnswers bool                            // an answer that breaks control.yaml becomes a 500
	Closing         context.Context                 // ends when the sandbox stops, so that nobody waits for it any more
	Wait            func() (done func(), err error) // asked before a call waits; an error is its answer
	ScenarioFault   func() string                   // why changed scenario files are not in force; empty: they are
	BeforeReset     func(merchant string)           // told while there is still something to see; nil: nobody is
	ReadOnly        bool                            // only what looks is served
	Version         string
	Log             *slog.Logger
	NewRequestID    func() string // for faults that belong to no merchant
}

type control struct {
	Config
	document *openapi.Document
	plain    map[string]bool // the paths without parameters
}

// described is control.yaml, read once however many sandboxes there are: it never changes.
var described = sync.OnceValues(func() (*openapi.Document, error) { return openapi.ParseChecked(description) })

// Prepare reads control.yaml, unless that has been done: Register needs it. It may run beside something else.
func Prepare() { _, _ = described() } // Register answers the error

// Register adds the routes to e.
func Register(e *echo.Echo, c Config) error {
	document, err := described()
	if err != nil {
		return fmt.Errorf("control.yaml: %w", err)
	}

	k := &control{Config: c, document: document, plain: map[string]bool{}}
	routes := k.routes()
	for _, op := range document.Operations() {
		do, ok := routes[op.ID]
		if !ok {
			return fmt.Errorf("control.yaml: nothing serves operation %q", op.ID)
		}
		if c.ReadOnly && op.Method != http.MethodGet {
			route.Operation(e, op.Method, op.Path, k.onlyLooks)
			continue
		}
		k.plain[op.Path] = !strings.Contains(op.Path, "{")
		route.Operation(e, op.Method, op.Path, k.serve(op, do))
	}

	served, err := link.Servers(description, "/_mock/openapi.yaml", c.PublicURL)
	if err != nil {
		return err
	}

	route.Look(e, "/_mock/openapi.yaml", func(c echo.Context) error {
		return c.Blob(http.StatusOK, "application/yaml", served)
	})
	e.RouteNotFound("/_mock/*", k.unserved)
	return nil
}

// routes says what serves each operation of control.yaml.
func (k *control) routes() map[string]useCase {
	return map[string]useCase{
		"getHealth":           k.getHealth,
		"getSession":          k.getSession,
		"reset":               k.reset,
		"listMerchants":       k.listMerchants,
		"listStrangers":       k.listStrangers,
		"getCoverage":         k.getCoverage,
		"listCheckouts":       k.listCheckouts,
		"getCheckoutState":    k.getCheckoutState,
		"payCheckout":         k.payCheckout,
		"forceOutcome":        k.forceOutcome,
		"abandonCheckout":     k.abandonCheckout,
		"expireCheckout":      k.expireCheckout,
		"listPayments":        k.listPayments,
		"getPaymentState":     k.getPaymentState,
		"approveRefund":       k.approveRefund,
		"rejectRefund":        k.rejectRefund,
		"forcePayment":        k.forcePayment,
		"getScenarios":        k.getScenarios,
		"putScenarios":        k.putScenarios,
		"deleteScenarios":     k.deleteScenarios,
		"nextScenario":        k.nextScenario,
		"listNextScenarios":   k.listNextScenarios,
		"cancelNextScenarios": k.cancelNextScenarios,
		"explainScenario":     k.explainScenario,
		"listCallbacks":       k.listCallbacks,
		"getCallback":         k.getCallback,
		"redeliverCallback":   k.redeliverCallback,
		"forgeCallback":       k.forgeCallback,
		"getWebhook":          k.getWebhook,
		"putWebhook":          k.putWebhook,
		"deleteWebhook":       k.deleteWebhook,
		"rotateWebhook":       k.rotateWebhook,
		"forgeWebhook":        k.forgeWebhook,
		"readJournal":         k.readJournal,
		"waitForJournal":      k.waitForJournal,
		"readClock":           k.readClock,
		"moveClock":           k.moveClock,
	}
}
