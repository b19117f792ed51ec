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
	mostOutput    = 20  // lines of what a shop wrote
	detailColumn  = 16
)

// fully writes rules for a file that is kept, with all that was seen.
type fully struct{ *printer }

// rule is a rule in full: what was expected and seen, how to mend it, and the exchanges in short.
func (p fully) rule(rule Rule) {
	for _, part := range []struct{ label, text string }{
		{"expected", rule.Expected}, {"seen", rule.Seen}, {"to mend it", rule.Advice}, {"source", rule.Source},
	} {
		if strings.TrimSpace(part.text) != "" {
			p.below(4, part.label, detailColumn, part.text)
		}
	}
	for _, c := range rule.Cases {
		p.below(4, "case", detailColumn, fmt.Sprintf("%s: %s %s", c.Result, oneLine(c.Order), oneLine(c.Name)))
	}

	numbers := within(rule, mostExchanges)
	for _, n := range numbers {
		p.exchange(n, rule.Exchanges[n-1], differs(rule, n))
	}
	if left := len(rule.Exchanges) - len(numbers); left > 0 {
		p.below(4, "", detailColumn, fmt.Sprintf("and %s more: the JSON and the HTML report have all",
			wording.Plural(left, "exchange")))
	}
	if written := endOf(rule.Output, mostOutput); written != "" {
		p.below(4, "shop wrote", detailColumn, written)
	}
}

// differs is what of an exchange decided, and whether it did.
func differs(rule Rule, number int) *Deciding {
	for _, d := range rule.Decisive {
		if d.Exchange == number {
			return &d
		}
	}
	return nil
}

// within are the numbers of at most so many exchanges, those that decided among them, in order.
func within(rule Rule, most int) []int {
	var numbers []int
	for _, d := range rule.Decisive {
		if d.Exchange >= 1 && d.Exchange <= len(rule.Exchanges) && len(numbers) < most {
			numbers = append(numbers, d.Exchange)
		}
	}
	for n := 1; n <= len(rule.Exchanges) && len(numbers) < most; n++ {
		if !slices.Contains(numbers, n) {
			numbers = append(numbers, n)
		}
	}
	slices.Sort(numbers)
	return slices.Compact(numbers)
}

func (p fully) exchange(number int, e exchange.Exchange, decides *Deciding) {
	title := summary(e)
	var parts []string
	if decides != nil {
		title, parts = "(decides) "+title, decides.Differs
	}
	p.below(4, fmt.Sprintf("exchange %d", number), detailColumn, title)
	sent, got := sides(e)
	p.body("sent", sent, parts)

	for _, name := range telling(e.Answer()) {
		p.below(detailColumn, "got", detailColumn+6, name+": "+shorten(oneLine(strings.Join(e.Response.Headers[name], ", ")),
			mostBody))
	}

	p.body("got", got, parts)
	if note := oneLine(e.Note); note != "" {
		p.below(detailColumn, "note", detailColumn+6, note)
	}
}

// body is a body in a line, and below it what of it decided.
func (p fully) body(label, text string, parts []string) {
	if text == "" {
		return
	}
	shown, line := underlined(text, parts, mostBody)
	p.below(detailColumn, label, detailColumn+6, shown)
	if line != "" && columns(shown) <= max(p.room(detailColumn+6), mostBody) {
		p.below(detailColumn, "", detailColumn+6, line)
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
