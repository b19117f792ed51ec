package postgres_test

import (
	"bufio"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/payporter-mock/payporter-mock/mock"
	"github.com/payporter-mock/payporter-mock/mock/store/postgres"
	"github.com/payporter-mock/payporter-mock/mock/store/postgres/postgrestest"
)

// processes are sandboxes that share one schema. All answer as if they had one address.
type processes struct {
	t     *testing.T
	all   []*mock.Test
	calls int
}

// publicURL is the address that is the same for all.
const publicURL = "http://sandbox.test"

// several starts sandboxes with the same settings.
func several(t *testing.T, n int, c mock.Config) *processes {
	t.Helper()
	address := postgrestest.Address(t)
	p := &processes{t: t}
	for range n {
		one := c
		one.Store, one.PublicURL = postgres.Open(address), publicURL
		p.all = append(p.all, mock.Start(t, one))
	}
	return p
}

// call has the sandboxes answer in turn, and wants a 200.
func (p *processes) call(method, path, body string) string {
	p.t.Helper()
	status, text := p.answer(method, path, body)
	require.Equal(p.t, http.StatusOK, status, "%s %s: %s", method, path, text)
	return text
}

func (p *processes) answer(method, path, body string) (status int, text string) {
	p.t.Helper()
	p.calls++
	status, _, text = answer(p.t, p.all[p.calls%len(p.all)], method, path, body)
	return status, text
}

// order creates a checkout and answers its id.
func (p *processes) order(orderID, callback string) string {
	p.t.Helper()
	var made struct{ CheckoutID string }
	require.NoError(p.t, json.Unmarshal([]byte(p.call(http.MethodPost, "/api/checkout", orderOf(orderID, callback))), &made))
	return made.CheckoutID
}

func orderOf(orderID, callback string) string {
	return fmt.Sprintf(`{"orderId":%q,"amount":100.50,"currency":"TRY","callback":%q}`, orderID, callback)
}

// shop counts callbacks by what they carry, and answers with the status.
func shop(t *testing.T, status int) (address string, told func(checkoutID string) int64) {
	t.Helper()
	var all sync.Map
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		n, _ := all.LoadOrStore(r.FormValue("checkoutId"), new(atomic.Int64))
		n.(*atomic.Int64).Add(1)
		w.WriteHeader(status)
	}))
	t.Cleanup(server.Close)
	return server.URL, func(id string) int64 {
		n, ok := all.Load(id)
		if !ok {
			return 0
		}
		return n.(*atomic.Int64).Load()
	}
}

const noon = "2026-01-31T12:00:00Z"

func TestProcessesThatDisagreeAreRefusedInWords(t *testing.T) {
	t.Parallel()
	address := postgrestest.Address(t)
	start := func(c mock.Config) error {
		c.Store = postgres.Open(address)
		s, err := mock.New(c)
		if err == nil {
			t.Cleanup(s.Close)
			return nil
		}
		return c.Store.Close()
	}
	require.NoError(t, start(mock.Config{Seed: 7}))
	require.NoError(t, start(mock.Config{Seed: 7}), "the same settings")
	require.NoError(t, start(mock.Config{}), "a seed that is not named follows")

	b := postgres.Open(address)
	_, err := mock.New(mock.Config{Store: b, Seed: 8, LinkLifetime: time.Hour, APISecret: "hidden"})
	require.ErrorContains(t, err, "another sandbox uses the database with other settings")
	require.ErrorContains(t, err, "link-lifetime is 24h0m0s there and 1h0m0s here; seed is 7 there and 8 here: "+
		"give all the same")
	require.NotContains(t, err.Error(), "hidden")
	require.NoError(t, b.Close())
}

func TestClockIsOneForAllProcesses(t *testing.T) {
	t.Parallel()
	p := several(t, 3, mock.Config{})
	p.call(http.MethodPost, "/_mock/clock", `{"freeze":true,"set":"`+noon+`"}`)
	for range p.all {
		require.Contains(t, p.call(http.MethodGet, "/_mock/clock", ""), `"now":"`+noon+`","frozen":true`)
	}
	p.call(http.MethodPost, "/_mock/clock", `{"advance":"25h"}`)
	for range p.all {
		require.Contains(t, p.call(http.MethodGet, "/_mock/clock", ""), `"now":"2026-02-01T13:00:00Z"`)
	}

	id := p.order("o1", "http://127.0.0.1:1/callback")
	for range p.all {
		require.Contains(t, p.call(http.MethodGet, "/_mock/checkouts/"+id, ""), `"createdAt":"2026-02-01T13:00:00Z"`)
	}
	p.call(http.MethodPost, "/_mock/clock", `{"resume":true}`)
	for range p.all {
		require.Contains(t, p.call(http.MethodGet, "/_mock/clock", ""), `"frozen":false`)
	}
	p.call(http.MethodPost, "/_mock/clock", `{"freeze":true}`)
	p.call(http.MethodPost, "/_mock/reset", "")
	for range p.all {
		require.Contains(t, p.call(http.MethodGet, "/_mock/clock", ""), `"frozen":false`)
	}
}

