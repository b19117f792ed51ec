package api

import (
	"errors"
	"fmt"
	"net/http"
	"strings"
	"sync"

	"github.com/labstack/echo/v4"

	"github.com/payporter-mock/payporter-mock/internal/exchange"
	"github.com/payporter-mock/payporter-mock/internal/openapi"
	"github.com/payporter-mock/payporter-mock/mock/internal/gateway"
	"github.com/payporter-mock/payporter-mock/mock/internal/route"
	"github.com/payporter-mock/payporter-mock/mock/internal/traces"
	"github.com/payporter-mock/payporter-mock/mock/internal/wire"
	"github.com/payporter-mock/payporter-mock/mock/store"
	"github.com/payporter-mock/payporter-mock/payment"
)

// call is one request on its way through the API, and what the journal will say of it.
type call struct {
	op       *openapi.Operation // nil: none serves the request
	served   *operation         // how op is served; nil with it
	merchant *gateway.Merchant  // nil before authentication
	request  *http.Request
	context  echo.Context
	raw      []byte
	body     openapi.Body
	room     map[string]any // what body was read into, to be used again
	creation *creation      // nil: none is made
	entry    store.Entry
	bent     *bend // what a scenario does to the answer; nil: nothing
	// requestID is in the answer; empty: none is.
	requestID string
	waited    func()           // gives back the place among those that wait; nil: it has none
	covered   openapi.Coverage // what of the document the exchange exercises
	points    []string         // their names
	refusal   error            // why the answer is an error; nil: it is none
	scripted  bool             // a scenario put something into the answer that the document may not allow
	// answered runs once the answer has been written; nil when nothing follows.
	answered func()
}

// mostRoom is how many properties of a body may leave their room for the next one.
const mostRoom = 64

// calls are used again: each is half a kilobyte, and nothing refers to one that has been finished.
var calls = sync.Pool{New: func() any { return &call{} }}

// serve runs an operation: authenticate, check, act, answer, record. Nothing is acted on that the
// document does not allow.
func (a *api) serve(op *openapi.Operation, served *operation) echo.HandlerFunc {
	return func(c echo.Context) error {
		x := a.newCall(c)
		x.op, x.served, x.entry.Kind = op, served, served.kind
		if x.peeks() {
			x.entry.Kind = store.EntryRequest
		}
		value, err := a.act(c, x)
		var answer wire.Answer
		if err == nil {
			answer, err = wire.OK(value)
		}
		if err != nil {
			answer = a.fault(x, err)
		}
		if x.bent != nil {
			answer = x.bent.answerOf(answer, a.requestID(x))
			x.scripted = x.scripted || x.bent.respond != nil
		}
		// A sandbox that cannot use its store says so, whatever is documented.
		if a.ValidateAnswers && !x.scripted && answer.Status != http.StatusServiceUnavailable {
			if err := answer.Check(op); err != nil {
				answer = a.fault(x, err) // what was made is there, and goes on
			}
		}
		err = a.finish(c, x, answer)
		x.put()
		return err
	}
}

// newCall takes a call for a request.
func (a *api) newCall(c echo.Context) *call {
	x := calls.Get().(*call)
	x.request, x.context = c.Request(), c
	x.covered.Begin(a.Gateway.Plan)
	return x
}

// put gives the call back. It keeps the room that the next one uses again, and nothing that the journal does not hold.
func (x *call) put() {
	room := x.room
	if len(room) > mostRoom {
		room = nil
	}
	clear(room)
	if x.creation != nil {
		*x.creation = creation{}
		creations.Put(x.creation)
	}
	*x = call{covered: x.covered, points: x.points[:0], room: room}
	calls.Put(x)
}

// peeks reports whether the request only looks. HEAD is answered as the next GET will be, and is none of the API's
// operations: it takes no step of a scenario, covers nothing, and is no question about a payment.
func (x *call) peeks() bool { return x.request.Method == http.MethodHead }

