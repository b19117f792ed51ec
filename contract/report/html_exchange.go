package report

import (
	"fmt"
	"slices"
	"strings"

	"github.com/payporter-mock/payporter-mock/internal/exchange"
)

func shownExchange(e exchange.Exchange, anchor string, decides *Deciding) pageExchange {
	p := pageExchange{
		Anchor: anchor, From: oneLine(e.From), To: oneLine(e.To), What: label(e), Outcome: outcome(e),
		Note: clean(e.Note), Fault: e.Error != "" || e.Response == nil,
	}
	var parts []string
	if decides != nil {
		p.Decides, parts = true, decides.Differs
	}
	if !e.At.IsZero() {
		p.At = e.At.UTC().Format("2006-01-02 15:04:05.000 UTC")
	}

	if e.Request != nil {
		p.Parts = append(p.Parts, shownMessage(e.Request, "Request", asked(e), parts))
	}
	if e.Response != nil {
		p.Parts = append(p.Parts, shownMessage(e.Response, "Answer", outcome(e), parts))
	}
	return p
}

func shownMessage(m *exchange.Message, name, line string, parts []string) pageMessage {
	p, body := pageMessage{Name: name, Line: line}, clean(m.Body.String())
	if len(body) > mostShown {
		p.Left = fmt.Sprintf("%d bytes more are not shown here; the JSON report has them.", len(body)-mostShown)
		body = strings.ToValidUTF8(body[:mostShown], "")
	}
	p.Body = marked(body, parts)

	for header, values := range m.Headers {
		for _, value := range values {
			p.Headers = append(p.Headers, pageHeader{oneLine(header), oneLine(value)})
		}
	}

	slices.SortStableFunc(p.Headers, func(a, b pageHeader) int { return strings.Compare(a.Name, b.Name) })
	return p
}

// marked is a text in parts, those among them that decide.
func marked(text string, parts []string) []pagePart {
	var all []pagePart
	from := 0
	for _, mark := range spans(text, parts) {
		if mark.from > from {
			all = append(all, pagePart{text[from:mark.from], false})
		}
		all = append(all, pagePart{text[mark.from:mark.to], true})
		from = mark.to
	}
	if from < len(text) {
		all = append(all, pagePart{text[from:], false})
	}
	return all
}
