package report

import (
	"bytes"
	"crypto/sha256"
	_ "embed"
	"encoding/base64"
	"html/template"
	"io"
	"sync"

	"github.com/payporter-mock/payporter-mock/internal/sequence"
)

//go:embed report.html
var pageSource string

//go:embed report.css
var pageStyle string

//go:embed report.js
var pageScript string

// pageTemplate is read at the first page, so that a program that writes none does not pay for it at its start.
var pageTemplate = sync.OnceValue(func() *template.Template {
	return template.Must(template.New("report").Parse(pageSource))
})

// mostShown is how much of a body the page shows, in bytes.
const mostShown = 64 << 10

// page is what the template shows: text that is clean, and the two things that are ours as they are,
// the style and the drawings.
type page struct {
	Policy, Title, Heading, Facts, First, Reason, Verdict, Again string
	Style                                                        template.CSS
	Passed                                                       bool
	Counts                                                       []pageCount
	Bar                                                          []pageBar
	Families                                                     []pageFamily
	Script                                                       template.JS
	Index                                                        []pageEntry
	Results                                                      []Result
	Severities                                                   []Severity
	Failing, Tolerated                                           [][]pageRule // by finding
	Bars                                                         string
	NotEvaluable, Skipped                                        []pageReason
	Good                                                         []pageRule
	Coverage                                                     []kindCoverage
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

// pageEntry is a line of the index of failures.
type pageEntry struct {
	pageRule
	More int // rules that failed for the same reason
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
	Anchor               string
	Drawing              template.HTML
	Mermaid              string
	ExpectedOf, AdviceOf []string // in sentences
	Tries                []Case
	Left                 int // exchanges that only the JSON report has
	Exchanges            []pageExchange
}

type pageExchange struct {
	Anchor, From, To, What, Outcome, At, Note string
	Fault, Decides                            bool
	Parts                                     []pageMessage
}

type pageMessage struct {
	Name, Line, Left string
	Body             []pagePart
	Headers          []pageHeader
}

// pagePart is a part of a body; some of them decide.
type pagePart struct {
	Text    string
	Decides bool
}

type pageHeader struct{ Name, Value string }

// WriteHTML writes the report as one page that asks nobody for anything: no font, no picture, no script from elsewhere,
// and a policy that allows its own style and its own script alone. Without the script the page shows all.
func (r *Report) WriteHTML(w io.Writer) error {
	p, err := r.Redacted().page()
	if err != nil {
		return err
	}
	var b bytes.Buffer
	if err := pageTemplate().ExecuteTemplate(&b, "page", p); err != nil {
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
		Passed:  r.Verdict == OK, Style: template.CSS(style), Policy: policy(style, "\n"+pageScript),
		Bars:     string(r.failOn()),
		Coverage: r.Coverage.kinds(), First: mendFirst(r), Script: template.JS("\n" + pageScript), Severities: severities,
		Results: []Result{Failed, NotEvaluable, Passed, Skipped},
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

// policy allows the page's own style and script and nothing else.
func policy(style, script string) string {
	hash := func(text string) string {
		sum := sha256.Sum256([]byte(text))
		return "'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) + "'"
	}
	return "default-src 'none'; style-src " + hash(style) + "; script-src " + hash(script) + "; base-uri 'none'; " +
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
		if c.Label == "tolerated" && len(r.findings(false)) == 0 {
			c.Link = "failed" // they failed for the same reason as rules that count
		}
		p.Counts = append(p.Counts, c)
		done += c.N
		if to := done * 1000 / max(1, len(r.Rules)); to > from {
			p.Bar = append(p.Bar, pageBar{from, to - from, c.Class})
			from = to
		}
	}
}