// act does what the request asks for, once all of it is right: a value is for a 200.
func (a *api) act(c echo.Context, x *call) (any, error) {
	op := x.op
	if err := a.authenticate(x); err != nil {
		return nil, err
	}
	if err := x.merchant.Admit(); err != nil {
		return nil, err
	}

	path := pathParams(c)
	if faults := op.CheckParams(x.request, path); len(faults) > 0 {
		return nil, wire.Invalid(faults)
	}
	if op.HasBody() {
		if err := a.readBody(c.Response(), x); err != nil {
			return nil, err
		}
	}
	if !x.peeks() {
		x.covered.Request(op, path, x.body)
	}

	return x.served.act(a, x.merchant.Leased(x.request.Context()), x)
}

// authenticate finds the merchant by both headers. The exchange belongs to that merchant's journal;
// one with a known key and a wrong secret does, too, so that the merchant sees why it failed.
func (a *api) authenticate(x *call) error {
	key, err := wire.Header(x.request, "X-Api-Key")
	if err == nil {
		x.merchant, err = a.byCredentials(x.request, key)
	}
	x.begin(a.Gateway)
	return err
}

// byCredentials is the merchant of the key. With an error it is the one whose key was sent, or nil.
func (a *api) byCredentials(r *http.Request, key string) (*gateway.Merchant, error) {
	secret, err := wire.Header(r, "X-Api-Secret")
	var m *gateway.Merchant
	if err == nil {
		m, err = a.Gateway.Authenticate(r.Context(), key, payment.Secret(secret))
	}
	if err != nil {
		m, _ = a.Gateway.Known(key)
	}
	return m, err
}

// begin notes when the exchange began, by the clock of whom it belongs to.
func (x *call) begin(g *gateway.Gateway) {
	if m := x.merchant; m != nil {
		x.entry.Time, x.entry.StartSeq = m.Clock().Now(), m.Journal().Moment()
		return
	}
	x.entry.Time, x.entry.StartSeq = g.Strangers().Clock().Now(), g.Strangers().Journal().Moment()
}

func (a *api) readBody(w http.ResponseWriter, x *call) error {
	contentType, err := wire.Header(x.request, "Content-Type")
	if err != nil {
		return err
	}
	if fault, wrong := x.op.CheckContentType(contentType); wrong {
		return &payment.Error{Code: payment.UnsupportedType, Message: fault.String()}
	}

	raw, err := wire.Read(w, x.request, a.MaxBody)
	if err != nil {
		return err
	}

	x.raw = raw
	if x.room == nil {
		x.room = map[string]any{}
	}
	body, faults := x.op.CheckBodyIn(x.room, raw)
	if x.body = body; len(faults) > 0 {
		x.entry.OrderID, _ = body.Values["orderId"].(string)
		if x.served.invalid == nil {
			return wire.Invalid(faults)
		}
		return x.served.invalid(body, faults)
	}

	x.entry.Warnings = ignored(body.Unknown)
	return nil
}

// maxWarnings bounds what one request can put into the journal.
const maxWarnings = 20

// ignored warns of fields that the document does not know.
func ignored(unknown []string) []string {
	var warnings []string
	for i, name := range unknown {
		if i == maxWarnings {
			return append(warnings, fmt.Sprintf("and %d more", len(unknown)-i))
		}
		if len(name) > 64 {
			name = name[:64] + "..."
		}
		warnings = append(warnings, fmt.Sprintf("unknown field %q was ignored", payment.MaskSecrets(name)))
	}
	return warnings
}

func pathParams(c echo.Context) map[string]string {
	names := c.ParamNames()
	if len(names) == 0 {
		return nil
	}
	params := make(map[string]string, len(names))
	for _, name := range names {
		params[name] = c.Param(name)
	}
	return params
}

