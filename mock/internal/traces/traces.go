// Package traces tells an OpenTelemetry collector what a sandbox does: a span a request, and one an attempt to deliver
// a callback. It hears of both when they are over, so that nothing waits for it, and without a collector it costs
// nothing.
//
// All that happens to a checkout is one trace, and its id is the checkout's own: whoever knows the checkout finds the
// trace without a search. A request that belongs to a caller's trace already stays there and links to the checkout's.
package traces

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/google/uuid"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/codes"
	"go.opentelemetry.io/otel/propagation"
	"go.opentelemetry.io/otel/sdk/resource"
	sdk "go.opentelemetry.io/otel/sdk/trace"
	"go.opentelemetry.io/otel/trace"

	"github.com/payporter-mock/payporter-mock/mock/store"
	"github.com/payporter-mock/payporter-mock/payment"
)

// Config says where the collector is. The zero value is nowhere.
type Config struct {
	Endpoint string            // base URL of a collector that takes OTLP over HTTP, such as http://127.0.0.1:4318
	Headers  map[string]string // sent with every export; they can hold a secret
}

// Validate reports an endpoint that cannot be one.
func (c Config) Validate() error {
	if c.Endpoint == "" {
		return nil
	}
	at, err := url.Parse(c.Endpoint)
	if err != nil || (at.Scheme != "http" && at.Scheme != "https") || at.Host == "" || at.RawQuery != "" ||
		at.Fragment != "" {
		return fmt.Errorf("otlp-endpoint: want the URL of a collector that takes OTLP over HTTP, such as " +
			"http://127.0.0.1:4318")
	}
	return nil
}

// target is where spans are posted: the base URL with the path that the protocol gives them, unless it has that
// already.
func (c Config) target() string {
	base := strings.TrimRight(c.Endpoint, "/")
	if strings.HasSuffix(base, "/v1/traces") {
		return base
	}
	return base + "/v1/traces"
}

// scope is what the spans say they were made by.
const scope = "github.com/payporter-mock/payporter-mock"

// Tracer makes spans. It is safe for concurrent use. A nil one makes none.
type Tracer struct {
	provider *sdk.TracerProvider
	tracer   trace.Tracer
}

// New makes a tracer of a config that is valid, or none if there is no endpoint. The random source is for the ids of
// spans, and of traces that are no checkout's. What the standard environment variables say of the resource, the
// sampler and the batches is heeded.
func New(c Config, version string, random io.Reader, log *slog.Logger) (*Tracer, error) {
	if c.Endpoint == "" {
		return nil, nil
	}

	who, err := resource.New(context.Background(),
		resource.WithAttributes(attribute.String("service.name", "payporter-mock"), attribute.String("service.version",
			version)),
		resource.WithTelemetrySDK(), resource.WithFromEnv())
	if err != nil {
		return nil, fmt.Errorf("OTEL_RESOURCE_ATTRIBUTES: want key=value,key=value: %w", err)
	}

	provider := sdk.NewTracerProvider(sdk.WithResource(who), sdk.WithIDGenerator(ids{random}),
		sdk.WithBatcher(newExporter(c, log)))
	return &Tracer{provider: provider, tracer: provider.Tracer(scope, trace.WithInstrumentationVersion(version))}, nil
}

// Close exports what is left, for as long as ctx allows.
func (t *Tracer) Close(ctx context.Context) {
	if t != nil {
		_ = t.provider.Shutdown(ctx) // the exporter has said what went wrong
	}
}

// Facts are what only the one who answers a request knows of it.
type Facts struct {
	Merchant, CheckoutID, Scenario, RequestID string
}

type factsKey struct{}

// Listen makes a context in which Tell writes down facts.
func Listen(ctx context.Context) (context.Context, *Facts) {
	heard := &Facts{}
	return context.WithValue(ctx, factsKey{}, heard), heard
}

// Tell writes down what is known of the request that ctx belongs to. If nobody listens it does nothing.
func Tell(ctx context.Context, known Facts) {
	if heard, ok := ctx.Value(factsKey{}).(*Facts); ok {
		*heard = known
	}
}

// Request is a request that has been answered.
type Request struct {
	Facts
	Method, Route string
	Header        http.Header
	Status        int // zero: the connection was broken off on purpose
	Began, Ended  time.Time
}

