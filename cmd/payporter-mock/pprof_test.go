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
	status, _ = request(t, http.MethodGet, s.url+"/debug/pprof/", "", "")
	require.Equal(t, http.StatusNotFound, status)
}
