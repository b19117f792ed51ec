package main_test

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/payporter-mock/payporter-mock/internal/extent"
)

// takenOverWithin is what docs/shared-sandbox.md promises.
const takenOverWithin = 5 * time.Second

// standstillSet is the variable that says how long a process stands still. Where it is set, the machine has nothing
// else to do, and the promise is held to.
const standstillSet = "PAYPORTER_MOCK_STANDSTILL"

// standstill is how long a process stands still: 8 seconds, or as long as PAYPORTER_MOCK_STANDSTILL says. It must be
// longer than whatever a process has for a time: its place among the processes, a transaction, a lock, and its work.
func standstill(t *testing.T) time.Duration {
	t.Helper()
	text := os.Getenv(standstillSet)
	if text == "" {
		return 8 * time.Second
	}
	length, err := time.ParseDuration(text)
	require.NoError(t, err, standstillSet)
	require.Greater(t, length, takenOverWithin)
	return length
}

// TestProcessThatStandsStillForLongLosesNothing stops one of three processes in the middle of attempts and of a
// movement of the clock, while merchants sell at all of them, and lets it go on after a long time.
func TestProcessThatStandsStillForLongLosesNothing(t *testing.T) {
	t.Parallel()
	extent.NotQuick(t, "three processes, a PostgreSQL and half a minute")
	length := standstill(t)
	c := newChaos(t)
	stop := c.open(t)
	c.await(t, &c.answers, 40)
	still := c.all[0]
	sales, move := stillSelling(t, still), stillMoving(t, still)
	survivor := merchant{c.all[1], sales.key}

	require.NoError(t, still.cmd.Process.Signal(syscall.SIGSTOP))
	began, slowest := time.Now(), slowestAnswer(t, survivor)
	close(sales.released)
	close(move.released)
	survivor.call(t, http.MethodPost, "/_mock/clock", `{"advance":"1s"}`, nil) // which waits for all attempts
	merchant{c.all[1], move.key}.call(t, http.MethodPost, "/_mock/clock", `{"advance":"1h"}`, nil)
	took, repeated := time.Since(began), sales.count(2)
	for time.Since(began) < length {
		c.await(t, &c.answers, 10)
	}
	slow := slowest()
	require.NoError(t, still.cmd.Process.Signal(syscall.SIGCONT))
	t.Logf("%d attempts of the process were made again, the work was taken over after %s; "+
		"the slowest answer of another one took %s", repeated, took, slow)
	if os.Getenv(standstillSet) != "" { // else other tests keep the machine busy
		require.Less(t, took, takenOverWithin+slow)
	}

	c.await(t, &c.answers, 40)
	stop()
	back := merchant{still, sales.key}
	require.Eventually(t, func() bool {
		_, ok := postAs(t.Context(), back.key, still.url+"/_mock/clock", `{"advance":"1s"}`)
		return ok
	}, patience, 100*time.Millisecond, "it serves again")
	sales.requireOnceEach(t, back, stillSales)
	move.requireOnce(t, c.all)
	for _, m := range c.shops {
		c.balance(t, m, 1)
	}
}

// stillSales is how many attempts are under way when a process is stopped, at all of them together. That it has some is
// sure only of the movement of a clock.
const stillSales = 12

// seller is a merchant whose shop has not answered yet.
type seller struct {
	*hesitant
	key string
}

// stillSelling has a process sell, and comes back when all callbacks are under way.
func stillSelling(t *testing.T, at sandbox) seller {
	t.Helper()
	s := seller{newHesitant(t), "test_still"}
	for i := range stillSales {
		requirePaid(t, merchant{at, s.key}, fmt.Sprintf("still %d", i), s.url)
	}
	require.Eventually(t, func() bool { return s.count(1) == stillSales }, patience, time.Millisecond)
	return s
}

// requirePaid creates a checkout and has its customer pay.
func requirePaid(t *testing.T, m merchant, orderID, callback string) {
	t.Helper()
	order := fmt.Sprintf(`{"orderId":%q,"amount":100.50,"currency":"TRY","callback":%q}`, orderID, callback)
	text, ok := postAs(t.Context(), m.key, m.sandbox.url+"/api/checkout", order)
	require.True(t, ok, orderID)
	var made struct{ CheckoutID string }
	require.NoError(t, json.Unmarshal(text, &made))
	_, ok = postAs(t.Context(), m.key, m.sandbox.url+"/_mock/checkouts/"+made.CheckoutID+"/pay", "")
	require.True(t, ok, orderID)
}

