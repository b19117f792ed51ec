package mock_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/payporter-mock/payporter-mock/mock"
)

// collector takes OTLP in JSON, and nothing that the protocol does not have.
type collector struct {
	*httptest.Server
	t *testing.T

	mu       sync.Mutex // guards all below
	answers  []int      // statuses, the last one lasts
	headers  http.Header
	resource map[string]string
	spans    []span
}

// span is one as it arrived.
type span struct {
	Trace, ID, Parent, Name string
	Kind, Status            int
	Message                 string
	Began, Ended            time.Time
	Links                   []string // traces
	Is                      map[string]string
}

type attribute struct {
	Key   string
	Value struct {
		StringValue, IntValue *string
		BoolValue             *bool
	}
}

func newCollector(t *testing.T, answers ...int) *collector {
	t.Helper()
	c := &collector{t: t, answers: answers}
	c.Server = httptest.NewServer(http.HandlerFunc(c.take))
	t.Cleanup(c.Close)
	return c
}

func (c *collector) take(w http.ResponseWriter, r *http.Request) {
	var sent struct {
		ResourceSpans []struct {
			Resource   struct{ Attributes []attribute }
			ScopeSpans []struct {
				Scope struct{ Name, Version string }
				Spans []struct {
					TraceID, SpanID, ParentSpanID, Name string
					Kind                                int
					StartTimeUnixNano, EndTimeUnixNano  string
					Attributes                          []attribute
					Links                               []struct{ TraceID, SpanID string }
					Status                              struct {
						Code    int
						Message string
					}
				}
			}
		}
	}
	decoder := json.NewDecoder(r.Body)
	decoder.DisallowUnknownFields()
	err := decoder.Decode(&sent)
	c.mu.Lock()
	defer c.mu.Unlock()
	if err != nil || r.Method != http.MethodPost || r.URL.Path != "/v1/traces" ||
		r.Header.Get("Content-Type") != "application/json" {
		c.t.Errorf("this is no export: %s %s %v %v", r.Method, r.URL, r.Header, err)
	}
	c.headers = r.Header
	if len(c.answers) > 0 {
		status := c.answers[0]
		if len(c.answers) > 1 {
			c.answers = c.answers[1:]
		}
		if status != http.StatusOK {
			w.WriteHeader(status)
			return
		}
	}
	for _, resource := range sent.ResourceSpans {
		c.resource = named(resource.Resource.Attributes)
		for _, scope := range resource.ScopeSpans {
			for _, s := range scope.Spans {
				one := span{
					Trace: s.TraceID, ID: s.SpanID, Parent: s.ParentSpanID, Name: s.Name, Kind: s.Kind, Status: s.Status.Code,
					Message: s.Status.Message,
					Began:   nano(s.StartTimeUnixNano), Ended: nano(s.EndTimeUnixNano), Is: named(s.Attributes),
				}
				for _, l := range s.Links {
					one.Links = append(one.Links, l.TraceID)
				}
				c.spans = append(c.spans, one)
			}
		}
	}
}

func nano(s string) time.Time {
	n, _ := strconv.ParseInt(s, 10, 64)
	return time.Unix(0, n)
}

func named(all []attribute) map[string]string {
	values := map[string]string{}
	for _, a := range all {
		switch v := a.Value; {
		case v.StringValue != nil:
			values[a.Key] = *v.StringValue
		case v.IntValue != nil:
			values[a.Key] = *v.IntValue
		case v.BoolValue != nil:
			values[a.Key] = strconv.FormatBool(*v.BoolValue)
		}
	}
	return values
}

// inOrder are the spans in the order in which they began. A span is told when it ends, and a payment's ends when its
// callback may have ended already.
func (c *collector) inOrder() []span {
	c.mu.Lock()
	defer c.mu.Unlock()
	spans := slices.Clone(c.spans)
	slices.SortStableFunc(spans, func(a, b span) int { return a.Began.Compare(b.Began) })
	return spans
}

// of are the spans of a trace, in the order in which they began.
func (c *collector) of(trace string) []string {
	var names []string
	for _, s := range c.inOrder() {
		if s.Trace == trace {
			names = append(names, strings.TrimSpace(s.Name+" "+s.Is["http.response.status_code"]))
		}
	}
	return names
}

// span is the first one with the name.
func (c *collector) span(name string) span {
	c.t.Helper()
	spans := c.inOrder()
	for _, s := range spans {
		if s.Name == name {
			return s
		}
	}
	c.t.Fatalf("there is no span %q in %+v", name, spans)
	return span{}
}

