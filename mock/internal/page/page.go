// Package page is the hosted payment page: where a customer, sent by a shop, pays a checkout or
// leaves it.
//
// It owns the routes under /checkout-link/, what they show, in which language, and the recording of
// these exchanges. It owns no rule about payments, and keeps no card: what a customer typed lives as
// long as the request.
package page

import (
	"errors"
	"fmt"
	"html/template"
	"log/slog"
	"strings"
	"sync"

	"github.com/labstack/echo/v4"
	"golang.org/x/text/language"

	"github.com/payporter-mock/payporter-mock/mock/internal/gateway"
	"github.com/payporter-mock/payporter-mock/mock/internal/route"
	"github.com/payporter-mock/payporter-mock/payment"
)

// Config is what the page works with. Every field but FrameAncestors is wanted.
type Config struct {
	Gateway        *gateway.Gateway
	FrameAncestors []string // origins that may show the page in a frame; empty: none
	Log            *slog.Logger
}

type page struct {
	Config
	layout             *template.Template
	stylesheet, script asset
	languages          []*words // the first is the fallback
	matcher            language.Matcher
}

// linkPath is where a customer arrives: redirectUrl without the host.
const linkPath = "/checkout-link/"

// assetPath is where the files are that every page refers to.
const assetPath = linkPath + "assets/"

// layout are the templates, which all sandboxes of a process share.
var layout = sync.OnceValues(func() (*template.Template, error) { return template.ParseFS(templates, "*.html") })

// Register adds the routes to e. Templates that cannot be read are an error.
func Register(e *echo.Echo, c Config) error {
	layout, err := layout()
	if err != nil {
		return fmt.Errorf("read the page's templates: %w", err)
	}

	p := &page{
		Config: c, layout: layout, languages: []*words{english(), turkish()},
		stylesheet: newAsset("page.css", "text/css; charset=utf-8", pageCSS),
		script:     newAsset("page.js", "text/javascript; charset=utf-8", pageJS),
	}
	p.matcher = newMatcher(p.languages)
	for _, r := range []struct {
		path      string
		get, post useCase
	}{
		{path: ":checkoutId", get: p.show, post: p.pay},
		{path: ":checkoutId/cancel", post: p.cancel},
		{path: ":checkoutId/bank", get: p.bank, post: p.authenticate},
		{path: ":checkoutId/bank/cancel", post: p.leaveBank},
		{path: ":checkoutId/result", get: p.result},
	} {
		if r.get != nil {
			route.Look(e, linkPath+r.path, p.serve(p.forLink(r.get)))
		}
		if r.post != nil {
			e.POST(linkPath+r.path, p.serve(p.forLink(r.post)))
		}
	}

	for _, r := range []struct {
		path      string
		get, post useCase
	}{
		{path: ":paymentId", get: p.bankOfPayment, post: p.authenticatePayment},
		{path: ":paymentId/cancel", post: p.leaveBankOfPayment},
	} {
		if r.get != nil {
			route.Look(e, bankPath+r.path, p.serve(p.forPayment(r.get)))
		}
		e.POST(bankPath+r.path, p.serve(p.forPayment(r.post)))
	}

	for _, a := range []asset{p.stylesheet, p.script} {
		route.Look(e, a.path, p.serveAsset(a))
	}

	e.RouteNotFound(linkPath+"*", p.unserved)
	e.RouteNotFound(strings.TrimSuffix(linkPath, "/"), p.unserved)
	e.RouteNotFound(bankPath+"*", p.unserved)
	return nil
}

// unserved answers what no route takes: OPTIONS, a method that a path of a link does not take, and everything else.
func (p *page) unserved(c echo.Context) error {
	known, err := route.Unserved(c, "GET / says what there is")
	switch {
	case err == nil:
		return known.Send(c.Response())
	case !errors.Is(err, &payment.Error{Code: payment.WrongMethod}):
		return p.serve(p.unknownLink)(c)
	case strings.HasPrefix(c.Request().URL.Path, assetPath), strings.HasPrefix(c.Request().URL.Path, bankPath):
		return p.serve(wrongMethod)(c)
	}
	return p.serve(p.forLink(wrongMethod))(c)
}
