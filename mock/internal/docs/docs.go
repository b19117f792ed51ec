// Package docs shows what the sandbox's APIs take and answer, to people: Swagger UI over the
// descriptions that the sandbox serves. It owns the routes under /docs and the embedded assets, and
// asks nobody else for anything.
package docs

import (
	"bytes"
	"compress/gzip"
	"embed"
	"fmt"
	"html/template"
	"io"
	"net/http"
	"strconv"
	"strings"
	"sync"

	"github.com/labstack/echo/v4"

	"github.com/payporter-mock/payporter-mock/mock/internal/link"
	"github.com/payporter-mock/payporter-mock/mock/internal/route"
)

// Version of Swagger UI, whose bundle and stylesheet are embedded as its package has them.
const Version = "5.35.0"

//go:embed assets/*.gz
var assets embed.FS

//go:embed page.html
var page string

//go:embed start.js
var start []byte

//go:embed docs.css
var stylesheet []byte

// policy lets the page run and load what is embedded, and ask this sandbox. Swagger UI writes styles
// into its elements and draws its icons from data.
const policy = "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; " +
	"connect-src 'self'; form-action 'none'; base-uri 'none'; frame-ancestors 'none'"

// reference is one of the APIs.
type reference struct{ Path, Name, Description string }

var references = [...]reference{
	{"/docs", "Merchant API", "/openapi.yaml"},
	{"/docs/control", "Control API", "/_mock/openapi.yaml"},
}

// layoutData is what the page of a reference is made of.
type layoutData struct {
	This    reference
	All     []reference
	Version string
	Root    string // leads from the page to where the sandbox begins
}

// To is the address of a path of the sandbox on the page.
func (d layoutData) To(target string) string { return link.To(d.This.Path, target) }

// pages are the pages of the references, in their order. They are the same in every sandbox.
var pages = sync.OnceValues(func() (all [][]byte, err error) {
	layout, err := template.New("page").Parse(page)
	if err != nil {
		return nil, fmt.Errorf("read the template of the API reference: %w", err)
	}

	for _, r := range references {
		var html bytes.Buffer
		if err := layout.Execute(&html, layoutData{
			This: r, All: references[:], Version: Version,
			Root: link.Root(r.Path),
		}); err != nil {
			return nil, err
		}
		all = append(all, html.Bytes())
	}
	return all, nil
})

// Register adds the routes to e. A template that cannot be read is an error.
func Register(e *echo.Echo) error {
	all, err := pages()
	if err != nil {
		return err
	}
	for i, r := range references {
		serve(e, r.Path, "text/html; charset=utf-8", all[i])
	}

	serve(e, "/docs/start.js", "text/javascript; charset=utf-8", start)
	serve(e, "/docs/docs.css", "text/css; charset=utf-8", stylesheet)
	servePacked(e, "swagger-ui-bundle.js", "text/javascript; charset=utf-8")
	servePacked(e, "swagger-ui.css", "text/css; charset=utf-8")
	return nil
}

func serve(e *echo.Echo, path, contentType string, body []byte) {
	route.Look(e, path, func(c echo.Context) error {
		guard(c.Response().Header())
		return c.Blob(http.StatusOK, contentType, body)
	})
}

// servePacked serves an asset as it is embedded, to those who can unpack it; others get it unpacked.
// Its address names its version, so it can be kept for good.
func servePacked(e *echo.Echo, name, contentType string) {
	route.Look(e, "/docs/"+Version+"/"+name, func(c echo.Context) error {
		packed, err := assets.ReadFile("assets/" + name + ".gz")
		if err != nil {
			return err
		}
		h := c.Response().Header()
		guard(h)
		h.Set("Content-Type", contentType)
		h.Set("Cache-Control", "public, max-age=31536000, immutable")
		h.Set("Vary", "Accept-Encoding")
		if strings.Contains(c.Request().Header.Get("Accept-Encoding"), "gzip") {
			h.Set("Content-Encoding", "gzip")
			h.Set("Content-Length", strconv.Itoa(len(packed)))
			_, err = c.Response().Write(packed)
			return err
		}
		unpacked, err := gzip.NewReader(bytes.NewReader(packed))
		if err != nil {
			return err
		}
		_, err = io.Copy(c.Response(), unpacked)
		return err
	})
}

func guard(h http.Header) {
	h.Set("Content-Security-Policy", policy)
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("X-Frame-Options", "DENY")
	h.Set("Referrer-Policy", "no-referrer")
}
