package report

import (
	"bytes"
	"crypto/sha256"
	_ "embed"
	"encoding/base64"
	"fmt"
	"html/template"
	"io"
	"regexp"
	"slices"
	"strings"

	"github.com/payporter-mock/payporter-mock/internal/exchange"
	"github.com/payporter-mock/payporter-mock/internal/sequence"
)

//go:embed report.html
var pageSource string

//go:embed report.css
var pageStyle string

var pageTemplate = template.Must(template.New("report").Parse(pageSource))

// mostShown is how much of a body the page shows, in bytes.
const mostShown = 64 << 10

// page is what the template shows: text that is clean, and the two things that are ours as they are,
// the style and the drawings.
type page struct {
	Policy, Title, Heading, Facts, Reason, Verdict, Again string
	Style                                                 template.CSS
	Passed                                                bool
	Counts                                                []pageCount
	Bar                                                   []pageBar
	Families                                              []pageFamily
	Failing, Tolerated                                    []pageRule
	Bars                                                  string
	NotEvaluable, Skipped                                 []pageReason
	Good                                                  []pageRule
	Coverage                                              []kindCoverage
}

type pageCount struct {
	N                  int
	Label, Link, Class string
}

// pageBar is a part of the bar, in thousandths of its width.
type pageBar struct {
	From, Width int
	Class       string
}

type pageFamily struct {
	Name string
	Summary
}

type pageReason struct {
	Reason string
	Rules  []pageRule
}

type pageRule struct {
	Rule
	Anchor    string
	Drawing   template.HTML
	Mermaid   string
	Exchanges []pageExchange
}

type pageExchange struct {
	Anchor, From, To, What, Outcome, At, Note string
	Fault                                     bool
	Parts                                     []pageMessage
}

type pageMessage struct {
	Name, Line, Body, Left string
	Headers                []pageHeader
}

type pageHeader struct{ Name, Value string }

// WriteHTML writes the report as one page that asks nobody for anything: no script, no font, no
// picture from elsewhere, and a policy that forbids them.
func (r *Report) WriteHTML(w io.Writer) error {
	p, err := r.Redacted().page()
	if err != nil {
		return err
	}
	var b bytes.Buffer
	if err := pageTemplate.ExecuteTemplate(&b, "page", p); err != nil {
		return err
	}
	_, err = w.Write(b.Bytes())
	return err
}

func (r *Report) page() (*page, error) {
	style := "\n" + pageStyle + string(sequence.Stylesheet())
	p := &page{
		Title: headingOf(r), Heading: headingOf(r), Facts: factsOf(r), Reason: oneLine(r.Reason),
		Verdict: oneLine(string(r.Verdict)),
		Passed:  r.Verdict == OK, Style: template.CSS(style), Policy: policy(style), Bars: string(r.failOn()),
		Coverage: r.Coverage.kinds(),
	}
	if oneLine(r.Bundle) != "" {
		p.Again = replayCommand(r)
	}

	p.count(r)
	for _, g := range byFamily(r.Rules) {
		family := pageFamily{Name: oneLine(g.name)}
		for i := range g.rules {
			family.count(&g.rules[i])
		}
		p.Families = append(p.Families, family)
	}

	return p, p.fill(r)
}

// policy allows the page's own style and nothing else.
func policy(style string) string {
	sum := sha256.Sum256([]byte(style))
	return "default-src 'none'; style-src 'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) + "'; base-uri 'none'; " +
		"form-action 'none'"
}

// count makes the row of numbers, which leads to the sections, and the bar.
func (p *page) count(r *Report) {
	all := []pageCount{
		{len(r.failing()), "failed", "failed", "bad"},
		{len(r.tolerated()), "tolerated", "tolerated", "fair"},
		{r.Summary.NotEvaluable, "not evaluable", "not-evaluable", "open"},
		{r.Summary.Passed, "passed", "passed", "good"},
		{r.Summary.Skipped, "skipped", "skipped", "none"},
	}

	from, done := 0, 0
	for _, c := range all {
		if c.N == 0 && c.Label == "tolerated" {
			continue
		}
		p.Counts = append(p.Counts, c)
		done += c.N
		if to := done * 1000 / max(1, len(r.Rules)); to > from {
			p.Bar = append(p.Bar, pageBar{from, to - from, c.Class})
			from = to
		}
	}
}

// fill makes the sections.
func (p *page) fill(r *Report) error {
	ids := anchors{}
	var err error
	if p.Failing, err = ids.rules(r.failing()); err != nil {
		return err
	}
	if p.Tolerated, err = ids.rules(r.tolerated()); err != nil {
		return err
	}
	if p.Good, err = ids.rules(r.of(Passed)); err != nil {
		return err
	}
	if p.NotEvaluable, err = ids.reasons(r.of(NotEvaluable)); err != nil {
		return err
	}

	p.Skipped, err = ids.reasons(r.of(Skipped))
	return err
}

