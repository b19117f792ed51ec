package contract

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/payporter-mock/payporter-mock/contract/report"
	"github.com/payporter-mock/payporter-mock/internal/decimal"
	"github.com/payporter-mock/payporter-mock/internal/exchange"
)

// trial is one rule being judged. Its verbs end it when they cannot do what they are for.
type trial struct {
	*harness
	ctx    context.Context
	rule   Rule
	from   int // how many calls there were before it
	orders []*order
	shown  []call // what shows the verdict; empty: all of the trial
	notes  []string

	firstPrice int      // tells prices of trials apart that belong to no rule
	advanced   []string // by how much PayPorter's clock was moved
}

func (h *harness) newTrial(ctx context.Context, r Rule) *trial {
	h.Lock()
	defer h.Unlock()
	return &trial{harness: h, ctx: ctx, rule: r, from: len(h.Calls)}
}

// tryOrder orders as a customer would. An error says why there is no order.
func (t *trial) tryOrder(options ...func(*order)) (*order, error) {
	o := t.newOrder(options...)
	return o, t.place(t.ctx, o)
}

// alone lets no other trial order until what it answers is called: which order a create is for can only be
// guessed when several customers order the same at once. REQ-009 is about that.
func (t *trial) alone() (done func()) {
	t.ordering.Lock()
	return t.ordering.Unlock
}

// place orders beside no other trial.
func (t *trial) place(ctx context.Context, o *order) error {
	defer t.alone()()
	return t.harness.place(ctx, o)
}

// order orders, and gives up when that does not work.
func (t *trial) order(options ...func(*order)) *order {
	t.needsOrders()
	o, err := t.tryOrder(options...)
	if err != nil {
		t.notEvaluable("no order could be made: %v", err)
	}
	return o
}

// control makes a call of the control API about the order's checkout.
func (t *trial) control(o *order, what string, body any) {
	t.controlCheckout(o.checkoutID(), what, body)
}

func (t *trial) controlCheckout(id, what string, body any) {
	encoded, _ := json.Marshal(body) // it is made of texts
	if body == nil {
		encoded = nil
	}
	if err := t.do(t.ctx, http.MethodPost, "/_mock/checkouts/"+id+"/"+what, encoded, nil); err != nil {
		t.notEvaluable("the sandbox could not be told: %v", err)
	}
}

// The customer's test cards.
const (
	goodCard = "5421190122090656"
	poorCard = "4111111111111129"
)

// pay pays the order with a good card. PayPorter tells the shop about it by itself.
func (t *trial) pay(o *order) { t.control(o, "pay", map[string]string{"card": goodCard}) }

// decline tries to pay the order with a card without funds.
func (t *trial) decline(o *order) { t.control(o, "pay", map[string]string{"card": poorCard}) }

// advance moves PayPorter's clock. It answers when everything due has been delivered.
func (t *trial) advance(d time.Duration) {
	t.advanced = append(t.advanced, d.String())
	if err := t.do(t.ctx, http.MethodPost, "/_mock/clock", fmt.Appendf(nil, `{"advance": %q}`, d), nil); err != nil {
		t.notEvaluable("the sandbox's clock could not be moved: %v", err)
	}
}

// open opens the page that the shop sent the customer to.
func (t *trial) open(o *order) (exchange.Message, error) {
	req, err := http.NewRequest(http.MethodGet, o.redirectURL, nil)
	if err != nil {
		return exchange.Message{}, err
	}
	return exchange.Do(o.customer, req.WithContext(t.ctx), mostRead) // recorded by the line, when it gets there
}

// post is what an attacker, or the customer's browser, sends to the shop.
type post struct {
	method      string // default POST
	url         string // default: the order's callback
	contentType string
	body        []byte
	header      http.Header
}

// form is a callback as PayPorter sends it: names and values in turn.
func form(pairs ...string) post {
	return post{contentType: "application/x-www-form-urlencoded", body: []byte(encoded(pairs...))}
}

