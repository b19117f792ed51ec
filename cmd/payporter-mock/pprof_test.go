package main_test

import (
	"net/http"
	"regexp"
	"testing"

	"github.com/stretchr/testify/require"
)

// The heap of a sandbox that runs, where its log says, and not where everybody comes.
func TestProfilesAreOneFlagAway(t *testing.T) {
	t.Parallel()
	s := serve(t, "--pprof", "127.0.0.1:0")
	var at string
	require.Eventually(t, func() bool {
		found := regexp.MustCompile(`"msg":"profiles","url":"([^"]+)"`).FindStringSubmatch(s.stderr.String())
		if found != nil {
			at = found[1]
		}
		return found != nil
	}, patience, patience/1000)
	status, body := request(t, http.MethodGet, at+"heap?debug=1", "", "")
	require.Equal(t, http.StatusOK, status)
	require.Contains(t, string(body), "heap profile:")

	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, at+"heap?debug=1", nil)
	require.NoError(t, err)
	for host, want := range map[string]int{
		"evil.example": 403, "evil.example:6060": 403, "localhost:6060": 200,
		"localhost": 200,
	} {
		req.Host = host
		res, err := client.Do(req)
		require.NoError(t, err)
		require.NoError(t, res.Body.Close())
		require.Equal(t, want, res.StatusCode, host)
	}

	status, _ = request(t, http.MethodGet, s.url+"/debug/pprof/", "", "")
	require.Equal(t, http.StatusNotFound, status)
}
