package main

import (
	"fmt"
	"math/rand/v2"
	"net/http"
	"net/url"
	"time"
)

// life is one merchant, who sells, is paid or not, and lets days pass.
type life struct {
	sandbox *sandbox
	books   *books
	key     string
	random  *rand.Rand
	frozen  bool // its clock stands still but for what it is moved
	shop    *shop
	dead    string // an address at which nobody takes callbacks

	days, orders, resets int
	hours                float64 // that passed by its clock
	made                 map[string]bool
	secured              map[string]bool // payments with 3-D Secure, and whether the shop completed them
	manual               map[string]int  // callback id -> redeliveries
	died                 int             // how often its shop did
	diedSince            bool            // since the last reset
	faults               []string
}

func newLife(s *sandbox, b *books, number int, r *rand.Rand) (*life, error) {
	shop, err := openShop(number, rand.New(rand.NewPCG(r.Uint64(), 0)))
	if err != nil {
		return nil, err
	}
	l := &life{
		sandbox: s, books: b, key: fmt.Sprintf("test_soak_%d", number), random: r, frozen: number%2 == 0,
		shop: shop, dead: nobody, made: map[string]bool{}, secured: map[string]bool{}, manual: map[string]int{},
	}
	if l.frozen {
		l.must(http.MethodPost, "/_mock/clock", `{"freeze": true, "set": "2026-01-31T12:00:00Z"}`, nil)
	}
	l.hears()
	return l, nil
}

// scenarios are what orders are made with; an empty name is none.
var scenarios = []string{
	"", "", "", "", "success", "insufficient-funds", "do-not-honour", "paid-on-second-attempt", "customer-abandons", "customer-cancels",
	"link-expires", "slow-bank", "bank-timeout-but-paid", "pending-then-paid", "callback-late", "callback-duplicated",
	"callback-concurrent", "callback-lost", "callback-unknown-id", "callback-missing-id", "callback-other-order",
	"callback-before-response", "create-503-then-ok", "create-timeout-but-created", "status-500-then-ok", "rate-limited",
}

var cards = []string{"5421190122090656", "9792030000000000", "4111111111111129", "4129111111111111", "4124111111111116"}

// live goes on until the end, and ends with a day.
func (l *life) live(end time.Time) {
	for time.Now().Before(end) && len(l.faults) < 20 {
		l.shop.health.Store(l.random.Int32N(5))
		for range 5 + l.random.IntN(15) {
			l.sell()
		}
		for range l.random.IntN(5) {
			l.charge()
		}
		for range l.random.IntN(3) {
			l.secure()
		}
		l.giveBack()
		l.meddle()
		if l.random.IntN(12) == 0 {
			l.dieAndReturn()
		}
		l.pass(time.Duration(1+l.random.IntN(48)) * time.Hour)
		l.days++
		if l.random.IntN(40) == 0 {
			l.reset()
		}
	}
}

// fault notes that something went as it must not.
func (l *life) fault(format string, args ...any) {
	l.faults = append(l.faults, l.key+": "+fmt.Sprintf(format, args...))
}

// must makes a call that has to be answered with 200.
func (l *life) must(method, path, body string, into any) {
	status, err := l.sandbox.call(method, path, l.key, body, into)
	if err != nil || status != http.StatusOK {
		l.fault("%s %s answered %d (%v)", method, path, status, err)
	}
}

// may makes a call that the state of things can refuse.
func (l *life) may(method, path, body string) {
	status, err := l.sandbox.call(method, path, l.key, body, nil)
	if err != nil || status >= http.StatusInternalServerError && status != http.StatusServiceUnavailable {
		l.fault("%s %s answered %d (%v)", method, path, status, err)
	}
}

