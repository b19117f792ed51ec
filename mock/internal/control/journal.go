package control

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/payporter-mock/payporter-mock/mock/internal/clock"
	"github.com/payporter-mock/payporter-mock/mock/internal/journal"
	"github.com/payporter-mock/payporter-mock/mock/internal/wire"
	"github.com/payporter-mock/payporter-mock/payment"
)

// maxWait bounds how long a call may block, in real time.
const maxWait = 5 * time.Minute

// entries is a part of the journal; Next is the `after` that leads on.
type entries struct {
	Entries []journal.Entry `json:"entries"`
	Next    uint64          `json:"next"`
}

func page(found []journal.Entry, after uint64) entries {
	if len(found) > 0 {
		after = found[len(found)-1].Seq
	}
	return entries{Entries: found, Next: after}
}

func (x *call) filter() journal.Filter {
	after, _ := strconv.ParseUint(x.query.Get("after"), 10, 64)
	return journal.Filter{
		CheckoutID: strings.ToLower(x.query.Get("checkoutId")), OrderID: x.query.Get("orderId"),
		Kind: journal.Kind(x.query.Get("kind")), After: after, Status: x.query.Get("status"),
	}
}

func (k *control) readJournal(_ context.Context, x *call) (any, error) {
	f, limit := x.filter(), x.number("limit", 1000)
	if x.query.Has("after") {
		return page(x.merchant.Journal().Oldest(f, limit), f.After), nil
	}
	return page(x.merchant.Journal().Newest(f, limit), f.After), nil
}

// listStrangers tells what came with no key, or with one that nobody has.
func (k *control) listStrangers(_ context.Context, x *call) (any, error) {
	f, limit := x.filter(), x.number("limit", 1000)
	if x.query.Has("after") {
		return page(k.Gateway.Strangers().Journal().Oldest(f, limit), f.After), nil
	}
	return page(k.Gateway.Strangers().Journal().Newest(f, limit), f.After), nil
}

func (k *control) waitForJournal(ctx context.Context, x *call) (any, error) {
	timeout, err := waitTime(x.query.Get("timeout"))
	if err != nil {
		return nil, err
	}
	ctx, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	defer context.AfterFunc(k.Closing, cancel)() // who waits for a sandbox that stops is told what it saw
	x.blocks()

	f, count, began := x.filter(), x.number("count", 1), clock.Wall()
	x.merchant = k.Gateway.Arrival(ctx, x.merchant) // who waits may come before the first request
	found, ok := x.merchant.Journal().Wait(ctx, f, count)
	if !ok {
		waited := clock.Wall().Sub(began).Round(time.Millisecond)
		return nil, x.notSeen(f, found, count, waited.String()+k.broken(ctx, timeout))
	}
	return page(found, f.After), nil
}

// broken says why a wait ended before its time; empty: it did not.
func (k *control) broken(ctx context.Context, timeout time.Duration) string {
	switch {
	case errors.Is(ctx.Err(), context.DeadlineExceeded):
		return ""
	case k.Closing.Err() != nil:
		return fmt.Sprintf(" of %s, until the sandbox stopped,", timeout)
	}
	return fmt.Sprintf(" of %s, until the caller left,", timeout)
}

// blocks lifts the server's time limit for answers from a call that waits by design.
func (x *call) blocks() {
	_ = http.NewResponseController(x.writer).SetWriteDeadline(time.Time{}) // not every writer has one
}

func waitTime(s string) (time.Duration, error) {
	if s == "" {
		return 10 * time.Second, nil
	}
	d, err := time.ParseDuration(s)
	if err != nil || d < 0 || d > maxWait {
		return 0, &payment.Error{
			Code: payment.InvalidRequest, Field: "timeout",
			Message: fmt.Sprintf("must be a duration from 0s to 5m, such as 10s, got %q", s),
		}
	}
	return d, nil
}

// notSeen says what happened instead of what was waited for.
type notSeen struct {
	message string
	matched int
	wanted  int
	seen    []journal.Entry
}

func (n *notSeen) Error() string { return n.message }

func (x *call) notSeen(f journal.Filter, matched []journal.Entry, wanted int, waited string) error {
	wide := journal.Filter{CheckoutID: f.CheckoutID, OrderID: f.OrderID, After: f.After}
	seen := x.merchant.Journal().Newest(wide, 20)
	return &notSeen{
		message: fmt.Sprintf("waited %s for %d %s, saw %d; %s", waited, wanted, plural(wanted, f), len(matched), summary(seen)),
		matched: len(matched), wanted: wanted, seen: seen,
	}
}

func plural(n int, f journal.Filter) string {
	what := "entry"
	if n != 1 {
		what = "entries"
	}
	var narrowed []string
	for _, p := range [][2]string{
		{"kind", string(f.Kind)}, {"status", f.Status}, {"orderId", f.OrderID}, {"checkoutId", f.CheckoutID},
	} {
		if p[1] != "" {
			narrowed = append(narrowed, p[0]+"="+p[1])
		}
	}
	if len(narrowed) > 0 {
		what += " with " + strings.Join(narrowed, " ")
	}
	return what
}

// summary tells in a line what did happen.
func summary(seen []journal.Entry) string {
	if len(seen) == 0 {
		return "nothing else happened"
	}
	var all []string
	for _, e := range seen[max(0, len(seen)-5):] {
		one := string(e.Kind)
		if e.Status != "" {
			one += " " + e.Status
		}
		if e.Error != "" {
			one += " (" + e.Error + ")"
		}
		all = append(all, one)
	}
	return "the latest was: " + strings.Join(all, ", ")
}

func (n *notSeen) answer(requestID string) (wire.Answer, error) {
	answer := wire.Fault(&payment.Error{Code: payment.TimedOut, Message: n.message}, requestID)
	var body map[string]any
	if err := json.Unmarshal(answer.Body, &body); err != nil {
		return answer, err
	}
	body["matched"], body["wanted"], body["seen"] = n.matched, n.wanted, n.seen
	told, err := wire.OK(body)
	told.Status = answer.Status
	return told, err
}