// anchors are the names of places on the page that are taken.
type anchors map[string]bool

var anchorable = regexp.MustCompile(`^[A-Z][A-Za-z0-9-]{0,60}$`)

// of makes a place of a rule's id, or of its number if that will not do.
func (a anchors) of(id string) string {
	for n := 1; !anchorable.MatchString(id) || a[id]; n++ {
		id = fmt.Sprintf("Rule-%d", n)
	}
	a[id] = true
	return id
}

func (a anchors) reasons(rules []Rule) ([]pageReason, error) {
	var reasons []pageReason
	for _, g := range byReason(rules) {
		shown, err := a.rules(g.rules)
		if err != nil {
			return nil, err
		}
		reasons = append(reasons, pageReason{clean(g.name), shown})
	}
	return reasons, nil
}

func (a anchors) rules(rules []Rule) ([]pageRule, error) {
	var shown []pageRule
	for _, rule := range rules {
		one, err := a.rule(rule)
		if err != nil {
			return nil, err
		}
		shown = append(shown, one)
	}
	return shown, nil
}

func (a anchors) rule(rule Rule) (pageRule, error) {
	p := pageRule{Rule: rule, Anchor: a.of(rule.ID)}
	p.ID, p.Title, p.Severity = oneLine(rule.ID), oneLine(rule.Title), Severity(oneLine(string(rule.Severity)))
	p.Expected, p.Seen, p.Advice, p.Source = clean(rule.Expected), clean(rule.Seen), clean(rule.Advice), clean(rule.Source)
	link := func(n int) string { return fmt.Sprintf("%s-exchange-%d", p.Anchor, n) }
	for i, e := range rule.Exchanges {
		p.Exchanges = append(p.Exchanges, shownExchange(e, link(i+1)))
	}

	if rule.Result != Failed || len(rule.Exchanges) == 0 {
		return p, nil
	}

	diagram := rule.Diagram(func(n int) string { return "#" + link(n) })
	var b bytes.Buffer
	if err := diagram.WriteSVG(&b); err != nil {
		return p, fmt.Errorf("draw %s: %w", rule.ID, err)
	}

	p.Drawing = template.HTML(b.String()) // made and escaped by our own package
	p.Mermaid = diagram.Mermaid()
	return p, nil
}

func shownExchange(e exchange.Exchange, anchor string) pageExchange {
	p := pageExchange{
		Anchor: anchor, From: oneLine(e.From), To: oneLine(e.To), What: label(e), Outcome: outcome(e),
		Note: clean(e.Note), Fault: e.Error != "" || e.Response == nil,
	}
	if !e.At.IsZero() {
		p.At = e.At.UTC().Format("2006-01-02 15:04:05.000 UTC")
	}

	if e.Request != nil {
		p.Parts = append(p.Parts, shownMessage(e.Request, "Request", asked(e)))
	}
	if e.Response != nil {
		p.Parts = append(p.Parts, shownMessage(e.Response, "Answer", outcome(e)))
	}
	return p
}

func shownMessage(m *exchange.Message, name, line string) pageMessage {
	p := pageMessage{Name: name, Line: line, Body: clean(m.Body.String())}
	if len(p.Body) > mostShown {
		p.Left = fmt.Sprintf("%d bytes more are not shown here; the JSON report has them.", len(p.Body)-mostShown)
		p.Body = strings.ToValidUTF8(p.Body[:mostShown], "")
	}

	for header, values := range m.Headers {
		for _, value := range values {
			p.Headers = append(p.Headers, pageHeader{oneLine(header), oneLine(value)})
		}
	}

	slices.SortStableFunc(p.Headers, func(a, b pageHeader) int { return strings.Compare(a.Name, b.Name) })
	return p
}

// Missing and Met are the two halves of a kind.
func (k kindCoverage) Missing() []CoverageItem { return k.half(false) }
func (k kindCoverage) Met() []CoverageItem     { return k.half(true) }

func (k kindCoverage) half(met bool) []CoverageItem {
	var items []CoverageItem
	for _, item := range k.Items {
		if item.Count > 0 == met {
			item.Name = oneLine(item.Name)
			items = append(items, item)
		}
	}
	return items
}

// Label is the kind as a heading.
func (k kindCoverage) Label() string { return oneLine(k.Name) }

// Whole is how much of the bar is full, in thousandths.
func (k kindCoverage) Whole() int { return k.Covered * 1000 / max(1, len(k.Items)) }
