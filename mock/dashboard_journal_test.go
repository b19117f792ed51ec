package mock_test

import (
	"context"
	"html"
	"net/http"
	"net/url"
	"os/exec"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/payporter-mock/payporter-mock/mock"
	"github.com/payporter-mock/payporter-mock/mock/store"
)

var curlText = regexp.MustCompile(`(?s)data-testid="(?:entry|again-\d+)-curl-text">(.*?)</code>`)

func TestDashboardJournalIsNarrowed(t *testing.T) {
	t.Parallel()
	srv := start(t, mock.Config{})
	srv.Freeze()
	srv.SetTime(time.Date(2026, 1, 31, 12, 0, 0, 0, time.UTC))
	c, s := clientOf(t, srv), newSurfer(t, srv.URL)
	c.create("ORD-Pencil", nowhere)
	c.post("/api/checkout", `{"orderId": "ORD-3"}`)
	srv.Advance(time.Hour)
	c.create("ORD-4", nowhere)

	for filter, wants := range map[string][]string{
		"search=pencil": {"entry-1"}, "status=400": {"entry-2"}, "kind=create&since=2026-01-31T12:30": {"entry-3"},
		"kind=create&until=2026-01-31T12:00:01": {"entry-2", "entry-1"}, "search=nobody": nil,
	} {
		_, page := s.asks(http.MethodGet, "/_mock/ui/journal?"+filter, nil)
		var got []string
		for _, found := range regexp.MustCompile(`<details class="entry" id="([^"]*)"`).FindAllStringSubmatch(page, -1) {
			got = append(got, found[1])
		}
		require.Equal(t, wants, got, filter)
	}
	res, page := s.asks(http.MethodGet, "/_mock/ui/journal?since=yesterday", nil)
	require.Equal(t, http.StatusBadRequest, res.StatusCode)
	require.Contains(t, page, "since: must be a time such as 2026-01-31T12:00:00Z, got &#34;yesterday&#34;")
}

func TestDashboardEntryHasAPageAndIsSentAgain(t *testing.T) {
	t.Parallel()
	srv := start(t, mock.Config{APISecret: "a-secret-that-somebody-has-set"})
	shop := newShop(t)
	c, s := clientOf(t, srv), newSurfer(t, srv.URL)
	id := c.create("ORD-'1'", shop.callback())
	srv.Pay(id, "")
	c.await("kind=callback&status=DELIVERED")
	created := srv.Journal(store.EntryQuery{Kind: store.EntryCreate})[0]
	callback := srv.Journal(store.EntryQuery{Kind: store.EntryCallback})[0]

	at := "/_mock/ui/journal/" + seqOf(created.Seq)
	res, page := s.asks(http.MethodGet, at, nil)
	require.Equal(t, http.StatusOK, res.StatusCode)
	require.Contains(t, page, `/_mock/ui/journal/`+seqOf(created.Seq)+`?merchant=test_key" data-testid="permalink"`)
	require.NotContains(t, page, "a-secret-that-somebody-has-set")
	require.Contains(t, runs(t, page), `"checkoutId":`, "the command makes another checkout")
	slot := "again-" + seqOf(created.Seq)
	res, _ = s.asks(http.MethodPost, "/_mock/ui/do/again?merchant=test_key",
		url.Values{"back": {at}, "seq": {seqOf(created.Seq)}})
	_, page = s.asks(http.MethodGet, ledTo(t, res), nil)
	require.Contains(t, page, "It was answered with 200.")
	require.Contains(t, page, `id="`+slot+`"`)
	require.Len(t, srv.Checkouts(store.CheckoutQuery{OrderID: "ORD-'1'"}), 3)

	_, page = s.asks(http.MethodGet, "/_mock/ui/journal/"+seqOf(callback.Seq), nil)
	before := len(shop.received())
	runs(t, page)
	require.Len(t, shop.received(), before+1, "the command sends the callback to the shop")
	require.Equal(t, shop.received()[before-1].form, shop.received()[before].form)
	require.Contains(t, page, "Send this callback again")

	res, page = s.asks(http.MethodGet, "/_mock/ui/journal/9999", nil)
	require.Equal(t, http.StatusNotFound, res.StatusCode)
	require.Contains(t, page, "has no such entry")
}

