package report

import (
	"encoding/xml"
	"fmt"
	"io"
)

// The elements and attributes are those that Jenkins' schema (junit-10.xsd of its xUnit plugin) knows
// and GitLab's and GitHub's readers show: no other attribute, and no counter left out.
type junitSuites struct {
	XMLName  xml.Name     `xml:"testsuites"`
	Name     string       `xml:"name,attr"`
	Time     string       `xml:"time,attr"`
	Tests    int          `xml:"tests,attr"`
	Failures int          `xml:"failures,attr"`
	Errors   int          `xml:"errors,attr"`
	Suites   []junitSuite `xml:"testsuite"`
}

type junitSuite struct {
	Name       string          `xml:"name,attr"`
	Time       string          `xml:"time,attr"`
	Tests      int             `xml:"tests,attr"`
	Failures   int             `xml:"failures,attr"`
	Errors     int             `xml:"errors,attr"`
	Skipped    int             `xml:"skipped,attr"`
	Timestamp  string          `xml:"timestamp,attr,omitempty"`
	Properties []junitProperty `xml:"properties>property"`
	Cases      []junitCase     `xml:"testcase"`
}

type junitProperty struct {
	Name  string `xml:"name,attr"`
	Value string `xml:"value,attr"`
}

type junitCase struct {
	Name    string       `xml:"name,attr"`
	Class   string       `xml:"classname,attr"`
	Time    string       `xml:"time,attr"`
	Failure *junitResult `xml:"failure"`
	Skipped *junitResult `xml:"skipped"`
	Output  *junitOutput `xml:"system-out"`
}

type junitOutput struct {
	Text string `xml:",cdata"`
}

type junitResult struct {
	Message string `xml:"message,attr"`
	Type    string `xml:"type,attr,omitempty"`
	Text    string `xml:",cdata"`
}

// mostMessage is the length of a message's line; all of it is in the text below.
const mostMessage = 400

// WriteJUnit writes the report as JUnit XML: a suite for each family, a case for each rule. A rule
// that failed without failing the run is a skipped case, so that it neither turns a pipeline red nor
// looks as if it had passed; its output has it in full.
func (r *Report) WriteJUnit(w io.Writer) error {
	return junitForm{r.Redacted()}.write(w)
}

// junitForm writes a report, which is masked already, as JUnit.
type junitForm struct{ r *Report }

func (f junitForm) write(w io.Writer) error {
	r := f.r
	all := junitSuites{Name: "payporter-mock verify " + oneLine(string(r.Kind)), Time: junitTime(r.Seconds)}
	for _, g := range byFamily(r.Rules) {
		suite := f.suite(g)
		all.Tests += suite.Tests
		all.Failures += suite.Failures
		all.Suites = append(all.Suites, suite)
	}

	if suite, wanted := f.verdict(); wanted {
		all.Tests++
		all.Failures++
		all.Suites = append(all.Suites, suite)
	}

	if _, err := io.WriteString(w, xml.Header); err != nil {
		return err
	}

	e := xml.NewEncoder(w)
	e.Indent("", "  ")
	if err := e.Encode(all); err != nil {
		return err
	}
	_, err := io.WriteString(w, "\n")
	return err
}

// junitVerdict is a case for a run that failed without a failing rule: one that proved nothing must
// not look green to a reader that sees only skipped cases.
func (f junitForm) verdict() (junitSuite, bool) {
	r := f.r
	if r.Verdict == OK || len(r.failing()) > 0 {
		return junitSuite{}, false
	}
	suite := f.suite(group{name: "verdict"})
	suite.Tests, suite.Failures = 1, 1
	suite.Cases = []junitCase{{
		Name: "the run proves something", Class: oneLine(string(r.Kind) + ".verdict"), Time: junitTime(0),
		Failure: &junitResult{Message: headline(r.Reason), Type: "verdict", Text: clean(verdictLine(r))},
	}}
	return suite, true
}

func (f junitForm) suite(g group) junitSuite {
	r := f.r
	suite := junitSuite{Name: oneLine(g.name), Tests: len(g.rules), Properties: f.properties()}
	if !r.StartedAt.IsZero() {
		suite.Timestamp = r.StartedAt.UTC().Format("2006-01-02T15:04:05") // readers want it without a zone
	}

	total := 0.0
	for _, rule := range g.rules {
		c := f.testCase(rule)
		if c.Failure != nil {
			suite.Failures++
		}
		if c.Skipped != nil {
			suite.Skipped++
		}
		total += rule.Seconds
		suite.Cases = append(suite.Cases, c)
	}

	suite.Time = junitTime(total)
	return suite
}

func (f junitForm) properties() []junitProperty {
	r := f.r
	return []junitProperty{
		{"kind", oneLine(string(r.Kind))},
		{"tool", oneLine(r.Tool)},
		{"target", oneLine(r.Target)},
		{"failOn", oneLine(string(r.failOn()))},
		{"verdict", oneLine(string(r.Verdict))},
	}
}

func (f junitForm) testCase(rule Rule) junitCase {
	r := f.r
	c := junitCase{
		Name: oneLine(rule.ID + " " + rule.Title),
		// what GitLab shows as the suite, and Jenkins as package and class
		Class: oneLine(string(r.Kind) + "." + rule.Family),
		Time:  junitTime(rule.Seconds),
	}
	switch {
	case r.Fails(rule):
		c.Failure = &junitResult{Message: headline(rule.Seen), Type: oneLine(string(rule.Severity)), Text: ruleText(rule)}
	case rule.Result == Failed:
		c.Skipped = &junitResult{
			Message: headline(fmt.Sprintf("failed, but is only %s: %s", rule.Severity, rule.Seen)),
			Type:    oneLine(string(rule.Severity)),
		}
		c.Output = &junitOutput{ruleText(rule)}
	case rule.Result == NotEvaluable:
		c.Skipped = &junitResult{Message: headline("not evaluable: " + rule.Seen), Type: string(NotEvaluable)}
	case rule.Result == Skipped:
		c.Skipped = &junitResult{Message: headline("skipped: " + rule.Seen), Type: string(Skipped)}
	}

	return c
}

func headline(s string) string { return shorten(oneLine(s), mostMessage) }

// ruleText is the rule in full, in lines of any length.
func ruleText(rule Rule) string {
	p := fully{&printer{}}
	p.line("")
	p.rule(rule)
	return p.text.String()
}

// junitTime is seconds with three places, which every reader takes.
func junitTime(s float64) string { return fmt.Sprintf("%.3f", s) }
