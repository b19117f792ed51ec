package mock_test

import (
	"net/http"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/payporter-mock/payporter-mock/mock"
)

// waiting is what the next checkouts get.
func (c *client) waiting() string {
	c.t.Helper()
	r := c.get("/_mock/scenarios/next")
	require.Equal(c.t, http.StatusOK, r.status, r.raw)
	return r.raw
}

func (c *client) delete(path string) reply {
	c.t.Helper()
	r := c.send(c.request(http.MethodDelete, path, ""))
	require.Equal(c.t, http.StatusOK, r.status, r.raw)
	return r
}

// scenarioOfNew is what a new checkout gets.
func (c *client) scenarioOfNew(orderID string) string {
	c.t.Helper()
	return c.get("/_mock/checkouts/" + c.create(orderID, nowhere)).text("scenario")
}

const nothingWaits = `{"next":[]}`

func TestNextScenariosAreSeenInTheirOrder(t *testing.T) {
	t.Parallel()
	c := clientOf(t, start(t, mock.Config{}))
	require.JSONEq(t, nothingWaits, c.waiting())
	c.post("/_mock/scenarios/next", `{"scenario":"lost-card","times":2}`)
	c.post("/_mock/scenarios/next", `{"scenario":"slow-bank"}`)
	c.post("/_mock/scenarios/next", `{"scenario":"lost-card"}`)
	require.JSONEq(t, `{"next":[{"scenario":"lost-card","times":2},{"scenario":"slow-bank","times":1},{"scenario":"lost-card","times":1}]}`, c.waiting())
	require.JSONEq(t, nothingWaits, c.as("test_other").waiting())

	require.Equal(t, "lost-card", c.scenarioOfNew("ORD-1"))
	require.JSONEq(t, `{"next":[{"scenario":"lost-card","times":1},{"scenario":"slow-bank","times":1},{"scenario":"lost-card","times":1}]}`, c.waiting())
	for _, want := range []string{"lost-card", "slow-bank", "lost-card", ""} {
		require.Equal(t, want, c.scenarioOfNew("ORD-2"))
	}
	require.JSONEq(t, nothingWaits, c.waiting())
}

func TestNextScenariosAreCancelled(t *testing.T) {
	t.Parallel()
	const gone = `{"cancelled":[{"scenario":"lost-card","times":2},{"scenario":"slow-bank","times":1}]}`
	for name, test := range map[string]struct {
		do   func(c *client) reply
		want string // a part of the answer
	}{
		"by themselves": {func(c *client) reply { return c.delete("/_mock/scenarios/next") }, gone},
		"with the merchant's own set": {
			func(c *client) reply { return c.delete("/_mock/scenarios") },
			gone[1 : len(gone)-1],
		},
		"by a reset":                      {func(c *client) reply { return c.post("/_mock/reset", "") }, ""},
		"by a reset that keeps scenarios": {func(c *client) reply { return c.post("/_mock/reset?keep=scenarios", "") }, ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := clientOf(t, start(t, mock.Config{}))
			other := c.as("test_other")
			other.post("/_mock/scenarios/next", `{"scenario":"stolen-card"}`)
			c.post("/_mock/scenarios/next", `{"scenario":"lost-card","times":2}`)
			c.post("/_mock/scenarios/next", `{"scenario":"slow-bank"}`)
			r := test.do(c)
			require.Equal(t, http.StatusOK, r.status, r.raw)
			require.Contains(t, r.raw, test.want)
			require.JSONEq(t, nothingWaits, c.waiting())
			require.Empty(t, c.scenarioOfNew("ORD-1"))
			require.Equal(t, "stolen-card", other.scenarioOfNew("ORD-1"), "another merchant's are not touched")
		})
	}
	c := clientOf(t, start(t, mock.Config{}))
	require.JSONEq(t, `{"cancelled":[]}`, c.delete("/_mock/scenarios/next").raw, "nothing to cancel is no error")
}

// Whoever forced a scenario asked for it by its name: what the name means now counts.
func TestNextScenariosFollowTheSetInForce(t *testing.T) {
	t.Parallel()
	const before = "version: 1\nscenarios:\n  - {name: mine, payment: {resultCode: \"05\", status: FAILED}}\n  - " +
		"{name: old}\n"
	const after = "version: 1\nscenarios:\n  - {name: mine, payment: {resultCode: \"54\", status: FAILED}, when: " +
		"{orderId: none}}\n"
	order := func(c *client) {
		for _, name := range []string{"mine", "old", "lost-card"} {
			require.Equal(t, http.StatusOK, c.post("/_mock/scenarios/next", `{"scenario":"`+name+`"}`).status)
		}
	}
	follows := func(t *testing.T, srv *mock.Test, c *client) {
		t.Helper()
		require.JSONEq(t, `{"next":[{"scenario":"mine","times":1},{"scenario":"lost-card","times":1}]}`, c.waiting())
		id := c.create("ORD-1", nowhere)
		srv.Pay(id, goodCard)
		require.Equal(t, "54", c.get("/api/checkout/"+id).text("resultCode"), "as the new set has it")
		require.Equal(t, "lost-card", c.scenarioOfNew("ORD-2"))
		require.Empty(t, c.scenarioOfNew("ORD-3"))
	}

	t.Run("one of the merchant's own", func(t *testing.T) {
		srv := start(t, mock.Config{})
		c := clientOf(t, srv)
		c.put(before)
		order(c)
		require.JSONEq(t, `{"scenarios":["mine"],"own":true,"cancelled":[{"scenario":"old","times":1}]}`, c.put(after).raw)
		follows(t, srv, c)
		require.JSONEq(t, `{"scenarios":["mine"],"own":true}`, c.put(after).raw)
	})
	t.Run("files that are read again", func(t *testing.T) {
		file := filepath.Join(t.TempDir(), "scenarios.yaml")
		require.NoError(t, os.WriteFile(file, []byte(before), 0o600))
		srv := start(t, mock.Config{Scenarios: []string{file}})
		c := clientOf(t, srv)
		order(c)
		require.NoError(t, os.WriteFile(file, []byte(after), 0o600))
		require.NoError(t, srv.ReloadScenarios())
		follows(t, srv, c)
	})
}