// Request makes the span of a request.
func (t *Tracer) Request(r Request) {
	if t == nil {
		return
	}

	own, known := traceOf(r.CheckoutID)
	if !known {
		r.CheckoutID = "" // whatever it is, it is no id
	}

	ctx := propagation.TraceContext{}.Extract(context.Background(), propagation.HeaderCarrier(r.Header))
	options := []trace.SpanStartOption{
		trace.WithSpanKind(trace.SpanKindServer), trace.WithTimestamp(r.Began),
		trace.WithAttributes(attribute.String("http.request.method", r.Method), attribute.String("http.route", r.Route)),
		trace.WithAttributes(told("payporter_mock.merchant", r.Merchant, "payporter_mock.checkout_id", r.CheckoutID,
			"payporter_mock.scenario", r.Scenario, "payporter_mock.request_id", r.RequestID)...),
	}
	switch {
	case known && trace.SpanContextFromContext(ctx).IsValid():
		options = append(options, trace.WithLinks(trace.Link{SpanContext: own}))
	case known:
		ctx = context.WithValue(ctx, traceKey{}, own.TraceID())
	}

	_, span := t.tracer.Start(ctx, r.Method+" "+r.Route, options...)
	if r.Status != 0 {
		span.SetAttributes(attribute.Int("http.response.status_code", r.Status))
	}
	if r.Status == 0 || r.Status >= http.StatusInternalServerError {
		span.SetStatus(codes.Error, "")
		span.SetAttributes(attribute.String("error.type", errorType(r.Status)))
	}

	span.End(trace.WithTimestamp(r.Ended))
}

// Attempt is the latest attempt of a delivery. Its times are real, whatever the merchant's clock shows.
type Attempt struct {
	Merchant     string
	Delivery     store.Delivery
	Began, Ended time.Time
}

// Attempt makes the span of an attempt, in the trace of its checkout. The post itself tells the receiver nothing of it:
// PayPorter's would not.
func (t *Tracer) Attempt(a Attempt) {
	if t == nil {
		return
	}

	d := a.Delivery
	last := d.Attempts[len(d.Attempts)-1]
	ctx := context.Background()
	if own, known := traceOf(d.CheckoutID); known {
		ctx = context.WithValue(ctx, traceKey{}, own.TraceID())
	}

	_, span := t.tracer.Start(ctx, "callback", trace.WithSpanKind(trace.SpanKindClient), trace.WithTimestamp(a.Began),
		trace.WithAttributes(attribute.String("http.request.method", http.MethodPost),
			attribute.Int("payporter_mock.attempt", last.Number),
			attribute.Bool("payporter_mock.manual", last.Manual), attribute.String("payporter_mock.clock",
				last.At.Format(time.RFC3339Nano))),
		trace.WithAttributes(append(addressOf(d.URL), told("payporter_mock.merchant", a.Merchant,
			"payporter_mock.checkout_id", d.CheckoutID,
			"payporter_mock.callback_id", d.ID, "payporter_mock.delivery", string(d.Status))...)...))
	if last.Status != 0 {
		span.SetAttributes(attribute.Int("http.response.status_code", last.Status))
	}
	if !last.OK() {
		span.SetStatus(codes.Error, last.Error)
		span.SetAttributes(attribute.String("error.type", errorType(last.Status)))
	}

	span.End(trace.WithTimestamp(a.Ended))
}

// addressOf is where a callback goes, without its query: shops put tokens there.
func addressOf(callback string) []attribute.KeyValue {
	at, err := url.Parse(callback)
	if err != nil {
		return nil
	}
	return told("server.address", at.Hostname(), "server.port", at.Port(), "url.scheme", at.Scheme, "url.path", at.Path)
}

// errorType is the status as OpenTelemetry's conventions want it, or their word for everything else.
func errorType(status int) string {
	if status == 0 {
		return "_OTHER"
	}
	return strconv.Itoa(status)
}

// told makes attributes of names and values in turn, without those that are empty. What looks like a card number is
// masked.
func told(pairs ...string) []attribute.KeyValue {
	var all []attribute.KeyValue
	for i := 0; i+1 < len(pairs); i += 2 {
		if pairs[i+1] != "" {
			all = append(all, attribute.String(pairs[i], payment.MaskSecrets(pairs[i+1])))
		}
	}
	return all
}

// traceOf is the trace of a checkout: its id, which has as many bytes.
func traceOf(checkoutID string) (trace.SpanContext, bool) {
	id, err := uuid.Parse(checkoutID)
	if err != nil || id == uuid.Nil {
		return trace.SpanContext{}, false
	}
	return trace.NewSpanContext(trace.SpanContextConfig{
		TraceID: trace.TraceID(id), SpanID: trace.SpanID(id[:8]), TraceFlags: trace.FlagsSampled, Remote: true,
	}), true
}

type traceKey struct{}

// ids gives a trace the id that its context wants.
type ids struct{ random io.Reader }

// NewIDs implements sdk.IDGenerator.
func (g ids) NewIDs(ctx context.Context) (trace.TraceID, trace.SpanID) {
	id, wanted := ctx.Value(traceKey{}).(trace.TraceID)
	for !wanted && !id.IsValid() {
		_, _ = io.ReadFull(g.random, id[:]) // the machine's source does not fail
	}
	return id, g.NewSpanID(ctx, id)
}

// NewSpanID implements sdk.IDGenerator.
func (g ids) NewSpanID(context.Context, trace.TraceID) (id trace.SpanID) {
	for !id.IsValid() {
		_, _ = io.ReadFull(g.random, id[:])
	}
	return id
}
