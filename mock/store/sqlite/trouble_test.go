package sqlite_test

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/payporter-mock/payporter-mock/mock"
	"github.com/payporter-mock/payporter-mock/mock/store"
	"github.com/payporter-mock/payporter-mock/mock/store/sqlite"
)

// caller calls a sandbox as a shop does.
type caller struct {
	t   *testing.T
	url string
}

// call answers the status, the body, and the header Retry-After.
func (c caller) call(method, path, body string) (status int, answer, retryAfter string) {
	c.t.Helper()
	request, err := http.NewRequestWithContext(c.t.Context(), method, c.url+path, strings.NewReader(body))
	require.NoError(c.t, err)
	request.Header.Set("X-API-KEY", mock.DefaultAPIKey)
	request.Header.Set("X-API-SECRET", mock.DefaultAPISecret)
	request.Header.Set("Content-Type", "application/json")
	response, err := http.DefaultClient.Do(request)
	require.NoError(c.t, err)
	defer func() { _ = response.Body.Close() }()
	text, err := io.ReadAll(response.Body)
	require.NoError(c.t, err)
	return response.StatusCode, string(text), response.Header.Get("Retry-After")
}

// create makes a checkout for the order.
func (c caller) create(orderID string) (status int, answer, retryAfter string) {
	c.t.Helper()
	return c.call(http.MethodPost, "/api/checkout", fmt.Sprintf(
		`{"orderId":%q,"amount":100.50,"currency":"TRY","callback":"http://127.0.0.1:1/callback","description":%q}`,
		orderID, strings.Repeat("long ", 100)))
}

// orders are the order ids of all checkouts that the sandbox knows.
func (c caller) orders() map[string]bool {
	c.t.Helper()
	_, answer, _ := c.call(http.MethodGet, "/_mock/checkouts?limit=1000", "")
	var list struct{ Checkouts []struct{ OrderID string } }
	require.NoError(c.t, json.Unmarshal([]byte(answer), &list))
	all := map[string]bool{}
	for _, one := range list.Checkouts {
		all[one.OrderID] = true
	}
	return all
}

func sandbox(t *testing.T, b store.Books) caller {
	t.Helper()
	return caller{t, mock.Start(t, mock.Config{Store: b, Seed: 1}).URL}
}

func TestFullDiskIsA503UntilThereIsRoom(t *testing.T) {
	t.Parallel()
	b := open(t, filepath.Join(t.TempDir(), "books.db"))
	c := sandbox(t, b)
	full := sqlite.LimitPages(b, 1)
	limit := sqlite.LimitPages(b, full+20)

	made := map[string]bool{}
	const enough = 500
	status, answer, retryAfter := 0, "", ""
	for i := range enough {
		orderID := strconv.Itoa(i)
		if status, answer, retryAfter = c.create(orderID); status != http.StatusOK {
			break
		}
		made[orderID] = true
	}
	require.Equal(t, http.StatusServiceUnavailable, status, answer)
	require.Equal(t, "1", retryAfter)
	require.Contains(t, answer, "there is no room left on the disk")
	require.NotEmpty(t, made)
	require.Equal(t, made, c.orders(), "nothing is half done")

	status, answer, retryAfter = c.call(http.MethodGet, "/_mock/health", "")
	require.Equal(t, http.StatusServiceUnavailable, status)
	require.Contains(t, answer, "store sqlite: the store of the sandbox cannot be used: there is no room left on the disk")
	require.Equal(t, "1", retryAfter)

	sqlite.LimitPages(b, limit*10)
	status, answer, _ = c.create("later")
	require.Equal(t, http.StatusOK, status, answer)
	status, answer, _ = c.call(http.MethodGet, "/_mock/health", "")
	require.Equal(t, http.StatusOK, status)
	require.Contains(t, answer, `"store":{"kind":"sqlite"}`)
}

func TestHealthSeesByItselfThatThereIsRoomAgain(t *testing.T) {
	t.Parallel()
	b := open(t, filepath.Join(t.TempDir(), "books.db"))
	c := sandbox(t, b)
	limit := sqlite.LimitPages(b, 1)
	const enough = 500
	for i := range enough {
		if status, _, _ := c.create(strconv.Itoa(i)); status != http.StatusOK {
			break
		}
	}
	status, _, _ := c.call(http.MethodGet, "/_mock/health", "")
	require.Equal(t, http.StatusServiceUnavailable, status)
	sqlite.LimitPages(b, limit*10)
	status, _, _ = c.call(http.MethodGet, "/_mock/health", "")
	require.Equal(t, http.StatusOK, status)
}

func TestDamagedPageIsA503ForWhatNeedsIt(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "books.db")
	b := open(t, file)
	c := sandbox(t, b)
	status, created, _ := c.create("before")
	require.Equal(t, http.StatusOK, status)
	require.NoError(t, b.Close())

	var page, size int
	_, err := fmt.Sscan(query(t, file, "SELECT rootpage FROM sqlite_schema WHERE name = 'checkout_order'")+" "+
		query(t, file, "PRAGMA page_size"), &page, &size)
	require.NoError(t, err)
	content, err := os.ReadFile(file)
	require.NoError(t, err)
	copy(content[(page-1)*size:page*size], strings.Repeat("\xff", size))
	require.NoError(t, os.WriteFile(file, content, 0o600))

	c = sandbox(t, open(t, file))
	status, answer, retryAfter := c.create("after")
	require.Equal(t, http.StatusServiceUnavailable, status)
	require.Contains(t, answer, "the file is damaged")
	require.NotEmpty(t, retryAfter)
	var known struct{ CheckoutID string }
	require.NoError(t, json.Unmarshal([]byte(created), &known))
	status, _, _ = c.call(http.MethodGet, "/api/checkout/"+known.CheckoutID, "")
	require.Equal(t, http.StatusOK, status, "what is whole is served")
}
