package report_test

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"golang.org/x/net/html"

	"github.com/payporter-mock/payporter-mock/contract/report"
	"github.com/payporter-mock/payporter-mock/internal/exchange"
)

func page(t require.TestingT, r *report.Report) *html.Node {
	var b bytes.Buffer
	require.NoError(t, r.WriteHTML(&b))
	root, err := html.Parse(&b)
	require.NoError(t, err)
	return root
}

func attribute(n *html.Node, name string) (string, bool) {
	for _, a := range n.Attr {
		if a.Key == name {
			return a.Val, true
		}
	}
	return "", false
}

// elements are all with the name, or all there are.
func elements(root *html.Node, name string) []*html.Node {
	var found []*html.Node
	for n := range root.Descendants() {
		if n.Type == html.ElementNode && (name == "" || n.Data == name) {
			found = append(found, n)
		}
	}
	return found
}

func textOf(n *html.Node) string {
	var b strings.Builder
	for child := range n.Descendants() {
		if child.Type == html.TextNode {
			b.WriteString(child.Data)
		}
	}
	return b.String()
}

// checkInert holds that nothing on the page acts but its own script, that nothing asks for anything, and that its links
// lead to places on it.
func checkInert(t require.TestingT, root *html.Node) {
	ids := map[string]bool{}
	for _, n := range elements(root, "") {
		require.NotContains(t, []string{
			"iframe", "object", "embed", "form", "img", "link", "base", "foreignObject", "audio", "video",
		}, n.Data)
		for _, a := range n.Attr {
			require.False(t, strings.HasPrefix(a.Key, "on") || a.Key == "style" || a.Key == "src", "<%s %s>", n.Data, a.Key)
		}
		if id, there := attribute(n, "id"); there {
			require.False(t, ids[id], "two places are called %q", id)
			ids[id] = true
		}
	}
	for _, n := range elements(root, "script") {
		require.Contains(t, report.PageScript, strings.TrimSpace(textOf(n)), "the page has no script but its own")
	}
	for _, n := range elements(root, "a") {
		to, _ := attribute(n, "href")
		require.True(t, strings.HasPrefix(to, "#") && ids[to[1:]], "a link leads to %q", to)
	}
}

func TestPageIsInert(t *testing.T) {
	t.Parallel()
	for name, r := range map[string]*report.Report{
		"sample": sample(), "hostile": hostile(), "client": client(),
		"nothing": nothing(), "empty": empty(),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			checkInert(t, page(t, r))
		})
	}
}

// The policy allows the style by its hash: one byte apart, and the page is bare.
func TestPagePolicyAllowsItsStyleAndItsScriptAndNothingElse(t *testing.T) {
	t.Parallel()
	root := page(t, sample())
	styles := elements(root, "style")
	require.Len(t, styles, 1)
	scripts := elements(root, "script")
	require.Len(t, scripts, 1)
	hash := func(n *html.Node) string {
		sum := sha256.Sum256([]byte(textOf(n)))
		return "'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) + "'"
	}
	policy := ""
	for _, meta := range elements(root, "meta") {
		if kind, _ := attribute(meta, "http-equiv"); kind == "Content-Security-Policy" {
			policy, _ = attribute(meta, "content")
		}
	}
	require.Equal(t, "default-src 'none'; style-src "+hash(styles[0])+"; script-src "+hash(scripts[0])+
		"; base-uri 'none'; form-action 'none'", policy)
	require.NotContains(t, textOf(styles[0]), "url(")
	require.NotContains(t, textOf(styles[0]), "@import")
}

func TestPageShowsFailingRulesInFull(t *testing.T) {
	t.Parallel()
	root := page(t, sample())
	var article *html.Node
	for _, n := range elements(root, "article") {
		if id, _ := attribute(n, "id"); id == "TRUST-001" {
			article = n
		}
	}
	require.NotNil(t, article)
	text := textOf(article)
	for _, want := range []string{
		"critical", "A forged callback does not pay", "the order was paid although",
		"Read the page named", "documented:", "PayPorter never sent this one", "no answer within 5 s",
		`{"checkoutId":"0b6f7c1e-`, "sequenceDiagram",
	} {
		require.Contains(t, text, want)
	}
	require.Len(t, elements(article, "svg"), 1, "its sequence is drawn")
	require.NotEmpty(t, elements(elements(article, "svg")[0], "a"), "and leads to its exchanges")
}

func TestPageShowsCoverage(t *testing.T) {
	t.Parallel()
	text := textOf(page(t, client()))
	require.Contains(t, text, "operation 66 % 2 of 3")
	require.Contains(t, text, "GET /api/checkout/{checkoutId} 404")
	require.NotContains(t, textOf(page(t, sample())), "Coverage of the contract")
}

func TestPageBoundsBodies(t *testing.T) {
	t.Parallel()
	r := sample()
	r.Rules[4].Exchanges[0].Response.Body = exchange.Body(strings.Repeat("\u00e9", 1<<20))
	text := write(t, func(b *bytes.Buffer) error { return r.WriteHTML(b) })
	require.Less(t, len(text), 200<<10)
	require.Contains(t, text, "2031616 bytes more are not shown here")
}
