package sequence_test

import (
	"bytes"
	"flag"
	"html"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/payporter-mock/payporter-mock/internal/sequence"
)

var update = flag.Bool("update", false, "write the golden files anew")

var noon = time.Date(2026, 11, 24, 12, 0, 0, 123e6, time.UTC)

func everybody() []sequence.Actor {
	return []sequence.Actor{
		{ID: "customer", Name: "Customer"},
		{ID: "merchant", Name: "Merchant"},
		{ID: "payporter", Name: "PayPorter"},
		{ID: "bank", Name: "Bank"},
	}
}

// checkout has everything that a diagram can show.
func checkout() sequence.Diagram {
	at := func(d time.Duration) time.Time { return noon.Add(d) }
	return sequence.Diagram{
		Title:  "Checkout of order 1042",
		Actors: everybody(),
		Arrows: []sequence.Arrow{
			{From: "customer", To: "merchant", Label: "buys", At: at(0)},
			{
				From: "merchant", To: "payporter", Label: "POST /api/checkout", Answer: "200", Latency: 12 * time.Millisecond,
				At: at(41 * time.Millisecond), Link: "#exchange-1", ID: "arrow-1",
			},
			{From: "merchant", To: "customer", Label: "302 to the payment page", At: at(55 * time.Millisecond)},
			{
				From: "customer", To: "payporter", Label: "POST /pay/01JC9Z with card 5406 67** **** 0009", Answer: "303",
				Latency: 1830 * time.Millisecond, At: at(21 * time.Second), Link: "#exchange-2", ID: "arrow-2",
			},
			{
				From: "payporter", To: "bank", Label: "authorise 100.50 TRY", Answer: "approved", Latency: 1790 * time.Millisecond,
				At: at(21*time.Second + 10*time.Millisecond),
			},
			{From: "payporter", To: "payporter", Label: "CREATED to PAID", At: at(22*time.Second + 800*time.Millisecond)},
			{
				From: "payporter", To: "merchant", Label: "callback, attempt 1", Answer: "500 Internal Server Error",
				Latency: 31 * time.Millisecond, At: at(22*time.Second + 801*time.Millisecond), Fault: true, Link: "#exchange-3",
				ID: "arrow-3",
			},
			{From: "payporter", To: "merchant", Label: "callback, attempt 2", At: at(5*time.Minute + 22*time.Second +
				801*time.Millisecond), Fault: true},
			{
				From: "merchant", To: "merchant", Label: "took the order for paid without asking for its status",
				At: at(5*time.Minute + 23*time.Second), Fault: true, Link: "#rule",
			},
			{From: "merchant", To: "payporter", Label: "GET /api/checkout/status?paymentId=8c1f4f0e-7c4c-4a51-9f0e-3a2b1c0d9e8f&orderId=1042", Answer: "200 PAID", Latency: 400 * time.Microsecond, At: at(5*time.Minute + 24*time.Second), Link: "#exchange-4"},
			{From: "payporter", To: "merchant", Label: "callback, attempt 3", At: at(26 * time.Hour), Planned: true},
			{From: "payporter", To: "payporter", Label: "the link expires", At: at(48 * time.Hour), Planned: true},
		},
	}
}

// nested has exchanges inside others, side by side, and without an answer.
func nested() sequence.Diagram {
	at := func(ms int) time.Time { return noon.Add(time.Duration(ms) * time.Millisecond) }
	lasts := func(ms int) time.Duration { return time.Duration(ms) * time.Millisecond }
	return sequence.Diagram{
		Title:  "Callbacks before the answer",
		Actors: everybody()[1:],
		Arrows: []sequence.Arrow{
			{
				From: "merchant", To: "payporter", Label: "create", Answer: "the connection was closed", Broken: true, Fault: true,
				At: at(0), Latency: lasts(90), Start: 1, End: 12, ID: "arrow-1", Link: "#1",
			},
			{From: "bank", To: "payporter", Label: "SUCCESS", At: at(5), Start: 2},
			{
				From: "payporter", To: "merchant", Label: "callback 1", Answer: "200", At: at(10), Latency: lasts(50), Start: 3,
				End: 9,
			},
			{
				From: "payporter", To: "merchant", Label: "callback 2", Answer: "204", At: at(11), Latency: lasts(39), Start: 4,
				End: 8,
			},
			{
				From: "merchant", To: "payporter", Label: "question", Answer: "200 SUCCESS 100.50 TRY", At: at(20),
				Latency: lasts(4), Start: 5, End: 6,
			},
			{From: "payporter", To: "payporter", Label: "remembers", At: at(30), Start: 7},
			{
				From: "merchant", To: "payporter", Label: "later", Answer: "200", At: at(200), Latency: 3 * time.Minute, Start: 13,
				End: 15,
			},
			{From: "merchant", To: "merchant", Label: "waits", At: at(90_000), Start: 14},
		},
	}
}

// titles are the sentences of the rows.
func titles(drawing string) []string {
	var all []string
	for _, match := range regexp.MustCompile(`<title>([^<]*)<`).FindAllStringSubmatch(drawing, -1) {
		all = append(all, html.UnescapeString(match[1]))
	}
	return all
}

func svg(t *testing.T, d sequence.Diagram) string {
	t.Helper()
	var b bytes.Buffer
	require.NoError(t, d.WriteSVG(&b))
	return b.String()
}

func file(t *testing.T, d sequence.Diagram) string {
	t.Helper()
	var b bytes.Buffer
	require.NoError(t, d.WriteFile(&b))
	return b.String()
}

// golden compares with a file of testdata, or writes it anew.
func golden(t *testing.T, name, got string) {
	t.Helper()
	path := filepath.Join("testdata", name)
	if *update {
		require.NoError(t, os.WriteFile(path, []byte(got), 0o644))
	}
	want, err := os.ReadFile(path)
	require.NoError(t, err)
	require.Equal(t, string(want), got)
}

// margins are the texts of the column of times, from top to bottom.
func margins(t *testing.T, drawing string) []string {
	t.Helper()
	var all []string
	for _, match := range regexp.MustCompile(
		`<text class="sequence-(?:time|passed)"[^>]*>([^<]*)<`).FindAllStringSubmatch(drawing, -1) {
		all = append(all, match[1])
	}
	return all
}

// classes are the selectors of a stylesheet's rules.
func classes(t *testing.T, css string) []string {
	t.Helper()
	css = regexp.MustCompile(`(?s)/\*.*?\*/`).ReplaceAllString(css, "")
	var all []string
	for _, match := range regexp.MustCompile(`([^{};]+)\{`).FindAllStringSubmatch(css, -1) {
		for selector := range strings.SplitSeq(match[1], ",") {
			if selector = strings.TrimSpace(selector); !strings.HasPrefix(selector, "@") {
				all = append(all, selector)
			}
		}
	}
	require.NotEmpty(t, all)
	return all
}

// labels are the lines of the labels.
func labels(drawing string) []string {
	var all []string
	for _, match := range regexp.MustCompile(`<text class="sequence-label"[^>]*>([^<]*)<`).FindAllStringSubmatch(drawing,
		-1) {
		all = append(all, html.UnescapeString(match[1]))
	}
	return all
}
