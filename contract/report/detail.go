package report

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/payporter-mock/payporter-mock/internal/exchange"
	"github.com/payporter-mock/payporter-mock/internal/wording"
)

const (
	mostExchanges = 12  // of a rule in a text; the other forms have them all
	mostBody      = 240 // runes of a body in a text
	detailColumn  = 16
)

// rule is a rule in full: what was expected and seen, how to mend it, and the exchanges in short.
func (p *printer) rule(rule Rule) {
	for _, part := range []struct{ label, text string }{
		{"expected", rule.Expected}, {"seen", rule.Seen}, {"to mend it", rule.Advice}, {"source", rule.Source},
	} {
		if strings.TrimSpace(part.text) != "" {
			p.below(4, part.label, detailColumn, part.text)
		}
	}
	for i, e := range rule.Exchanges {
		if i == mostExchanges {
			p.below(4, "", detailColumn, fmt.Sprintf("and %s more: the JSON and the HTML report have all",
				wording.Plural(len(rule.Exchanges)-i, "exchange")))
			break
		}
		p.exchange(i+1, e)
	}
}

func (p *printer) exchange(number int, e exchange.Exchange) {
	p.below(4, fmt.Sprintf("exchange %d", number), detailColumn, summary(e))
	if e.Request != nil && oneLine(e.Request.Body.String()) != "" {
		p.below(detailColumn, "sent", detailColumn+6, shorten(oneLine(e.Request.Body.String()), mostBody))
	}

	for _, name := range telling(e.Answer()) {
		p.below(detailColumn, "got", detailColumn+6, name+": "+shorten(oneLine(strings.Join(e.Response.Headers[name], ", ")),
			mostBody))
	}

	if e.Response != nil && oneLine(e.Response.Body.String()) != "" {
		p.below(detailColumn, "got", detailColumn+6, shorten(oneLine(e.Response.Body.String()), mostBody))
	}
	if note := oneLine(e.Note); note != "" {
		p.below(detailColumn, "note", detailColumn+6, note)
	}
}

// telling are the headers of an answer that say something in a text: all but the type of a body.
func telling(m exchange.Message) []string {
	return slices.DeleteFunc(slices.Sorted(maps.Keys(m.Headers)), func(name string) bool { return name == "Content-Type" })
}

// summary is an exchange in a line: attacker to merchant, forged callback: POST http://…: 200 after 3 ms.
func summary(e exchange.Exchange) string {
	parts := []string{oneLine(e.From) + " to " + oneLine(e.To)}
	if title := oneLine(e.Title); title != "" {
		parts[0] += ", " + title
	}
	if line := asked(e); line != "" && line != oneLine(e.Title) {
		parts = append(parts, line)
	}
	parts = append(parts, outcome(e))
	return strings.Join(parts, ": ")
}

// asked is the request line.
func asked(e exchange.Exchange) string {
	if e.Request == nil {
		return ""
	}
	return oneLine(e.Request.Method + " " + e.Request.URL)
}

// outcome is the answer's status and time, or why there is none.
func outcome(e exchange.Exchange) string {
	var parts []string
	if e.Response != nil {
		parts = append(parts, fmt.Sprintf("%d after %s", e.Response.Status, millis(e.LatencyMS)))
	}

	if fault := oneLine(e.Error); fault != "" {
		parts = append(parts, fault)
	}
	if len(parts) == 0 {
		return "no answer"
	}
	return strings.Join(parts, ", ")
}
