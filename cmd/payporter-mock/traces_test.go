package main_test

import (
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"
)

// TestTracesHeedTheStandardVariables runs the program as somebody does whose environment knows of a collector.
func TestTracesHeedTheStandardVariables(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		variables []string
		args      []string
		wants     []string // nil: nothing is exported
	}{
		"as they are": {
			variables: []string{
				"OTEL_SERVICE_NAME=qa", "OTEL_RESOURCE_ATTRIBUTES=deployment.environment=ci",
				"OTEL_EXPORTER_OTLP_HEADERS=X-Token=a%20b",
			},
			wants: []string{
				"X-Token: a b", `"stringValue":"qa"`, `"key":"deployment.environment"`,
				`"name":"GET /api/checkout/:checkoutId"`,
			},
		},
		"the program's own go first": {
			variables: []string{"OTEL_EXPORTER_OTLP_HEADERS=X-Token=a"}, args: []string{"--otlp-headers", "X-Token=b"},
			wants: []string{"X-Token: b", `"stringValue":"payporter-mock"`},
		},
		"a sampler that takes none": {variables: []string{"OTEL_TRACES_SAMPLER=always_off"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var mu sync.Mutex
			var exported strings.Builder
			collector := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
				body, _ := io.ReadAll(r.Body)
				mu.Lock()
				defer mu.Unlock()
				exported.WriteString("X-Token: " + r.Header.Get("X-Token") + "\n" + string(body))
			}))
			t.Cleanup(collector.Close)
			program, err := binary()
			require.NoError(t, err)
			p := run(t, append(test.variables, "OTEL_EXPORTER_OTLP_ENDPOINT="+collector.URL), program,
				append([]string{"serve", "--addr", "127.0.0.1:0"}, test.args...)...)
			address := strings.Fields(p.Announced)[3]
			request(t, http.MethodGet, address+"/api/checkout/x", jsonType, "")
			_, err = p.stop()
			require.NoError(t, err)
			mu.Lock()
			defer mu.Unlock()
			for _, want := range test.wants {
				require.Contains(t, exported.String(), want)
			}
			if test.wants == nil {
				require.Empty(t, exported.String())
			}
		})
	}
}
