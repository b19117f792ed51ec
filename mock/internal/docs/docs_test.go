package docs_test

import (
	"crypto/sha256"
	"encoding/hex"
	"io"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/labstack/echo/v4"
	"github.com/stretchr/testify/require"

	"github.com/payporter-mock/payporter-mock/mock/internal/docs"
)

func open(t *testing.T) *httptest.Server {
	t.Helper()
	e := echo.New()
	require.NoError(t, docs.Register(e))
	srv := httptest.NewServer(e)
	t.Cleanup(srv.Close)
	return srv
}

func get(t *testing.T, url string, headers ...string) (*http.Response, string) {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, url, nil)
	require.NoError(t, err)
	for i := 0; i+1 < len(headers); i += 2 {
		req.Header.Set(headers[i], headers[i+1])
	}
	res, err := http.DefaultTransport.RoundTrip(req)
	require.NoError(t, err)
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	require.NoError(t, err)
	return res, string(body)
}

// The embedded files are those of the package swagger-ui-dist, byte by byte.
func TestAssetsAreThoseOfTheirVersion(t *testing.T) {
	t.Parallel()
	srv := open(t)
	for name, sum := range map[string]string{
		"swagger-ui-bundle.js": "e6a898692f2d768e807c3ba4626068a69a2c5dd960dd6c76f3e4d3a3de180af2",
		"swagger-ui.css":       "5ed08757e53da3e026d6cbecc61fe5d43585c9560b302d534ad56692519a273d",
	} {
		at := srv.URL + "/docs/" + docs.Version + "/" + name
		res, plain := get(t, at, "Accept-Encoding", "identity")
		require.Equal(t, http.StatusOK, res.StatusCode)
		got := sha256.Sum256([]byte(plain))
		require.Equal(t, sum, hex.EncodeToString(got[:]), name)

		res, packed := get(t, at, "Accept-Encoding", "gzip")
		require.Equal(t, "gzip", res.Header.Get("Content-Encoding"))
		require.Less(t, len(packed), len(plain)/3)
		require.Contains(t, res.Header.Get("Cache-Control"), "immutable")
	}
}

func TestPageMayAskNobodyElse(t *testing.T) {
	t.Parallel()
	srv := open(t)
	for _, path := range []string{"/docs", "/docs/control"} {
		res, body := get(t, srv.URL+path)
		require.Equal(t, http.StatusOK, res.StatusCode)
		require.Contains(t, res.Header.Get("Content-Security-Policy"), "default-src 'none'; script-src 'self';")
		require.NotContains(t, body, "://")
	}
}