// encoded is a form or a query of names and values in turn, in this order.
func encoded(pairs ...string) string {
	var parts []string
	for i := 0; i+1 < len(pairs); i += 2 {
		parts = append(parts, url.QueryEscape(pairs[i])+"="+url.QueryEscape(pairs[i+1]))
	}
	return strings.Join(parts, "&")
}

// inJSON is a callback as a JSON object of texts.
func inJSON(pairs ...string) post {
	object := map[string]string{}
	for i := 0; i+1 < len(pairs); i += 2 {
		object[pairs[i]] = pairs[i+1]
	}
	body, _ := json.Marshal(object) // it is made of texts
	return post{contentType: "application/json", body: body}
}

// forge sends the shop what PayPorter did not send. No answer is no fault of the trial: what became of
// the order says whether anything is wrong.
func (t *trial) forge(o *order, p post) exchange.Message {
	a, _ := t.forgeAs(o, attacker, hurried(), p)
	return a
}

// comeBack is what the customer's own browser sends, with its cookies.
func (t *trial) comeBack(o *order, p post) exchange.Message {
	a, _ := t.forgeAs(o, customer, o.customer, p)
	return a
}

func (t *trial) forgeAs(o *order, who string, client *http.Client, p post) (exchange.Message, error) {
	if p.method == "" {
		p.method = http.MethodPost
	}
	if p.url == "" {
		p.url = t.callbackURL(o)
	}
	req, err := http.NewRequest(p.method, p.url, bytes.NewReader(p.body))
	if err != nil {
		t.notEvaluable("the callback %q cannot be called: %v", p.url, err)
	}
	if p.contentType != "" {
		req.Header.Set("Content-Type", p.contentType)
	}
	for name, all := range p.header {
		req.Header[name] = all
	}
	return t.send(client, req.WithContext(t.ctx), toShop(who, "forged callback", o), p.body)
}

// callbackURL is where PayPorter is to tell about the order.
func (t *trial) callbackURL(o *order) string {
	t.Lock()
	defer t.Unlock()
	if o.callback != "" {
		return o.callback
	}
	if u := t.common().fill(t.config.Shop.CallbackURL); u != "" {
		return u
	}
	panic(verdict{report.NotEvaluable, "nobody knows where the shop takes callbacks: give it as merchant.callbackUrl"})
}

// within is a bound on waiting.
func (t *trial) within(d time.Duration) (context.Context, context.CancelFunc) {
	return context.WithTimeout(t.ctx, d)
}

// callbacks are the callbacks of the order so far.
func (t *trial) callbacks(o *order) []call {
	return t.Find(func(c *call) bool { return c.isCallback() && c.order == o })
}

// questions are the shop's GETs for the order's checkouts.
func (t *trial) questions(o *order) []call {
	return t.Find(func(c *call) bool { return c.isStatus() && c.ofLocked(o) })
}

// told waits until so many callbacks of the order are over, answered or not.
func (t *trial) told(o *order, times int) []call {
	ctx, cancel := t.within(mostUnsettled)
	defer cancel()
	over := func() bool {
		return len(t.FindLocked(func(c *call) bool { return c.isCallback() && c.order == o && c.over })) >= times
	}
	if !t.Wait(ctx, over) {
		t.notEvaluable("PayPorter's callback did not get through within %s", mostUnsettled)
	}
	return t.callbacks(o)
}

// mostUnsettled is how long a shop is waited for that does not come to rest.
const mostUnsettled = 12 * time.Second

// settled waits until the shop is done: everything it asked PayPorter has been answered, and it has
// been quiet for as long as it takes to believe a good payment.
func (t *trial) settled() {
	for end := time.Now().Add(mostUnsettled); time.Now().Before(end) && t.ctx.Err() == nil; {
		rest := t.unrest(t.exchanges())
		if rest <= 0 {
			return
		}
		t.rest(max(10*time.Millisecond, min(rest, 100*time.Millisecond)))
	}
}

