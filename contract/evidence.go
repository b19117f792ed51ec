package contract

import (
	"slices"
	"time"
	"unicode/utf8"

	"github.com/payporter-mock/payporter-mock/contract/report"
	"github.com/payporter-mock/payporter-mock/internal/exchange"
)

// mostShown bounds how many exchanges a rule shows.
const mostShown = 40

// evidence is what shows a verdict: what the judge chose, or everything of the trial but the looks at
// the state that said nothing new.
func (t *trial) evidence(result report.Result) []exchange.Exchange {
	calls := t.shown
	if len(calls) == 0 {
		calls = t.shop.exchanges()
	}
	all := []exchange.Exchange{}
	lastState := ""
	last := lastLook(calls)
	for i, c := range calls {
		if c.Title == "state" {
			if said := string(c.Answer().Body); c.over && said == lastState && i != last {
				continue
			}
			lastState = string(c.Answer().Body)
		}
		all = append(all, t.harness.reported(c))
	}
	if len(all) > mostShown {
		all = append(all[:mostShown/2:mostShown/2], all[len(all)-mostShown/2:]...)
	}
	return all
}

// lastLook is the place of the last look at the state, on which a verdict rests; -1: there is none.
func lastLook(calls []call) int {
	for i, c := range slices.Backward(calls) {
		if c.Title == "state" {
			return i
		}
	}
	return -1
}

// reported is a call as a report shows it, masked.
func (h *harness) reported(c call) exchange.Exchange {
	x := c.Exchange
	x.At, x.Request, x.Response = c.At.UTC(), h.brief(*c.Request), nil
	if !c.over {
		x.Error, x.LatencyMS = "it was still under way", exchange.Millis(time.Since(c.At))
	}
	if c.Answer().Status != 0 {
		x.Response = h.brief(c.Answer())
	}
	return x
}

// brief is a message as a report shows it, with the headers that say something about an exchange.
func (h *harness) brief(m exchange.Message) *exchange.Message {
	if !utf8.Valid(m.Body) {
		m.Body = exchange.Body("(not UTF-8)")
	}
	names := append(h.config.headers(), "Content-Type", "Location", "X-Api-Key", "X-Api-Secret", "Retry-After")
	return h.mask.Brief(m, names...)
}

// headers are those that the config looks at.
func (c Config) headers() []string {
	return slices.DeleteFunc([]string{
		c.Order.OrderID.Header, c.Order.RedirectURL.Header, c.State.Paid.Header, c.State.Failed.Header, c.State.Fulfilments.Header,
	}, func(name string) bool { return name == "" })
}
