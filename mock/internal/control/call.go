package control

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/labstack/echo/v4"

	"github.com/payporter-mock/payporter-mock/internal/decimal"
	"github.com/payporter-mock/payporter-mock/internal/exchange"
	"github.com/payporter-mock/payporter-mock/internal/openapi"
	"github.com/payporter-mock/payporter-mock/mock/internal/gateway"
	"github.com/payporter-mock/payporter-mock/mock/internal/journal"
	"github.com/payporter-mock/payporter-mock/mock/internal/route"
	"github.com/payporter-mock/payporter-mock/mock/internal/wire"
	"github.com/payporter-mock/payporter-mock/mock/store"
	"github.com/payporter-mock/payporter-mock/payment"
)

// useCase answers a checked call: a value for a 200, or an error.
type useCase func(ctx context.Context, x *call) (any, error)

// call is one request on its way through the control API.
type call struct {
	merchant *gateway.Merchant
	begun    time.Time    // by the merchant's clock
	startSeq store.Moment // when that was in the order of the journal
	frozen   bool         // the clock stood when it began
	subject  string       // the checkout that it is about, in its path or not; empty: about none
	writer   http.ResponseWriter
	path     map[string]string
	query    url.Values
	header   http.Header // of the request
	raw      []byte
	body     map[string]any
}

// id is the id in the path, in the spelling in which ids are kept.
func (x *call) id(name string) string { return strings.ToLower(x.path[name]) }

// number reads a query parameter that the document knows to be an integer.
func (x *call) number(name string, otherwise int) int {
	n, err := strconv.Atoi(x.query.Get(name))
	if err != nil {
		return otherwise
	}
	return n
}

// whole reads a field of the body that the document knows to be an integer; it may be written 6.0.
func (x *call) whole(field string, otherwise int) int {
	n, _ := x.body[field].(json.Number)
	if d, ok := decimal.Parse(string(n)); ok {
		otherwise, _ = d.Int()
	}
	return otherwise
}

func (x *call) text(field string) string {
	s, _ := x.body[field].(string)
	return s
}

// serve runs an operation: admit, find the merchant, check, act, answer, record.
func (k *control) serve(op *openapi.Operation, do useCase) echo.HandlerFunc {
	return func(c echo.Context) error {
		r := c.Request()
		if len(c.ParamNames()) > 0 && k.plain[r.URL.Path] {
			return k.unserved(c) // the path has operations of its own, and none is meant
		}
		x := &call{writer: c.Response(), path: pathParams(c), query: c.QueryParams(), header: r.Header}
		value, err := k.act(r, x, op, do)
		err = k.whose(r.Context(), x, err)
		answer, ready := value.(wire.Answer)
		if !ready && err == nil {
			answer, err = wire.OK(value)
		}
		if err != nil {
			answer = k.fault(r, err)
		}
		if k.ValidateAnswers {
			if err := answer.Check(op); err != nil {
				answer = k.fault(r, err)
			}
		}
		k.record(r, x, op, answer)
		return answer.Send(c.Response())
	}
}

func (k *control) act(r *http.Request, x *call, op *openapi.Operation, do useCase) (any, error) {
	if op.Secured() {
		if err := k.Gate.Admit(r); err != nil {
			return nil, err
		}
	}
	if faults := paramFaults(r, x, op); len(faults) > 0 {
		return nil, wire.Invalid(faults)
	}
	if err := k.readBody(r, x, op); err != nil {
		return nil, err
	}

	if op.Secured() {
		key, err := merchantKey(r, x.query)
		if err != nil {
			return nil, err
		}
		if x.merchant, err = k.merchantOf(r.Context(), op, key); err != nil {
			return nil, err
		}
		x.writer.Header().Set(merchantHeader, x.key())
		x.begin(r.Context())
	}

	if slow[op.ID] {
		done, err := k.Wait()
		if err != nil {
			return nil, err
		}
		defer done()
	}

	return do(journal.WithCause(r.Context(), x.startSeq), x)
}

// begin notes when the call began. What it makes happen comes later.
func (x *call) begin(ctx context.Context) {
	clock := x.merchant.Clock()
	x.begun, x.frozen, x.startSeq = clock.Now(), clock.Frozen(), x.merchant.Journal().Moment()
	if x.path["checkoutId"] != "" {
		x.subject = x.id("checkoutId")
	}
}

// merchantHeader names the merchant that a call acted on.
const merchantHeader = "X-Mock-Merchant"

// merchantOf is the merchant that a call acts on. To look at a key makes no merchant.
func (k *control) merchantOf(ctx context.Context, op *openapi.Operation, key string) (*gateway.Merchant, error) {
	if op.Method == http.MethodGet {
		return k.Gateway.Look(ctx, key)
	}
	return k.Gateway.Merchant(ctx, key)
}

// slow are the operations that may take as long as somebody else does: what happens in a journal, or a receiver.
var slow = map[string]bool{
	"waitForJournal": true, "moveClock": true, "redeliverCallback": true, "forgeCallback": true,
	"forgeWebhook": true,
}

// paramFaults says what is wrong with the path and the query. A filter with a misspelt name must not be no filter: the
// answer would be about another order, and a test would pass that must not.
func paramFaults(r *http.Request, x *call, op *openapi.Operation) []openapi.Violation {
	faults := op.CheckQuery(r.URL.RawQuery)
	named := len(faults)
	for _, v := range op.CheckParams(r, x.path) {
		if !slices.ContainsFunc(faults[:named], func(f openapi.Violation) bool { return f.Field == v.Field }) {
			faults = append(faults, v)
		}
	}
	return faults
}

