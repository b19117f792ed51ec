package ui

import (
	"context"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/labstack/echo/v4"

	"github.com/payporter-mock/payporter-mock/mock/internal/clock"
	"github.com/payporter-mock/payporter-mock/mock/internal/gateway"
	"github.com/payporter-mock/payporter-mock/mock/internal/journal"
)

// Pages are told of changes at most so often, and at least so often that the line is alive.
const (
	eventPause = 300 * time.Millisecond
	heartbeat  = 15 * time.Second
	slowest    = 10 * time.Second // how long a browser may take for a word
)

// events tells a page, as server-sent events, that the merchant's journal is another than the one it
// shows. What has changed, the page asks by itself.
func (d *dashboard) events(c echo.Context) error {
	r := c.Request()
	if away, err := d.admit(r); err != nil || away != "" {
		return d.turnAway(c, away, err)
	}

	m, ok := d.Gateway.Known(c.QueryParam("merchant"))
	if !ok && strings.HasPrefix(c.QueryParam("merchant"), gateway.TestKeyPrefix) {
		made, err := d.Gateway.Look(r.Context(), c.QueryParam("merchant"))
		m, ok = made, err == nil
	}
	if !ok {
		return c.NoContent(http.StatusNoContent) // which ends an EventSource for good
	}

	shown, _ := strconv.ParseUint(c.QueryParam("journal"), 10, 64)
	if last, err := strconv.ParseUint(r.Header.Get("Last-Event-ID"), 10, 64); err == nil {
		shown = last
	}

	ctx, cancel := context.WithCancel(r.Context())
	defer cancel()
	defer context.AfterFunc(d.Closing, cancel)()

	h := c.Response().Header()
	guard(h)
	h.Set("Content-Type", "text/event-stream")
	h.Set("X-Accel-Buffering", "no")
	c.Response().WriteHeader(http.StatusOK)
	if r.Method == http.MethodHead {
		return nil // there is nothing to wait for
	}

	done, err := d.Wait()
	if err != nil { // the page asks now and then instead
		if now, err := m.Journal().Version(ctx); err == nil {
			tellOnce(http.NewResponseController(c.Response()), c.Response(), now, shown)
		}
		return nil
	}
	defer done()
	if m, shown, ok := d.arrived(ctx, c, m, shown); ok {
		tell(ctx, http.NewResponseController(c.Response()), c.Response(), m.Journal(), shown)
	}
	return nil
}

// arrived waits for the first request of a key that was never used, which is nobody's merchant until then. What comes
// with it is new to the page. ok is false when nobody listens any more.
func (d *dashboard) arrived(
	ctx context.Context, c echo.Context, m *gateway.Merchant, shown uint64,
) (known *gateway.Merchant, seen uint64, ok bool) {
	line := http.NewResponseController(c.Response())
	_ = line.SetReadDeadline(time.Time{}) // not every writer has one
	for {
		if known, ok := d.Gateway.Known(m.Key); ok {
			if known != m {
				shown = 0
			}
			return known, shown, true
		}
		if !say(line, c.Response(), ": nothing new\n\n") {
			return m, shown, false
		}

		patience, stop := context.WithTimeout(ctx, heartbeat)
		d.Gateway.Arrival(patience, m)
		stop()
		if ctx.Err() != nil {
			return m, shown, false
		}
	}
}

// tellOnce writes what is known now, and when to ask again.
func tellOnce(line *http.ResponseController, w http.ResponseWriter, now, shown uint64) {
	word := "retry: 5000\n\n"
	if now != shown {
		word += fmt.Sprintf("id: %d\ndata: %d\n\n", now, now)
	}
	say(line, w, word)
}

// tell writes the events until ctx ends or nobody reads them any more.
func tell(ctx context.Context, line *http.ResponseController, w http.ResponseWriter, j *journal.Journal, shown uint64) {
	_ = line.SetReadDeadline(time.Time{}) // not every writer has one
	if !say(line, w, "retry: 1000\n\n") {
		return
	}

	for {
		patience, stop := context.WithTimeout(ctx, heartbeat)
		now, changed := j.Changed(patience, shown)
		stop()
		word := ": nothing new\n\n"
		if changed {
			shown, word = now, fmt.Sprintf("id: %d\ndata: %d\n\n", now, now)
		}
		if ctx.Err() != nil || !say(line, w, word) {
			return
		}
		if changed && !clock.Pause(ctx, eventPause) {
			return
		}
	}
}

func say(line *http.ResponseController, w http.ResponseWriter, word string) bool {
	_ = line.SetWriteDeadline(clock.Deadline(slowest))
	_, err := w.Write([]byte(word))
	return err == nil && line.Flush() == nil
}
