package mock_test

import (
	"fmt"
	"net/http"
	"net/url"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/payporter-mock/payporter-mock/mock"
	"github.com/payporter-mock/payporter-mock/mock/store"
)

func TestJournalIsSearchedAndNarrowedByTime(t *testing.T) {
	t.Parallel()
	srv := start(t, mock.Config{})
	srv.Freeze()
	noon := time.Date(2026, 1, 31, 12, 0, 0, 0, time.UTC)
	srv.SetTime(noon)
	c := clientOf(t, srv)
	c.create("ORD-Pencil-1", nowhere)
	srv.SetTime(noon.Add(time.Hour))
	c.create("ORD-2", nowhere, "description", `"a long PENCIL"`)
	c.post("/api/checkout", `{"orderId": "ORD-3"}`)

	for query, wants := range map[string][]string{
		"search=pencil":                           {"ORD-Pencil-1", "ORD-2"},
		"search=PENCIL-1":                         {"ORD-Pencil-1"},
		"search=callback: is required":            {"ORD-3"},
		`search="callback","message":"is requir`:  {"ORD-3"},
		"search=x-api-key: test_key&status=400":   {"ORD-3"},
		"search=nobody":                           nil,
		"since=2026-01-31T13:00:00Z":              {"ORD-2", "ORD-3"},
		"until=2026-01-31T16:00:00%2B03:00":       {"ORD-Pencil-1"},
		"since=2026-01-31T12:00:00Z&search=ORD-2": {"ORD-2"},
		"until=2026-01-31T13:00:00Z&search=ORD-2": nil,
	} {
		values, err := url.ParseQuery(query)
		require.NoError(t, err)
		values.Set("kind", "create")
		answer := c.get("/_mock/journal?" + values.Encode())
		require.Equal(t, http.StatusOK, answer.status, answer.raw)
		var got []string
		for _, e := range entriesOf(answer) {
			got = append(got, fmt.Sprint(e["orderId"]))
		}
		require.Equal(t, wants, got, query)
	}

	refused := c.get("/_mock/journal?since=yesterday")
	require.Equal(t, http.StatusBadRequest, refused.status)
	require.Contains(t, refused.raw, "must be a time such as 2026-01-31T12:00:00Z")
	require.Len(t, srv.Journal(store.EntryQuery{Search: "pencil", Since: noon.Add(time.Minute)}), 1)
	late := c.get("/_mock/journal/wait?timeout=1ms&search=later")
	require.Contains(t, late.raw, "with search=later")
	require.Empty(t, entriesOf(c.get("/_mock/journal?search=test_secret")), "what is masked is not found")
}