// merchantKey names the merchant that a call acts on; empty is the configured one. The query, which is written for the
// call, goes before the header, which many clients send with every request.
func merchantKey(r *http.Request, query url.Values) (string, error) {
	key, err := wire.Header(r, "X-Api-Key")
	return cmp.Or(query.Get("merchant"), key), err
}

// maxScenarios is how large a scenario file may be, in bytes; files on disk may be as large.
const maxScenarios = 1 << 20

// readBody checks the body of an operation that takes one. None at all is as good as {}, where the
// document wants nothing in it.
func (k *control) readBody(r *http.Request, x *call, op *openapi.Operation) error {
	limit := k.MaxBody
	if op.ID == "putScenarios" {
		limit = max(limit, maxScenarios)
	}

	raw, err := wire.Read(x.writer, r, limit)
	if err != nil || !op.HasBody() {
		return err
	}

	x.raw = raw
	if len(raw) == 0 {
		raw = []byte("{}")
	} else if err := checkContentType(r, op); err != nil {
		return err
	}

	if op.ID == "putScenarios" {
		return nil // a scenario file has a parser of its own, which knows lines and columns
	}
	body, faults := op.CheckBody(raw)
	x.body = body.Values
	wire.NameCallbackFaults(faults, "url", body.Values)
	return wire.Invalid(slices.DeleteFunc(faults, x.isSpacedCard))
}

// isSpacedCard reports whether a fault is about a test card that was typed with spaces or hyphens, as it stands on
// cards. The document lists the digits alone.
func (x *call) isSpacedCard(fault openapi.Violation) bool {
	if fault.Field != "card" || fault.Rule != "enum" {
		return false
	}
	pan, ok := payment.ParsePAN(x.text("card"))
	_, known := payment.FindTestCard(pan)
	return ok && known
}

func checkContentType(r *http.Request, op *openapi.Operation) error {
	contentType, err := wire.Header(r, "Content-Type")
	if err != nil {
		return err
	}
	if fault, wrong := op.CheckContentType(contentType); wrong {
		return &payment.Error{Code: payment.UnsupportedType, Message: fault.String()}
	}
	return nil
}

func pathParams(c echo.Context) map[string]string {
	params := map[string]string{}
	for _, name := range c.ParamNames() {
		params[name] = c.Param(name)
	}
	return params
}

func (k *control) fault(r *http.Request, err error) wire.Answer {
	id := k.NewRequestID()
	var late *journal.NotSeen
	if errors.As(err, &late) {
		var told wire.Answer
		if told, err = notSeen(late, id); err == nil {
			return told
		}
	}
	if errors.Is(err, context.Canceled) { // the caller has gone, or the sandbox stops
		err = &payment.Error{Code: payment.Unavailable, Message: "broken off before it was done"}
	}

	answer := wire.Fault(err, id)
	if answer.Status == http.StatusInternalServerError {
		k.Log.Error("bug", "requestId", id, "path", r.URL.Path, "error", err.Error())
	}

	return answer
}

// record notes the calls that change something in the journal, and every call in the log.
func (k *control) record(r *http.Request, x *call, op *openapi.Operation, answer wire.Answer) {
	if x.merchant != nil && op.Method != http.MethodGet {
		x.merchant.Journal().Append(x.entry(r, op, answer))
	}
	k.Log.LogAttrs(r.Context(), slog.LevelDebug, "control",
		slog.String("method", r.Method), slog.String("path", payment.MaskSecrets(r.URL.Path)),
		slog.Int("status", answer.Status))
}

// entry is the call as the journal shows it.
func (x *call) entry(r *http.Request, op *openapi.Operation, answer wire.Answer) *store.Entry {
	clock := x.merchant.Clock()
	e := &store.Entry{
		Time: x.begun, EndedAt: clock.Now(), StartSeq: x.startSeq, Kind: store.EntryControl, Note: op.ID,
		CheckoutID: x.subject,
		Request:    &exchange.Message{Method: r.Method, URL: exchange.Target(r.URL)},
		Response:   &exchange.Message{Status: answer.Status},
	}

	if len(x.raw) > 0 {
		e.Request.Headers = map[string][]string{"Content-Type": {r.Header.Get("Content-Type")}}
		e.Request.Body = exchange.Masked(x.raw)
	}

	// A call that stops the time shows the time at which it stands, so that another run shows the same one.
	if clock.Frozen() && !x.frozen || op.ID == "reset" {
		e.Time = e.EndedAt
	}
	if answer.Status >= http.StatusBadRequest {
		e.Response.Body = exchange.Masked(answer.Body)
	}
	if c, err := x.merchant.Checkout(context.WithoutCancel(r.Context()), x.subject); x.subject != "" && err == nil {
		e.OrderID = c.OrderID
	}
	return e
}

// onlyLooks refuses what would change something.
func (k *control) onlyLooks(c echo.Context) error {
	return wire.Fault(&payment.Error{
		Code:    payment.WrongMethod,
		Message: "a proxy only shows what passed: whoever wants to drive a sandbox behind it calls the sandbox's own address",
	}, k.NewRequestID()).Send(c.Response())
}

// unserved answers what no operation serves.
func (k *control) unserved(c echo.Context) error {
	answer, err := route.Unserved(c, "/_mock/openapi.yaml lists the calls")
	if err != nil {
		answer = wire.Fault(err, k.NewRequestID())
	}
	return answer.Send(c.Response())
}
