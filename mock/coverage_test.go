package mock_test

import (
	"encoding/json"
	"flag"
	"fmt"
	"net/http"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/payporter-mock/payporter-mock/mock"
)

// counts reads GET /_mock/coverage: the items by kind and name, and the shares in percent by kind.
func (c *client) counts() (items map[string]float64, percent map[string]float64) {
	c.t.Helper()
	r := c.get("/_mock/coverage")
	require.Equal(c.t, http.StatusOK, r.status, r.raw)
	items, percent = map[string]float64{}, map[string]float64{}
	for _, one := range r.body["items"].([]any) {
		item := one.(map[string]any)
		items[fmt.Sprint(item["kind"], " ", item["name"])] = number(c.t, item["count"])
	}
	for _, one := range r.body["summary"].([]any) {
		share := one.(map[string]any)
		percent[fmt.Sprint(share["kind"])] = number(c.t, share["percent"])
	}
	return items, percent
}

func number(t *testing.T, v any) float64 {
	t.Helper()
	f, err := v.(json.Number).Float64()
	require.NoError(t, err)
	return f
}

func TestCoverageTellsWhatWasExercised(t *testing.T) {
	t.Parallel()
	c := clientOf(t, start(t, mock.Config{}))
	items, percent := c.counts()
	require.Greater(t, len(items), 100)
	for name, count := range items {
		require.Zero(t, count, name)
	}
	require.Equal(t, map[string]float64{"all": 0, "operation": 0, "field": 0, "boundary": 0, "answer": 0, "scenario": 0},
		percent)

	id := c.create("ORD-mock:insufficient-funds", newShop(t).callback())
	c.get("/api/checkout/" + id)
	c.post("/_mock/checkouts/"+id+"/pay", "{}")
	c.get("/api/checkout/" + id)
	c.get("/api/checkout/123e4567-e89b-12d3-a456-426614174000")
	c.post("/api/checkout", `{"orderId": "ORD-1", "amount": 0.01}`)
	c.post("/api/chekout", "{}")
	items, percent = c.counts()
	for name, want := range map[string]float64{
		"operation POST /api/checkout 200":                          1,
		"operation POST /api/checkout 400":                          1,
		"operation POST /api/checkout 401":                          0,
		"operation GET /api/checkout/{checkoutId} 200":              2,
		"operation GET /api/checkout/{checkoutId} 404":              1,
		"field POST /api/checkout orderId":                          1, // what is refused does not count
		"field POST /api/checkout customerId":                       0,
		"field GET /api/checkout/{checkoutId} checkoutId":           3,
		"boundary POST /api/checkout customerId absent":             1,
		"boundary POST /api/checkout amount just above minimum":     0,
		"boundary POST /api/checkout with two decimals":             1,
		"answer GET /api/checkout/{checkoutId} 200 status ENROLLED": 1,
		"answer GET /api/checkout/{checkoutId} 200 status FAILED":   1,
		"answer GET /api/checkout/{checkoutId} 200 status SUCCESS":  0,
		"answer GET /api/checkout/{checkoutId} 200 pan absent":      1,
		"answer GET /api/checkout/{checkoutId} 200 pan present":     1,
		"answer messageCode INVALID_REQUEST":                        1,
		"answer messageCode NOT_FOUND":                              2,
		"scenario insufficient-funds":                               1,
		"scenario success":                                          0,
	} {
		got, known := items[name]
		require.True(t, known, name)
		require.Equal(t, want, got, name)
	}
	require.NotContains(t, items, "answer GET /api/checkout/{checkoutId} 200 transactionType REFUND")
	require.Equal(t, 4.7, percent["operation"]) // 4 of 85
	require.Positive(t, percent["scenario"])

	c.post("/_mock/reset", "")
	_, percent = c.counts()
	require.Zero(t, percent["all"])
}

// The names are promises: bars and reports of users hold on to them. A new one may come, none may go.
func TestCoverageHasItsNames(t *testing.T) {
	t.Parallel()
	items, _ := clientOf(t, start(t, mock.Config{})).counts()
	var names []string
	for name := range items {
		if !strings.HasPrefix(name, "scenario ") { // they are named by their files
			names = append(names, name)
		}
	}
	slices.Sort(names)
	got := strings.Join(names, "\n") + "\n"
	const file = "testdata/coverage.golden"
	if *update {
		require.NoError(t, os.WriteFile(file, []byte(got), 0o644))
	}
	want, err := os.ReadFile(file)
	require.NoError(t, err)
	require.Equal(t, string(want), got, "run: go test ./mock -run CoverageHasItsNames -update, and read what it changes")
}

