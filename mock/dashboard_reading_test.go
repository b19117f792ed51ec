package mock_test

import (
	"encoding/json"
	"html"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/payporter-mock/payporter-mock/mock"
	"github.com/payporter-mock/payporter-mock/mock/store"
)

// A wrong filter is not no filter: a list says what the control API says of it.
func TestDashboardRefusesFiltersInTheWordsOfTheControlAPI(t *testing.T) {
	t.Parallel()
	srv := start(t, mock.Config{})
	c, s := clientOf(t, srv), newSurfer(t, srv.URL)
	c.create("ORD-1", nowhere)
	refused := regexp.MustCompile(`data-testid="refused">([^<]*)<`)

	for page, call := range map[string]string{
		"journal?status=abc":            "journal?status=abc",
		"journal?kind=nonsense":         "journal?kind=nonsense",
		"journal?since=yesterday":       "journal?since=yesterday",
		"journal?until=32:00&kind=foo":  "journal?until=32:00&kind=foo",
		"?status=nonsense":              "checkouts?status=nonsense",
		"payments?type=GIFT":            "payments?transactionType=GIFT",
		"payments?status=x&type=REFUND": "payments?status=x&transactionType=REFUND",
	} {
		answer := c.get("/_mock/" + call)
		require.Equal(t, http.StatusBadRequest, answer.status, call)
		told, _ := answer.body["message"].(string)
		require.NotEmpty(t, told)

		res, whole := s.asks(http.MethodGet, "/_mock/ui/"+page, nil)
		require.Equal(t, http.StatusBadRequest, res.StatusCode, page)
		require.Contains(t, whole, `data-testid="filters"`, "what is wrong can be mended on the page")
		require.NotContains(t, whole, "ORD-1")
		found := refused.FindStringSubmatch(whole)
		require.NotNil(t, found, page)
		require.Equal(t, told, html.UnescapeString(found[1]), page)

		res, part := s.asks(http.MethodGet, "/_mock/ui/"+page+"&part=live", nil)
		require.Equal(t, http.StatusOK, res.StatusCode, "a filter is wrong while it is being typed")
		require.Contains(t, html.UnescapeString(part), told)
	}

	// The control API has no filter of callbacks.
	res, whole := s.asks(http.MethodGet, "/_mock/ui/?callback=nonsense", nil)
	require.Equal(t, http.StatusBadRequest, res.StatusCode)
	require.Equal(t, `callback: must be one of none, pending, failed, exhausted, delivered, got "nonsense"`,
		html.UnescapeString(refused.FindStringSubmatch(whole)[1]))

	for _, page := range []string{
		"journal?status=&kind=&since=&until=", "journal?since=2026-01-31T12:00&status=200", "journal?until=2199-01-31",
		"?status=&callback=", "?status=ENROLLED&callback=none", "payments?type=SALE&status=ENROLLED&order=",
	} {
		res, whole := s.asks(http.MethodGet, "/_mock/ui/"+page, nil)
		require.Equal(t, http.StatusOK, res.StatusCode, page)
		require.NotContains(t, whole, `data-testid="refused"`, page)
		require.Contains(t, whole, "ORD-1", page)
	}
}

func TestEntriesAndRetriesShowTheirDay(t *testing.T) {
	t.Parallel()
	srv := start(t, mock.Config{})
	srv.Freeze()
	srv.SetTime(time.Date(2026, 1, 31, 12, 0, 0, 0, time.UTC))
	c, s := clientOf(t, srv), newSurfer(t, srv.URL)
	id := c.create("ORD-1", nowhere)
	srv.Pay(id, "")
	srv.Advance(6 * time.Hour)
	_, list := s.asks(http.MethodGet, "/_mock/ui/", nil)
	require.Contains(t, tags.ReplaceAllString(list, ""), "7 tries failed, next 2026-02-01 05:21:30")
	srv.Advance(48 * time.Hour)
	c.create("ORD-2", nowhere)

	shownTime := regexp.MustCompile(`(?s)<summary>\s*<time [^>]*>(.*?)</time>`)
	for page, wants := range map[string][]string{
		"journal":         {"2026-01-31 12:00:00.000", "2026-02-02 18:00:00.000"},
		"checkouts/" + id: {"2026-01-31 12:00:00.000", "2026-02-01 "},
		"journal/1":       {"2026-01-31 12:00:00.000"},
	} {
		_, whole := s.asks(http.MethodGet, "/_mock/ui/"+page, nil)
		var times []string
		for _, found := range shownTime.FindAllStringSubmatch(whole, -1) {
			times = append(times, tags.ReplaceAllString(found[1], ""))
		}
		for _, want := range wants {
			require.Contains(t, strings.Join(times, "\n"), want, page)
		}
		for _, shown := range times {
			require.Regexp(t, `^2026-0[12]-\d\d \d\d:\d\d:\d\d\.000$`, shown, page)
		}
	}
}

