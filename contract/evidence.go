package contract

import (
	"net/http"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/payporter-mock/payporter-mock/contract/report"
	"github.com/payporter-mock/payporter-mock/payment"
)

// mostShown bounds how many exchanges a rule shows.
const mostShown = 40

// evidence is what shows a verdict: what the judge chose, or everything of the trial but the looks at
// the state that said nothing new.
func (t *trial) evidence(result report.Result) []report.Exchange {
	calls := t.shown
	if len(calls) == 0 {
		calls = t.exchanges()
	}
	all := []report.Exchange{}
	lastState := ""
	last := lastLook(calls)
	for i, c := range calls {
		if c.title == "state" {
			if said := string(c.answer.body); c.over && said == lastState && i != last {
				continue
			}
			lastState = string(c.answer.body)
		}
		all = append(all, t.reported(c))
	}
	if len(all) > mostShown {
		all = append(all[:mostShown/2:mostShown/2], all[len(all)-mostShown/2:]...)
	}
	return all
}

// lastLook is the place of the last look at the state, on which a verdict rests; -1: there is none.
func lastLook(calls []call) int {
	for i, c := range slices.Backward(calls) {
		if c.title == "state" {
			return i
		}
	}
	return -1
}

// reported is a call as a report shows it, masked.
func (h *harness) reported(c call) report.Exchange {
	x := report.Exchange{
		From: c.from, To: c.to, At: c.at.UTC(), LatencyMS: float64(c.took.Microseconds()) / 1000, Title: c.title, Note: c.note, Error: c.fault,
		Request: &report.Message{Method: c.method, URL: h.masked(c.url), Headers: h.maskedHeader(c.header), Body: h.maskedBody(c.body)},
	}
	if !c.over {
		x.Error, x.LatencyMS = "it was still under way", float64(time.Since(c.at).Microseconds())/1000
	}
	if c.answer.status != 0 {
		x.Response = &report.Message{Status: c.answer.status, Headers: h.maskedHeader(c.answer.header), Body: h.maskedBody(c.answer.body)}
	}
	return x
}

// mostBody bounds what a report keeps of a body, in bytes.
const mostBody = 2 << 10

func (h *harness) maskedBody(body []byte) string {
	if !utf8.Valid(body) {
		return "(not UTF-8)"
	}
	// It is masked before it is cut, so that no half of a number is left.
	text := h.masked(string(body[:min(len(body), 32*mostBody)]))
	if len(body) <= mostBody {
		return text
	}
	return strings.ToValidUTF8(text[:min(len(text), mostBody)], "") + "..."
}

// headers are those that the config looks at.
func (c Config) headers() []string {
	return slices.DeleteFunc([]string{
		c.Order.OrderID.Header, c.Order.RedirectURL.Header, c.State.Paid.Header, c.State.Failed.Header, c.State.Fulfilments.Header,
	}, func(name string) bool { return name == "" })
}

// maskedHeader are the headers that say something about an exchange.
func (h *harness) maskedHeader(header http.Header) map[string][]string {
	kept := map[string][]string{}
	names := []string{"Content-Type", "Location", "X-Api-Key", "X-Api-Secret", "Retry-After"}
	for _, looked := range h.config.headers() {
		if name := http.CanonicalHeaderKey(looked); !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	for _, name := range names {
		for _, value := range header.Values(name) {
			if payment.SecretName(name) {
				value = mask
			}
			kept[name] = append(kept[name], h.masked(value))
		}
	}
	if len(kept) == 0 {
		return nil
	}
	return kept
}
