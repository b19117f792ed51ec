package shop

import (
	"context"
	"fmt"
	"io"
	"net/url"
	"time"

	"github.com/payporter-mock/payporter-mock/contract/rule"
	"github.com/payporter-mock/payporter-mock/internal/exchange"
)

// Checked is what became of a key of the config.
type Checked struct {
	Key  string // such as state.paid
	OK   bool
	Seen string // what was seen of it, or instead of it
}

// Check orders once, pays once, and says what of a config is right. What a shop started by it writes goes to log; nil:
// nowhere. It ends at the first key without which nothing more can be seen.
func Check(ctx context.Context, c Config, log io.Writer) []Checked {
	k := &check{config: c}
	h, err := OpenHarness(ctx, c, log)
	if err != nil {
		k.wrong("merchant", "%v", err)
		return k.found
	}
	defer h.Close()

	k.harness = h
	h.Pace.Quiet, h.Pace.Decides = LeastQuiet, LeastQuiet
	k.session = h.Session(ctx, SessionOptions{Name: "check", AsConfigured: true})
	if v := rule.Judged(k.run, func() string { return "" }); v.Seen != "" {
		k.wrong(k.at, "%s", v.Seen)
	}

	for i := range k.found {
		k.found[i].Seen = h.Mask.Text(k.found[i].Seen)
	}
	return k.found
}

// check is a check under way.
type check struct {
	config  Config
	harness *Harness
	session *Session
	at      string // the key that is being looked at
	found   []Checked
}

// longestPaid is how long a shop may take to believe the payment of a check.
const longestPaid = 8 * time.Second

func (k *check) right(key, format string, args ...any) {
	k.found = append(k.found, Checked{key, true, fmt.Sprintf(format, args...)})
}

func (k *check) wrong(key, format string, args ...any) {
	k.found = append(k.found, Checked{key, false, fmt.Sprintf(format, args...)})
}

func (k *check) run() {
	if ready := k.harness.common().fill(k.config.Shop.Ready); ready != "" {
		k.right("merchant.ready", "%s answers", ready)
	}

	k.at = "order.request"
	o, err := k.session.TryOrder()
	if !k.ordered(o, err) || !k.unpaid(o) {
		return
	}

	k.at = "merchant.callbackUrl"
	k.session.Pay(o)
	k.told(o)
	k.at = "state.request"
	if k.paid(o) {
		k.moneyBack(o)
	}
}

// ordered says what became of the order, and whether it can be paid.
func (k *check) ordered(o *Purchase, err error) bool {
	s := k.harness.Sandbox
	s.Lock()
	created := len(o.Checkouts) > 0
	s.Unlock()

	if !created {
		seen := ""
		if err != nil {
			seen = err.Error()
		}
		k.wrong("order.request", "%s%s", seen, answered(o.Answer))
		return false
	}

	asked := k.session.Watch.Asked(o)
	k.right("order.request", "the order was answered %d; the shop asked PayPorter for %s", o.Answer.Status, asked)
	k.price(o, asked)
	number := k.place("order.orderId", k.config.Order.OrderID, o.ID, o.SentIDs, o.Answer)
	link := k.place("order.redirectUrl", k.config.Order.RedirectURL, o.RedirectURL, o.Links, o.Answer)
	return number && link
}

// price compares what the shop asks for with what was ordered.
func (k *check) price(o *Purchase, asked string) {
	if o.Amount == "" {
		k.wrong("order.amount", "order.request has no {{amount}}, so the file must say what the shop charges; it asked "+
			"for %s", asked)
		return
	}
	wanted, ok := MoneyOf(o.Amount)
	got, read := MoneyOf(asked)
	if ok && read && wanted.Compare(got) != 0 {
		k.wrong("order.amount", "ordered for %s, and the shop asked PayPorter for %s", o.Amount, asked)
	}
}

// place says whether a value was found in the shop's answer, and otherwise where one stands that looks like it.
func (k *check) place(key string, e Extract, found string, like []string, a exchange.Message) bool {
	if e.IsZero() {
		if found == "" {
			k.wrong(key, "the file does not say where it is, and it was not found%s", answered(a))
			return false
		}
		k.right(key, "`%s`, found although the file does not say where", found)
		return true
	}
	if found != "" {
		k.right(key, "%s is `%s`", e.short(), found)
		return true
	}

	seen := fmt.Sprintf("%s is not there", e.short())
	if at := whereIs(a.Body, like); at != "" {
		seen += fmt.Sprintf("; {json: %s} is what went to PayPorter", at)
	}
	k.wrong(key, "%s%s", seen, answered(a))
	return false
}