// unrest is how long to wait until the shop may be done. A shop that asks again and again is never quiet:
// it is done soon after it has asked about what happened last.
func (t *trial) unrest(calls []call) time.Duration {
	var last, stirred time.Time
	for _, c := range calls {
		switch {
		case c.From == inspector:
			continue
		case !c.over:
			return t.facts.quiet
		case !c.isStatus():
			stirred = latest(stirred, c.At.Add(c.Took()))
		}
		last = latest(last, c.At.Add(c.Took()))
	}
	rest := time.Until(last.Add(t.facts.quiet))
	if asked := firstQuestion(calls, stirred); t.facts.polls && !asked.IsZero() {
		rest = min(rest, time.Until(asked.Add(t.facts.decides)))
	}
	return rest
}

// firstQuestion is when the first question after a moment was answered; zero: there was none.
func firstQuestion(calls []call, after time.Time) time.Time {
	for _, c := range calls {
		if c.isStatus() && c.over && c.At.After(after) {
			return c.At.Add(c.Took())
		}
	}
	return time.Time{}
}

func latest(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}

// rest lets time pass, or less when the run ends.
func (t *trial) rest(d time.Duration) {
	select {
	case <-time.After(d):
	case <-t.ctx.Done():
	}
}

// exchanges are the exchanges of the trial so far.
func (t *trial) exchanges() []call {
	t.Lock()
	defer t.Unlock()
	var all []call
	for _, c := range t.Calls[min(t.from, len(t.Calls)):] {
		if t.ownsLocked(c) {
			all = append(all, *c)
		}
	}
	return all
}

// ownsLocked reports whether a call belongs to the trial: to one of its orders, or to nobody's.
func (t *trial) ownsLocked(c *call) bool {
	if slices.ContainsFunc(t.orders, c.ofLocked) {
		return true
	}
	return c.order == nil && !slices.ContainsFunc(t.harness.line.orders, c.ofLocked)
}

// believed asks what the shop believes, and gives up when it cannot be told.
func (t *trial) believed(o *order) belief {
	b, err := t.believes(t.ctx, o)
	if err != nil {
		t.notEvaluable("the state of the order cannot be read: %v", err)
	}
	return b
}

// whyUnpaid is what state.paid found when the order was last looked at.
func (t *trial) whyUnpaid(o *order) string {
	looks := t.Find(func(c *call) bool { return c.Title == "state" && c.order == o && c.Answer().Status != 0 })
	if len(looks) == 0 {
		return "it was not looked at"
	}
	return "state.paid: " + t.config.State.Paid.why(looks[len(looks)-1].Answer())
}

// becomesPaid waits until the shop believes that the order is paid, and reports whether it did.
func (t *trial) becomesPaid(o *order, within time.Duration) bool {
	return t.becomes(o, within, func(b belief) bool { return b.paid })
}

func (t *trial) becomes(o *order, within time.Duration, want func(belief) bool) bool {
	for end := time.Now().Add(within); ; {
		if b := t.believed(o); want(b) {
			return true
		}
		if time.Now().After(end) || t.ctx.Err() != nil {
			return false
		}
		t.rest(min(20*time.Millisecond+within/100, time.Until(end)))
	}
}

// staysUnpaid waits until the shop is done and fails the rule when it believes that the order is paid.
func (t *trial) staysUnpaid(o *order, after string, args ...any) {
	after = fmt.Sprintf(after, args...)
	early := t.believed(o)
	t.settled()
	for _, b := range []belief{early, t.believed(o)} {
		if b.given() {
			t.fail("%s after %s", b.how(), after)
		}
	}
	t.saw("unpaid after %s", after)
}

// show limits what is shown to these calls.
func (t *trial) show(calls ...call) { t.shown = append(t.shown, calls...) }

// mostMoneyDigits is how many digits an amount may have on either side of the point.
const mostMoneyDigits = 30

// moneyOf reads a JSON number of a size that money has.
func moneyOf(text string) (decimal.Decimal, bool) {
	d, ok := decimal.Parse(text)
	return d, ok && d.Magnitude() <= mostMoneyDigits && d.Decimals() <= mostMoneyDigits
}

// soon is how long a shop may take to believe in a good payment: far longer than it took at the start.
func (t *trial) soon() time.Duration { return 3*time.Second + 4*t.facts.latency }

// callbackPatience is how long PayPorter waits for an answer to a callback.
const callbackPatience = 5 * time.Second
