package main

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"time"
)

// checkout is what the control API tells of one.
type checkout struct {
	CheckoutID, Scenario, State, Callback string
	Attempts                              int
	Callbacks                             []callback
}

type callback struct {
	ID, PaymentID, URL, Status string
	Retry                      json.RawMessage
	CreatedAt                  time.Time
	NextAttemptAt              *time.Time
	Attempts                   []struct {
		At         time.Time
		Manual     bool
		HTTPStatus int
		Error      string
	}
}

// books are what must be true, and whether it is.
type books struct {
	mu     sync.Mutex // guards all below
	checks []*check
	byName map[string]*check

	merchants, days, orders, checkouts, deliveries, attempts, resets, died int
	payments, webhooks                                                     int
	hours                                                                  float64 // longer than a Duration can be
	memoryAtHalf, memoryAtEnd                                              float64
}

// check is one thing that must be true of many.
type check struct {
	name   string
	looked int
	faults []string
}

func newBooks() *books { return &books{byName: map[string]*check{}} }

// holds looks at one case of a check.
func (b *books) holds(name string, ok bool, format string, args ...any) {
	c := b.byName[name]
	if c == nil {
		c = &check{name: name}
		b.byName[name] = c
		b.checks = append(b.checks, c)
	}
	c.looked++
	if !ok {
		c.faults = append(c.faults, fmt.Sprintf(format, args...))
	}
}

func (b *books) failed() (n int) {
	for _, c := range b.checks {
		if len(c.faults) > 0 {
			n++
		}
	}
	return n
}

// lived counts a merchant's life.
func (b *books) lived(l *life) {
	b.merchants++
	b.days += l.days
	b.orders += l.orders
	b.resets += l.resets
	b.died += l.died
	b.hours += l.hours
	b.holds("every call was answered as it must be", len(l.faults) == 0, "%s", strings.Join(l.faults, "; "))
}

// balance compares what the sandbox recorded with what the shop saw.
func (b *books) balance(l *life) {
	all, payments, webhooks := l.checkouts(), l.payments(), l.webhooks()
	b.mu.Lock()
	defer b.mu.Unlock()
	b.money(l, payments)
	b.secured(l, payments)
	b.told(l, payments, webhooks)
	known := map[string]bool{}
	for _, c := range all {
		known[c.CheckoutID] = true
		b.checkouts++
		b.checkout(l, c)
	}
	for id := range l.made {
		b.holds("no checkout is lost", known[id], "%s: %s", l.key, id)
	}
}

func (b *books) checkout(l *life, c checkout) {
	b.holds("every checkout comes to its end", c.State == "PAID" || c.State == "EXPIRED" || c.State == "CANCELLED" || c.State == "DECLINED",
		"%s: %s is %s", l.key, c.CheckoutID, c.State)
	if c.State == "PAID" && !silent[c.Scenario] {
		b.holds("who is paid is told", len(c.Callbacks) > 0, "%s: %s (%s) has no callback", l.key, c.CheckoutID, c.Scenario)
	}
	if c.State == "EXPIRED" && c.Attempts == 0 {
		b.holds("of an expired link nobody is told", len(c.Callbacks) == 0, "%s: %s (%s) has %d", l.key, c.CheckoutID, c.Scenario, len(c.Callbacks))
	}
	answered, unanswered := 0, 0
	for _, d := range c.Callbacks {
		b.deliveries++
		b.delivery(l, c, d)
		for _, a := range d.Attempts {
			b.attempts++
			if a.HTTPStatus != 0 {
				answered++
			} else {
				unanswered++
			}
		}
	}
	at, err := url.Parse(c.Callback)
	if err != nil || at.Host == l.dead {
		b.holds("where nobody listens nothing is answered", answered == 0, "%s: %s has %d answers", l.key, c.CheckoutID, answered)
		return
	}
	saw, broke := l.shop.posts(at.Path)
	b.holds("every answer was recorded, and none that was not given", saw == answered, "%s: %s: the shop answered %d, the sandbox recorded %d", l.key, c.CheckoutID, saw, answered)
	// A shop that has died saw nothing of what was posted to it then.
	b.holds("every post that was hung up on was recorded", broke == unanswered || broke < unanswered && l.diedSince, "%s: %s: the shop hung up on %d, the sandbox recorded %d without an answer", l.key, c.CheckoutID, broke, unanswered)
}

// silent are the scenarios whose callback never comes.
var silent = map[string]bool{"callback-lost": true, "bank-timeout-but-paid": true}

// copies is how often a scenario has a delivery made whatever the shop says.
var copies = map[string]int{"callback-duplicated": 3, "callback-concurrent": 5}