// mover is a merchant whose clock is moved: its shop refuses the first attempt, and hesitates at the second, which
// falls due on the way.
type mover struct {
	key      string
	told     atomic.Int64
	released chan struct{}
	answered chan int // the status of the answer to the movement
}

// stillMoving has a process move a clock, and comes back when it has come as far as the second attempt.
func stillMoving(t *testing.T, at sandbox) *mover {
	t.Helper()
	m := &mover{key: "test_moves", released: make(chan struct{}), answered: make(chan int, 1)}
	shop := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		switch m.told.Add(1) {
		case 1:
			w.WriteHeader(http.StatusInternalServerError)
		case 2:
			<-m.released
		}
	}))
	t.Cleanup(shop.Close)

	own := merchant{at, m.key}
	own.call(t, http.MethodPost, "/_mock/clock", `{"freeze":true,"set":"2026-01-31T12:00:00Z"}`, nil)
	requirePaid(t, own, "moves", shop.URL)
	own.call(t, http.MethodPost, "/_mock/clock", `{"advance":"0s"}`, nil)
	require.Equal(t, int64(1), m.told.Load())
	go func() {
		defer close(m.answered)
		moving, err := http.NewRequestWithContext(t.Context(), http.MethodPost, at.url+"/_mock/clock",
			strings.NewReader(`{"advance":"7h"}`))
		if err != nil {
			return
		}
		moving.Header = http.Header{"X-Api-Key": {m.key}, "Content-Type": {jsonType}}
		if answer, err := (&http.Client{}).Do(moving); err == nil {
			_ = answer.Body.Close()
			m.answered <- answer.StatusCode
		}
	}()
	require.Eventually(t, func() bool { return m.told.Load() == 2 }, patience, time.Millisecond)
	return m
}

// requireOnce wants that the attempt under way was repeated and stands in the books once, and that the clock has been
// moved by whatever was answered, for all processes.
func (m *mover) requireOnce(t *testing.T, all [3]sandbox) {
	t.Helper()
	status, answered := <-m.answered
	require.Equal(t, int64(3), m.told.Load(), "refused, under way, and made again")
	own := merchant{all[1], m.key}
	var list struct {
		Callbacks []struct {
			Status   string
			Attempts []struct{ HTTPStatus int }
		}
	}
	own.call(t, http.MethodGet, "/_mock/callbacks", "", &list)
	require.Len(t, list.Callbacks, 1)
	require.Equal(t, "DELIVERED", list.Callbacks[0].Status)
	require.Len(t, list.Callbacks[0].Attempts, 2)

	least := time.Date(2026, 1, 31, 13, 0, 0, 0, time.UTC)
	if answered && status == http.StatusOK {
		least = least.Add(7 * time.Hour)
	}
	for _, one := range all {
		var clock struct {
			Now    time.Time
			Frozen bool
		}
		merchant{one, m.key}.call(t, http.MethodGet, "/_mock/clock", "", &clock)
		require.True(t, clock.Frozen)
		require.False(t, clock.Now.Before(least), "a movement of the clock was answered and is lost: %s", clock.Now)
	}
	t.Logf("the movement of the clock at the process was answered with %d", status)
}

// slowestAnswer asks a process again and again how it is, until slowest is called, which says how long one answer took
// at most.
func slowestAnswer(t *testing.T, m merchant) (slowest func() time.Duration) {
	t.Helper()
	ctx, stop := context.WithCancel(t.Context())
	found := make(chan time.Duration, 1)
	go func() {
		var most time.Duration
		for ctx.Err() == nil {
			began := time.Now()
			_, _ = postAs(ctx, m.key, m.sandbox.url+"/api/checkout", `{}`) // refused, and only by the books' leave
			most = max(most, time.Since(began))
			pause(ctx)
		}
		found <- most
	}()
	return func() time.Duration {
		stop()
		return <-found
	}
}