// unpaid looks at an order that nobody has paid, and says whether it can be seen.
func (k *check) unpaid(o *Purchase) bool {
	s := k.config.State
	b, err := k.harness.Believes(k.session.Ctx, o)
	if err != nil {
		k.wrong("state.request", "%v", err)
		return false
	}

	a, at := k.lastLook(o)
	k.right("state.request", "%s answered %d", at, a.Status)
	if b.Paid {
		k.wrong("state.paid", "it says so before anybody has paid: %s", s.Paid.sees(a))
	}
	if b.Failed != nil && *b.Failed {
		k.wrong("state.failed", "it says so before anybody has paid: %s", s.Failed.sees(a))
	}
	if n := b.Fulfilments; n != nil && *n > 0 {
		k.wrong("state.fulfilments", "it is %d before anybody has paid", *n)
	}
	return true
}

// told says whether PayPorter's callback was taken.
func (k *check) told(o *Purchase) {
	callback := k.session.Watch.Told(o, 1)[0]
	to, status := callback.Request.URL, callback.Answer().Status
	if status == 0 {
		k.wrong("merchant.callbackUrl", "PayPorter's callback to %s got no answer: %s", to, callback.Error)
		return
	}

	if status >= 300 {
		k.wrong("merchant.callbackUrl", "PayPorter's callback to %s was answered %d, and 2xx is wanted", to, status)
		return
	}
	k.right("merchant.callbackUrl", "PayPorter's callback to %s was answered %d", to, status)
}

// paid looks at the order until it is paid, and reports whether it is.
func (k *check) paid(o *Purchase) bool {
	s, watch := k.config.State, k.session.Watch
	became := watch.BecomesPaid(o, longestPaid)
	a, at := k.lastLook(o)
	seen := fmt.Sprintf("%s answered %d; %s", at, a.Status, s.Paid.sees(a))
	if !became {
		k.wrong("state.paid", "%s%s", seen, s.Paid.expects("paid"))
	} else if !k.isWrong("state.paid") {
		k.right("state.paid", "%s", seen)
	}

	k.failed(a, became)
	k.fulfilled(o, became)
	return became
}

// failed says what state.failed finds in the answer about a paid order. No payment has failed.
func (k *check) failed(a exchange.Message, paid bool) {
	s := k.config.State
	if s.Failed.IsZero() || k.isWrong("state.failed") {
		return
	}
	holds, err := s.Failed.holds(a)
	if holds && err == nil && paid {
		k.wrong("state.failed", "it says so of an order that is paid: %s", s.Failed.sees(a))
		return
	}
	k.right("state.failed", "%s%s, once a payment has failed; none has", s.Failed.sees(a), s.Failed.expects("failed"))
}

// fulfilled says what state.fulfilments finds once the order is paid.
func (k *check) fulfilled(o *Purchase, paid bool) {
	s := k.config.State
	if s.Fulfilments.IsZero() || k.isWrong("state.fulfilments") {
		return
	}

	if paid {
		k.session.Watch.Becomes(o, longestPaid/4, func(b Belief) bool { return b.delivered() })
	}
	a, _ := k.lastLook(o)
	n := s.fulfilments(a)
	switch {
	case n == nil:
		k.wrong("state.fulfilments", "%s is no number and no list%s", s.Fulfilments.short(), answered(a))
	case paid && *n != 1:
		k.wrong("state.fulfilments", "it is %d for an order that is paid, and 1 is wanted", *n)
	default:
		k.right("state.fulfilments", "it is %d", *n)
	}
}

func (k *check) isWrong(key string) bool {
	for _, c := range k.found {
		if c.Key == key && !c.OK {
			return true
		}
	}
	return false
}

// lastLook is the last answer about the order's state, and which request it answers.
func (k *check) lastLook(o *Purchase) (exchange.Message, string) {
	looks := k.session.Watch.Find(func(c *Call) bool { return c.Title == "state" && c.Order == o })
	last := looks[len(looks)-1]
	at := last.Request.URL
	if u, err := url.Parse(at); err == nil {
		at = u.RequestURI()
	}
	return last.Answer(), last.Request.Method + " " + at
}
