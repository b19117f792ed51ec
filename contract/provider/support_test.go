package provider_test

import (
	"context"
	"flag"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"github.com/payporter-mock/payporter-mock/contract/provider"
	"github.com/payporter-mock/payporter-mock/contract/report"
	"github.com/payporter-mock/payporter-mock/internal/extent"
	"github.com/payporter-mock/payporter-mock/mock"
)

// update writes the golden files anew.
var update = flag.Bool("update", false, "write the golden files anew")

// payAt is the variable that makes this test's binary a customer who pays at the sandbox that it names.
const payAt = "PAYPORTER_TEST_PAY_AT"

func TestMain(m *testing.M) {
	if sandbox := os.Getenv(payAt); sandbox != "" {
		os.Exit(pay(sandbox))
	}
	flag.Parse()
	extent.Spacious()
	extent.Together(3)
	goleak.VerifyTestMain(m)
}

// pay does what a pay hook does, with what it finds in the environment.
func pay(sandbox string) (code int) {
	outcome := map[string]string{"success": "SUCCESS", "failure": "FAILED"}[os.Getenv("OUTCOME")]
	if !strings.HasSuffix(os.Getenv("REDIRECT_URL"), os.Getenv("CHECKOUT_ID")) || outcome == "" {
		return 3
	}
	res, err := http.Post(sandbox+"/_mock/checkouts/"+os.Getenv("CHECKOUT_ID")+"/outcome", "application/json",
		strings.NewReader(`{"status":"`+outcome+`"}`))
	if err != nil || res.StatusCode != http.StatusOK {
		return 4
	}
	return 0
}

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

const mockSecret = mock.DefaultAPISecret

// config judges a sandbox with everything that can be judged.
func config(baseURL string) provider.Config {
	return provider.Config{
		BaseURL: baseURL, APIKey: mock.DefaultAPIKey, APISecret: mock.DefaultAPISecret, Sandbox: true,
		Timeout: 30 * time.Second, Tool: "test",
	}
}

func judge(t *testing.T, c provider.Config) provider.Judgement {
	t.Helper()
	r, err := provider.Run(context.Background(), c)
	require.NoError(t, err)
	return r
}

// with lists the ids of the rules that ended so.
func with(result report.Result, r provider.Judgement) []string {
	ids := []string{}
	for _, rule := range r.Rules {
		if rule.Result == result {
			ids = append(ids, rule.ID)
		}
	}
	return ids
}

// tell is what those that failed saw.
func tell(r provider.Judgement) string {
	text := ""
	for _, rule := range r.Rules {
		if rule.Result == report.Failed || rule.Result == report.NotEvaluable {
			text += string(rule.Result) + " " + rule.ID + " " + rule.Title + ": " + rule.Seen + "\n"
		}
	}
	return text
}
