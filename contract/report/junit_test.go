package report_test

import (
	"bytes"
	"encoding/xml"
	"errors"
	"io"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/payporter-mock/payporter-mock/contract/report"
)

// element is any XML element.
type element struct {
	XMLName  xml.Name
	Attrs    []xml.Attr `xml:",any,attr"`
	Text     string     `xml:",chardata"`
	Children []element  `xml:",any"`
}

func (e element) attr(name string) (string, bool) {
	for _, a := range e.Attrs {
		if a.Name.Local == name {
			return a.Value, true
		}
	}
	return "", false
}

// junitSchema is what Jenkins' junit-10.xsd says of the elements we use: the attributes that must be
// there, those that may, and the children. All else is an error to Jenkins' xUnit plugin.
var junitSchema = map[string]struct{ must, may, children []string }{
	"testsuites": {nil, []string{"name", "time", "tests", "failures", "errors"}, []string{"testsuite"}},
	"testsuite": {[]string{"name", "tests", "failures", "errors"}, []string{
		"group", "time", "skipped", "timestamp",
		"hostname", "id", "package", "file", "log", "url",
	}, []string{
		"testsuite", "properties", "testcase", "system-out",
		"system-err",
	}},
	"properties": {nil, nil, []string{"property"}},
	"property":   {[]string{"name", "value"}, nil, nil},
	"testcase": {[]string{"name"}, []string{"time", "classname", "group"}, []string{
		"skipped", "error", "failure",
		"system-out", "system-err",
	}},
	"failure":    {nil, []string{"type", "message"}, nil},
	"skipped":    {nil, []string{"type", "message"}, nil},
	"system-out": {nil, nil, nil},
}

// counters are ours: what the schema leaves out a reader may need.
var counters = map[string][]string{
	"testsuites": {"name", "time", "tests", "failures", "errors"},
	"testsuite":  {"name", "time", "tests", "failures", "errors", "skipped"},
	"testcase":   {"name", "time", "classname"},
	"failure":    {"message", "type"},
	"skipped":    {"message"},
}

var junitSeconds = regexp.MustCompile(`^[0-9]+\.[0-9]{3}$`)

func checkJUnit(t require.TestingT, e element) {
	name := e.XMLName.Local
	rule, known := junitSchema[name]
	require.True(t, known, "<%s>", name)
	for _, want := range slices.Concat(rule.must, counters[name]) {
		_, there := e.attr(want)
		require.True(t, there, "<%s> lacks %s", name, want)
	}
	for _, a := range e.Attrs {
		require.True(t, slices.Contains(rule.must, a.Name.Local) || slices.Contains(rule.may, a.Name.Local), "<%s %s>", name,
			a.Name.Local)
		if a.Name.Local == "time" {
			require.Regexp(t, junitSeconds, a.Value)
		}
	}
	for _, child := range e.Children {
		require.Contains(t, rule.children, child.XMLName.Local, "in <%s>", name)
		checkJUnit(t, child)
	}
	if name == "testsuite" {
		checkCounters(t, e)
	}
}

func checkCounters(t require.TestingT, suite element) {
	cases, failures, skipped := 0, 0, 0
	for _, c := range suite.Children {
		if c.XMLName.Local != "testcase" {
			continue
		}
		cases++
		for _, result := range c.Children {
			switch result.XMLName.Local {
			case "failure":
				failures++
			case "skipped":
				skipped++
			}
		}
	}
	for name, want := range map[string]int{"tests": cases, "failures": failures, "skipped": skipped, "errors": 0} {
		got, _ := suite.attr(name)
		require.Equal(t, strconv.Itoa(want), got, name)
	}
}

func junit(t require.TestingT, r *report.Report) element {
	var b bytes.Buffer
	require.NoError(t, r.WriteJUnit(&b))
	require.True(t, strings.HasPrefix(b.String(), xml.Header))
	d := xml.NewDecoder(&b)
	var root element
	require.NoError(t, d.Decode(&root))
	for { // nothing but white space follows
		token, err := d.Token()
		if errors.Is(err, io.EOF) {
			break
		}
		require.NoError(t, err)
		require.Empty(t, strings.TrimSpace(string(token.(xml.CharData))))
	}
	return root
}

func TestJUnitKeepsToTheSchema(t *testing.T) {
	t.Parallel()
	for name, r := range map[string]*report.Report{
		"sample": sample(), "hostile": hostile(), "client": client(),
		"nothing": nothing(), "empty": empty(),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			root := junit(t, r)
			require.Equal(t, "testsuites", root.XMLName.Local)
			checkJUnit(t, root)
		})
	}
}

// testCases are by the first word of their names.
func testCases(t *testing.T, r *report.Report) map[string]element {
	t.Helper()
	found := map[string]element{}
	for _, suite := range junit(t, r).Children {
		for _, c := range suite.Children {
			name, there := c.attr("name")
			if id, _, _ := strings.Cut(name, " "); there {
				found[id] = c
			}
		}
	}
	return found
}

func TestJUnitTellsResultsApart(t *testing.T) {
	t.Parallel()
	cases := testCases(t, sample())
	require.Len(t, cases, 12)
	result := func(id string) (kind, message, text string) {
		if len(cases[id].Children) == 0 {
			return "passed", "", ""
		}
		first := cases[id].Children[0]
		message, _ = first.attr("message")
		return first.XMLName.Local, message, first.Text
	}
	kind, _, _ := result("REQ-001")
	require.Equal(t, "passed", kind)

	kind, message, text := result("FLOW-002")
	require.Equal(t, "failure", kind)
	require.Equal(t, "the order stayed pending: first for a second, then for a minute", message)
	require.Contains(t, text, "\n                then for a minute\n")
	require.Contains(t, text, "to mend it")

	_, _, text = result("TRUST-001")
	require.Contains(t, text, "exchange 2  attacker to merchant, forged callback")

	kind, message, _ = result("IDEM-001")
	require.Equal(t, "skipped", kind)
	require.Equal(t, "not evaluable: the config has no fulfilments probe", message)

	kind, message, _ = result("RESIL-001")
	require.Equal(t, "skipped", kind, "a failure that is tolerated turns no pipeline red")
	require.Equal(t, "failed, but is only advisory: nobody asked within a day", message)
	require.Contains(t, cases["RESIL-001"].Children[1].Text, "nobody asked within a day")
}

func TestJUnitIsRedWhenNothingWasProven(t *testing.T) {
	t.Parallel()
	root := junit(t, nothing())
	failures, _ := root.attr("failures")
	require.Equal(t, "1", failures)
	require.Equal(t, "failure", testCases(t, nothing())["the"].Children[0].XMLName.Local)
}

// GitLab drops a case whose class and name came before.
func TestJUnitCasesHaveNamesOfTheirOwn(t *testing.T) {
	t.Parallel()
	seen := map[string]bool{}
	for _, suite := range junit(t, sample()).Children {
		for _, c := range suite.Children {
			class, _ := c.attr("classname")
			name, isCase := c.attr("name")
			if !isCase {
				continue
			}
			require.False(t, seen[class+name], name)
			seen[class+name] = true
		}
	}
}