var update = flag.Bool("update", false, "write golden files anew")

func TestCoverageCountsAnAnswerOnlyIfItCame(t *testing.T) {
	t.Parallel()
	c := clientOf(t, start(t, mock.Config{}))
	set := "version: 1\nscenarios: [{name: gone, create: {fault: reset}}, {name: my-own, create: {respond: {status: " +
		"406}}, when: {orderId: X}}]"
	req := c.request("PUT", "/_mock/scenarios", set)
	req.Header.Set("Content-Type", "application/yaml")
	require.Equal(t, http.StatusOK, c.send(req).status)
	_, err := http.DefaultClient.Do(c.request("POST", "/api/checkout", order("ORD-1", "http://127.0.0.1:9/cb")))
	require.Error(t, err)
	require.Equal(t, http.StatusNotAcceptable, c.post("/api/checkout", order("ORD-mock:my-own",
		"http://127.0.0.1:9/cb")).status)
	items, _ := c.counts()
	require.Equal(t, 0.0, items["operation POST /api/checkout 200"])
	require.Equal(t, 1.0, items["operation POST /api/checkout 406"])
	require.Equal(t, 1.0, items["answer messageCode SCRIPTED"])
	require.Equal(t, 2.0, items["field POST /api/checkout amount"])
	require.Equal(t, 1.0, items["scenario gone"])
	require.Equal(t, 1.0, items["scenario my-own"])
}

func TestCoverageIsAMerchantsOwn(t *testing.T) {
	t.Parallel()
	srv := start(t, mock.Config{})
	var all sync.WaitGroup
	for i := range 4 {
		all.Go(func() {
			c := clientOf(t, srv).as(fmt.Sprintf("test_%d", i))
			for n := range i + 1 {
				c.create(fmt.Sprintf("ORD-%d", n), "http://127.0.0.1:9/cb")
			}
		})
	}
	all.Wait()
	c := clientOf(t, srv)
	require.Equal(t, []any{"test_key", "test_0", "test_1", "test_2", "test_3"},
		c.get("/_mock/merchants").body["merchants"])
	for i := range 4 {
		items, _ := c.as(fmt.Sprintf("test_%d", i)).counts()
		require.Equal(t, float64(i+1), items["operation POST /api/checkout 200"])
	}
	items, _ := c.counts()
	require.Zero(t, items["operation POST /api/checkout 200"])
}

func TestWhatBelongsToNoMerchantIsKept(t *testing.T) {
	t.Parallel()
	c := clientOf(t, start(t, mock.Config{APIKey: "shop"}))
	nobody := c.as("")
	require.Equal(t, http.StatusUnauthorized, nobody.post("/api/checkout", order("ORD-1", "http://127.0.0.1:9/cb")).status)
	require.Equal(t, http.StatusNotFound, c.as("unknown").get("/api/nothing").status)
	var seen []string
	for _, one := range c.get("/_mock/strangers").body["entries"].([]any) {
		e := one.(map[string]any)
		sent, got := e["request"].(map[string]any), e["response"].(map[string]any)
		seen = append(seen, fmt.Sprint(e["kind"], " ", sent["method"], " ", sent["url"], " ", got["status"]))
		require.NotContains(t, strings.ToLower(fmt.Sprint(sent)), "secret of")
	}
	require.Equal(t, []string{"create POST /api/checkout 401", "request GET /api/nothing 404"}, seen)
	require.Equal(t, http.StatusNotFound, c.post("/checkout", "{}").status) // a base URL put together wrongly
	require.Equal(t, "/checkout", entriesOf(c.get("/_mock/journal?kind=request"))[0]["request"].(map[string]any)["url"])
	require.Equal(t, http.StatusNotFound, nobody.get("/favicon.ico").status)
	// a browser's own requests are nobody's fault
	require.Len(t, c.get("/_mock/strangers?after=1&limit=5").body["entries"], 1)
}

func TestWhoeverObservesIsToldBeforeAReset(t *testing.T) {
	t.Parallel()
	var c *client
	var told []string
	srv := start(t, mock.Config{BeforeReset: func(merchant string) {
		entries := c.as(merchant).get("/_mock/journal?kind=create").body["entries"].([]any)
		told = append(told, fmt.Sprint(merchant, " ", len(entries)))
	}})
	c = clientOf(t, srv)
	mine := c.as("test_mine")
	mine.create("ORD-1", "http://127.0.0.1:9/cb")
	require.Equal(t, http.StatusOK, mine.post("/_mock/reset", "").status)
	require.Equal(t, []string{"test_mine 1"}, told)
	require.Empty(t, mine.get("/_mock/journal?kind=create").body["entries"])
}
