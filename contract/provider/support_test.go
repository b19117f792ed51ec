package provider_test

import (
	"context"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"github.com/payporter-mock/payporter-mock/contract/provider"
	"github.com/payporter-mock/payporter-mock/contract/report"
	"github.com/payporter-mock/payporter-mock/mock"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// sandbox is our own server as a handler, to be wrapped.
func sandbox(t *testing.T) http.Handler {
	t.Helper()
	s, err := mock.New(mock.Config{})
	require.NoError(t, err)
	t.Cleanup(s.Close)
	return s.Handler()
}

func serve(t *testing.T, h http.Handler) string {
	t.Helper()
	s := httptest.NewServer(h)
	t.Cleanup(s.Close)
	return s.URL
}

// config judges a sandbox with everything that can be judged.
func config(baseURL string) provider.Config {
	return provider.Config{
		BaseURL: baseURL, APIKey: mock.DefaultAPIKey, APISecret: mock.DefaultAPISecret, Sandbox: true, Timeout: 30 * time.Second, Tool: "test",
	}
}

func judge(t *testing.T, c provider.Config) report.Report {
	t.Helper()
	r, err := provider.Run(context.Background(), c)
	require.NoError(t, err)
	return r
}

// with lists the ids of the rules that ended so.
func with(result report.Result, r report.Report) []string {
	ids := []string{}
	for _, rule := range r.Rules {
		if rule.Result == result {
			ids = append(ids, rule.ID)
		}
	}
	return ids
}

// tell is what those that failed saw.
func tell(r report.Report) string {
	text := ""
	for _, rule := range r.Rules {
		if rule.Result == report.Failed || rule.Result == report.NotEvaluable {
			text += string(rule.Result) + " " + rule.ID + " " + rule.Title + ": " + rule.Seen + "\n"
		}
	}
	return text
}
