package mock_test

import (
	"bytes"
	"io"
	"mime/multipart"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/payporter-mock/payporter-mock/mock"
)

// openedElsewhere has the dashboard of another sandbox show a session file, as a form sends it or as the command does.
func openedElsewhere(t *testing.T, file string, asText bool) (int, string) {
	t.Helper()
	var body bytes.Buffer
	form := multipart.NewWriter(&body)
	part, err := form.CreateFormFile("file", "session.json")
	require.NoError(t, err)
	_, err = io.WriteString(part, file)
	require.NoError(t, err)
	require.NoError(t, form.Close())

	srv := start(t, mock.Config{})
	req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, srv.URL+"/_mock/ui/session", &body)
	require.NoError(t, err)
	req.Header.Set("Content-Type", form.FormDataContentType())
	if asText {
		req.Header.Set("Accept", "text/plain")
	}
	res, err := http.DefaultClient.Do(req)
	require.NoError(t, err)
	defer res.Body.Close()
	page, err := io.ReadAll(res.Body)
	require.NoError(t, err)
	return res.StatusCode, string(page)
}

func TestSessionIsSavedAndOpenedElsewhere(t *testing.T) {
	t.Parallel()
	srv := start(t, mock.Config{})
	srv.Freeze()
	srv.SetTime(time.Date(2026, 1, 31, 12, 0, 0, 0, time.UTC))
	c := clientOf(t, srv)
	c.post("/_mock/scenarios/next", `{"scenario": "status-wrong-amount"}`)
	id := c.create("ORD-1", nowhere)
	srv.Pay(id, "")
	srv.Advance(time.Second)
	c.get("/api/checkout/" + id)
	sale := c.pays("/api/payment", "ORD-2")
	file := c.get("/_mock/session")
	require.Equal(t, http.StatusOK, file.status, file.raw)
	require.Contains(t, file.raw, id)
	require.Contains(t, file.raw, sale)

	status, text := openedElsewhere(t, file.raw, true)
	require.Equal(t, http.StatusOK, status, text)
	require.Contains(t, text, "Merchant test_key, its clock frozen at 2026-01-31 12:00:01 UTC")
	require.Contains(t, text, "ORD-1: 100.50 TRY, SUCCESS, checkout PAID, scenario status-wrong-amount")
	require.Contains(t, text, "12:00:00.000  merchant  > payporter  POST /api/checkout 100.50 TRY: 200 checkout "+id[:8])
	require.Contains(t, text, "GET /api/checkout/{checkoutId}: 200 SUCCESS 1.00 TRY")
	require.Contains(t, text, "ORD-2: 100.50 TRY, SUCCESS")
	require.Contains(t, text, "callback, try 1: connection refused")

	status, page := openedElsewhere(t, file.raw, false)
	require.Equal(t, http.StatusOK, status)
	require.Equal(t, 2, strings.Count(page, `data-testid="diagram"><svg`))
	require.Contains(t, page, `href="#entry-2"`)
	require.Contains(t, page, `id="entry-2"`)
	require.NotContains(t, page, "permalink", "it is of another sandbox")
	require.NotContains(t, page, "again-", "nothing in it is sent again")

	s := newSurfer(t, srv.URL)
	res, saved := s.asks(http.MethodGet, "/_mock/ui/session.json?merchant=test_key", nil)
	require.Equal(t, `attachment; filename="session-test_key.json"`, res.Header.Get("Content-Disposition"))
	require.JSONEq(t, file.raw, saved)
}

// No secret and no card number comes into a session file, or out of one that somebody else wrote.
// What a shop did wrong made no checkout. It is what the reader of a bug report looks for.
func TestSessionShowsRequestsThatMadeNothing(t *testing.T) {
	t.Parallel()
	srv := start(t, mock.Config{})
	c := clientOf(t, srv)
	c.post("/api/checkout", `{"orderId": "ORD-1", "currency": "TRY"}`)
	c.createAs("rate-limited", "ORD-2", nowhere)
	refused := c.as(srv.APIKey)
	refused.secret = "wrong"
	refused.get("/api/checkout/d8bde14f-fff8-4863-9649-0d0d618e596e")
	file := c.get("/_mock/session").raw

	_, text := openedElsewhere(t, file, true)
	require.Contains(t, text, "No checkout and no payment.\n")
	_, others, found := strings.Cut(text, "\nOther requests: they belong to no checkout and no payment above\n")
	require.True(t, found, text)
	for _, line := range []string{
		"merchant  > payporter  POST /api/checkout, order ORD-1: 400 ", "POST /api/checkout, order ORD-2: 429 ",
		"GET /api/checkout/d8bde14f-fff8-4863-9649-0d0d618e596e: 401 ",
	} {
		require.Contains(t, others, line)
	}

	c.create("ORD-3", nowhere)
	_, text = openedElsewhere(t, c.get("/_mock/session").raw, true)
	require.NotContains(t, text, "No checkout")
	order, others, _ := strings.Cut(text, "\nOther requests")
	require.Equal(t, 1, strings.Count(order, "POST /api/checkout"), "the order has its own requests alone")
	require.Equal(t, 2, strings.Count(others, "POST /api/checkout"), "what is shown above is not shown again")
}

func TestSessionKeepsNoSecret(t *testing.T) {
	t.Parallel()
	const pan, secret = "4242424242424242", "sesame-open-1234"
	srv := start(t, mock.Config{APISecret: secret, AdminToken: adminToken})
	c := clientOf(t, srv)
	c.create("ORD-"+pan, "http://127.0.0.1:9/?token=sesame-query", "description", `"card `+pan+`"`,
		"customerId", `"`+pan+`"`)
	c.post("/api/payment", `{"pan": "`+pan+`", "cvv": "987", "orderId": "ORD-2"}`)
	c.pays("/api/payment", "ORD-3")

	req := c.request(http.MethodPut, "/_mock/scenarios",
		"version: 1\nscenarios:\n  - name: a\n    description: paid with "+pan+"\n")
	req.Header.Set("Authorization", "Bearer "+adminToken)
	req.Header.Set("Content-Type", "application/yaml")
	require.Equal(t, http.StatusOK, c.send(req).status)
	req = c.request(http.MethodGet, "/_mock/session", "")
	require.Equal(t, http.StatusUnauthorized, c.send(req).status, "it is behind the admin token")
	req = c.request(http.MethodGet, "/_mock/session", "")
	req.Header.Set("Authorization", "Bearer "+adminToken)
	file := c.send(req)
	require.Equal(t, http.StatusOK, file.status, file.raw)
	require.Contains(t, file.raw, "424242******4242")

	tampered := strings.Replace(file.raw, "424242******4242", pan, 1)
	_, page := openedElsewhere(t, tampered, false)
	_, text := openedElsewhere(t, tampered, true)
	for _, shown := range []string{file.raw, page, text} {
		for _, never := range []string{pan, secret, "sesame", adminToken, `"987"`, "5421190122090656"} {
			require.NotContains(t, shown, never)
		}
	}
}

func TestWhatIsNoSessionFileIsSaidSo(t *testing.T) {
	t.Parallel()
	for file, wants := range map[string]string{
		"hello": "it is not JSON", `{"entries": []}`: "it has no payporterMockSession",
		`{"payporterMockSession": 2}`: "its form is version 2, and this program knows version 1",
	} {
		for _, asText := range []bool{true, false} {
			status, told := openedElsewhere(t, file, asText)
			require.Equal(t, http.StatusBadRequest, status)
			require.Contains(t, told, "This is no session file that can be opened: "+wants)
			require.Contains(t, told, "GET /_mock/session")
		}
	}
}