func (b *books) delivery(l *life, c checkout, d callback) {
	b.holds("every delivery is delivered or given up", (d.Status == "DELIVERED" || d.Status == "EXHAUSTED") && d.NextAttemptAt == nil,
		"%s: %s of %s (%s) is %s", l.key, d.ID, c.CheckoutID, c.Scenario, d.Status)
	byHand, byItself, taken := 0, 0, 0
	takenByHand := false
	for _, a := range d.Attempts {
		if a.Manual {
			byHand++
			takenByHand = takenByHand || a.HTTPStatus/100 == 2
			continue
		}
		byItself++
		if a.HTTPStatus/100 == 2 {
			taken++
		}
	}
	b.holds("nothing is sent twice without a cause", taken <= max(1, copies[c.Scenario]),
		"%s: %s of %s (%s) was taken %d times", l.key, d.ID, c.CheckoutID, c.Scenario, taken)
	b.holds("by hand is sent what was asked for", byHand == l.manual[d.ID], "%s: %s was sent again %d times, asked for %d", l.key, d.ID, byHand, l.manual[d.ID])
	if copies[c.Scenario] == 0 && byHand == 0 && c.Scenario != "callback-concurrent" {
		b.plan(l, c, d)
	}
	if d.Status == "EXHAUSTED" && copies[c.Scenario] == 0 && !takenByHand {
		b.holds("nothing is given up before its time", byItself == len(documented)+1, "%s: %s of %s (%s) was tried %d times", l.key, d.ID, c.CheckoutID, c.Scenario, byItself)
	}
}

// documented is PayPorter's retry plan, as waits.
var documented = []time.Duration{
	30 * time.Second, time.Minute, 5 * time.Minute, 15 * time.Minute, time.Hour, 4 * time.Hour, 12 * time.Hour, 24 * time.Hour,
}

// plan compares the times of the attempts. A clock that stands still shows them to the microsecond; of one that runs
// on, an attempt can be late by what the machine was busy with.
func (b *books) plan(l *life, c checkout, d callback) {
	for i := 1; i < len(d.Attempts) && i <= len(documented); i++ {
		wait := d.Attempts[i].At.Sub(d.Attempts[i-1].At)
		late := wait - documented[i-1]
		b.holds("every attempt comes when it is due", late >= 0 && (!l.frozen && late < 10*time.Second || late == 0),
			"%s: attempt %d of %s (%s) came %s after it was due", l.key, i+1, d.ID, c.Scenario, late)
	}
}

// idleWithin is when the sandbox has closed the connections to shops that are idle: it keeps them for 30 seconds, and two
// goroutines for each.
const idleWithin = 45 * time.Second

// rest looks at the sandbox itself once everything has settled.
func (b *books) rest(s *sandbox) {
	b.memoryAtEnd = s.residentMB()
	b.holds("nothing is planned any more", s.gauge("payporter_mock_deliveries_planned") == 0, "%v deliveries are", s.gauge("payporter_mock_deliveries_planned"))
	b.holds("memory does not grow with time", b.memoryAtEnd < 1.5*b.memoryAtHalf+50, "%.0f MB at half-time, %.0f MB at the end", b.memoryAtHalf, b.memoryAtEnd)
	goroutines, most := s.gauge("go_goroutines"), float64(60+5*b.merchants)
	for end := time.Now().Add(idleWithin); goroutines >= most && time.Now().Before(end); time.Sleep(time.Second) {
		goroutines = s.gauge("go_goroutines")
	}
	b.holds("no goroutine is left over", goroutines > 0 && goroutines < most, "there are %v", goroutines)
	for line := range strings.Lines(s.text()) {
		bad := strings.Contains(line, `"level":"ERROR"`) || strings.Contains(line, "panic")
		b.holds("the log tells of no mistake of the sandbox", !bad, "%s", line)
	}
	b.holds("the log tells of no mistake of the sandbox", true, "")
}

// farewell stops the sandbox in the middle of its work.
func (b *books) farewell(s *sandbox, l *life) {
	l.shop.health.Store(refusing)
	for range 50 {
		var made struct{ CheckoutID string }
		body := fmt.Sprintf(`{"orderId": "LAST", "amount": 1, "currency": "TRY", "callback": "%s/last"}`, "http://"+l.shop.address)
		_, _ = s.call(http.MethodPost, "/api/checkout", l.key, body, &made)
		_, _ = s.call(http.MethodPost, "/_mock/checkouts/"+made.CheckoutID+"/pay", l.key, "", nil)
	}
	_, _ = s.call(http.MethodPost, "/_mock/clock", l.key, `{"advance": "10s"}`, nil)
	var waiting struct{ Callbacks []callback }
	_, _ = s.call(http.MethodGet, "/_mock/callbacks?status=FAILED", l.key, "", &waiting)
	code, err := s.stop()
	b.holds("it ends in time and well when it is told to", err == nil && code == 0, "exit code %d (%v)", code, err)
	want := fmt.Sprintf(`"msg":"undelivered","merchant":"%s","deliveries":%d,"due":0`, l.key, len(waiting.Callbacks))
	b.holds("what is undelivered at the end is said", len(waiting.Callbacks) == 100 && strings.Contains(s.text(), want),
		"%d callbacks and webhooks wait, and the log says:\n%s", len(waiting.Callbacks), s.text())
}