// sell makes an order and does with it what customers do.
func (l *life) sell() {
	l.orders++
	receiver := l.shop.address
	if l.random.IntN(8) == 0 {
		receiver = l.dead
	}
	body := fmt.Sprintf(`{"orderId": "ORD-%d", "amount": %d.%02d, "currency": "TRY", "callback": "http://%s/%s/%d", "maxInstallmentCount": %d}`,
		l.orders, 1+l.random.IntN(5000), l.random.IntN(100), receiver, l.key, l.orders, 1+l.random.IntN(12))
	scenario := scenarios[l.random.IntN(len(scenarios))]
	if scenario == "create-timeout-but-created" {
		scenario = "" // its answer takes longer than a day may
	}
	var headers []string
	if scenario != "" {
		headers = []string{"X-Mock-Scenario", scenario}
	}
	var made struct{ CheckoutID string }
	status, err := l.sandbox.call(http.MethodPost, "/api/checkout", l.key, body, &made, headers...)
	for try := 0; try < 3 && (status == http.StatusServiceUnavailable || status == http.StatusTooManyRequests); try++ {
		status, err = l.sandbox.call(http.MethodPost, "/api/checkout", l.key, body, &made, headers...)
	}
	if status == http.StatusTooManyRequests {
		return // that scenario goes on for longer
	}
	if err != nil || status != http.StatusOK {
		l.fault("order %d (%s) answered %d (%v)", l.orders, scenario, status, err)
		return
	}
	l.made[made.CheckoutID] = true
	l.customer(made.CheckoutID)
	if scenario != "status-500-then-ok" { // which answers what its name says
		l.may(http.MethodGet, "/api/checkout/"+made.CheckoutID, "")
	}
}

// customer does with a link what customers do.
func (l *life) customer(id string) {
	at := "/_mock/checkouts/" + id
	for range 1 + l.random.IntN(2) {
		switch l.random.IntN(10) {
		case 0:
			l.may(http.MethodPost, at+"/abandon", "")
		case 1:
			l.may(http.MethodPost, at+"/expire", "")
		case 2:
			l.may(http.MethodPost, at+"/outcome", `{"status": "FAILED", "resultCode": "05", "resultMessage": "Do not honour"}`)
		case 3:
			l.may(http.MethodPost, at+"/outcome", `{"status": "SUCCESS"}`)
		case 4: // nothing: the link expires
		default:
			l.may(http.MethodPost, at+"/pay", `{"card": "`+cards[l.random.IntN(len(cards))]+`"}`)
		}
	}
}

// meddle is what people do with the control API meanwhile.
func (l *life) meddle() {
	var recent struct {
		Callbacks []struct {
			ID, Status string
			URL        string
		}
	}
	l.must(http.MethodGet, "/_mock/callbacks?limit=20", "", &recent)
	for _, c := range recent.Callbacks {
		if l.random.IntN(6) == 0 {
			l.manual[c.ID]++
			l.must(http.MethodPost, "/_mock/callbacks/"+c.ID+"/redeliver", "", nil)
		}
	}
	if l.random.IntN(4) == 0 {
		forged := "http://" + l.shop.address + "/forged"
		l.must(http.MethodPost, "/_mock/callbacks/forge", `{"url": "`+forged+`", "checkoutId": "00000000-0000-4000-8000-000000000000"}`, nil)
	}
}

// pass lets time pass by the merchant's clock.
func (l *life) pass(d time.Duration) {
	l.hours += d.Hours()
	l.must(http.MethodPost, "/_mock/clock", `{"advance": "`+d.String()+`"}`, nil)
}

// dieAndReturn lets some hours pass in which nobody listens where the shop was.
func (l *life) dieAndReturn() {
	l.died++
	l.diedSince = true
	if err := l.shop.die(); err != nil {
		l.fault("the shop did not die: %v", err)
		return
	}
	l.pass(time.Duration(1+l.random.IntN(240)) * time.Minute)
	if err := l.shop.rise(); err != nil {
		l.fault("the shop did not return: %v", err)
	}
}

// reset balances the books, forgets everything and begins anew.
func (l *life) reset() {
	l.balance()
	l.must(http.MethodPost, "/_mock/reset", "", nil)
	l.resets++
	l.shop.forget()
	l.diedSince = false
	clear(l.made)
	clear(l.secured)
	clear(l.manual)
	if l.frozen {
		l.must(http.MethodPost, "/_mock/clock", `{"freeze": true}`, nil)
	}
}

// balance lets everything that is still to come happen, and compares the books.
func (l *life) balance() {
	for range 3 {
		l.pass(96 * time.Hour)
	}
	l.books.balance(l)
}

// checkouts are all that the sandbox knows of the merchant.
func (l *life) checkouts() (all []checkout) {
	before := ""
	for {
		var page struct {
			Checkouts []checkout
			Next      string
		}
		l.must(http.MethodGet, "/_mock/checkouts?limit=500"+before, "", &page)
		all = append(all, page.Checkouts...)
		if page.Next == "" || len(page.Checkouts) == 0 {
			return all
		}
		before = "&before=" + url.QueryEscape(page.Next)
	}
}
