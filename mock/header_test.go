package mock_test

import (
	"net/http"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/payporter-mock/payporter-mock/mock"
)

// A proxy or a client that says two things could mean either. Nothing may be done for the wrong one.
func TestAHeaderThatSaysTwoThingsIsRefused(t *testing.T) {
	t.Parallel()
	srv := start(t, mock.Config{AdminToken: "the-admin-token-of-this-test"})
	c := clientOf(t, srv)
	id := c.create("ORD-0", nowhere)
	const bearer = "Bearer the-admin-token-of-this-test"
	headers := map[string]string{
		"X-API-KEY": c.key, "X-API-SECRET": c.secret, "Content-Type": "application/json", "Authorization": bearer,
	}

	for name, test := range map[string]struct{ method, path, body, header, other string }{
		"the key of a create":       {"POST", "/api/checkout", order("ORD-1", nowhere), "X-API-KEY", "test_other"},
		"the secret of a create":    {"POST", "/api/checkout", order("ORD-1", nowhere), "X-API-SECRET", "another-secret"},
		"the type of a create":      {"POST", "/api/checkout", order("ORD-1", nowhere), "Content-Type", "text/plain"},
		"the key of a status":       {"GET", "/api/checkout/" + id, "", "X-API-KEY", "test_other"},
		"the secret of a status":    {"GET", "/api/checkout/" + id, "", "X-API-SECRET", "another-secret"},
		"the key of a mistake":      {"GET", "/api/nothing", "", "X-API-KEY", "test_other"},
		"the key beside the API":    {"GET", "/nothing", "", "X-API-KEY", "test_other"},
		"the key of a reset":        {"POST", "/_mock/reset", "", "X-API-KEY", "test_other"},
		"the token of a reset":      {"POST", "/_mock/reset", "", "Authorization", "Bearer another-token"},
		"the token of the metrics":  {"GET", "/metrics", "", "Authorization", "Bearer another-token"},
		"the type of a movement":    {"POST", "/_mock/clock", `{"freeze":true}`, "Content-Type", "text/plain"},
		"the key, one of them none": {"POST", "/_mock/reset", "", "X-API-KEY", ""},
	} {
		for _, first := range []bool{true, false} {
			req := c.request(test.method, test.path, test.body)
			for header, value := range headers {
				req.Header.Set(header, value)
			}
			values := []string{headers[test.header], test.other}
			if first {
				values[0], values[1] = values[1], values[0]
			}
			req.Header[http.CanonicalHeaderKey(test.header)] = values
			got := c.send(req)
			require.Equal(t, http.StatusBadRequest, got.status, "%s: %s", name, got.raw)
			require.Equal(t, []string{test.header + ": came with two different values: send it once"}, got.faults(), name)
			for _, secret := range []string{c.secret, "another-secret", "another-token", "the-admin-token"} {
				require.NotContains(t, got.raw, secret)
			}
		}
	}

	req := c.request("GET", "/_mock/journal", "")
	req.Header.Set("Authorization", bearer)
	journal := c.send(req)
	require.Len(t, entriesOf(journal), 7, "the first create, and what one key was sent with: %s", journal.raw)
	for _, secret := range []string{"another-secret", "another-token", "the-admin-token"} {
		require.NotContains(t, journal.raw, secret)
	}
}

func TestEqualHeadersAreOne(t *testing.T) {
	t.Parallel()
	c := clientOf(t, start(t, mock.Config{}))
	req := c.request("POST", "/api/checkout", order("ORD-1", nowhere))
	req.Header.Set("X-Mock-Scenario", "rate-limited")
	for name, values := range req.Header {
		req.Header[name] = append(values, values...)
	}
	require.Equal(t, http.StatusTooManyRequests, c.send(req).status)

	req = c.request("POST", "/_mock/clock", `{"freeze":true}`)
	for name, values := range req.Header {
		req.Header[name] = append(values, values...)
	}
	require.Equal(t, http.StatusOK, c.send(req).status)
}

func TestTwoScenariosAreNone(t *testing.T) {
	t.Parallel()
	c := clientOf(t, start(t, mock.Config{}))
	for _, names := range [][]string{
		{"success", "rate-limited"}, {"rate-limited", "success"}, {"", "success"}, {"success", ""},
	} {
		req := c.request("POST", "/api/checkout", order("ORD-1", nowhere))
		req.Header["X-Mock-Scenario"] = names
		got := c.send(req)
		require.Equal(t, http.StatusBadRequest, got.status, "%q: %s", names, got.raw)
		require.Equal(t, []string{"X-Mock-Scenario: came with two different values: send it once"}, got.faults())
	}
	require.Empty(t, c.get("/_mock/checkouts").body["checkouts"])
}

// One that says that the body is encoded is heard, wherever it stands.
func TestAnEncodedBodyIsRefused(t *testing.T) {
	t.Parallel()
	c := clientOf(t, start(t, mock.Config{}))
	req := c.request("POST", "/api/checkout", order("ORD-1", nowhere))
	req.Header["Content-Encoding"] = []string{"identity", "gzip"}
	require.Equal(t, http.StatusUnsupportedMediaType, c.send(req).status)
}

// A form of the payment page says what it is once, too.
func TestAFormOfTwoTypesIsNone(t *testing.T) {
	t.Parallel()
	c := clientOf(t, start(t, mock.Config{}))
	id := c.create("ORD-1", nowhere)
	req := c.request("POST", "/checkout-link/"+id, "pan="+goodCard)
	req.Header["Content-Type"] = []string{"application/x-www-form-urlencoded", "text/plain"}
	require.Equal(t, http.StatusBadRequest, c.send(req).status)
}

// The merchant in the query beats the header, which many clients send with every request.
func TestTheQueryNamesTheMerchantBeforeTheHeader(t *testing.T) {
	t.Parallel()
	c := clientOf(t, start(t, mock.Config{}))
	c.create("ORD-mine", nowhere)
	other := c.as("test_other")
	other.create("ORD-other", nowhere)
	for query, want := range map[string]string{
		"": "ORD-mine", "?merchant=test_other": "ORD-other", "?merchant=" + c.key: "ORD-mine",
	} {
		require.Contains(t, c.get("/_mock/checkouts"+query).raw, want, query)
	}
	require.Contains(t, other.get("/_mock/checkouts?merchant="+c.key).raw, "ORD-mine")
	nobody := c.request("GET", "/_mock/checkouts", "")
	nobody.Header.Del("X-API-KEY")
	require.Contains(t, c.send(nobody).raw, "ORD-mine", "the configured one")
}
