package sequence_test

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/payporter-mock/payporter-mock/internal/sequence"
)

func TestDrawing(t *testing.T) {
	t.Parallel()
	for name, diagram := range map[string]sequence.Diagram{
		"checkout": checkout(),
		"nested":   nested(),
		"empty":    {Title: "A checkout", Actors: everybody()},
		"nobody":   {},
	} {
		golden(t, name+".inline.svg", svg(t, diagram))
		golden(t, name+".svg", file(t, diagram))
		golden(t, name+".mmd", diagram.Mermaid())
	}
}

func TestSameDiagramGivesSameBytes(t *testing.T) {
	t.Parallel()
	require.Equal(t, svg(t, checkout()), svg(t, checkout()))
	require.Equal(t, file(t, checkout()), file(t, checkout()))
	require.Equal(t, checkout().Mermaid(), checkout().Mermaid())
}

func TestPageDecidesOnStyle(t *testing.T) {
	t.Parallel()
	inline := svg(t, checkout())
	for _, forbidden := range []string{"<style", " style=", "<script", "url(", "<?xml"} {
		require.NotContains(t, inline, forbidden)
	}
	css := string(sequence.Stylesheet())
	for _, class := range classes(t, css) {
		require.Contains(t, class, "sequence")
	}
	require.NotContains(t, css, "sequence-file", "the ground is the page's")
	require.Contains(t, file(t, checkout()), css)
}

func TestUnknownActor(t *testing.T) {
	t.Parallel()
	diagram := sequence.Diagram{Actors: everybody(), Arrows: []sequence.Arrow{{
		From: "merchant", To: "mars",
		Label: "hello",
	}}}
	var b bytes.Buffer
	err := diagram.WriteSVG(&b)
	require.EqualError(t, err, `arrow 1 ("hello") names the actor "mars", who is not listed: list them (listed: `+
		`"customer", "merchant", "payporter", "bank")`)
	require.Empty(t, b.String(), "nothing is left half written")
	require.EqualError(t, sequence.Diagram{Arrows: diagram.Arrows}.WriteFile(&b), `arrow 1 ("hello") names the actor `+
		`"merchant", who is not listed: list them (listed: nobody)`)
	require.Contains(t, diagram.Mermaid(), "participant mars as mars\n", "a bug report shows what there is")
}

func TestActorListedTwice(t *testing.T) {
	t.Parallel()
	diagram := sequence.Diagram{Actors: append(everybody(), sequence.Actor{ID: "bank", Name: "Another"})}
	require.EqualError(t, diagram.WriteSVG(&bytes.Buffer{}), `actor "bank" is listed twice: give each an ID of its own`)
	require.Equal(t, 1, strings.Count(diagram.Mermaid(), "participant bank "))
}

func TestWriterThatFails(t *testing.T) {
	t.Parallel()
	full := errors.New("no space left")
	require.ErrorIs(t, checkout().WriteSVG(failing{full}), full)
}

type failing struct{ err error }

func (f failing) Write([]byte) (int, error) { return 0, f.err }

func TestLinkThatActsIsNoLink(t *testing.T) {
	t.Parallel()
	for link, want := range map[string]string{
		"#exchange-1":                 "#exchange-1",
		"/_mock/ui/exchange/1?a=1&b":  "/_mock/ui/exchange/1?a=1&amp;b",
		"exchange/1":                  "exchange/1",
		"https://127.0.0.1/x":         "https://127.0.0.1/x",
		"HTTP://127.0.0.1/x":          "HTTP://127.0.0.1/x",
		"":                            "",
		"javascript:alert(1)":         "",
		"JavaScript:alert(1)":         "",
		" javascript:alert(1)":        "",
		"java\nscript:alert(1)":       "",
		"\x01javascript:alert(1)":     "",
		"data:text/html,<script>":     "",
		"vbscript:x":                  "",
		"file:///etc/passwd":          "",
		"blob:http://127.0.0.1/1":     "",
		"java\tscript:alert(1)":       "",
		"\u202ejavascript:alert(1)":   "",
		`"><script>alert(1)</script>`: `&#34;&gt;&lt;script&gt;alert(1)&lt;/script&gt;`,
	} {
		got := svg(t, one(sequence.Arrow{Label: "x", Link: link}))
		if want == "" {
			require.NotContains(t, got, "<a ", "%q", link)
			continue
		}
		require.Contains(t, got, `<a href="`+want+`">`, "%q", link)
	}
}

