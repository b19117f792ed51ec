package mock_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/payporter-mock/payporter-mock/mock"
)

// encoded writes every letter, digit and mark of a path in percent-encoding, but for the slashes.
func encoded(path string) string {
	var b strings.Builder
	for i := range len(path) {
		if path[i] == '/' {
			b.WriteByte('/')
		} else {
			fmt.Fprintf(&b, "%%%02x", path[i])
		}
	}
	return b.String()
}

func TestPercentEncodedPathsAreTheSame(t *testing.T) {
	t.Parallel()
	srv, merchant := start(t, mock.Config{}), newShop(t)
	c := clientOf(t, srv)
	id := c.create("ORD-1", merchant.callback())
	srv.Pay(id, goodCard)
	srv.Advance(0)
	callback := srv.Callbacks(id)[0].ID

	for _, path := range []string{
		"/api/checkout/" + id, "/_mock/checkouts/" + id, "/_mock/callbacks/" + callback, "/_mock/clock",
		"/_mock/openapi.yaml",
		"/checkout-link/" + id + "/result", "/checkout-link/assets/page.css", "/docs", "/docs/docs.css", "/_mock/ui/journal",
		"/_mock/ui/checkouts/" + id, "/openapi.yaml", "/metrics", "/_mock/journal/wait",
	} {
		t.Run(strings.Trim(path, "/"), func(t *testing.T) {
			t.Parallel()
			for _, same := range []string{
				encoded(path), strings.ToUpper(encoded(path)), strings.ReplaceAll(path, "-", "%2D"),
				path,
			} {
				got := c.at(t).get(same)
				require.Equal(t, http.StatusOK, got.status, "%s: %s", same, got.raw)
			}
			options := c.at(t).send(c.request(http.MethodOptions, encoded(path), ""))
			require.Contains(t, options.header.Get("Allow"), "GET")
		})
	}

	t.Run("create", func(t *testing.T) {
		r := c.post("/api/%63heckout", order("ORD-2", nowhere))
		require.Equal(t, http.StatusOK, r.status, r.raw)
		entry := entriesOf(c.get("/_mock/journal?orderId=ORD-2"))[0]
		require.Equal(t, "create", entry["kind"])
		require.Equal(t, "/api/checkout", entry["request"].(map[string]any)["url"])
	})
	t.Run("a wrong method", func(t *testing.T) {
		r := c.post("/api/%63heckout/"+id, "")
		require.Equal(t, "/api/checkout/"+id+" does not take POST; it takes GET", r.text("message"))
	})
}

// A slash that is encoded is part of a name, so that it can neither add a segment nor hide one.
// servedOperations are the operations that the API has, as it says.
const servedOperations = "POST /api/3ds, POST /api/3ds/{paymentId}/complete, POST /api/checkout, GET " +
	"/api/checkout/{checkoutId}, " +
	"POST /api/installment-options, POST /api/payment, GET /api/payment/{paymentId}, POST " +
	"/api/payment/{paymentId}/cancel, " +
	"POST /api/payment/{paymentId}/refund, POST /api/pre-authorization, POST /api/pre-authorization/{paymentId}/capture"

func TestAnEncodedSlashSeparatesNothing(t *testing.T) {
	t.Parallel()
	c := clientOf(t, start(t, mock.Config{}))
	id := c.create("ORD-1", nowhere)
	for path, want := range map[string]struct {
		status  int
		message string
	}{
		"/api/checkout/" + id[:8] + "%2F" + id[9:]: {400, `checkoutId: must be a UUID, got "` + id[:8] + "%2F" + id[9:] +
			`"`},
		"/_mock/checkouts/a%2fb": {400, `checkoutId: must be a UUID, got "a%2Fb"`},
		"/api%2Fcheckout%2F" + id: {
			404, "there is nothing at /api/checkout/" + id + " (its %2F is part of a name and separates nothing); " +
				"this API has " + servedOperations,
		},
		"/api/checkout%2f" + id: {
			404, "there is nothing at /api/checkout/" + id + " (its %2F is part of a name and separates nothing); " +
				"this API has " + servedOperations,
		},
		"/_mock%2Fclock": {
			404, "there is nothing at /_mock/clock (its %2F is part of a name and separates nothing); " +
				"this API has " + servedOperations,
		},
		"/_mock/callbacks%2Fforge": {
			404, "there is nothing at /_mock/callbacks/forge (its %2F is part of a name and separates nothing); " +
				"/_mock/openapi.yaml lists the calls",
		},
	} {
		for _, method := range []string{http.MethodGet, http.MethodHead} {
			got := c.send(c.request(method, path, ""))
			require.Equal(t, want.status, got.status, "%s %s: %s", method, path, got.raw)
			require.Empty(t, got.header.Get("Allow"))
			if method == http.MethodGet {
				require.Equal(t, want.message, got.text("message"), path)
			}
		}
	}
	require.Equal(t, http.StatusNotFound, c.get("/checkout-link/"+id+"%2Fresult").status)
}

func TestAPathThatMeansNothingIsRefusedInWords(t *testing.T) {
	t.Parallel()
	c := clientOf(t, start(t, mock.Config{}))
	id := c.create("ORD-1", nowhere)
	const dots, control = `path: must not have the segment "%s": write the path that is meant without it`,
		"path: must not contain control characters such as %00: leave them out"
	for path, want := range map[string]string{
		"/api/../_mock/clock":                        fmt.Sprintf(dots, ".."),
		"/api/%2e%2e/_mock/clock":                    fmt.Sprintf(dots, ".."),
		"/./api/nothing":                             fmt.Sprintf(dots, "."),
		"/_mock/ui2/%2E/clock":                       fmt.Sprintf(dots, "."),
		"/api/checkout%00":                           control,
		"/_mock/clock%00":                            control,
		"/_mock/%0d%0aclock":                         control,
		"/api/checkout/%00":                          `checkoutId: must be a UUID, got "\x00"`,
		"/api/checkout/..":                           `checkoutId: must be a UUID, got ".."`,
		"/_mock/checkouts/%2e%2e":                    `checkoutId: must be a UUID, got ".."`,
		"/_mock/checkouts/" + id + "/../pay":         fmt.Sprintf(dots, ".."),
		"/nothing/" + strings.Repeat("../", 3) + "x": fmt.Sprintf(dots, ".."),
	} {
		for _, key := range []string{c.key, ""} {
			if key == "" && strings.HasPrefix(path, "/api/checkout/") {
				continue // who asks comes first
			}
			req := c.request(http.MethodGet, path, "")
			req.Header.Set("X-API-KEY", key)
			got := c.send(req)
			require.Equal(t, http.StatusBadRequest, got.status, "%s: %s", path, got.raw)
			require.Equal(t, want, got.text("message"), path)
		}
	}
}
