package postgres_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/payporter-mock/payporter-mock/mock"
)

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
