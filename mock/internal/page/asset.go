package page

import (
	"bytes"
	"crypto/sha256"
	_ "embed"
	"encoding/hex"
	"net/http"
	"time"

	"github.com/labstack/echo/v4"

	"github.com/payporter-mock/payporter-mock/mock/store"
)

//go:embed page.css
var pageCSS []byte

//go:embed page.js
var pageJS []byte

// asset is a file that the pages refer to. It knows its own version, so that a browser may keep it
// and still takes a new one.
type asset struct {
	path, contentType string
	content           []byte
	version           string
}

func newAsset(name, contentType string, content []byte) asset {
	sum := sha256.Sum256(content)
	return asset{
		path: assetPath + name, contentType: contentType,
		content: content, version: hex.EncodeToString(sum[:6]),
	}
}

// URL is the address of the asset from where the sandbox begins.
func (a asset) URL() string { return a.path + "?v=" + a.version }

// serveAsset is the one answer that may be kept. It belongs to no link, so no journal has it.
func (p *page) serveAsset(a asset) echo.HandlerFunc {
	return func(c echo.Context) error {
		r, w := c.Request(), c.Response()
		p.guard(w.Header(), nil)
		w.Header().Set("Cache-Control", "public, max-age=86400")
		w.Header().Set("Content-Type", a.contentType)
		w.Header().Set("ETag", `"`+a.version+`"`)
		http.ServeContent(w, r, "", time.Time{}, bytes.NewReader(a.content))
		p.log(r, w.Status, "", store.Entry{})
		return nil
	}
}
