package mock_test

import (
	"html"
	"net/http"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/payporter-mock/payporter-mock/mock"
)

var (
	wrongLine = regexp.MustCompile(`(?s)data-testid="wrong">(.*?)</(?:span|li)>`)
	tags      = regexp.MustCompile(`<[^>]*>`)
)

// wrongLines are what a page says went wrong, without its markup.
func wrongLines(page string) []string {
	lines := []string{}
	for _, found := range wrongLine.FindAllStringSubmatch(page, -1) {
		lines = append(lines, strings.TrimSpace(html.UnescapeString(tags.ReplaceAllString(found[1], ""))))
	}
	return lines
}

func TestListSaysWhatWentWrong(t *testing.T) {
	t.Parallel()
	srv := start(t, mock.Config{})
	for scenario, wants := range map[string][]string{
		"status-wrong-amount":   {"GET 200, amount 1.00 instead of 100.50 by scenario status-wrong-amount"},
		"status-wrong-currency": {"GET 200, currency JPY instead of TRY by scenario status-wrong-currency"},
		"status-500-then-ok":    {"GET 500 INTERNAL_ERROR by scenario status-500-then-ok"},
		"callback-lost":         {"no callback by scenario callback-lost"},
		"insufficient-funds":    {"payment FAILED: Not sufficient funds (51)"},
		"success":               {},
		"none-refused":          {"callback, try 1: connection refused: nothing listens there"},
	} {
		t.Run(scenario, func(t *testing.T) {
			t.Parallel()
			shop := newShop(t)
			c := clientOf(t, srv).as("test_" + scenario).at(t)
			callback := shop.callback()
			if scenario == "none-refused" {
				callback = nowhere
			} else {
				require.Equal(t, http.StatusOK, c.post("/_mock/scenarios/next", `{"scenario": "`+scenario+`"}`).status)
			}

			c.post("/_mock/clock", `{"freeze": true}`)
			id := c.create("ORD-1", callback)
			c.post("/_mock/checkouts/"+id+"/pay", "{}")
			c.post("/_mock/clock", `{"advance": "1s"}`)
			c.get("/api/checkout/" + id)
			c.get("/api/checkout/" + id)

			s := newSurfer(t, srv.URL)
			_, list := s.asks(http.MethodGet, "/_mock/ui/?merchant="+c.key, nil)
			require.Equal(t, wants, wrongLines(list))
			_, page := s.asks(http.MethodGet, "/_mock/ui/checkouts/"+id+"?merchant="+c.key, nil)
			require.Equal(t, wants, wrongLines(page))
		})
	}
}
