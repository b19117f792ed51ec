package main_test

import (
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// sandbox is a running payporter-mock.
type sandbox struct {
	*process
	url string
}

// serve runs the real binary on a free port.
func serve(t *testing.T, args ...string) sandbox {
	t.Helper()
	program, err := binary()
	require.NoError(t, err)
	args = append([]string{"serve", "--addr", "127.0.0.1:0", "--log-format", "json", "--validate-responses"}, args...)
	p := run(t, nil, program, args...)
	var line struct{ URL string }
	require.NoError(t, json.Unmarshal([]byte(p.Announced), &line), p.Announced)
	require.NotEmpty(t, line.URL)
	return sandbox{process: p, url: line.URL}
}

// merchant is an API key at a sandbox, driven and watched through the control API.
type merchant struct {
	sandbox sandbox
	key     string
}

// entry is what the tests look at of an entry of the journal.
type entry struct {
	Kind, Status, OrderID, CheckoutID, DeliveryID string
	Response                                      struct{ Status int }
}

var client = &http.Client{Timeout: 2 * patience}

// call sends a JSON request and decodes the answer into into, unless that is nil.
func (m merchant) call(t *testing.T, method, path, body string, into any) {
	t.Helper()
	status, answer := request(t, method, m.sandbox.url+path, "application/json", body, "X-API-KEY", m.key)
	require.Equal(t, http.StatusOK, status, "%s %s: %s", method, path, answer)
	if into != nil {
		require.NoError(t, json.Unmarshal(answer, into), "%s %s: %s", method, path, answer)
	}
}

// request makes one HTTP exchange; headers are names and values in turn.
func request(t *testing.T, method, address, contentType, body string, headers ...string) (int, []byte) {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), method, address, strings.NewReader(body))
	require.NoError(t, err)
	req.Header.Set("Content-Type", contentType)
	for i := 0; i+1 < len(headers); i += 2 {
		req.Header.Set(headers[i], headers[i+1])
	}
	res, err := client.Do(req)
	require.NoError(t, err)
	defer res.Body.Close()
	answer, err := io.ReadAll(res.Body)
	require.NoError(t, err)
	return res.StatusCode, answer
}

const (
	formType = "application/x-www-form-urlencoded"
	jsonType = "application/json"
)

// Two test cards: the bank takes one and declines the other.
const (
	goodCard = "5421190122090656"
	poorCard = "4111111111111129" // 51, not sufficient funds
)

// payOnPage is a customer who fills in the form of the hosted page. It answers the page on which
// the customer ends.
func payOnPage(t *testing.T, redirectURL, card string) string {
	t.Helper()
	status, form := request(t, http.MethodGet, redirectURL, formType, "")
	require.Equal(t, http.StatusOK, status, string(form))
	status, page := request(t, http.MethodPost, redirectURL, formType, url.Values{
		"pan": {card}, "cardHolderName": {"AYSE YILMAZ"}, "expiry": {expiry()}, "cvv": {"123"},
	}.Encode())
	require.Equal(t, http.StatusOK, status, string(page))
	return string(page)
}

// expiry is a month in which a card of today is still good.
func expiry() string { return time.Now().AddDate(3, 0, 0).Format("01/06") }

// told waits until the n-th callback about the order has been taken.
func (m merchant) told(t *testing.T, o order, n string) {
	t.Helper()
	m.call(t, http.MethodGet, "/_mock/journal/wait?"+url.Values{
		"kind": {"callback"}, "status": {"DELIVERED"}, "orderId": {o.OrderID}, "count": {n}, "timeout": {patience.String()},
	}.Encode(), "", nil)
}

// journal lists what happened to an order between the merchant and the sandbox, such as
// "create ENROLLED"; what the customer's browser did is left out.
func (m merchant) journal(t *testing.T, o order) []string {
	t.Helper()
	var answer struct{ Entries []entry }
	m.call(t, http.MethodGet, "/_mock/journal?orderId="+o.OrderID, "", &answer)
	var all []string
	for _, e := range answer.Entries {
		if e.Kind != "page" && e.Kind != "control" {
			all = append(all, e.Kind+" "+e.Status)
		}
	}
	return all
}