func TestAnOpenCallbackHasOneCommand(t *testing.T) {
	t.Parallel()
	srv := start(t, mock.Config{})
	c, s := clientOf(t, srv), newSurfer(t, srv.URL)
	id := c.create("ORD-1", nowhere)
	srv.Pay(id, "")
	c.await("kind=callback")
	callback := srv.Journal(store.EntryQuery{Kind: store.EntryCallback})[0]

	_, page := s.asks(http.MethodGet, "/_mock/ui/journal/"+seqOf(callback.Seq), nil)
	require.Equal(t, 1, strings.Count(page, "Copy as curl"))
	require.Contains(t, page, "--data-raw &#39;checkoutId="+id)
	require.Contains(t, page, "Send this callback again")
	created := srv.Journal(store.EntryQuery{Kind: store.EntryCreate})[0]
	_, page = s.asks(http.MethodGet, "/_mock/ui/journal/"+seqOf(created.Seq), nil)
	require.Equal(t, 1, strings.Count(page, "Copy as curl"))
}

func TestOneTryIsNotTries(t *testing.T) {
	t.Parallel()
	srv := start(t, mock.Config{})
	c, s := clientOf(t, srv), newSurfer(t, srv.URL)
	c.create("ORD-0", nowhere)
	srv.Pay(c.create("ORD-1", nowhere), "")
	_, list := s.asks(http.MethodGet, "/_mock/ui/", nil)
	require.Contains(t, list, `data-unit="tries" data-testid="tries">0<`)
	require.Contains(t, list, `data-unit="try" data-testid="tries">1<`)

	require.Equal(t, http.StatusOK, c.put("version: 1\nscenarios:\n  - name: all-else\n    "+
		"status: [{fields: {amount: 1, currency: EUR, orderId: X, installmentCount: 9}}]\n").status)
	id := c.create("ORD-2", nowhere)
	srv.Pay(id, "")
	c.get("/api/checkout/" + id)
	_, page := s.asks(http.MethodGet, "/_mock/ui/checkouts/"+id, nil)
	require.Contains(t, strings.Join(wrongLines(page), "\n"), ", 1 field more by scenario all-else")
}

// looksAt is what the editor is told of a text.
func looksAt(t *testing.T, s surfer, text string) (faults, warnings []string) {
	t.Helper()
	_, body := s.asks(http.MethodPost, "/_mock/ui/check?merchant=test_key",
		url.Values{"back": {"/_mock/ui/scenarios"}, "yaml": {text}})
	var looked struct {
		Faults, Warnings []struct {
			Line  int
			Words string
		}
	}
	require.NoError(t, json.Unmarshal([]byte(body), &looked))
	for _, f := range looked.Faults {
		faults = append(faults, seqOf(uint64(f.Line))+": "+f.Words)
	}
	for _, w := range looked.Warnings {
		warnings = append(warnings, seqOf(uint64(w.Line))+": "+w.Words)
	}
	return faults, warnings
}

func TestEditorWarningsSayWhatTheyAreAboutAndStay(t *testing.T) {
	t.Parallel()
	s := newSurfer(t, start(t, mock.Config{}).URL)
	const first = "version: 1\nscenarios:\n  - name: fifty\n    when: {card: \"1*\"}\n"
	const last = "  - name: last\n    when:\n      card: \"2*\"\n"
	never := func(line, name, card string) string {
		return line + `: warning: scenario "` + name + `" never matches: no test card's number is "` + card + `"`
	}

	faults, warnings := looksAt(t, s, first+last)
	require.Empty(t, faults)
	require.Equal(t, []string{never("3", "fifty", "1*"), never("5", "last", "2*")}, warnings)

	faults, warnings = looksAt(t, s, first+"  - name: typing\n    paym\n"+last)
	require.Equal(t, []string{"6: the file is not YAML: could not find expected ':' while scanning a simple key"}, faults)
	require.Equal(t, []string{never("3", "fifty", "1*"), never("7", "last", "2*")}, warnings,
		"half a word takes nothing away")

	faults, warnings = looksAt(t, s, first+last+"    paymnt: {}\n")
	require.Len(t, faults, 1)
	require.Equal(t, []string{never("3", "fifty", "1*")}, warnings)
	_, warnings = looksAt(t, s, "versio: 1\nscenarios: {}\n")
	require.Empty(t, warnings)
}