// fault is the answer for an error. A bug is logged under the id that the caller gets.
func (a *api) fault(x *call, err error) wire.Answer {
	id := a.requestID(x)
	answer := wire.Fault(err, id)
	x.requestID, x.refusal = id, err
	var fault *payment.Error
	if a.Invalid != nil && errors.As(err, &fault) && fault.Code == payment.InvalidRequest {
		a.Invalid(fault.Fields)
	}

	if answer.Status == http.StatusInternalServerError {
		a.Log.Error("bug", "requestId", id, "path", x.request.URL.Path, "error", err.Error())
		x.entry.Error = err.Error()
	}
	return answer
}

func (a *api) requestID(x *call) string {
	if x.merchant == nil {
		return a.Gateway.Strangers().RequestID(x.entry.StartSeq)
	}
	return x.merchant.RequestID(x.entry.StartSeq)
}

// finish records the exchange, writes the answer and starts what follows from it. What the caller
// does next must stand behind this exchange in the journal, so recording comes first.
func (a *api) finish(c echo.Context, x *call, answer wire.Answer) error {
	w := c.Response()
	if x.waited != nil {
		defer x.waited()
	}
	if x.bent != nil {
		x.bent.wait(w, x.request)
	}
	if x.answered != nil { // whatever becomes of the answer, it and what follows happen at one time
		defer x.merchant.Queue().Hold()()
		defer x.answered()
	}

	a.record(x, answer)
	if x.bent != nil {
		return flushed(w, x, x.bent.send(w, x.request, answer))
	}

	return flushed(w, x, answer.Send(w))
}

// flushed sees to it that what follows an answer does not overtake it.
func flushed(w http.ResponseWriter, x *call, err error) error {
	if err == nil && x.answered != nil {
		_ = http.NewResponseController(w).Flush() // a connection that was hung up has nothing to flush
	}
	return err
}

func (a *api) record(x *call, answer wire.Answer) {
	r, merchant := x.request, ""
	x.entry.Warnings = append(x.entry.Warnings, a.misplaced(r, x.raw)...)
	x.entry.Request = exchange.Received(r, exchange.Masked(x.raw))
	x.entry.Response = x.bent.receipt(x.ownWords(answer), answer)
	if x.bent != nil && x.bent.fault != "" {
		x.entry.Note = "fault: " + string(x.bent.fault)
	}

	if m := x.merchant; m != nil {
		merchant = m.Key
		x.entry.End(m.Clock().Now())
		m.Journal().Append(&x.entry, a.cover(x, answer)...)
	} else {
		strangers := a.Gateway.Strangers()
		x.entry.End(strangers.Clock().Now())
		strangers.Journal().Append(&x.entry)
	}

	a.log(x, merchant, answer.Status)
	traces.Tell(r.Context(), traces.Facts{
		Merchant: merchant, CheckoutID: x.entry.CheckoutID, Scenario: x.entry.Scenario,
		RequestID: x.requestID,
	})
}

// unserved answers what no operation serves, in the same error body. Whose request it is, is told by
// the key alone.
func (a *api) unserved(c echo.Context) error {
	x := a.newCall(c)
	defer x.put()

	x.entry.Kind = store.EntryRequest
	var answer wire.Answer
	key, err := wire.Header(x.request, "X-Api-Key")
	if err == nil {
		x.merchant, _, _ = a.Gateway.Find(x.request.Context(), key)
		answer, err = route.Unserved(c, "this API has "+a.described())
	}

	x.begin(a.Gateway)
	if err != nil {
		answer = a.fault(x, err)
	}
	return a.finish(c, x, answer)
}

// elsewhere records a merchant's request that missed the API altogether: a base URL or a path that is
// put together wrongly ends here. What browsers ask for beside the page has no key, and is no matter
// of a merchant.
func (a *api) elsewhere(c echo.Context) error {
	if key, err := wire.Header(c.Request(), "X-Api-Key"); key == "" && err == nil {
		return echo.ErrNotFound
	}
	return a.unserved(c)
}

// described lists what the API has, for those who look for something else.
func (a *api) described() string {
	var all []string
	for _, op := range a.Document.Operations() {
		all = append(all, op.Title())
	}
	return strings.Join(all, ", ")
}
