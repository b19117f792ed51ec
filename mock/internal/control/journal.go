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
	"github.com/payporter-mock/payporter-mock/mock/store"
	"github.com/payporter-mock/payporter-mock/payment"
)

// maxWait bounds how long a call may block, in real time.
const maxWait = 5 * time.Minute

// entries is a part of the journal; Next is the `after` that leads on.
type entries struct {
	Entries []store.Entry `json:"entries"`
	Next    uint64        `json:"next"`
}

func page(found []store.Entry, after uint64) entries {
	if len(found) > 0 {
		after = found[len(found)-1].Seq
	}
	return entries{Entries: found, Next: after}
}

func (x *call) filter() store.EntryQuery {
	after, _ := strconv.ParseUint(x.query.Get("after"), 10, 64)
	since, _ := time.Parse(time.RFC3339, x.query.Get("since")) // the document allows nothing but times
	until, _ := time.Parse(time.RFC3339, x.query.Get("until"))
	return store.EntryQuery{
		CheckoutID: strings.ToLower(x.query.Get("checkoutId")), OrderID: x.query.Get("orderId"),
		Kind: store.EntryKind(x.query.Get("kind")), After: after, Status: x.query.Get("status"),
		Search: x.query.Get("search"), Since: since, Until: until,
	}
}

func (k *control) readJournal(ctx context.Context, x *call) (any, error) {
	return x.read(ctx, x.merchant.Journal())
}

// read answers a part of a journal: the newest entries, or those that follow one.
func (x *call) read(ctx context.Context, j *journal.Journal) (any, error) {
	q, limit := x.filter(), x.number("limit", 1000)
	look := j.Newest
	if x.query.Has("after") {
		look = j.Oldest
	}
	found, err := look(ctx, q, limit)
	return page(found, q.After), err
}

// listStrangers tells what came with no key, or with one that nobody has.
func (k *control) listStrangers(ctx context.Context, x *call) (any, error) {
	return x.read(ctx, k.Gateway.Strangers().Journal())
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
	found, ok, err := x.merchant.Journal().Wait(ctx, f, count)
	if err != nil {
		return nil, err
	}
	if !ok {
		waited := clock.Wall().Sub(began).Round(time.Millisecond)
		always := context.WithoutCancel(ctx)
		return nil, x.merchant.Journal().NotSeen(always, journal.Waited{
			Merchant: x.key(), Query: f, Count: count, For: waited.String() + k.broken(ctx, timeout),
			Elsewhere: x.elsewhere(k.holderOf(always, f), "had it"),
		}, found)
	}
	return page(found, f.After), nil
}

// holderOf is the merchant that has what a filter names; empty: it names nothing, or nobody has it.
func (k *control) holderOf(ctx context.Context, f store.EntryQuery) string {
	switch {
	case f.CheckoutID != "":
		return k.Gateway.Holder(ctx, f.CheckoutID)
	case f.OrderID != "":
		return k.Gateway.HolderOfOrder(ctx, f.OrderID)
	}
	return ""
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

func notSeen(n *journal.NotSeen, requestID string) (wire.Answer, error) {
	answer := wire.Fault(&payment.Error{Code: payment.TimedOut, Message: n.Error()}, requestID)
	var body map[string]any
	if err := json.Unmarshal(answer.Body, &body); err != nil {
		return answer, err
	}
	body["matched"], body["wanted"], body["seen"] = n.Matched, n.Wanted, n.Seen
	told, err := wire.OK(body)
	told.Status = answer.Status
	return told, err
}