func TestIDsAreUnique(t *testing.T) {
	t.Parallel()
	diagram := one(sequence.Arrow{ID: "a"}, sequence.Arrow{ID: "a"}, sequence.Arrow{ID: "b c"}, sequence.Arrow{ID: `"`})
	got := svg(t, diagram)
	require.Equal(t, 1, strings.Count(got, ` id="a"`))
	require.Equal(t, 2, strings.Count(got, " id="), "and one with a space is none")
	require.Contains(t, got, ` id="&#34;"`)
}

func TestTimes(t *testing.T) {
	t.Parallel()
	istanbul := time.FixedZone("+03", 3*60*60)
	start := time.Date(2026, 11, 24, 23, 59, 30, 0, istanbul)
	got := svg(t, one(
		sequence.Arrow{Label: "first", At: start},
		sequence.Arrow{Label: "a minute later", At: start.Add(time.Minute).UTC()},
		sequence.Arrow{Label: "at no time"},
		sequence.Arrow{Label: "more than a minute later", At: start.Add(2*time.Minute + time.Second)},
		sequence.Arrow{Label: "before", At: start.Add(-time.Hour)},
		sequence.Arrow{Label: "days later", At: start.Add(50 * time.Hour)},
	))
	require.Equal(t, []string{
		"2026-11-24", "+03", "23:59:30", "00:00:30", "+1 m 1 s", "00:01:31", "22:59:30", "+2 d 3 h", "2026-11-27", "01:59:30",
	}, margins(t, got), "in the zone of the first, with the date when it changes in a break")
	require.NotContains(t, svg(t, one(sequence.Arrow{Label: "never"})), "sequence-time")
}

func TestLatency(t *testing.T) {
	t.Parallel()
	for latency, want := range map[time.Duration]string{
		0:                       "200",
		-time.Second:            "200",
		20 * time.Microsecond:   "200 · 0 ms",
		400 * time.Microsecond:  "200 · 0.4 ms",
		9960 * time.Microsecond: "200 · 10 ms",
		12345678:                "200 · 12 ms",
		1830 * time.Millisecond: "200 · 1.83 s",
		30 * time.Second:        "200 · 30 s",
		5 * time.Minute:         "200 · 5 m 0 s",
		26 * time.Hour:          "200 · 1 d 2 h",
	} {
		require.Contains(t, svg(t, one(sequence.Arrow{Answer: "200", Latency: latency})), ">"+want+"</text>")
	}
}

func TestFaultIsMarkedNotOnlyByColour(t *testing.T) {
	t.Parallel()
	for _, arrow := range []sequence.Arrow{{Label: "x", Fault: true}, {
		Label: "x", Fault: true, From: "merchant",
		To: "merchant",
	}} {
		got := svg(t, one(arrow))
		require.Contains(t, got, `class="sequence-cross"`)
		require.Contains(t, got, "<title>Went wrong: ")
		arrow.Fault = false
		require.NotContains(t, svg(t, one(arrow)), "cross")
	}
}

// one has the given arrows, from the merchant to PayPorter unless they say otherwise.
func one(arrows ...sequence.Arrow) sequence.Diagram {
	for i := range arrows {
		if arrows[i].From == "" {
			arrows[i].From, arrows[i].To = "merchant", "payporter"
		}
	}
	return sequence.Diagram{Actors: everybody(), Arrows: arrows}
}

