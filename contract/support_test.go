package contract_test

import (
	"bytes"
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"math/big"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/payporter-mock/payporter-mock/contract"
)

var update = flag.Bool("update", false, "write the golden files anew")

// golden compares a text with a file of testdata.
func golden(t *testing.T, path, got string) {
	t.Helper()
	if *update {
		require.NoError(t, os.MkdirAll(filepath.Dir(path), 0o755))
		require.NoError(t, os.WriteFile(path, []byte(got), 0o644))
	}
	want, err := os.ReadFile(path)
	require.NoError(t, err, "write it with -update")
	wanted, lines := strings.Split(string(want), "\n"), strings.Split(got, "\n")
	for i := range min(len(wanted), len(lines)) {
		require.Equal(t, wanted[i], lines[i], "%s:%d; write it anew with -update", path, i+1)
	}
	require.Len(t, lines, len(wanted), "%s; write it anew with -update", path)
}

// shop is a merchant in the test's own process. Its zero habits are right.
type shop struct {
	payporter contract.Environment
	home      string
	believing bool   // it takes every callback for a payment
	generous  bool   // it takes every amount
	wordy     int    // how much it says of an order before its state, in bytes
	mute      bool   // it answers nobody who orders
	silent    bool   // it sends no create
	guarded   bool   // it wants a token of its page from whoever orders, and whoever looks
	forgetful bool   // it shows no order that has failed
	ending    string // what it adds to every path of PayPorter
	tattling  string // what it says in its answers to callbacks, and of each order to PayPorter

	slowly time.Duration // how long it takes for each answer
	asksOn time.Duration // it asks about the checkout of each callback so often, without an end; zero: once

	worker time.Duration // workers ask about each open checkout after such pauses; zero: the callbacks themselves ask

	shipsFailures bool // it ships an order once more when a payment of it failed before

	ownCallbacks bool         // each order has a callback address of its own
	inMinorUnits bool         // it keeps amounts in minor units
	sparse       bool         // it answers callbacks without a body
	client       *http.Client // what calls PayPorter; nil: staysHere
	placed       func(*order) // is told of each order that was made; nil: nobody is

	mu      sync.Mutex
	orders  map[string]*order
	open    map[string]bool // checkouts that had a callback and have no result yet
	workers chan struct{}
}

type order struct {
	ID          string      `json:"orderId"`
	Amount      json.Number `json:"amount"`
	Currency    string      `json:"currency"`
	Status      string      `json:"status"`
	Fulfilments int         `json:"fulfilments"`
	RedirectURL string      `json:"redirectUrl"`
	checkoutID  string
}

// configFor lets the harness start the shop.
func configFor(t *testing.T, s *shop) contract.Config {
	t.Helper()
	at := func(method, url string) contract.Request { return contract.Request{Method: method, URL: url} }
	c := contract.Config{
		Start: func(e contract.Environment) (string, error) {
			s.payporter, s.orders = e, map[string]*order{}
			server := httptest.NewServer(s)
			t.Cleanup(server.Close)
			s.home = server.URL
			return server.URL, nil
		},
		Order: contract.Order{
			Request:     at(http.MethodPost, "{{shop}}/orders"),
			OrderID:     contract.Extract{JSON: "$.orderId"},
			RedirectURL: contract.Extract{JSON: "$.redirectUrl"},
		},
		State: contract.State{
			Request:     at(http.MethodGet, "{{shop}}/orders/{{orderId}}"),
			Paid:        contract.Condition{Extract: contract.Extract{JSON: "$.status"}, Equals: []string{"paid"}},
			Failed:      contract.Condition{Extract: contract.Extract{JSON: "$.status"}, Equals: []string{"failed"}},
			Fulfilments: contract.Extract{JSON: "$.fulfilments"},
		},
	}
	c.Order.Currencies = []string{"JPY", "KWD"}
	c.Order.Request.JSON = map[string]any{"amount": "{{amount}}", "currency": "{{currency}}"}
	return c
}

