package page

import (
	"bytes"
	"crypto/sha256"
	_ "embed"
	"encoding/hex"
	"net/http"
	"time"

	"github.com/labstack/echo/v4"
)

//go:embed page.css
var pageCSS []byte

const stylesheetPath = linkPath + "assets/page.css"

// stylesheet knows its own version, so that a browser may keep it and still takes a new one.
type stylesheet struct{ version string }

func newStylesheet() stylesheet {
	sum := sha256.Sum256(pageCSS)
	return stylesheet{version: hex.EncodeToString(sum[:6])}
}

func (s stylesheet) URL() string { return stylesheetPath + "?v=" + s.version }

// serveStylesheet is the one answer that may be kept. It belongs to no link, so no journal has it.
func (p *page) serveStylesheet(c echo.Context) error {
	r, w := c.Request(), c.Response()
	guard(w.Header())
	w.Header().Set("Cache-Control", "public, max-age=86400")
	w.Header().Set("Content-Type", "text/css; charset=utf-8")
	w.Header().Set("ETag", `"`+p.stylesheet.version+`"`)
	http.ServeContent(w, r, "", time.Time{}, bytes.NewReader(pageCSS))
	p.log(r, w.Status, "", "")
	return nil
}