func TestACheckoutIsATrace(t *testing.T) {
	t.Parallel()
	began := time.Now()
	collector, shop := newCollector(t), newShop(t, 500, 200)
	srv := start(t, mock.Config{Version: "1.2.3", Traces: mock.Traces{
		Endpoint: collector.URL + "/",
		Headers:  map[string]string{"X-Token": "who"},
	}})
	c := clientOf(t, srv)
	c.post("/_mock/clock", `{"freeze": true, "set": "2030-01-01T00:00:00Z"}`)
	id := c.create("ORD-1", shop.callback()+"?token=hidden")
	c.get("/checkout-link/" + id)
	c.post("/_mock/checkouts/"+id+"/pay", "")
	srv.Advance(time.Minute)
	c.get("/api/checkout/" + id)
	c.post("/api/checkout", order("", nowhere))
	c.get("/_mock/health")
	c.get("/metrics")
	c.get("/_mock/ui/")
	srv.Close()

	trace := strings.ReplaceAll(id, "-", "")
	require.Equal(t, []string{
		"POST /api/checkout 200", "GET /checkout-link/:checkoutId 200", "POST /_mock/checkouts/:checkoutId/pay 200",
		"callback 500", "callback 200", "GET /api/checkout/:checkoutId 200",
	}, collector.of(trace), "%+v", collector.spans)
	require.Equal(t, "who", collector.headers.Get("X-Token"))
	require.Equal(t, "payporter-mock", collector.resource["service.name"])
	require.Equal(t, "1.2.3", collector.resource["service.version"])
	require.NotEmpty(t, collector.resource["telemetry.sdk.version"])

	create := collector.span("POST /api/checkout")
	require.Equal(t, 2, create.Kind, "a server's")
	require.Empty(t, create.Parent)
	require.Equal(t, id, create.Is["payporter_mock.checkout_id"])
	require.Equal(t, "test_key", create.Is["payporter_mock.merchant"])
	attempt := collector.span("callback")
	require.Equal(t, 3, attempt.Kind, "a client's")
	require.Equal(t, 2, attempt.Status, "an error")
	require.Equal(t, "answered 500, 2xx is wanted", attempt.Message)
	require.Equal(t, "500", attempt.Is["error.type"])
	require.Equal(t, "1", attempt.Is["payporter_mock.attempt"])
	require.Equal(t, "FAILED", attempt.Is["payporter_mock.delivery"])
	require.Equal(t, "false", attempt.Is["payporter_mock.manual"])
	require.Equal(t, "/payment-callback", attempt.Is["url.path"])
	require.True(t, strings.HasPrefix(attempt.Is["payporter_mock.clock"], "2030-01-01T00:00:0"), attempt.Is)
	seen := map[string]bool{}
	for _, s := range collector.spans {
		require.NotContains(t, fmt.Sprint(s), "hidden")
		require.False(t, s.Began.Before(began) || s.Ended.Before(s.Began) || s.Ended.After(time.Now()),
			"times are real: %+v", s)
		require.False(t, seen[s.ID], "two spans have one id")
		seen[s.ID] = true
		require.NotContains(t, []string{"GET /metrics", "GET /_mock/health", "GET /_mock/ui/"}, s.Name)
	}
	spans := collector.inOrder()
	faulty := spans[len(spans)-1]
	require.Equal(t, "400", faulty.Is["http.response.status_code"])
	require.Zero(t, faulty.Status, "the caller's mistakes are none of the server's")
	require.NotEmpty(t, faulty.Is["payporter_mock.request_id"])
}

func TestARequestStaysInItsCallersTrace(t *testing.T) {
	t.Parallel()
	collector := newCollector(t)
	srv := start(t, mock.Config{Traces: mock.Traces{Endpoint: collector.URL + "/v1/traces"}})
	c := clientOf(t, srv)
	r := c.request("POST", "/api/checkout", order("ORD-1", nowhere))
	r.Header.Set("Traceparent", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01")
	made := c.send(r)
	require.Equal(t, http.StatusOK, made.status, made.raw)
	unwanted := c.request("GET", "/api/checkout/"+made.text("checkoutId"), "")
	unwanted.Header.Set("Traceparent", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-00")
	c.send(unwanted)
	srv.Close()

	create := collector.span("POST /api/checkout")
	require.Equal(t, "0af7651916cd43dd8448eb211c80319c", create.Trace)
	require.Equal(t, "b7ad6b7169203331", create.Parent)
	require.Equal(t, []string{strings.ReplaceAll(made.text("checkoutId"), "-", "")}, create.Links)
	require.Len(t, collector.spans, 1, "what the caller does not want to be traced is not")
}

func TestACollectorThatIsBusyOrAway(t *testing.T) {
	t.Parallel()
	t.Run("busy", func(t *testing.T) {
		t.Parallel()
		var log bytes.Buffer
		collector := newCollector(t, http.StatusServiceUnavailable, http.StatusOK)
		srv := start(t, mock.Config{Traces: mock.Traces{Endpoint: collector.URL}, Logger: slog.New(slog.NewTextHandler(
			&log, nil))})
		id := clientOf(t, srv).create("ORD-1", nowhere)
		require.Eventually(t, func() bool { return len(collector.of(strings.ReplaceAll(id, "-", ""))) == 1 }, 20*time.Second,
			20*time.Millisecond)
		srv.Close()
		require.NotContains(t, log.String(), "traces are lost")
	})
	t.Run("away", func(t *testing.T) {
		t.Parallel()
		var log bytes.Buffer
		srv := start(t, mock.Config{Traces: mock.Traces{Endpoint: "http://127.0.0.1:9"}, Logger: slog.New(
			slog.NewTextHandler(&log, nil))})
		clientOf(t, srv).create("ORD-1", nowhere)
		srv.Close()
		require.Equal(t, 1, strings.Count(log.String(), "traces are lost"), log.String())
		require.Contains(t, log.String(), "connection refused")
	})
	t.Run("refusing", func(t *testing.T) {
		t.Parallel()
		var log bytes.Buffer
		collector := newCollector(t, http.StatusUnauthorized)
		srv := start(t, mock.Config{Traces: mock.Traces{Endpoint: collector.URL}, Logger: slog.New(slog.NewTextHandler(
			&log, nil))})
		clientOf(t, srv).create("ORD-1", nowhere)
		srv.Close()
		require.Contains(t, log.String(), "the collector answered 401")
	})
}

func TestAnEndpointThatIsNone(t *testing.T) {
	t.Parallel()
	for _, endpoint := range []string{
		"here", "127.0.0.1:4318", "grpc://127.0.0.1:4317", "http://",
		"http://127.0.0.1:4318?a=b",
	} {
		_, err := mock.New(mock.Config{Traces: mock.Traces{Endpoint: endpoint}})
		require.ErrorContains(t, err, "otlp-endpoint: want the URL of a collector", endpoint)
	}
}
