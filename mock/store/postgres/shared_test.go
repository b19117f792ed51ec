package postgres_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"regexp"
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

// together has all processes make a call at the same time, some times each, and counts the answers by their status.
func (p *processes) together(times int, call func(one *mock.Test, n int) (status int, text string)) map[int]int {
	p.t.Helper()
	var mu sync.Mutex
	counts := map[int]int{}
	var calling sync.WaitGroup
	for i, one := range p.all {
		calling.Go(func() {
			for n := range times {
				status, text := call(one, i*times+n)
				mu.Lock()
				if counts[status]++; status >= http.StatusInternalServerError {
					p.t.Errorf("%d: %s", status, text)
				}
				mu.Unlock()
			}
		})
	}
	calling.Wait()
	return counts
}

func (p *processes) scenarioOf(id string) string {
	var c struct{ Scenario string }
	require.NoError(p.t, json.Unmarshal([]byte(p.call(http.MethodGet, "/_mock/checkouts/"+id, "")), &c))
	return c.Scenario
}

// followed counts the checkouts of the scenario.
func (p *processes) followed(scenario string) (n int) {
	var list struct{ Checkouts []struct{ CheckoutID string } }
	require.NoError(p.t, json.Unmarshal([]byte(p.call(http.MethodGet, "/_mock/checkouts?limit=100", "")), &list))
	for _, c := range list.Checkouts {
		if p.scenarioOf(c.CheckoutID) == scenario {
			n++
		}
	}
	return n
}

func TestLimitsAndNextScenariosAreExactAcrossProcesses(t *testing.T) {
	t.Parallel()
	p := several(t, 3, mock.Config{})
	order := func(one *mock.Test, n int) (int, string) {
		status, _, text := answer(t, one, http.MethodPost, "/api/checkout",
			orderOf(fmt.Sprintf("o%d-%d", p.calls, n), "http://127.0.0.1:1/callback"))
		return status, text
	}
	p.call(http.MethodPut, "/_mock/scenarios",
		`{"version":1,"scenarios":[{"name":"few","limit":5,"payment":{"status":"FAILED","resultCode":"51"}}]}`)
	require.Equal(t, map[int]int{http.StatusOK: 18}, p.together(6, order))
	require.Equal(t, 5, p.followed("few"))

	p.call(http.MethodPost, "/_mock/reset", "")
	p.call(http.MethodPost, "/_mock/scenarios/next", `{"scenario":"insufficient-funds","times":7}`)
	require.Equal(t, map[int]int{http.StatusOK: 18}, p.together(6, order))
	require.Equal(t, 7, p.followed("insufficient-funds"))
}

func TestCheckoutIsPaidOnceAndAnOrderMadeOnceAcrossProcesses(t *testing.T) {
	t.Parallel()
	p := several(t, 3, mock.Config{NoRepeatOrder: true})
	const orders = 5
	made := p.together(orders, func(one *mock.Test, n int) (int, string) {
		status, _, text := answer(t, one, http.MethodPost, "/api/checkout",
			orderOf(fmt.Sprintf("o%d", n%orders), "http://127.0.0.1:1/callback"))
		return status, text
	})
	require.Equal(t, map[int]int{http.StatusOK: orders, http.StatusNotAcceptable: 2 * orders}, made)

	var list struct{ Checkouts []struct{ CheckoutID string } }
	require.NoError(t, json.Unmarshal([]byte(p.call(http.MethodGet, "/_mock/checkouts", "")), &list))
	require.Len(t, list.Checkouts, orders)
	paid := p.together(orders, func(one *mock.Test, n int) (int, string) {
		status, _, text := answer(t, one, http.MethodPost,
			"/_mock/checkouts/"+list.Checkouts[n%orders].CheckoutID+"/pay", "")
		return status, text
	})
	require.Equal(t, map[int]int{http.StatusOK: orders, http.StatusConflict: 2 * orders}, paid)
}