func (s *shop) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	time.Sleep(s.slowly)
	switch {
	case r.Method == http.MethodGet && r.URL.Path == "/form":
		_, _ = io.WriteString(w, `<form><input name="token" value="t0ken"></form>`)
	case s.guarded && strings.HasPrefix(r.URL.Path, "/orders") && r.Header.Get("X-Token") != "t0ken":
		http.Error(w, "the token is missing", http.StatusForbidden)
	case r.Method == http.MethodPost && r.URL.Path == "/orders":
		s.order(w, r)
	case r.Method == http.MethodPost && strings.HasPrefix(r.URL.Path, "/payment-callback"):
		status := s.callback(r)
		if s.sparse && status == http.StatusOK {
			status = http.StatusNoContent
		}
		w.WriteHeader(status)
		_, _ = io.WriteString(w, s.tattling)
	default:
		s.mu.Lock()
		defer s.mu.Unlock()
		if o := s.orders[filepath.Base(r.URL.Path)]; o != nil {
			if s.forgetful && o.Status == "failed" {
				w.WriteHeader(http.StatusGone)
				return
			}
			if s.wordy > 0 {
				fmt.Fprintf(w, `{"terms":%q,`, strings.Repeat("x", s.wordy))
				shown, _ := json.Marshal(o)
				_, _ = w.Write(shown[1:])
				return
			}
			_ = json.NewEncoder(w).Encode(o)
			return
		}
		http.NotFound(w, r)
	}
}

