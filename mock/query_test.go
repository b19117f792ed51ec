package mock_test

import (
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/stretchr/testify/require"

	"github.com/payporter-mock/payporter-mock/mock"
)

// badQuery is a query that an operation must refuse, and the name that its answer must suggest; empty: none.
type badQuery struct{ query, meant string }

// dictionary are the queries that people and programs write instead of the ones that the operation takes.
func dictionary(known []string) []badQuery {
	all := []badQuery{{"nonsense=1", ""}, {"_=1732900000", ""}, {"%20=1", ""}, {"=1", ""}, {"x[]=1", ""}, {"%00=1", ""}}
	for _, name := range known {
		last := len(name) - 1
		for _, bad := range []string{
			strings.ToUpper(name), strings.ToLower(name), strings.ToUpper(name[:1]) + name[1:],
			name[:last] + strings.ToUpper(name[last:]),
			snake(name, "_"), snake(name, "-"), name + "s", name[:last], name[1:], name + "%20", "x" + name,
			name[:1] + name[2:], name[:last] + "x", name[:1] + "x" + name[2:], name[:1] + name[:1] + name[1:],
		} {
			if !slices.Contains(known, bad) {
				all = append(all, badQuery{bad + "=1", name})
			}
		}
		for _, bad := range []string{
			name + "=", name, name + "=1&" + name + "=2", name + "=1&" + name + "=1", name + "=1;x=2", name + "=%zz", "%zz=1&" +
				name + "=1",
		} {
			all = append(all, badQuery{query: bad})
		}
	}
	return all
}

func snake(name, mark string) string {
	var b strings.Builder
	for _, c := range name {
		if c >= 'A' && c <= 'Z' {
			b.WriteString(mark)
		}
		b.WriteString(strings.ToLower(string(c)))
	}
	return b.String()
}

// A name that is not known would be a filter that is not there: the answer would be about other orders.
func TestEveryControlOperationRefusesBadQueries(t *testing.T) {
	t.Parallel()
	srv, merchant := start(t, mock.Config{}), newShop(t)
	c := clientOf(t, srv)
	id := c.create("ORD-1", merchant.callback())
	srv.Pay(id, goodCard)
	srv.Advance(0)
	delivery := srv.Callbacks(id)[0].ID
	before := c.get("/_mock/journal").raw

	spec, err := openapi3.NewLoader().LoadFromData([]byte(c.get("/_mock/openapi.yaml").raw))
	require.NoError(t, err)
	operations := 0
	for path, item := range spec.Paths.Map() {
		at := strings.NewReplacer("{checkoutId}", id, "{callbackId}", delivery).Replace(path)
		for method, op := range item.Operations() {
			operations++
			known := queryNames(item.Parameters, op.Parameters)
			t.Run(op.OperationID, func(t *testing.T) {
				for _, bad := range dictionary(known) {
					got := c.at(t).send(c.request(method, at+"?"+bad.query, ""))
					require.Equal(t, http.StatusBadRequest, got.status, "%s %s?%s: %s", method, at, bad.query, got.raw)
					if bad.meant != "" {
						require.Contains(t, strings.Join(got.faults(), "; "), fmt.Sprintf("did you mean %q?", bad.meant), bad.query)
					}
				}
			})
		}
	}
	require.Greater(t, operations, 20)
	require.NotContains(t, strings.TrimPrefix(c.get("/_mock/journal").raw, before), `"status":200`, "nothing was done")
}

func queryNames(lists ...openapi3.Parameters) []string {
	var names []string
	for _, list := range lists {
		for _, p := range list {
			if p.Value.In == openapi3.ParameterInQuery {
				names = append(names, p.Value.Name)
			}
		}
	}
	return names
}

