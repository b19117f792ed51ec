package mock_test

import (
	"net/http"
	"net/url"
	"testing"

	"github.com/stretchr/testify/require"
	"go.yaml.in/yaml/v4"

	"github.com/payporter-mock/payporter-mock/mock"
)

// A public URL that no client could ask is refused, and the sentence says what to write instead.
func TestPublicURLThatCannotBeAsked(t *testing.T) {
	t.Parallel()
	for given, says := range map[string]string{
		"here":                      "want an absolute http or https URL such as http://localhost:8080",
		"ftp://host":                "want an absolute http or https URL",
		"//host/pay":                "want an absolute http or https URL",
		"http://":                   "want an absolute http or https URL",
		"http://:8080":              "there is no host before the port",
		"http://host:99999":         "port 99999: want one from 1 to 65535",
		"http://host:0":             "port 0: want one from 1 to 65535",
		"http://host:abc":           `invalid port ":abc"`,
		"http://host:":              "there is no port behind the colon",
		"http://ho st":              "invalid character",
		"http://ho,st":              "a host name has letters, digits, dots and hyphens",
		"http://ödeme.example":      "write the host name as xn--deme-4qa.example",
		"http://[::g]:80":           "invalid host",
		"http://user:secret@host":   "leave out the user and the password",
		"http://host/pay?x=1":       "leave out what begins with ? or #",
		"http://host/pay#":          "leave out what begins with ? or #",
		"http://host//pay":          "write the path as /pay",
		"http://host/pay/../refund": "write the path as /refund",
	} {
		err := mock.Config{PublicURL: given}.Validate()
		require.ErrorContains(t, err, says, given)
		require.ErrorContains(t, err, "public-url", given)
		require.NotContains(t, err.Error(), "user:secret")
	}
	for _, given := range []string{
		"http://host", "https://host/", "http://host:9000/pay", "http://host/a/b/", "http://[::1]:8080/pay",
		"http://192.168.0.7:80",
		"http://my_service:8080", "https://host/with%20space",
	} {
		require.NoError(t, mock.Config{PublicURL: given}.Validate(), given)
	}
}

// Below a path the descriptions name a server that leads there from where they are; they say the same otherwise.
func TestDescriptionsNameTheirServerBelowAPath(t *testing.T) {
	t.Parallel()
	plain := clientOf(t, start(t, mock.Config{}))
	below := clientOf(t, start(t, mock.Config{PublicURL: "http://host:9000/pay"}))
	for _, path := range []string{"/openapi.yaml", "/_mock/openapi.yaml"} {
		var want, got map[string]any
		require.NoError(t, yaml.Unmarshal([]byte(plain.get(path).raw), &want))
		r := below.get(path)
		require.Equal(t, http.StatusOK, r.status)
		require.NoError(t, yaml.Unmarshal([]byte(r.raw), &got))

		server := got["servers"].([]any)[0].(map[string]any)["url"].(string)
		document, err := url.Parse("http://host:9000/pay" + path)
		require.NoError(t, err)
		at, err := document.Parse(server)
		require.NoError(t, err)
		require.Equal(t, "http://host:9000/pay/", at.String(), path)
		delete(want, "servers")
		delete(got, "servers")
		require.Equal(t, want, got, path)
	}
}

// Who came by the public URL may have left out the slash behind its path; anybody else is at the sandbox's own
// address.
func TestGreetingBelowAPath(t *testing.T) {
	t.Parallel()
	s := newSurfer(t, start(t, mock.Config{PublicURL: "http://host:9000/pay"}).URL)
	for _, c := range [][3]string{
		{"Host", "host:9000", "/pay/_mock/ui/"},
		{"X-Forwarded-Host", "host:9000", "/pay/_mock/ui/"},
		{"Host", "localhost", "./_mock/ui/"},
	} {
		res, _ := s.asks(http.MethodGet, "/", nil, "Accept", "text/html", c[0], c[1])
		require.Equal(t, c[2], res.Header.Get("Location"), "%s: %s", c[0], c[1])
	}
}
