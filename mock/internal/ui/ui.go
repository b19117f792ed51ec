// Package ui is the dashboard under /_mock/ui/: what a developer or tester looks at, and drives the
// sandbox with. It reads a merchant's books by itself; whatever changes something it does through the
// control API, and shows the call. It owns its pages, its log-in and its assets, and no rule about
// payments. None of it exists at PayPorter.
package ui

import (
	"context"
	"log/slog"
	"net/http"
	"time"

	"github.com/labstack/echo/v4"

	"github.com/payporter-mock/payporter-mock/mock/internal/control"
	"github.com/payporter-mock/payporter-mock/mock/internal/gateway"
	"github.com/payporter-mock/payporter-mock/mock/internal/link"
	"github.com/payporter-mock/payporter-mock/mock/internal/route"
	"github.com/payporter-mock/payporter-mock/payment"
)

// Path is where the dashboard begins.
const Path = "/_mock/ui/"

// Config is what the dashboard works with. Every field but AdminToken and PublicURL is wanted.
type Config struct {
	Gateway    *gateway.Gateway
	Control    http.Handler // serves the control API
	Gate       *control.Gate
	AdminToken payment.Secret // what the gate wants
	PublicURL  string         // what redirectUrl begins with; empty: the request's own host
	// ends as soon as the sandbox begins to stop, so that no page listens any more
	Closing context.Context
	Wait    func() (done func(), err error) // asked before a page listens; an error: too many do
	Random  func() string                   // a text that nobody can guess
	// ReadOnly leaves out all that drives: the books are a record of what others did.
	ReadOnly bool
	Lag      time.Duration // what was recorded so long before a kill may be missing after it; zero: nothing is
	Version  string
	Log      *slog.Logger
}

type dashboard struct {
	Config
	sessions *sessions
	outcomes *outcomes
}

// Register adds the routes to e.
func Register(e *echo.Echo, c Config) {
	d := &dashboard{Config: c, sessions: newSessions(c.Random), outcomes: newOutcomes(c.Random)}
	for path, serve := range d.pages() {
		route.Look(e, Path+path, d.page(serve))
	}

	route.Look(e, Path[:len(Path)-1], func(c echo.Context) error {
		return c.Redirect(http.StatusMovedPermanently, link.To(Path[:len(Path)-1], Path))
	})
	route.Look(e, Path+"assets/:name", serveAsset)
	route.Look(e, Path+"events", d.events)
	for name, of := range map[string]lived{"checkout": d.lifeOf, "payment": d.paymentLife} {
		route.Look(e, Path+name+"s/:id/sequence.svg", d.page(of.svg(name)))
		route.Look(e, Path+name+"s/:id/sequence.mmd", d.page(of.text(name)))
	}
	route.Look(e, Path+"session.json", d.page(d.saveSession))
	if !c.ReadOnly {
		e.POST(Path+"session", d.page(d.openSession))
		e.POST(Path+"do/:action", d.page(d.do))
		e.POST(Path+"curl/:action", d.page(d.curl))
		e.POST(Path+"check", d.page(d.check))
	}
	route.Look(e, Path+"login", d.logInPage)
	e.POST(Path+"login", d.logIn)
	e.POST(Path+"logout", d.logOut)
	e.RouteNotFound(Path+"*", d.unserved)
}

// pages says what serves each page, under Path. A page that is to be found by itself has its place in
// the navigation as well.
func (d *dashboard) pages() map[string]useCase {
	if d.ReadOnly {
		return map[string]useCase{
			"":              d.listPage,
			"checkouts/:id": d.checkoutPage,
			"journal":       d.journalPage,
			"journal/:seq":  d.entryPage,
			"violations":    d.violationsPage,
		}
	}
	return map[string]useCase{
		"":                     d.listPage,
		"merchants":            d.merchantsPage,
		"checkouts/:id":        d.checkoutPage,
		"payments":             d.paymentsPage,
		"payments/:id":         d.paymentPage,
		"webhook":              d.webhookPage,
		"journal":              d.journalPage,
		"journal/:seq":         d.entryPage,
		"session":              d.sessionPage,
		"scenarios":            d.scenariosPage,
		libraryPath:            d.libraryPage,
		libraryPath + "/:name": d.samplePage,
		"sandbox":              d.sandboxPage,
		"coverage":             d.coveragePage,
		"violations":           d.violationsPage,
	}
}

// navigation lists the pages that are to be found by themselves.
func (d *dashboard) navigation() []place {
	if d.ReadOnly {
		return []place{
			{"Checkouts", "", "checkouts"},
			{"Journal", "journal", "journal"},
			{"Violations", "violations", "violations"},
		}
	}
	return []place{
		{"Checkouts", "", "checkouts"},
		{"Payments", "payments", "payments"},
		{"Webhook", "webhook", "webhook"},
		{"Journal", "journal", "journal"},
		{"Scenarios", "scenarios", "scenarios"},
		{"Clock", "sandbox", "sandbox"},
		{"Violations", "violations", "violations"},
		{"Coverage", "coverage", "coverage"},
	}
}

// place is an entry of the navigation.
type place struct{ Name, Path, TestID string }
