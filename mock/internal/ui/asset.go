package ui

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"net/http"
	"strconv"
	"strings"
	"sync"

	"github.com/labstack/echo/v4"

	"github.com/payporter-mock/payporter-mock/internal/sequence"
)

//go:embed assets
var files embed.FS

// assetURLs are the addresses of what a page loads, from where the sandbox begins. Each knows its version, so that a
// browser may keep it and still takes a new one.
type assetURLs struct{ Base, Style, HTMX, Script, Icon string }

type asset struct {
	mime          string
	plain, zipped []byte
	version       string
}

type assetSet struct {
	byName map[string]asset
	urls   assetURLs
}

// assets are made at the first page; compressing them is quick, but a start is quicker without.
var assets = sync.OnceValue(func() assetSet {
	s := assetSet{byName: map[string]asset{
		"pico.min.css": newAsset("text/css; charset=utf-8", read("pico.min.css")),
		"dashboard.css": newAsset("text/css; charset=utf-8",
			bytes.Join([][]byte{read("dashboard.css"), sequence.Stylesheet()}, []byte("\n"))),
		"htmx.min.js":  newAsset("text/javascript; charset=utf-8", read("htmx.min.js")),
		"dashboard.js": newAsset("text/javascript; charset=utf-8", read("dashboard.js")),
		"icon.svg":     newAsset("image/svg+xml", read("icon.svg")),
	}}
	at := func(name string) string { return Path + "assets/" + name + "?v=" + s.byName[name].version }
	s.urls = assetURLs{
		Base: at("pico.min.css"), Style: at("dashboard.css"), HTMX: at("htmx.min.js"),
		Script: at("dashboard.js"), Icon: at("icon.svg"),
	}
	return s
})

func read(name string) []byte {
	content, err := files.ReadFile("assets/" + name)
	if err != nil {
		panic("embedded asset: " + err.Error())
	}
	return content
}

func newAsset(mime string, content []byte) asset {
	var zipped bytes.Buffer
	z, _ := gzip.NewWriterLevel(&zipped, gzip.BestCompression) // a known level
	_, _ = z.Write(content)                                    // a Buffer never fails
	_ = z.Close()
	sum := sha256.Sum256(content)
	return asset{mime: mime, plain: content, zipped: zipped.Bytes(), version: hex.EncodeToString(sum[:6])}
}

func serveAsset(c echo.Context) error {
	found, ok := assets().byName[c.Param("name")]
	if !ok {
		return c.NoContent(http.StatusNotFound)
	}

	h := c.Response().Header()
	guard(h)
	h.Set("Vary", "Accept-Encoding")
	if c.QueryParam("v") == found.version {
		h.Set("Cache-Control", "public, max-age=31536000, immutable")
	}

	body := found.plain
	if strings.Contains(c.Request().Header.Get("Accept-Encoding"), "gzip") {
		h.Set("Content-Encoding", "gzip")
		body = found.zipped
	}
	h.Set("Content-Length", strconv.Itoa(len(body)))
	return c.Blob(http.StatusOK, found.mime, body)
}