func BenchmarkWriteSVG(b *testing.B) {
	for _, arrows := range []int{20, 200, 2000, 20000} {
		b.Run(fmt.Sprint(arrows), func(b *testing.B) {
			diagram := long(arrows)
			for b.Loop() {
				if err := diagram.WriteSVG(io.Discard); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

func BenchmarkMermaid(b *testing.B) {
	diagram := long(2000)
	for b.Loop() {
		_ = diagram.Mermaid()
	}
}

// long repeats the checkout.
func long(arrows int) sequence.Diagram {
	diagram := checkout()
	all := make([]sequence.Arrow, 0, arrows)
	for i := range arrows {
		arrow := diagram.Arrows[i%len(diagram.Arrows)]
		arrow.At = noon.Add(time.Duration(i) * time.Second)
		arrow.ID = fmt.Sprintf("arrow-%d", i)
		all = append(all, arrow)
	}
	diagram.Arrows = all
	return diagram
}

// What lies inside another exchange is drawn between its start and its answer, in both forms.
func TestAnswersStandWhereTheyCame(t *testing.T) {
	t.Parallel()
	order := []string{
		"create", "callback 1", "callback 2", "question", "answer to callback 2: 204", "answer to callback 1: 200",
		"no answer to create",
		"later", "answer to later: 200",
	}
	inOrder := func(text string) {
		t.Helper()
		for _, want := range order {
			at := strings.Index(text, want)
			require.GreaterOrEqual(t, at, 0, "%s is missing, or not behind what came before it", want)
			text = text[at:]
		}
	}
	inOrder(nested().Mermaid())
	inOrder(strings.Join(titles(svg(t, nested())), "\n"))

	byTime := nested()
	for i := range byTime.Arrows {
		byTime.Arrows[i].Start, byTime.Arrows[i].End = 0, 0
	}
	inOrder(byTime.ByTime().Mermaid())
	require.Equal(t, uint64(0), byTime.Arrows[0].Start, "the diagram itself is not changed")
}

func TestPlacesThatMakeNoSenseLoseNothing(t *testing.T) {
	t.Parallel()
	got := one(
		sequence.Arrow{Label: "ends before it starts", Answer: "200", Start: 9, End: 3},
		sequence.Arrow{Label: "has no place", Answer: "201"},
		sequence.Arrow{Label: "same place", Answer: "202", Start: 9, End: 9},
		sequence.Arrow{Label: "before all", Answer: "203", Start: 1, End: 2},
	).Mermaid()
	require.Regexp(t, `(?s)before all.*203.*ends before.*200.*no place.*201.*same place.*202`, got)
}

func TestLongLabels(t *testing.T) {
	t.Parallel()
	for label, want := range map[string][]string{
		"POST /api/checkout": {"POST /api/checkout"},
		"":                   nil,
		" \t\n ":             nil,
		"took the order for paid without asking for its status":                                    {"took the order for paid", "without asking for its status"},
		"GET /api/checkout/status?paymentId=8c1f4f0e-7c4c-4a51-9f0e-3a2b1c0d9e8f&orderId=10000042": {"GET /api/checkout/status?paymentId=", "8c1f4f0e-7c4c-4a51-9f0e-3a2b1c0d9e8f…"},
		strings.Repeat("日", 60):            {strings.Repeat("日", 17), strings.Repeat("日", 16) + "…"},
		strings.Repeat("e\u0301", 60):      {strings.Repeat("e\u0301", 34), strings.Repeat("e\u0301", 26)},
		strings.Repeat("👩\u200d👧", 20):     {strings.Repeat("👩\u200d👧", 8), strings.Repeat("👩\u200d👧", 8) + "…"},
		"a\x00b\u202ec\xffd\n  e\u0085f":   {"a\ufffdb\ufffdc\ufffdd e f"},
		"z" + strings.Repeat("\u0301", 99): {"z" + strings.Repeat("\u0301", 6)},
	} {
		require.Equal(t, want, labels(svg(t, one(sequence.Arrow{Label: label}))), "%q", label)
	}
}

func TestTitleHasWhatWasShortened(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("a long story ", 20) + "with an end"
	drawing := svg(t, one(sequence.Arrow{Label: long, Answer: long, Latency: time.Second, At: noon}))
	require.Contains(t, drawing, "<title>2026-11-24 12:00:00.123 Merchant to PayPorter: "+long+", answered "+long+
		" after 1 s</title>")
	require.Less(t, len(svg(t, one(sequence.Arrow{Label: strings.Repeat("x", 1e6)}))), 10_000, "within reason")
}

// A label that passes other actors stands between two of them. In two lines it does not push them apart, so a decline
// fits on a screen.
func TestLabelThatPassesOthersDoesNotWidenTheDiagram(t *testing.T) {
	t.Parallel()
	d := sequence.Diagram{
		Actors: []sequence.Actor{{ID: "merchant"}, {ID: "payporter"}, {ID: "tester"}, {ID: "bank"}},
		Arrows: []sequence.Arrow{
			{From: "payporter", To: "merchant", Label: "callback, try 1", Answer: "connection refused: nothing listens there"},
			{From: "tester", To: "payporter", Label: "POST /_mock/checkouts/{checkoutId}/pay", Answer: "200 FAILED"},
			{From: "bank", To: "payporter", Label: "FAILED: 51 Not sufficient funds"},
		},
	}
	drawn := svg(t, d)
	require.NotContains(t, drawn, "sequence-wide")
	require.Contains(t, labels(drawn), "FAILED: 51 Not")
	require.Contains(t, labels(drawn), "sufficient funds")
}
