package traces

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/url"
	"strconv"
	"sync/atomic"
	"time"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/codes"
	sdk "go.opentelemetry.io/otel/sdk/trace"
	"go.opentelemetry.io/otel/trace"

	"github.com/payporter-mock/payporter-mock/mock/internal/clock"
)

// Limits of an export.
const (
	exportTimeout = 5 * time.Second
	tries         = 3
	between       = time.Second
)

// exporter posts spans as OTLP in JSON, which every collector takes. OpenTelemetry's own exporter can do that, too, but
// brings protobuf and gRPC with it, which make the program larger by a sixth.
type exporter struct {
	config  Config
	client  *http.Client
	log     *slog.Logger
	failing atomic.Bool // so that a collector that is away is told of once
}

func newExporter(c Config, log *slog.Logger) *exporter {
	return &exporter{config: c, log: log, client: &http.Client{
		Timeout: exportTimeout,
		Transport: &http.Transport{
			MaxIdleConnsPerHost: 1, IdleConnTimeout: time.Minute,
			TLSHandshakeTimeout: exportTimeout,
		},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}}
}

// ExportSpans implements sdk.SpanExporter. It answers no error, because OpenTelemetry would write it past the log.
func (e *exporter) ExportSpans(ctx context.Context, spans []sdk.ReadOnlySpan) error {
	body, err := json.Marshal(exportOf(spans))
	if err == nil {
		err = e.deliver(ctx, body)
	}

	switch {
	case err == nil && e.failing.CompareAndSwap(true, false):
		e.log.Info("traces are taken again")
	case err != nil && e.failing.CompareAndSwap(false, true):
		e.log.Warn("traces are lost", "error", err.Error())
	}
	return nil
}

// Shutdown implements sdk.SpanExporter.
func (e *exporter) Shutdown(context.Context) error {
	e.client.CloseIdleConnections()
	return nil
}

// deliver posts the spans, again if the collector says that it is only busy.
func (e *exporter) deliver(ctx context.Context, body []byte) error {
	for try := 1; ; try++ {
		busy, err := e.post(ctx, body)
		if !busy || try == tries || !clock.Pause(ctx, between) {
			return err
		}
	}
}

// post makes one try. Busy: it is worth another one.
func (e *exporter) post(ctx context.Context, body []byte) (busy bool, err error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, e.config.target(), bytes.NewReader(body))
	if err != nil {
		return false, err
	}

	for name, value := range e.config.Headers {
		req.Header.Set(name, value)
	}

	req.Header.Set("Content-Type", "application/json")
	res, err := e.client.Do(req)
	var failed *url.Error
	if errors.As(err, &failed) {
		return false, failed.Err // without the URL, which can hold a secret
	}
	if err != nil {
		return false, err
	}
	defer res.Body.Close()

	_, _ = io.Copy(io.Discard, io.LimitReader(res.Body, 64<<10)) // so that the connection can be used again
	switch res.StatusCode {
	case http.StatusOK, http.StatusAccepted, http.StatusNoContent:
		return false, nil
	case http.StatusTooManyRequests, http.StatusBadGateway, http.StatusServiceUnavailable, http.StatusGatewayTimeout:
		busy = true
	}

	return busy, fmt.Errorf("the collector answered %d to OTLP in JSON", res.StatusCode)
}

// What follows is OTLP 1.x in its JSON form: ids in hexadecimal, 64-bit integers as strings.

type export struct {
	ResourceSpans []resourceSpans `json:"resourceSpans"`
}

type resourceSpans struct {
	Resource   resourceJSON `json:"resource"`
	ScopeSpans []scopeSpans `json:"scopeSpans"`
}

type resourceJSON struct {
	Attributes []keyValue `json:"attributes"`
}

type scopeSpans struct {
	Scope scopeJSON  `json:"scope"`
	Spans []spanJSON `json:"spans"`
}

type scopeJSON struct {
	Name    string `json:"name"`
	Version string `json:"version,omitempty"`
}

type spanJSON struct {
	TraceID      string     `json:"traceId"`
	SpanID       string     `json:"spanId"`
	ParentSpanID string     `json:"parentSpanId,omitempty"`
	TraceState   string     `json:"traceState,omitempty"`
	Name         string     `json:"name"`
	Kind         int        `json:"kind"`
	Start        string     `json:"startTimeUnixNano"`
	End          string     `json:"endTimeUnixNano"`
	Attributes   []keyValue `json:"attributes"`
	Links        []linkJSON `json:"links,omitempty"`
	Status       statusJSON `json:"status"`
}

type linkJSON struct {
	TraceID string `json:"traceId"`
	SpanID  string `json:"spanId"`
}

type statusJSON struct {
	Code    int    `json:"code,omitempty"`
	Message string `json:"message,omitempty"`
}

type keyValue struct {
	Key   string         `json:"key"`
	Value map[string]any `json:"value"`
}

// exportOf writes spans down. All are one tracer's, so they have one resource and one scope.
func exportOf(spans []sdk.ReadOnlySpan) export {
	if len(spans) == 0 {
		return export{}
	}

	all := make([]spanJSON, len(spans))
	for i, s := range spans {
		all[i] = spanOf(s)
	}

	by := spans[0].InstrumentationScope()
	return export{[]resourceSpans{{
		Resource:   resourceJSON{attributesOf(spans[0].Resource().Attributes())},
		ScopeSpans: []scopeSpans{{Scope: scopeJSON{by.Name, by.Version}, Spans: all}},
	}}}
}

func spanOf(s sdk.ReadOnlySpan) spanJSON {
	is := s.SpanContext()
	span := spanJSON{
		TraceID: is.TraceID().String(), SpanID: is.SpanID().String(), TraceState: is.TraceState().String(),
		Name: s.Name(), Kind: kindOf(s.SpanKind()),
		Start: strconv.FormatInt(s.StartTime().UnixNano(), 10), End: strconv.FormatInt(s.EndTime().UnixNano(), 10),
		Attributes: attributesOf(s.Attributes()), Status: statusOf(s.Status()),
	}
	if s.Parent().SpanID().IsValid() {
		span.ParentSpanID = s.Parent().SpanID().String()
	}

	for _, l := range s.Links() {
		span.Links = append(span.Links, linkJSON{l.SpanContext.TraceID().String(), l.SpanContext.SpanID().String()})
	}
	return span
}

// kindOf is the number that the protocol has for the kind; these are the two that a sandbox makes.
func kindOf(k trace.SpanKind) int {
	if k == trace.SpanKindServer {
		return 2
	}
	return 3
}

// statusOf translates: the library and the protocol number the codes differently.
func statusOf(s sdk.Status) statusJSON {
	if s.Code == codes.Error {
		return statusJSON{Code: 2, Message: s.Description}
	}
	return statusJSON{}
}

func attributesOf(all []attribute.KeyValue) []keyValue {
	written := make([]keyValue, len(all))
	for i, a := range all {
		written[i] = keyValue{string(a.Key), valueOf(a.Value)}
	}
	return written
}

func valueOf(v attribute.Value) map[string]any {
	switch v.Type() {
	case attribute.BOOL:
		return map[string]any{"boolValue": v.AsBool()}
	case attribute.INT64:
		return map[string]any{"intValue": strconv.FormatInt(v.AsInt64(), 10)}
	}
	return map[string]any{"stringValue": v.AsString()}
}
