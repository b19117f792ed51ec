package page_test

import (
	"maps"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"
	"golang.org/x/net/html"

	"github.com/payporter-mock/payporter-mock/payment"
)

// documented are the data-testids in the table of docs/testing-the-page.md.
func documented(t *testing.T) map[string]bool {
	t.Helper()
	doc, err := os.ReadFile("../../../docs/testing-the-page.md")
	require.NoError(t, err)
	ids := map[string]bool{}
	for _, row := range regexp.MustCompile("(?m)^\\| [a-z', ]+ \\| `([^`]+)` \\| .+ \\|$").FindAllSubmatch(doc, -1) {
		ids[string(row[1])] = true
	}
	require.Greater(t, len(ids), 50)
	return ids
}

// What can be clicked or read is documented, and what is documented is there.
func TestTestIDsAreDocumented(t *testing.T) {
	t.Parallel()
	want := documented(t)
	got := map[string]bool{}
	for _, page := range everyPage(t) {
		collectIDs(page.tree, got)
	}
	require.Equal(t, slices.Sorted(maps.Keys(want)), slices.Sorted(maps.Keys(got)))

	templates, err := filepath.Glob("*.html")
	require.NoError(t, err)
	require.NotEmpty(t, templates)
	for _, name := range append(templates, "page.js") {
		source, err := os.ReadFile(name)
		require.NoError(t, err)
		for _, id := range regexp.MustCompile(`(?:data-testid|dataset\.testid)="?([a-z0-9-]+)"|dataset\.testid = `+
			`'([a-z0-9-]+)';`).FindAllSubmatch(source, -1) {
			literal := string(id[1]) + string(id[2])
			require.True(t, want[literal], "%s has %q, which is not documented", name, literal)
		}
	}
}

// Whatever takes a click or a text has a data-testid.
func TestEverythingHasATestID(t *testing.T) {
	t.Parallel()
	for _, page := range everyPage(t) {
		for _, tag := range []string{
			"a", "button", "input", "select", "summary", "form", "details", "table", "section",
			"aside", "dd", "time",
		} {
			for _, n := range page.elements(tag) {
				own := attr(n, "data-testid") != "" || attr(n, "type") == "hidden" || tag == "section" &&
					attr(n, "aria-labelledby") != "" ||
					tag == "time" && attr(n.Parent.Parent, "data-testid") != ""
				require.True(t, own, "<%s> %v", tag, n.Attr)
			}
		}
		require.Empty(t, page.elements("iframe"))
		require.Empty(t, page.elements("frame"))
	}
}

var numbered = []struct {
	id     *regexp.Regexp
	called string
}{
	{regexp.MustCompile(`^test-card-\d+$`), "test-card-NUMBER"},
	{regexp.MustCompile(`^installments-\d+$`), "installments-N"},
}

func collectIDs(tree *html.Node, into map[string]bool) {
	for n := range tree.Descendants() {
		id := attr(n, "data-testid")
		for _, many := range numbered {
			if many.id.MatchString(id) {
				id = many.called
			}
		}
		if id != "" {
			into[id] = true
		}
	}
}

// everyPage is every page in every state that shows something of its own.
func everyPage(t *testing.T) []seen {
	t.Helper()
	s := open(t, true)
	instalments := func(o *payment.Order) { o.MaxInstallmentCount = 3 }
	form := s.order("600", "TRY", instalments)
	faulty := s.post(form, url.Values{"installmentCount": {"4"}})

	declined := s.withReturn()
	paid := s.order("600", "TRY", instalments)
	inParts := card(goodCard)
	inParts.Set("installmentCount", "3")
	s.post(paid, inParts)

	bank := s.atTheBank(askedCard)
	s.post(bank+"/bank", code(wrongCode))
	return []seen{
		s.get(form), faulty, declined, s.get(bank + "/bank"), s.get(paid + "/result"), s.get(paid),
		s.get("/checkout-link/42"),
		s.backFromBank(),
	}
}

// withReturn is a form after a declined attempt whose callback goes by the browser.
func (s *sandbox) withReturn() seen {
	s.t.Helper()
	s = open(s.t, true)
	s.putScenarios(byBrowser(s.t))
	link := s.order("600", "TRY", nil)
	s.post(link, card(declinedCard))
	return s.get(link)
}
