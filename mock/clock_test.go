package mock_test

import (
	"net/http"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/payporter-mock/payporter-mock/mock"
)

func TestClockIsMovedByTheControlAPI(t *testing.T) {
	t.Parallel()
	c := clientOf(t, start(t, mock.Config{}))
	require.Equal(t, false, c.get("/_mock/clock").body["frozen"])

	set := c.post("/_mock/clock", `{"freeze":true,"set":"2026-01-31T15:00:00+03:00"}`)
	require.Equal(t, http.StatusOK, set.status, set.raw)
	require.Equal(t, "2026-01-31T12:00:00Z", set.text("now"))
	id := c.create("ORD-1", "http://127.0.0.1:9/cb")
	require.Equal(t, "2026-02-01T12:00:00Z", c.get("/_mock/clock").text("nextDue"))

	moved := c.post("/_mock/clock", `{"advance":"23h59m59s"}`)
	require.Equal(t, "2026-02-01T11:59:59Z", moved.text("now"))
	require.Equal(t, true, moved.body["frozen"])
	require.Equal(t, "OPEN", c.get("/_mock/checkouts/"+id).text("state"))

	c.post("/_mock/clock", `{"advance":"1s"}`)
	expired := c.get("/api/checkout/" + id)
	require.Equal(t, "CANCELLED", expired.text("status"))
	require.Equal(t, "EXPIRED", expired.text("resultCode"))
	require.Equal(t, "2026-02-01T12:00:00Z", expired.text("paymentDate"))
	require.Equal(t, "EXPIRED", c.get("/_mock/checkouts/"+id).text("state"))
	require.Equal(t, http.StatusConflict, c.post("/_mock/checkouts/"+id+"/pay", "").status)

	resumed := c.post("/_mock/clock", `{"resume":true}`)
	require.Equal(t, false, resumed.body["frozen"])
	back := c.post("/_mock/clock", `{"freeze":true,"set":"2020-02-29T00:00:00Z"}`)
	require.Equal(t, "2020-02-29T00:00:00Z", back.text("now"))
}

func TestBadMovesOfTheClock(t *testing.T) {
	t.Parallel()
	c := clientOf(t, start(t, mock.Config{}))
	for body, want := range map[string]string{
		`{}`:               "body: must not be empty",
		`{"advanc":"48h"}`: `advanc: unknown key, did you mean "advance"?`,
		`{"advance":"two days"}`: `advance: must be a duration such as 48h or 1m30s (to go back, use set), ` +
			`got "two days"`,
		`{"advance":"-1h"}`: `advance: must be a duration such as 48h or 1m30s (to go back, use ` +
			`set), got "-1h"`,
		`{"advance":48}`:                  "advance: must be text, got the number 48",
		`{"set":"tomorrow"}`:              `set: must be a time such as 2026-01-31T12:00:00Z, got "tomorrow"`,
		`{"freeze":false}`:                "freeze: must be true, got false",
		`{"advance":"1h","advance":"2h"}`: "advance: appears twice",
	} {
		r := c.post("/_mock/clock", body)
		require.Equal(t, http.StatusBadRequest, r.status, r.raw)
		require.Equal(t, []string{want}, r.faults(), body)
	}
	require.Equal(t, false, c.get("/_mock/clock").body["frozen"], "nothing was half done")
}

// Freeze and resume in one call hold the time while it is moved, and let it run again.
func TestFreezeAndResumeTogetherMoveTheClockExactly(t *testing.T) {
	t.Parallel()
	c := clientOf(t, start(t, mock.Config{}))
	moved := c.post("/_mock/clock", `{"freeze": true, "set": "2026-01-31T12:00:00Z", "advance": "1h30m", "resume": true}`)
	require.Equal(t, http.StatusOK, moved.status, "%s", moved.raw)
	require.Equal(t, false, moved.body["frozen"])
	require.Contains(t, moved.text("now"), "2026-01-31T13:30:0")
}

func TestExpiryTellsOnlyWhenAsked(t *testing.T) {
	t.Parallel()
	srv, merchant := start(t, mock.Config{LinkLifetime: time.Hour, CallbackOn: []string{"expiry"}}), newShop(t)
	c := clientOf(t, srv)
	srv.Freeze()
	id := c.create("ORD-1", merchant.callback())
	srv.Advance(time.Hour)
	require.Len(t, merchant.received(), 1)
	require.Equal(t, "CANCELLED", c.get("/api/checkout/"+id).text("status"))
}

func TestRealTimeRunsByItself(t *testing.T) {
	t.Parallel()
	srv, merchant := start(t, mock.Config{RetryPlan: &mock.RetryPlan{Waits: []time.Duration{time.Millisecond}}}),
		newShop(t, 500, 200)
	c := clientOf(t, srv)
	id := c.create("ORD-1", merchant.callback())
	srv.Pay(id, goodCard)
	c.await("kind=callback&status=DELIVERED&checkoutId=" + id)
	require.Len(t, merchant.received(), 2)
}
