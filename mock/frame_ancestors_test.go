package mock_test

import (
	"net/http"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/payporter-mock/payporter-mock/mock"
)

// What no browser understands as a frame ancestor, and what would end the policy, is refused with what to write
// instead.
func TestFrameAncestorsThatNoBrowserTakes(t *testing.T) {
	t.Parallel()
	for given, says := range map[string]string{
		"":                                    "want an origin such as https://shop.example",
		"*":                                   "want an origin such as https://shop.example",
		"'self'":                              "want an origin such as https://shop.example",
		"shop.example":                        "want an origin such as https://shop.example",
		"https:":                              "want an origin such as https://shop.example",
		"ftp://shop.example":                  "want an origin such as https://shop.example",
		"https://shop.example/":               "without a slash at the end",
		"https://shop.example/cart":           "want scheme, host and port only",
		"https://me@shop.example":             "want scheme, host and port only",
		"https://[::1]:3000":                  "browsers take no IPv6 address here",
		"https://*":                           "a host name has letters",
		"https://shop.*.example":              "a host name has letters",
		"https://:3000":                       "there is no host before the port",
		"https://shop.example:99999":          "port 99999: want one from 1 to 65535",
		"https://shop.example:80:*":           "want one port or *",
		"https://ödeme.example":               "write the host name as xn--deme-4qa.example",
		"https://shop.example; script-src *":  "invalid character",
		"https://shop.example;script-src":     "a host name has letters",
		"https://a.example,https://b.example": "want scheme, host and port only",
		"https://a.example\r\nX-Evil: 1":      "invalid",
	} {
		err := mock.Config{PageFrameAncestors: []string{"https://shop.example", given}}.Validate()
		require.ErrorContains(t, err, "page-frame-ancestors", given)
		require.NotContains(t, err.Error(), "me@", "what may be a password is not said again")
		require.ErrorContains(t, err, says, given)
	}
	require.NoError(t, mock.Config{PageFrameAncestors: []string{
		"https://shop.example", "http://localhost:3000", "http://localhost:*", "http://127.0.0.1:*",
		"https://*.shop.example", "https://*.shop.example:8443",
	}}.Validate())
}

// Only the hosted page can be framed: the dashboard and the reference never.
func TestDashboardAndReferenceAreNeverFramed(t *testing.T) {
	t.Parallel()
	s := newSurfer(t, start(t, mock.Config{PageFrameAncestors: []string{"https://shop.example"}}).URL)
	for _, path := range []string{"/_mock/ui/", "/_mock/ui/login", "/_mock/ui/nothing", "/docs", "/docs/control"} {
		res, _ := s.asks(http.MethodGet, path, nil)
		require.Contains(t, res.Header.Get("Content-Security-Policy"), "frame-ancestors 'none'", path)
		require.Equal(t, "DENY", res.Header.Get("X-Frame-Options"), path)
	}
	res, _ := s.asks(http.MethodGet, "/checkout-link/42", nil)
	require.Contains(t, res.Header.Get("Content-Security-Policy"), "frame-ancestors https://shop.example")
}