func (s *shop) order(w http.ResponseWriter, r *http.Request) {
	o := &order{Status: "pending"}
	if err := json.NewDecoder(r.Body).Decode(o); err != nil || s.mute {
		http.Error(w, "want an amount and a currency", http.StatusBadRequest)
		return
	}
	if !s.place(o) {
		http.Error(w, "PayPorter makes no checkout", http.StatusBadGateway)
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	_ = json.NewEncoder(w).Encode(o)
}

// place makes an order and its checkout, and reports whether PayPorter made that.
func (s *shop) place(o *order) bool {
	s.mu.Lock()
	o.ID = fmt.Sprintf("ORD-%d", len(s.orders)+1)
	s.orders[o.ID] = o
	s.mu.Unlock()

	var made struct{ CheckoutID, RedirectURL string }
	wanted, _ := json.Marshal(s.create(o))
	if !s.silent && s.ask(http.MethodPost, "/api/checkout", wanted, &made) != http.StatusOK {
		return false
	}

	s.mu.Lock()
	o.checkoutID, o.RedirectURL = made.CheckoutID, made.RedirectURL
	s.mu.Unlock()
	if s.placed != nil {
		s.placed(o)
	}
	return true
}

// create is what PayPorter is asked for.
func (s *shop) create(o *order) map[string]any {
	fields := map[string]any{
		"orderId": o.ID, "amount": o.Amount, "currency": o.Currency, "callback": s.home + "/payment-callback",
		"maxInstallmentCount": 6, "interestPaidByCustomer": true,
	}
	if s.ownCallbacks {
		fields["callback"] = s.home + "/payment-callback/" + o.ID
	}
	if s.inMinorUnits {
		fields["amount"] = json.Number(majorUnits(minorUnits(o.Amount, o.Currency), o.Currency))
	}
	if s.tattling != "" {
		fields["description"] = s.tattling
	}
	return fields
}

func (s *shop) callback(r *http.Request) int {
	r.Body = http.MaxBytesReader(nil, r.Body, 1<<10)
	id := r.PostFormValue("checkoutId")
	if id == "" || len(id) != 36 {
		return http.StatusBadRequest
	}
	named := strings.TrimPrefix(strings.TrimPrefix(r.URL.Path, "/payment-callback"), "/")
	if s.ownCallbacks && !s.isFor(id, named) {
		return http.StatusNotFound
	}
	if s.worker > 0 {
		return s.leave(id)
	}
	return s.take(id)
}

// isFor reports whether a checkout can be the one of an order: one whose create was not answered yet can.
func (s *shop) isFor(checkoutID, orderID string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	o := s.orders[orderID]
	return o != nil && (o.checkoutID == "" || o.checkoutID == checkoutID)
}

// take asks about a checkout, settles its order, and says what a callback is answered.
func (s *shop) take(id string) int {
	var p struct {
		OrderID, Status, Currency string
		Amount                    json.Number
	}
	if status := s.ask(http.MethodGet, "/api/checkout/"+id, nil, &p); status == http.StatusNotFound {
		return http.StatusNotFound
	} else if status != http.StatusOK {
		return http.StatusServiceUnavailable
	}
	if s.asksOn > 0 {
		go s.askOn(id)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	o := s.orders[p.OrderID]
	if o == nil || (o.checkoutID != "" && o.checkoutID != id) {
		return http.StatusNotFound
	}
	s.settle(o, p.Status, s.isPrice(o, p.Amount) && p.Currency == o.Currency)
	return http.StatusOK
}

func (s *shop) askOn(id string) {
	var ignored map[string]any
	for s.ask(http.MethodGet, "/api/checkout/"+id, nil, &ignored) != 0 { // PayPorter is there
		time.Sleep(s.asksOn)
	}
}

// leave lets workers ask about a checkout until it has a result, four of them at a time, or PayPorter is gone.
func (s *shop) leave(id string) int {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.open == nil {
		s.open, s.workers = map[string]bool{}, make(chan struct{}, 4)
	}
	if !s.open[id] {
		s.open[id] = true
		go s.work(id)
	}
	return http.StatusOK
}

func (s *shop) work(id string) {
	defer func() {
		s.mu.Lock()
		defer s.mu.Unlock()
		delete(s.open, id)
	}()
	for {
		s.workers <- struct{}{}
		var p struct{ Status string }
		status := s.ask(http.MethodGet, "/api/checkout/"+id, nil, &p)
		<-s.workers
		switch {
		case status == http.StatusOK && p.Status != "ENROLLED":
			if s.take(id) != http.StatusServiceUnavailable {
				return
			}
		case status == http.StatusNotFound, status == 0 && s.isGone():
			return
		}
		time.Sleep(s.worker)
	}
}

// isGone reports whether PayPorter listens no more.
func (s *shop) isGone() bool {
	var ignored map[string]any
	return s.ask(http.MethodGet, "/api/checkout/none", nil, &ignored) == 0
}

func (s *shop) settle(o *order, status string, right bool) {
	switch {
	case o.Status == "paid":
	case s.believing || status == "SUCCESS" && (right || s.generous):
		if s.shipsFailures && o.Status == "failed" {
			o.Fulfilments++
		}
		o.Status, o.Fulfilments = "paid", o.Fulfilments+1
	case status == "FAILED" || status == "REJECTED" || status == "CANCELLED":
		o.Status = "failed"
	}
}

// staysHere follows no redirect, so that credentials go nowhere else, and waits for no answer without an end.
var staysHere = &http.Client{
	Timeout:       5 * time.Second,
	CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
}

// isPrice reports whether an amount is what the order costs.
func (s *shop) isPrice(o *order, amount json.Number) bool {
	if s.inMinorUnits {
		paid := minorUnits(amount, o.Currency)
		return paid != nil && paid.Cmp(minorUnits(o.Amount, o.Currency)) == 0
	}
	return sameNumber(amount, o.Amount)
}

// ask answers the status; zero: nobody answered as PayPorter should.
func (s *shop) ask(method, path string, body []byte, into any) int {
	req, err := http.NewRequest(method, s.payporter.BaseURL+path+s.ending, bytes.NewReader(body))
	if err != nil {
		return 0
	}
	req.Header.Set("X-API-KEY", s.payporter.APIKey)
	req.Header.Set("X-API-SECRET", s.payporter.APISecret)
	if body != nil {
		req.Header.Set("Content-Type", "application/json")
	}
	client := s.client
	if client == nil {
		client = staysHere
	}
	res, err := client.Do(req)
	if err != nil {
		return 0
	}
	defer res.Body.Close()
	answer, err := io.ReadAll(res.Body)
	if err != nil || (res.StatusCode == http.StatusOK && json.Unmarshal(answer, into) != nil) {
		return 0
	}
	return res.StatusCode
}

// sameNumber compares amounts as numbers: 100.5 is 100.50.
func sameNumber(a, b json.Number) bool {
	x, isX := new(big.Rat).SetString(string(a))
	y, isY := new(big.Rat).SetString(string(b))
	return isX && isY && x.Cmp(y) == 0
}

// thorough asks for every rule, those that take long, too.
func thorough(c contract.Config) contract.Config {
	c.Thorough = true
	return c
}
