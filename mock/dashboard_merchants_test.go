package mock_test

import (
	"context"
	"html"
	"net/http"
	"os/exec"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/payporter-mock/payporter-mock/mock"
)

var (
	firstCurl = regexp.MustCompile(`(?s)data-testid="first-curl">(.*?)</code>`)
	offers    = regexp.MustCompile(`<option value="([^"]*)"></option>`)
)

// TestEmptyListSaysHowToBegin runs the command of the empty page as it stands.
func TestEmptyListSaysHowToBegin(t *testing.T) {
	t.Parallel()
	srv := start(t, mock.Config{})
	own := start(t, mock.Config{APISecret: "a-secret-that-somebody-has-set"})
	for name, at := range map[string]string{
		"the configured merchant":    srv.URL + "/_mock/ui/?merchant=test_key",
		"a key that nobody has used": srv.URL + "/_mock/ui/?merchant=test_fresh",
		"a secret that was set":      own.URL + "/_mock/ui/",
	} {
		s := newSurfer(t, "")
		_, page := s.asks(http.MethodGet, at, nil)
		require.NotContains(t, page, "a-secret-that-somebody-has-set", name)
		command := html.UnescapeString(firstCurl.FindStringSubmatch(page)[1])
		ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
		defer cancel()
		shell := exec.CommandContext(ctx, "bash", "-c", strings.Replace(command, "curl ", "curl -s ", 1))
		shell.Env = append(shell.Environ(), "PAYPORTER_API_SECRET=a-secret-that-somebody-has-set")
		out, err := shell.Output()
		require.NoError(t, err, command)
		require.Contains(t, string(out), `"checkoutId":`, name)
		require.Contains(t, page, `href="../../docs"`)
		require.Contains(t, page, "#readme")
		_, page = s.asks(http.MethodGet, at, nil)
		require.Contains(t, page, ">ORD-1<", name)
	}
}

func TestDashboardOpensOnTheMerchantThatWasUsedLast(t *testing.T) {
	t.Parallel()
	srv := start(t, mock.Config{})
	s, c := newSurfer(t, srv.URL), clientOf(t, srv)
	for _, key := range []string{"test_ci_10", "test_ci_2", "test_ci_1"} {
		c.as(key).create("ORD-of-"+key, nowhere)
	}
	c.as("test_ci_2").get("/api/checkout/00000000-0000-4000-8000-000000000000")
	c.as("test_idle").get("/api/checkout/00000000-0000-4000-8000-000000000000")
	c.as("test_ci_2").create("ORD-2", nowhere)

	_, page := s.asks(http.MethodGet, "/_mock/ui/", nil)
	require.Contains(t, page, "ORD-of-test_ci_2<")
	require.NotContains(t, page, "ORD-of-test_ci_1<")
	var others []string
	for _, found := range regexp.MustCompile(`data-testid="other-merchant">([^<]*)<`).FindAllStringSubmatch(page, -1) {
		others = append(others, found[1])
	}
	require.Equal(t, []string{"test_ci_1", "test_ci_10"}, others, "those with checkouts, the one first that was used last")
	var keys []string
	for _, found := range offers.FindAllStringSubmatch(page, -1) {
		keys = append(keys, found[1])
	}
	sorted := []string{"test_ci_1", "test_ci_2", "test_ci_10", "test_idle", "test_key"}
	require.Equal(t, sorted, keys, "sorted as people count")

	_, page = s.asks(http.MethodGet, "/_mock/ui/merchants", nil)
	const newest = `(?s)>ORD-2<.*>ORD-of-test_ci_1<.*>ORD-of-test_ci_2<.*>ORD-of-test_ci_10<`
	require.Regexp(t, newest, page, "the newest of all")
	require.Regexp(t, `data-testid="without".*test_idle.*test_key`, page)
	_, page = s.asks(http.MethodGet, "/_mock/ui/merchants?search=CI_1", nil)
	require.NotContains(t, page, "ORD-2<")
	require.Contains(t, page, "ORD-of-test_ci_10<")

	for typed, leads := range map[string]string{
		"ci_10": "/_mock/ui/?merchant=test_ci_10", "ci_1": "/_mock/ui/merchants?search=ci_1",
	} {
		res, _ := s.asks(http.MethodGet, "/_mock/ui/?merchant="+typed, nil)
		require.Equal(t, leads, ledTo(t, res))
	}
}
