package sequence_test

import (
	"encoding/xml"
	"errors"
	"html"
	"io"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/stretchr/testify/require"

	"github.com/payporter-mock/payporter-mock/internal/sequence"
)

// strangers write what they like.
var strangers = []string{
	"", " ", "end", "POST /api/checkout", "a\x00b", "\x1b[31m", "\xff\xfe", "a\xc0b", "\u202egnp.exe", "\u2066x", "]]>",
	"&amp;", "</text>",
	`"><script>alert(1)</script>`, "<!--", "a\nb\r\nc\td", "日本語の長い文字列", "👩‍👩‍👧‍👦🏽", "\ufffe\uffff", "\u2028",
	"Z̸̡̢̧̛̛̛͓̖̥̞̲̜͎̖̙͌̀̈́̋͂", "\u200d\u200d\u200d", "ﷺ",
	"a;b#c", "#35;", "%%{init: {}}%%", "$$x$$", "wrap: x", "nowrap:x", "Note over a: b", "style a:b#c;",
	"classDef x:y#z;", "`**b**`", "<br/>", `\n`, "{}", "@{", "-->>",
	"()", "+", "-", ",", ":", "as", "participant", "over", strings.Repeat("W", 3000), strings.Repeat("i ", 3000),
	strings.Repeat("\u0301", 3000), "http://127.0.0.1:8080/?a=b&c=d#e",
}

func FuzzDrawing(f *testing.F) {
	for _, narrow := range []string{
		strings.Repeat("i ", 3000), strings.Repeat("'", 3000), strings.Repeat("i🏽🏽🏽", 3000), strings.Repeat("i\u200d", 3000),
	} {
		f.Add(narrow, strings.Repeat("W", 3000), strings.Repeat("W", 3000), int64(1e18), true) // narrow in a wide drawing
		f.Add("a", narrow, narrow, int64(1e18), true)
	}
	for i, label := range strangers {
		f.Add(strangers[(i+7)%len(strangers)], label, strangers[(i+13)%len(strangers)], int64(i)*1e12, i%2 == 0)
	}
	f.Fuzz(func(t *testing.T, name, label, answer string, at int64, fault bool) {
		diagram := hostile(name, label, answer, time.Unix(0, at).UTC(), fault)
		for _, drawing := range []string{svg(t, diagram), file(t, diagram)} {
			requireHarmless(t, drawing)
			requireInside(t, drawing)
		}
		requireLines(t, diagram)
	})
}

// hostile puts the texts wherever texts go.
func hostile(name, label, answer string, at time.Time, fault bool) sequence.Diagram {
	other := name + "2"
	return sequence.Diagram{
		Title:  name,
		Actors: []sequence.Actor{{ID: name, Name: label}, {ID: other, Name: name}},
		Arrows: []sequence.Arrow{
			{
				From: name, To: other, Label: label, Answer: answer, Fault: fault, At: at, Latency: at.Sub(time.Unix(0, 0)),
				Link: label, ID: label, Start: 1, End: 4,
			},
			{
				From: other, To: name, Label: answer, Answer: label, Link: answer, ID: answer, Planned: fault, Broken: fault,
				Start: 2, End: 3,
			},
			{From: name, To: name, Label: label, Answer: answer, Link: name, ID: name, At: at.Add(time.Hour)},
			{From: other, To: other, Label: answer, Fault: fault, At: at.Add(100 * time.Hour)},
		},
	}
}

// requireHarmless reads the whole document as XML and finds in it nothing that acts.
func requireHarmless(t *testing.T, drawing string) {
	t.Helper()
	require.True(t, utf8.ValidString(drawing))
	require.Equal(t, -1, strings.IndexFunc(drawing, func(r rune) bool {
		return r != '\n' && unicode.IsControl(r) || unicode.In(r, unicode.Bidi_Control, unicode.Noncharacter_Code_Point)
	}))
	decoder := xml.NewDecoder(strings.NewReader(drawing))
	for {
		token, err := decoder.Token()
		if errors.Is(err, io.EOF) {
			return
		}
		require.NoError(t, err)
		element, ok := token.(xml.StartElement)
		if !ok {
			continue
		}
		if !slices.Contains([]string{"svg", "title", "style", "rect", "g", "path", "text", "a"}, element.Name.Local) {
			t.Fatalf("there is a <%s>", element.Name.Local)
		}
		for _, attribute := range element.Attr {
			if acts(attribute) {
				t.Fatalf("there is %s=%q", attribute.Name.Local, attribute.Value)
			}
		}
	}
}

var scheme = regexp.MustCompile(`(?i)^\s*(javascript|data|vbscript|file|blob):`)

func acts(attribute xml.Attr) bool {
	name := attribute.Name.Local
	return strings.HasPrefix(name, "on") || name == "style" || name == "href" && scheme.MatchString(attribute.Value)
}

var drawn = regexp.MustCompile(`<text[^>]*>([^<]*)</text>`)

// requireInside says that a drawing has bounds whatever the texts are: it does not grow with them, and
// none of them is longer than the room it can have.
func requireInside(t *testing.T, drawing string) {
	t.Helper()
	var root struct {
		Width  int `xml:"width,attr"`
		Height int `xml:"height,attr"`
	}
	require.NoError(t, xml.Unmarshal([]byte(drawing), &root))
	require.LessOrEqual(t, root.Width, 1200)
	require.LessOrEqual(t, root.Height, 800)
	for _, match := range drawn.FindAllStringSubmatch(drawing, -1) {
		text := html.UnescapeString(match[1])
		require.LessOrEqual(t, bases(text), 100, "%q", text)
	}
}

// bases counts the letters without their marks.
func bases(text string) int {
	n := 0
	for _, r := range text {
		if !unicode.In(r, unicode.Mn, unicode.Me, unicode.Cf) {
			n++
		}
	}
	return n
}

// A text has no character that Mermaid reads, but for that of an entity.
const text = `(?:#\w+;|[^#;\n<>"'&$\\{}@%])*`

var statement = regexp.MustCompile(`^(sequenceDiagram|    title ` + text + `|    participant \w+ as ` + text +
	`|    \w+(->>|-->>|--x|-x)[+-]?\w+: ` + text + `|    Note over \w+(,\w+)?: ` + text + `)$`)

// requireLines says that each line of Mermaid is one that we meant.
func requireLines(t *testing.T, diagram sequence.Diagram) {
	t.Helper()
	for line := range strings.SplitSeq(strings.TrimSuffix(diagram.Mermaid(), "\n"), "\n") {
		if !statement.MatchString(line) {
			t.Fatalf("there is the line %q", line)
		}
	}
}