func TestNoMoreIsRefundedThanWasPaidAcrossProcesses(t *testing.T) {
	t.Parallel()
	p := several(t, 3, mock.Config{})
	id := p.order("o1", "http://127.0.0.1:1/callback")
	var c struct{ Payment struct{ PaymentID string } }
	require.NoError(t, json.Unmarshal([]byte(p.call(http.MethodPost, "/_mock/checkouts/"+id+"/pay", "")), &c))
	refunded := p.together(5, func(one *mock.Test, _ int) (int, string) {
		status, _, text := answer(t, one, http.MethodPost, "/api/payment/"+c.Payment.PaymentID+"/refund", `{"amount":20.10,"currency":"TRY"}`)
		return status, text
	})
	require.Equal(t, 5, refunded[http.StatusOK], "5 times 20.10 is what was paid: %v", refunded)
}

// The journal of a merchant with a frozen clock follows from the seed and the calls, whichever process answers which.
func TestJournalIsTheSameWhicheverProcessAnswers(t *testing.T) {
	t.Parallel()
	one, three := journalOf(t, 1), journalOf(t, 3)
	require.Contains(t, one, `"kind":"callback"`)
	require.Contains(t, one, `"status":"EXHAUSTED"`)
	for i, line := range strings.Split(one, `{"seq":`) {
		require.Equal(t, line, strings.Split(three, `{"seq":`)[i])
	}
	require.Len(t, three, len(one))
}

// hosts are addresses that each run has its own of.
var hosts = regexp.MustCompile(`127\.0\.0\.1:[0-9]+`)

// journalOf is the journal after calls that so many sandboxes answer in turn. What is due, the clock's movements run.
func journalOf(t *testing.T, n int) string {
	p := several(t, n, mock.Config{Seed: 5})
	takes, _ := shop(t, http.StatusOK)
	refuses, _ := shop(t, http.StatusInternalServerError)
	p.call(http.MethodPost, "/_mock/clock", `{"freeze":true,"set":"`+noon+`"}`)
	p.call(http.MethodPut, "/_mock/scenarios", `{"version":1,"scenarios":[{"name":"late","callback":{"deliveries":
		[{"after":"5s"},{"after":"5s","count":2,"concurrently":true},{"after":"6s","count":3}]}}]}`)
	for i, url := range []string{takes, refuses, takes, refuses} {
		id := p.order(fmt.Sprintf("o%d", i), url)
		p.call(http.MethodPost, "/_mock/checkouts/"+id+"/pay", "")
		p.call(http.MethodPost, "/_mock/clock", `{"advance":"10m"}`)
		p.call(http.MethodGet, "/api/checkout/"+id, "")
	}
	p.call(http.MethodPost, "/_mock/clock", `{"advance":"48h"}`)
	return hosts.ReplaceAllString(p.call(http.MethodGet, "/_mock/journal?limit=1000", ""), "host")
}

// While the clock is frozen, all processes together make the attempts that are due one by one, in their order.
func TestFrozenClockRunsTasksInOrderAcrossProcesses(t *testing.T) {
	t.Parallel()
	p := several(t, 3, mock.Config{})
	var mu sync.Mutex
	var got []string
	var busy, most int
	shop := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		mu.Lock()
		got = append(got, r.FormValue("checkoutId"))
		busy++
		most = max(most, busy)
		mu.Unlock()
		defer func() {
			mu.Lock()
			defer mu.Unlock()
			busy--
		}()
		_, _, _ = answer(p.t, p.all[0], http.MethodGet, "/_mock/health", "") // so that others have time to begin
	}))
	t.Cleanup(shop.Close)

	p.call(http.MethodPost, "/_mock/clock", `{"freeze":true,"set":"`+noon+`"}`)
	var want []string
	for i := range 12 {
		want = append(want, p.order(fmt.Sprintf("o%d", i), shop.URL))
		p.call(http.MethodPost, "/_mock/checkouts/"+want[i]+"/pay", "")
	}
	p.call(http.MethodGet, "/_mock/journal/wait?kind=callback&count=12&timeout=20s", "")
	mu.Lock()
	defer mu.Unlock()
	require.Equal(t, want, got)
	require.Equal(t, 1, most)
}