func TestBadQueriesAreToldInWords(t *testing.T) {
	t.Parallel()
	c := clientOf(t, start(t, mock.Config{}))
	for query, want := range map[string][]string{
		"journal/wait?orderid=ORD-1": {`orderid: unknown parameter, did you mean "orderId"?`},
		"journal/wait?nonsense=1": {
			"nonsense: unknown parameter, known are after, checkoutId, count, kind, merchant, orderId, search, since, status, timeout, until",
		},
		"health?_=1":                    {"_: unknown parameter, there are none"},
		"callbacks?status=":             {"status: must not be empty: give it a value or leave it out"},
		"callbacks?merchant=":           {"merchant: must not be empty: give it a value or leave it out"},
		"callbacks?orderId=A&orderId=A": {"orderId: must be given once, got it 2 times"},
		"callbacks?orderId=A;status=X": {"query: cannot be read: separate parameters by &, and write ; as %3B " +
			"and % as %25"},
		"scenarios/explain?checkoutid=1": {`checkoutid: unknown parameter, did you mean "checkoutId"?`},
		"callbacks?Status=PENDING&limit=0": {
			`Status: unknown parameter, did you mean "status"?`,
			"limit: must be at least 1, got 0",
		},
		"callbacks?" + realCard + "=1": {"(a name that looks like a card number): unknown parameter, known are " +
			"before, checkoutId, kind, limit, merchant, orderId, paymentId, status"},
	} {
		got := c.get("/_mock/" + query)
		require.Equal(t, http.StatusBadRequest, got.status, query)
		require.Equal(t, want, got.faults(), query)
	}
}

// PayPorter does not say that its API refuses what it does not know.
func TestTheMerchantAPIIgnoresQueries(t *testing.T) {
	t.Parallel()
	c := clientOf(t, start(t, mock.Config{}))
	id := c.create("ORD-1", nowhere)
	require.Equal(t, http.StatusOK, c.get("/api/checkout/"+id+"?nonsense=1&nonsense=2&checkoutId=").status)
}

func TestEveryListHasTheFiltersOfItsBrothers(t *testing.T) {
	t.Parallel()
	srv, merchant := start(t, mock.Config{}), newShop(t)
	c := clientOf(t, srv)
	var ids []string
	for i := range 4 {
		ids = append(ids, c.create(fmt.Sprintf("ORD-%d", i%2), merchant.callback()))
		srv.Pay(ids[i], goodCard)
	}
	srv.Advance(0)
	bare := c.as("") // a caller without a key
	bare.get("/api/checkout/" + ids[0])
	bare.post("/api/nothing", "")
	var deliveries []string
	for _, id := range ids {
		deliveries = append(deliveries, srv.Callbacks(id)[0].ID)
	}

	count := func(path, query string) int {
		r := c.get("/_mock/" + path + "?" + query)
		require.Equal(t, http.StatusOK, r.status, r.raw)
		for _, list := range []string{"callbacks", "checkouts", "entries"} {
			if found, ok := r.body[list].([]any); ok {
				return len(found)
			}
		}
		require.FailNow(t, "no list", r.raw)
		return 0
	}
	for query, want := range map[string]int{
		"callbacks?orderId=ORD-0":                              2,
		"callbacks?orderId=ORD-9":                              0,
		"callbacks?orderId=ORD-0&checkoutId=" + ids[1]:         0,
		"callbacks?orderId=ORD-1&checkoutId=" + ids[1]:         1,
		"callbacks?orderId=ORD-0&status=PENDING":               0,
		"callbacks?orderId=ORD-0&limit=1":                      1,
		"callbacks?before=" + deliveries[2]:                    2,
		"callbacks?before=" + deliveries[2] + "&orderId=ORD-0": 1,
		"callbacks?before=" + strings.ToUpper(deliveries[0]):   0,
		"checkouts?checkoutId=" + strings.ToUpper(ids[0]):      1,
		"checkouts?checkoutId=" + ids[0] + "&orderId=ORD-1":    0,
		"checkouts?checkoutId=" + ids[0] + "&status=SUCCESS":   1,
		"journal?kind=create&checkoutId=" + ids[0]:             1,
		"strangers?kind=status":                                1,
		"strangers?kind=request":                               1,
		"strangers?kind=create":                                0,
		"strangers?status=401":                                 1,
		"strangers?status=404&after=0":                         1,
	} {
		path, filter, _ := strings.Cut(query, "?")
		require.Equal(t, want, count(path, filter), query)
	}

	t.Run("callbacks page by page", func(t *testing.T) {
		var seen []string
		next := ""
		for range ids {
			query := url.Values{"limit": {"3"}}
			if next != "" {
				query.Set("before", next)
			}
			page := c.get("/_mock/callbacks?" + query.Encode())
			for _, d := range page.body["callbacks"].([]any) {
				seen = append(seen, d.(map[string]any)["id"].(string))
			}
			if next = page.text("next"); next == "" {
				break
			}
		}
		slices.Reverse(seen)
		require.Equal(t, deliveries, seen)
	})
}