// Calls of the control API are requests, too: what a test or a colleague did is done again by the same command.
func TestDashboardShowsControlCallsAsCommands(t *testing.T) {
	t.Parallel()
	srv := start(t, mock.Config{})
	c, s := clientOf(t, srv).as("test_other"), newSurfer(t, srv.URL)
	pageOf := func(method, path, body string) string {
		c.send(c.request(method, path, body))
		calls := srv.Merchant("test_other").Journal(store.EntryQuery{Kind: store.EntryControl})
		_, page := s.asks(http.MethodGet, "/_mock/ui/journal/"+seqOf(calls[len(calls)-1].Seq)+"?merchant=test_other", nil)
		return page
	}

	moved := pageOf(http.MethodPost, "/_mock/clock", `{"freeze": true, "set": "2031-01-31T12:00:00Z"}`)
	srv.Merchant("test_other").Reset(false)
	require.Contains(t, runs(t, moved), `"now":"2031-01-31T12:00:00Z","frozen":true`)
	require.Equal(t, 2031, srv.Merchant("test_other").Now().Year(), "the command acts on the same merchant")
	require.NotEqual(t, 2031, srv.Now().Year(), "and on no other")

	put := pageOf(http.MethodPut, "/_mock/webhook",
		`{"url": "http://127.0.0.1:1/hook", "secret": "a-secret-that-is-long-enough"}`)
	require.NotContains(t, put, "a-secret-that-is-long-enough")
	require.NotContains(t, put, "entry-curl-text", "a command without the secret would do something else")
	require.Contains(t, put, "lost-entry")
}

func TestDashboardAsksForASecretThatItDoesNotKnow(t *testing.T) {
	t.Parallel()
	srv := start(t, mock.Config{})
	c, s := clientOf(t, srv).as("test_other"), newSurfer(t, srv.URL)
	c.create("ORD-1", nowhere)
	c.post("/api/payment", `{"pan": "4242424242424242", "cvv": "987"}`)
	at := "/_mock/ui/journal?merchant=test_other"
	_, page := s.asks(http.MethodGet, at, nil)
	require.Contains(t, page, `<input type="password" id="again-1-secret"`)
	require.Contains(t, page, "It cannot be sent again: it had a secret or the data of a card")
	require.NotContains(t, page, "4242424242424242")

	for secret, wants := range map[string]string{"wrong": "answered with 401", c.secret: "answered with 200"} {
		res, _ := s.asks(http.MethodPost, "/_mock/ui/do/again?merchant=test_other",
			url.Values{"back": {"/_mock/ui/journal"}, "seq": {"1"}, "secret": {secret}})
		_, page = s.asks(http.MethodGet, ledTo(t, res), nil)
		require.Contains(t, page, wants)
		require.NotContains(t, page, c.secret, "what was typed is not shown again")
		_, curl := s.asks(http.MethodPost, "/_mock/ui/curl/again?merchant=test_other",
			url.Values{"seq": {"1"}, "secret": {secret}})
		require.Contains(t, curl, `"X-API-SECRET: $PAYPORTER_API_SECRET"`)
	}
}

func seqOf(seq uint64) string { return strconv.FormatUint(seq, 10) }

// runs runs the first command that a page shows.
func runs(t *testing.T, page string) string {
	t.Helper()
	command := html.UnescapeString(curlText.FindStringSubmatch(page)[1])
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	shell := exec.CommandContext(ctx, "bash", "-c", strings.Replace(command, "curl ", "curl -s ", 1))
	shell.Env = append(shell.Environ(), "PAYPORTER_API_SECRET=a-secret-that-somebody-has-set")
	out, err := shell.Output()
	require.NoError(t, err, command)
	return string(out)
}
