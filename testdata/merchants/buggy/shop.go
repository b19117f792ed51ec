package main

import (
	"cmp"
	"crypto/rand"
	"encoding/json"
	"math/big"
	"net/http"
	"os"
	"regexp"
	"sync"
)

const maxBody = 64 << 10 // bytes

// shop is the merchant.
type shop struct {
	home, payporter, key, secret string
	webhookSecret                string
	habits                       *habits
	busy                         sync.Mutex // held by whoever is served alone

	mu        sync.Mutex        // guards what follows, and what is in the orders
	orders    map[string]*order // by the orderIds sent to PayPorter
	checkouts map[string]*order // by checkoutId
	last      *order            // the newest order
	seen      map[string]int    // how often a callback named a checkout
	lastPaid  string            // the checkout of the newest payment
	events    map[string]bool   // the webhooks that were handled, by their x-event-id
	broken    bool              // whether the shop has had enough
}

// order is what a customer wants and what became of it.
type order struct {
	money
	id          string // the shop's number of it
	sent        string // and PayPorter's
	status      string // pending, paid or failed
	fulfilments int
	checkout    checkout // of the newest try
	dead        bool     // nothing pays it any more
	paymentID   string   // what paid it
	refunds     []*refund
	viewed      bool // the customer has seen that it is paid
	place       int  // how many orders were before it
}

// checkout is what PayPorter answers to a create.
type checkout struct{ CheckoutID, RedirectURL string }

// money is an amount, as it was written, with its currency.
type money struct {
	Amount   json.RawMessage `json:"amount"`
	Currency string          `json:"currency"`
}

var amounts = regexp.MustCompile(`^[0-9]{1,12}(\.[0-9]{1,20})?$`)

func (m money) isValid() bool { return amounts.Match(m.Amount) && m.Currency != "" }

func (m money) number() *big.Rat {
	number, ok := new(big.Rat).SetString(string(m.Amount))
	if !ok {
		return new(big.Rat)
	}
	return number
}

// is compares amounts as numbers: 100.5 is 100.50.
func (m money) is(other money) bool {
	return m.isValid() && other.isValid() && m.number().Cmp(other.number()) == 0 && m.Currency == other.Currency
}

func newShop(home string) *shop {
	return &shop{
		home:      home,
		payporter: cmp.Or(os.Getenv("PAYPORTER_BASE_URL"), "http://127.0.0.1:8080"),
		key:       cmp.Or(os.Getenv("PAYPORTER_API_KEY"), "test_key"),
		secret:    cmp.Or(os.Getenv("PAYPORTER_API_SECRET"), "test_secret"),
		habits:    good(),
		orders:    map[string]*order{},
		checkouts: map[string]*order{},
		seen:      map[string]int{},
		events:    map[string]bool{},

		webhookSecret: os.Getenv("PAYPORTER_WEBHOOK_SECRET"),
	}
}

func (s *shop) routes() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /health", func(w http.ResponseWriter, _ *http.Request) {
		write(w, reply{http.StatusOK, map[string]any{"status": "ok"}, ""})
	})
	mux.HandleFunc("POST /orders", func(w http.ResponseWriter, r *http.Request) { s.serve(w, r, s.order) })
	mux.HandleFunc("GET /orders/{id}", func(w http.ResponseWriter, r *http.Request) { s.serve(w, r, s.show) })
	mux.HandleFunc("POST /orders/{id}/refund", s.giveBack)
	mux.HandleFunc("POST /webhook", func(w http.ResponseWriter, r *http.Request) { write(w, s.habits.hook(s, r)) })
	mux.HandleFunc("/payment-callback", s.takeCallback)
	mux.HandleFunc("/payment-callback/{rest...}", s.takeCallback)
	return s.habits.door(mux)
}

// serve answers a customer.
func (s *shop) serve(w http.ResponseWriter, r *http.Request, what func(*http.Request) (reply, *order)) {
	if s.habits.alone {
		s.busy.Lock()
		defer s.busy.Unlock()
	}
	answer, o := what(r)
	if o != nil {
		http.SetCookie(w, &http.Cookie{Name: "order", Value: o.id, Path: "/"})
		s.habits.page(s, o, answer.body)
	}
	write(w, answer)
}

// reply is what the shop answers.
type reply struct {
	status   int
	body     map[string]any
	location string
}

func say(status int, message string) reply {
	return reply{status, map[string]any{"message": message}, ""}
}

func write(w http.ResponseWriter, r reply) {
	w.Header().Set("Content-Type", "application/json")
	if r.location != "" {
		w.Header().Set("Location", r.location)
	}
	w.WriteHeader(r.status)
	encoder := json.NewEncoder(w)
	encoder.SetEscapeHTML(false)
	_ = encoder.Encode(r.body) // the caller has hung up
}

// order takes an order and sends the customer to pay it.
func (s *shop) order(r *http.Request) (reply, *order) {
	var wanted money
	if err := json.NewDecoder(http.MaxBytesReader(nil, r.Body, maxBody)).Decode(&wanted); err != nil || !wanted.isValid() {
		return say(http.StatusBadRequest, `want {"amount": 100.50, "currency": "TRY"}`), nil
	}
	if s.habits.refuse(s, r) {
		return say(http.StatusConflict, "nothing is sold to you now"), nil
	}
	id := s.habits.number(s, wanted)
	o := &order{money: wanted, id: id, sent: id, status: "pending"}
	s.keep(o) // first, because a callback can overtake the answer
	if err := s.create(o); err != nil {
		return s.habits.unmade(s, o, err), o
	}
	return reply{http.StatusOK, map[string]any{"orderId": o.id, "redirectUrl": s.habits.link(s, o.checkout.RedirectURL)}, ""}, o
}

func (s *shop) keep(o *order) {
	s.mu.Lock()
	defer s.mu.Unlock()
	o.place = len(s.orders)
	s.orders[o.sent], s.last = o, o
}

func uniqueNumber(*shop, money) string { return "ORD-" + rand.Text() }

func tryAgain(_ *shop, o *order, _ error) reply {
	return reply{http.StatusBadGateway, map[string]any{"orderId": o.id, "message": "no payment can be taken now: order again later"}, ""}
}

// show tells what became of an order.
func (s *shop) show(r *http.Request) (reply, *order) {
	s.habits.visited(s, r)
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, o := range s.orders {
		if o.id == r.PathValue("id") {
			o.viewed = o.viewed || o.status == "paid"
			shown := map[string]any{"orderId": o.id, "status": o.status, "fulfilments": o.fulfilments}
			shown["refunded"] = json.RawMessage(s.habits.refunded(s, o).FloatString(2))
			return reply{http.StatusOK, shown, ""}, o
		}
	}
	return say(http.StatusNotFound, "there is no such order"), nil
}
