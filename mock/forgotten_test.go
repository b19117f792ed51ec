package mock_test

import (
	"fmt"
	"net/http"
	"strconv"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/payporter-mock/payporter-mock/mock"
)

const noCheckout = "00000000-0000-4000-8000-000000000000"

// keeping starts a sandbox that keeps so many test keys, and whose real time is moved by hand.
func keeping(t *testing.T, merchants int) (own *client, pass func(time.Duration)) {
	t.Helper()
	return keepingWith(t, mock.Config{KeepMerchants: merchants})
}

// keepingWith is keeping with other settings, too.
func keepingWith(t *testing.T, config mock.Config) (own *client, pass func(time.Duration)) {
	t.Helper()
	var passed atomic.Int64
	begin := time.Date(2026, 3, 2, 12, 0, 0, 0, time.UTC)
	srv := start(t, mock.WithWall(config, func() time.Time {
		return begin.Add(time.Duration(passed.Load()))
	}))
	return clientOf(t, srv), func(d time.Duration) { passed.Add(int64(d)) }
}

// keys are the merchants that there are.
func (c *client) keys() (all []any) {
	c.t.Helper()
	return c.get("/_mock/merchants").body["merchants"].([]any)
}

func TestLongestIdleMerchantMakesRoom(t *testing.T) {
	t.Parallel()
	merchant := newShop(t)
	own, pass := keeping(t, 2)
	own.create("own", merchant.callback())
	a, b, c := own.as("test_a"), own.as("test_b"), own.as("test_c")
	a.create("a", merchant.callback())
	id := b.create("b", merchant.callback())
	pass(11 * time.Minute)
	require.Equal(t, []string{"a"}, a.orders())
	c.create("c", merchant.callback())

	require.Equal(t, []string{"a"}, a.orders(), "it was used after the other")
	require.Equal(t, []string{"c"}, c.orders())
	require.Equal(t, []string{"own"}, own.orders(), "the configured one stays")
	require.Equal(t, []any{"test_key", "test_a", "test_c"}, own.keys())
	require.Equal(t, "1", fmt.Sprint(own.get("/_mock/merchants").body["forgotten"]))

	answer := b.get("/_mock/checkouts/" + id)
	require.Equal(t, http.StatusNotFound, answer.status)
	require.Contains(t, answer.text("message"), "this key's merchant was forgotten with all it had; at most 2 are kept")
	require.Equal(t, []any{"test_key", "test_a", "test_c"}, own.keys(), "to look makes none")
}

func TestForgottenKeyKeepsItsSecretAndSaysWhatBecameOfIt(t *testing.T) {
	t.Parallel()
	merchant := newShop(t)
	own, pass := keeping(t, 1)
	a, b := own.as("test_a"), own.as("test_b")
	id := a.create("a", merchant.callback())
	pass(11 * time.Minute)
	b.create("b", merchant.callback())
	pass(11 * time.Minute)

	thief := own.as("test_a")
	thief.secret = "another"
	require.Equal(t, http.StatusUnauthorized, thief.get("/api/checkout/"+id).status)
	require.Equal(t, []any{"test_key", "test_b"}, own.keys(), "who has the wrong secret makes nobody leave")

	answer := a.get("/api/checkout/" + id)
	require.Equal(t, http.StatusNotFound, answer.status)
	require.Contains(t, answer.text("message"), "this key's merchant was forgotten")
	require.Equal(t, http.StatusUnauthorized, thief.get("/api/checkout/"+id).status, "its secret is its own again")
	require.Equal(t, http.StatusOK, a.post("/_mock/reset", "").status)
	require.NotContains(t, a.get("/api/checkout/"+id).text("message"), "forgotten", "who resets knows that all is gone")
}

