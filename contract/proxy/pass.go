package proxy

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/google/uuid"

	"github.com/payporter-mock/payporter-mock/internal/exchange"
	"github.com/payporter-mock/payporter-mock/internal/openapi"
	"github.com/payporter-mock/payporter-mock/internal/relay"
	"github.com/payporter-mock/payporter-mock/mock"
	"github.com/payporter-mock/payporter-mock/mock/store"
	"github.com/payporter-mock/payporter-mock/payment"
)

// passed is one exchange on its way through the proxy.
type passed struct {
	relay.Call
	mask   exchange.Masker
	start  store.Moment
	began  time.Time
	ended  time.Time
	kind   store.EntryKind
	sent   facts // what the request says
	told   facts // what the answer says
	left   bool  // the app did not wait for the whole answer
	faults []fault
}

// watch is told of a request of the app.
func (p *Proxy) watch(c *relay.Call) relay.Passage {
	x := &passed{Call: *c, mask: p.keys.learn(c.Request.Headers), start: p.books.moment(), began: time.Now()}
	x.kind = store.EntryRequest
	if x.Operation != nil {
		x.kind, x.Title = kindOf(x.Operation), x.Operation.Title()
	}
	x.sent = factsOf(x.Request.Body)

	passage := relay.Passage{
		Header: map[string]string{"Accept-Encoding": "identity"}, // so that answers can be read
		End:    func(answer exchange.Message, err error) { p.answered(x, answer, err) },
	}
	if x.kind == store.EntryCreate && p.relays(x) {
		passage.Callback, passage.Shared = p.watchBack, true
	}
	return passage
}

// relays reports whether an address of the proxy's stands for the callback of a create. PayPorter is to refuse what is
// faulty by itself.
func (p *Proxy) relays(x *passed) bool {
	if p.config.PublicURL == "" || p.isOwn(x.sent.Callback) || payment.CheckCallback(x.sent.Callback) != "" {
		return false
	}
	return !slices.ContainsFunc(x.RequestFaults(), func(v openapi.Violation) bool { return v.Field == "callback" })
}

// isOwn reports whether an address that the app registers leads to the proxy already.
func (p *Proxy) isOwn(address string) bool {
	rest, own := strings.CutPrefix(address, p.config.PublicURL)
	return own && (rest == "" || strings.ContainsAny(rest[:1], "/?"))
}

// answered is told of PayPorter's answer.
func (p *Proxy) answered(x *passed, answer exchange.Message, err error) {
	x.ended = time.Now()
	switch {
	case answer.Header(failedHeader) != "":
		x.Error = factsOf(answer.Body).Message
	case errors.Is(err, relay.ErrLeft):
		x.left, x.Error = true, "the app did not wait for the whole answer"
	case answer.Status == 0:
		x.Error = sentence(err, "PayPorter ended the connection without an answer")
	default:
		x.Response = &answer
		x.told = factsOf(answer.Body)
		if err != nil || x.Request.Method != http.MethodHead && broken(answer) {
			x.Error = relay.ErrBrokeOff.Error()
		}
	}

	x.faults = p.checkRequest(x)
	if x.Response != nil && x.Error == "" {
		x.faults = append(x.faults, checkAnswer(x)...)
	}
	p.keep(x)
}

// broken reports whether less came than the answer promised; that to a HEAD promises what a GET would bring.
func broken(answer exchange.Message) bool {
	promised, err := strconv.Atoi(answer.Header("Content-Length"))
	return err == nil && len(answer.Body) < promised && len(answer.Body) < mostKept
}

// mostKept is how many bytes of a body are kept while it passes; what is beyond is not looked at.
const mostKept = 8 << 20

// watchBack is told of a callback or a webhook.
func (p *Proxy) watchBack(c *relay.Call) relay.Passage {
	x := &passed{Call: *c, mask: p.keys.masker(), start: p.books.moment(), began: time.Now()}
	x.kind, x.Title, x.sent = store.EntryCallback, "callback", formOf(x.Request)
	if x.Request.Header("X-Event-Type") != "" || x.Request.Header("X-Request-Signature") != "" {
		x.kind, x.Title, x.sent = store.EntryWebhook, "webhook", factsOf(x.Request.Body)
	}

	return relay.Passage{End: func(answer exchange.Message, err error) {
		x.ended = time.Now()
		x.Response = &answer
		switch {
		case errors.Is(err, context.Canceled):
			x.Response, x.Error = nil, "PayPorter did not wait for the app's answer any longer"
		case err != nil:
			x.Response, x.Error = nil, "the app did not answer: "+sentence(err, "")
		}
		x.faults = checkBack(x)
		p.keep(x)
	}}
}

// keep records what passed, judges it, and says in the log what is wrong with it.
func (p *Proxy) keep(x *passed) {
	x.At, x.LatencyMS = x.began, exchange.Millis(x.ended.Sub(x.began))
	p.orders.note(x)
	p.judge.note(x)
	seq := p.books.record(x) // last, so that whoever waits for the entry finds the rest

	p.log.Info("passed", "entry", seq, "what", x.place(), "status", x.Answer().Status, "ms", int(x.LatencyMS))
	for _, f := range x.faults {
		p.log.Warn("violation", "entry", seq, "rule", f.rule, "place", x.place()+" "+x.mask.Own(f.place),
			"what", x.mask.Text(f.said))
	}
}

// words are a fault as it may be shown. The place is masked by itself: a name would hide what is said of it.
func (x *passed) words(f fault) string { return x.mask.Own(f.place) + ": " + x.mask.Text(f.said) }

// place is what the exchange was, with nothing secret in it.
func (x *passed) place() string {
	if x.Operation != nil || x.From == relay.PayPorter {
		return x.Title
	}
	return x.mask.Text(x.Request.Method + " " + payment.MaskSecrets(x.Path))
}

// failedHeader marks an answer that the proxy gave in PayPorter's place, because none came.
const failedHeader = "X-Payporter-Mock-Proxy"

// unreachable answers for an upstream that did not.
func (p *Proxy) unreachable(w http.ResponseWriter, r *http.Request, err error) {
	if r.Context().Err() != nil {
		panic(http.ErrAbortHandler) // the app has gone
	}
	message := fmt.Sprintf("the upstream %s does not answer: %s; %s", p.config.Upstream, sentence(err, ""), remedy(err))
	p.log.Error("upstream", "error", message)

	w.Header().Set("Content-Type", "application/json")
	w.Header().Set(failedHeader, "no answer from the upstream")
	w.WriteHeader(http.StatusBadGateway)
	_, _ = w.Write(errorBody(message, uuid.NewString()))
}

// kindOf is how the journal calls requests for an operation.
func kindOf(op *openapi.Operation) store.EntryKind { return mock.EntryKind(op.ID) }
