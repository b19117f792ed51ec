package shop

import (
	"context"
	"encoding/json"
	"net/http"
	"net/url"
	"slices"
	"time"
	"unicode/utf8"

	"github.com/payporter-mock/payporter-mock/internal/exchange"
)

// Reported is a call as a report shows it, masked. A long body is clipped around the first of the parts that it has.
func (h *Harness) Reported(c Call, parts ...string) exchange.Exchange {
	x := c.Exchange
	x.At, x.Request, x.Response = c.At.UTC(), h.brief(*c.Request, parts), nil
	if !c.Over {
		x.Error, x.LatencyMS = "it was still under way", exchange.Millis(time.Since(c.At))
	}
	if c.Answer().Status != 0 {
		x.Response = h.brief(c.Answer(), parts)
	}
	return x
}

// brief is a message as a report shows it, with the headers that say something about an exchange.
func (h *Harness) brief(m exchange.Message, parts []string) *exchange.Message {
	if !utf8.Valid(m.Body) {
		m.Body = exchange.Body("(not UTF-8)")
	}
	names := append(h.Config.headers(), "Content-Type", "Location", "X-Api-Key", "X-Api-Secret", "Retry-After")
	return h.Mask.BriefAround(m, parts, names...)
}

// headers are those that the config looks at.
func (c Config) headers() []string {
	return slices.DeleteFunc([]string{
		c.Order.OrderID.Header, c.Order.RedirectURL.Header, c.State.Paid.Header, c.State.Failed.Header,
		c.State.Fulfilments.Header,
	}, func(name string) bool { return name == "" })
}

// ShownEntry is an entry of the journal, masked as reports are.
func ShownEntry(mask exchange.Masker, entry json.RawMessage) json.RawMessage {
	masked := mask.Text(string(entry))
	if json.Valid([]byte(masked)) {
		return json.RawMessage(masked)
	}
	text, _ := json.Marshal(masked) // a string always can be
	return text
}

// JournalOf is what the sandbox recorded of an order.
func (h *Harness) JournalOf(ctx context.Context, o *Purchase) []json.RawMessage {
	h.Sandbox.Lock()
	ids := slices.Compact(slices.Sorted(slices.Values(o.SentIDs)))

	h.Sandbox.Unlock()
	var all []json.RawMessage
	for _, id := range ids {
		var found struct{ Entries []json.RawMessage }
		if h.Sandbox.Do(ctx, http.MethodGet, "/_mock/journal?limit=200&orderId="+url.QueryEscape(id), nil, &found) == nil {
			all = append(all, found.Entries...)
		}
	}
	return all
}