func TestMerchantInUseIsNeverForgotten(t *testing.T) {
	t.Parallel()
	merchant, dead := newShop(t), newShop(t, http.StatusServiceUnavailable)
	own, pass := keeping(t, 2)
	told, used := own.as("test_told"), own.as("test_used")
	id := told.create("told", dead.callback())
	require.Equal(t, http.StatusOK, told.post("/_mock/clock", `{"freeze": true}`).status)
	require.Equal(t, http.StatusOK, told.post("/_mock/checkouts/"+id+"/pay", "").status)
	require.Equal(t, http.StatusOK, told.post("/_mock/clock", `{"advance": "1m"}`).status)
	pass(time.Hour)
	used.create("used", merchant.callback())
	pass(9 * time.Minute)

	late := own.as("test_late")
	refused := late.get("/api/checkout/" + noCheckout)
	require.Equal(t, http.StatusTooManyRequests, refused.status)
	require.Equal(t, "TOO_MANY_REQUESTS", refused.text("messageCode"))
	require.Contains(t, refused.text("message"), "there is no room for a new API key: at most 2 test keys are kept "+
		"(--keep-merchants)")
	wait, err := strconv.Atoi(refused.header.Get("Retry-After"))
	require.NoError(t, err)
	require.Equal(t, 60, wait)
	require.Equal(t, http.StatusTooManyRequests, late.post("/_mock/scenarios/next", `{"scenario": "success"}`).status)
	require.Equal(t, []string{"told"}, told.orders())
	require.Equal(t, []string{"used"}, used.orders())

	pass(11 * time.Minute)
	require.Equal(t, http.StatusTooManyRequests, late.post("/_mock/scenarios/next", `{"scenario": "success"}`).status,
		"nobody leaves for a call without a secret")
	require.Equal(t, http.StatusNotFound, late.get("/api/checkout/"+noCheckout).status)
	require.Equal(t, []any{"test_key", "test_late", "test_told"}, own.keys(), "its callback is to be sent again, "+
		"however long it is idle")
}

func TestToLookMakesNoMerchant(t *testing.T) {
	t.Parallel()
	merchant := newShop(t)
	own, pass := keeping(t, 3)
	a := own.as("test_a")
	id := a.create("a", merchant.callback())
	pass(time.Hour)
	for i := range 20 {
		for _, path := range []string{
			"checkouts", "callbacks", "journal", "coverage", "clock", "scenarios", "scenarios/explain?checkoutId=" + noCheckout,
			"checkouts/" + noCheckout, "callbacks/" + noCheckout,
			"journal/wait?timeout=0s", "merchants", "strangers", "ui/", "ui/journal", "ui/sandbox", "ui/coverage",
			"ui/violations", "ui/scenarios",
		} {
			as := own.as(fmt.Sprintf("test_e%d", i))
			require.Contains(t, []int{http.StatusOK, http.StatusNotFound, http.StatusRequestTimeout},
				as.get("/_mock/"+path).status, path)
		}
	}
	shown := own.get("/_mock/ui/?merchant=test_new").raw
	require.Contains(t, shown, "No checkout yet")
	require.Equal(t, []any{"test_key", "test_a"}, own.keys())
	require.Equal(t, []string{"a"}, a.orders())

	b := own.as("test_b")
	require.Equal(t, http.StatusOK, b.post("/_mock/scenarios/next", `{"scenario": "insufficient-funds"}`).status,
		"a change makes one, without a secret")
	require.Contains(t, own.keys(), "test_b")
	b.secret = "its own"
	require.Equal(t, http.StatusNotFound, b.get("/api/checkout/"+id).status, "the first secret is its secret")
	b.secret = "another"
	require.Equal(t, http.StatusUnauthorized, b.get("/api/checkout/"+id).status)
}

func TestWaitBeginsBeforeTheFirstRequestOfAKey(t *testing.T) {
	t.Parallel()
	own, _ := keeping(t, 3)
	a := own.as("test_a")
	waited := make(chan reply)
	go func() { waited <- a.get("/_mock/journal/wait?kind=create&timeout=30s") }()
	other := own.as("test_b")
	for i := range 3 {
		other.create(fmt.Sprint("b", i), "http://127.0.0.1:1/")
	}
	a.create("a", "http://127.0.0.1:1/")
	require.Equal(t, http.StatusOK, (<-waited).status)
}

func TestManyMerchantsAreForgottenWithoutALeak(t *testing.T) {
	t.Parallel()
	merchant := newShop(t)
	own, pass := keeping(t, 5)
	for i := range 50 {
		c := own.as(fmt.Sprintf("test_%d", i))
		id := c.create("ORD", merchant.callback())
		require.Equal(t, http.StatusOK, c.post("/_mock/checkouts/"+id+"/pay", "").status)
		require.Equal(t, http.StatusOK, c.get("/_mock/journal/wait?kind=callback&status=DELIVERED").status)
		pass(11 * time.Minute)
	}
	require.Len(t, own.keys(), 6)
}
