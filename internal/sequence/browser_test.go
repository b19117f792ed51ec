package sequence_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
	"github.com/stretchr/testify/require"

	"github.com/payporter-mock/payporter-mock/internal/chromium"
	"github.com/payporter-mock/payporter-mock/internal/sequence"
)

// misfits are the texts that a browser, which knows its fonts, draws where there is no room for them:
// outside the drawing, outside their box, or across a life line.
const misfits = `[...document.querySelectorAll('svg text')].filter(text => {
	const drawing = text.closest('svg'), room = text.getBBox(), row = text.closest('.sequence-arrow'), note = text.closest('.sequence-note')
	const inside = box => room.x >= box.x && room.y >= box.y && room.x + room.width <= box.x + box.width && room.y + room.height <= box.y + box.height
	if (!inside(drawing.viewBox.baseVal)) return true
	if (text.matches('.sequence-time')) return false
	if (note) return !inside(note.querySelector('.sequence-box').getBBox())
	if (text.closest('.sequence-actors')) return !inside(text.parentNode.querySelector('rect').getBBox())
	const lives = [...drawing.querySelectorAll('.sequence-life path')].map(line => line.getBBox().x)
	return row && lives.some(x => room.x <= x && x <= room.x + room.width)
}).map(text => text.textContent)`

func TestMain(m *testing.M) {
	code := m.Run()
	chromium.Stop()
	os.Exit(code)
}

func TestBrowser(t *testing.T) {
	t.Parallel()
	ctx := chromium.Lean.Window(t, time.Minute)
	require.NoError(t, chromedp.Do(ctx, chromedp.Navigate(site(t)), chromedp.WaitVisible(chromedp.CSS("svg"))))

	t.Run("texts fit without knowing the font", func(t *testing.T) {
		got, err := chromedp.Run(ctx, chromedp.Evaluate[[]string](misfits))
		require.NoError(t, err)
		require.Empty(t, got)
	})
	t.Run("the page's stylesheet is enough", func(t *testing.T) {
		const fill = `getComputedStyle(document.querySelector('a .sequence-label')).fill`
		got, err := chromedp.Run(ctx, chromedp.Evaluate[string](fill))
		require.NoError(t, err)
		require.Equal(t, "rgb(1, 2, 3)", got, "what the page says the accent is")
	})
}

// site has diagrams in a page that forbids all style but its own stylesheet's.
func site(t *testing.T) string {
	t.Helper()
	drawings := svg(t, checkout()) + svg(t, nested()) + svg(t, sequence.Diagram{Actors: everybody()[:1]}) +
		svg(t, sequence.Diagram{})
	for i, label := range strangers {
		drawings += svg(t, hostile(fmt.Sprint("an actor of some importance ", i), label, strings.Repeat(label+" ", 20), noon,
			true))
	}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /{$}", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Security-Policy", "default-src 'none'; style-src 'self'")
		fmt.Fprint(w, `<!doctype html><meta charset="utf-8"><title>Diagrams</title><link rel="stylesheet" `+
			`href="/sequence.css">`, drawings)
	})
	mux.HandleFunc("GET /sequence.css", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/css")
		fmt.Fprintf(w, "%s\n:root { --sequence-accent: rgb(1, 2, 3); }", sequence.Stylesheet())
	})
	server := httptest.NewServer(mux)
	t.Cleanup(server.Close)
	return server.URL + "/"
}