// Whoever advances the clock has everything delivered that any process has planned, each attempt once.
func TestAdvanceAnswersWhenWhatAnyProcessPlannedIsSettled(t *testing.T) {
	t.Parallel()
	p := several(t, 3, mock.Config{})
	p.call(http.MethodPost, "/_mock/clock", `{"freeze":true,"set":"`+noon+`"}`)
	url, told := shop(t, http.StatusInternalServerError)
	var ids []string
	for i := range 6 {
		ids = append(ids, p.order(fmt.Sprintf("o%d", i), url))
		p.call(http.MethodPost, "/_mock/checkouts/"+ids[i]+"/pay", "")
	}
	p.call(http.MethodPost, "/_mock/clock", `{"advance":"48h"}`)
	for _, id := range ids {
		require.Equal(t, int64(9), told(id), "an attempt at once and eight more")
		require.Contains(t, p.call(http.MethodGet, "/_mock/callbacks?checkoutId="+id, ""), `"status":"EXHAUSTED"`)
	}
}

// Two movements of the clock at two processes come one after the other.
func TestMovementsOfTheClockAtSeveralProcessesAreAddedUp(t *testing.T) {
	t.Parallel()
	p := several(t, 3, mock.Config{})
	p.call(http.MethodPost, "/_mock/clock", `{"freeze":true,"set":"`+noon+`"}`)
	const each = 4
	var moving sync.WaitGroup
	for _, one := range p.all {
		moving.Go(func() {
			for range each {
				status, _, text := answer(t, one, http.MethodPost, "/_mock/clock", `{"advance":"1h"}`)
				if status != http.StatusOK {
					t.Errorf("%d: %s", status, text)
				}
			}
		})
	}
	moving.Wait()
	require.Contains(t, p.call(http.MethodGet, "/_mock/clock", ""), `"now":"2026-02-01T00:00:00Z"`)
}

// With real clocks every attempt is made once, whichever processes hear of it.
func TestCallbackIsSentOnceByAllProcesses(t *testing.T) {
	t.Parallel()
	p := several(t, 3, mock.Config{Payer: mock.PayerAuto})
	url, told := shop(t, http.StatusOK)
	var ids []string
	for i := range 12 {
		ids = append(ids, p.order(fmt.Sprintf("o%d", i), url))
	}
	for i, id := range ids {
		p.call(http.MethodGet, fmt.Sprintf("/_mock/journal/wait?orderId=o%d&kind=callback&timeout=10s", i), "")
		require.Equal(t, int64(1), told(id))
	}
	p.call(http.MethodPost, "/_mock/clock", `{"advance":"1m"}`)
	for _, id := range ids {
		require.Equal(t, int64(1), told(id))
	}
}

// Who waits at one process is told of what happens at another, a key that nobody has used yet included.
func TestJournalOfAnotherProcessIsWaitedFor(t *testing.T) {
	t.Parallel()
	p := several(t, 2, mock.Config{})
	for _, key := range []string{"test_key", "test_new"} {
		seen := make(chan string, 1)
		go func() {
			_, _, text := answer(t, p.all[0], http.MethodGet, "/_mock/journal/wait?orderId=late&timeout=20s&merchant="+key, "")
			seen <- text
		}()
		request, err := http.NewRequestWithContext(t.Context(), http.MethodPost, p.all[1].URL+"/api/checkout",
			strings.NewReader(orderOf("late", "http://127.0.0.1:1/callback")))
		require.NoError(t, err)
		request.Header = http.Header{
			"X-Api-Key": {key}, "X-Api-Secret": {"test_secret"}, "Content-Type": {"application/json"},
		}
		response, err := http.DefaultClient.Do(request)
		require.NoError(t, err)
		require.NoError(t, response.Body.Close())
		require.Equal(t, http.StatusOK, response.StatusCode)
		require.Contains(t, <-seen, `"kind":"create"`)
	}

	status, _, text := answer(t, p.all[0], http.MethodGet, "/_mock/checkouts?merchant=test_new", "")
	require.Equal(t, http.StatusOK, status)
	require.Contains(t, text, `"orderId":"late"`, "the merchant is there at once")
}

// A page of the dashboard that one process shows hears of what happens at another.
func TestDashboardHearsOfAnotherProcess(t *testing.T) {
	t.Parallel()
	p := several(t, 2, mock.Config{})
	request, err := http.NewRequestWithContext(t.Context(), http.MethodGet,
		p.all[0].URL+"/_mock/ui/events?merchant=test_key&journal=0", nil)
	require.NoError(t, err)
	response, err := http.DefaultClient.Do(request)
	require.NoError(t, err)
	defer func() { _ = response.Body.Close() }()
	require.Equal(t, http.StatusOK, response.StatusCode)

	status, _, text := answer(t, p.all[1], http.MethodPost, "/api/checkout", orderOf("o1", "http://127.0.0.1:1/callback"))
	require.Equal(t, http.StatusOK, status, text)
	lines := bufio.NewScanner(response.Body)
	for lines.Scan() && !strings.HasPrefix(lines.Text(), "data: ") {
	}
	require.Contains(t, lines.Text(), "data: ")
}
