package control_test

import (
	"bytes"
	"context"
	"fmt"
	"log/slog"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/payporter-mock/payporter-mock/mock/internal/control"
	"github.com/payporter-mock/payporter-mock/payment"
)

// doorman is a gate whose time moves by hand.
type doorman struct {
	*control.Gate
	now    time.Time
	paused []time.Duration
	log    bytes.Buffer
}

func newDoorman() *doorman {
	d := &doorman{now: time.Date(2026, 1, 31, 12, 0, 0, 0, time.UTC)}
	d.Gate = control.NewGate(control.GateConfig{
		Token: "the-right-token-of-all", Log: slog.New(slog.NewTextHandler(&d.log, nil)),
		Wall:  func() time.Time { return d.now },
		Pause: func(_ context.Context, wait time.Duration) bool { d.paused = append(d.paused, wait); return true },
	})
	return d
}

// try shows a token, from an address.
func (d *doorman) try(token, address string) error {
	r := httptest.NewRequest("GET", "/_mock/clock", nil)
	r.RemoteAddr = address + ":1234"
	r.Header.Set("Authorization", "Bearer "+token)
	return d.Admit(r)
}

func TestWrongTokensWaitTheirTurn(t *testing.T) {
	t.Parallel()
	d := newDoorman()
	wrong, tooMany := &payment.Error{Code: payment.Unauthorized}, &payment.Error{Code: payment.TooManyRequests}
	for range 10 {
		require.ErrorIs(t, d.try("wrong", "10.0.0.1"), wrong)
	}
	require.Empty(t, d.paused, "mistakes cost nothing")
	for range 4 {
		require.ErrorIs(t, d.try("wrong", "10.0.0.1"), wrong)
	}
	require.Equal(t, []time.Duration{500 * time.Millisecond, time.Second, 1500 * time.Millisecond, 2 * time.Second},
		d.paused)
	for range 100 {
		require.ErrorIs(t, d.try("wrong", "10.0.0.2"), tooMany, "who would wait for longer does not wait")
		require.NoError(t, d.try("the-right-token-of-all", "10.0.0.2"))
	}
	require.Len(t, d.paused, 4)

	d.now = d.now.Add(time.Minute)
	require.ErrorIs(t, d.try("wrong", "10.0.0.1"), wrong)
	require.Len(t, d.paused, 4)
}

func TestWrongTokensAreLoggedOnceAMinute(t *testing.T) {
	t.Parallel()
	d := newDoorman()
	lines := func(of string) int { return strings.Count(d.log.String(), "remoteAddr="+of+" ") }
	for range 20 {
		_ = d.try("wrong", "10.0.0.1")
		_ = d.try("wrong", "10.0.0.2")
	}
	require.Equal(t, []int{1, 1}, []int{lines("10.0.0.1"), lines("10.0.0.2")}, d.log.String())
	d.now = d.now.Add(59 * time.Second)
	_ = d.try("wrong", "10.0.0.1")
	require.Equal(t, 1, lines("10.0.0.1"))
	d.now = d.now.Add(time.Second)
	_ = d.try("wrong", "10.0.0.1")
	require.Equal(t, 2, lines("10.0.0.1"))

	for i := range 1000 {
		_ = d.try("wrong", fmt.Sprintf("10.1.%d.%d", i/250, i%250))
	}
	require.Less(t, strings.Count(d.log.String(), "\n"), 80, "many addresses do not fill the log either")
}
