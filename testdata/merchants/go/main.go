// Command go is a shop that takes payments on PayPorter's hosted page, with nothing but Go's standard
// library: create a checkout, send the customer to its redirectUrl, take the callback, ask for the
// status. Orders live in memory; yours belong in a database.
package main

import (
	"bytes"
	"cmp"
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log"
	"math/big"
	"mime"
	"net"
	"net/http"
	"net/url"
	"os"
	"regexp"
	"sync"
	"time"
)

const (
	patience = 3 * time.Second // a callback wants its answer within 5
	maxBody  = 64 << 10        // bytes
)

// shop is the merchant.
type shop struct {
	payporter, key, secret string
	callback               string // where PayPorter reports to
	client                 *http.Client

	mu        sync.Mutex        // guards what follows, and what is in the orders
	orders    map[string]*order // by orderId
	checkouts map[string]*order // by checkoutId
}

// order is what a customer wants and what became of it.
type order struct {
	OrderID     string `json:"orderId"`
	Status      string `json:"status"` // pending, paid or failed
	Fulfilments int    `json:"fulfilments"`

	money                   money
	checkoutID, redirectURL string     // of the newest checkout; without a redirectURL it is over
	linking                 sync.Mutex // held while a checkout is made
}

// money is an amount with its currency. The amount keeps the digits it came with, which a float64 would
// not, and its quotes, if it has any, which a json.Number would not: "100" is no amount.
type money struct {
	Amount   json.RawMessage `json:"amount"`
	Currency string          `json:"currency"`
}

var amounts = regexp.MustCompile(`^[0-9]{1,12}(\.[0-9]{1,4})?$`)

func (m money) isValid() bool { return amounts.Match(m.Amount) && m.Currency != "" }

// is compares amounts as numbers: 100.5 is 100.50.
func (m money) is(other money) bool {
	if !m.isValid() || !other.isValid() {
		return false
	}
	mine, _ := new(big.Rat).SetString(string(m.Amount))
	theirs, _ := new(big.Rat).SetString(string(other.Amount))
	return mine.Cmp(theirs) == 0 && m.Currency == other.Currency
}

// order takes an order. A real shop knows its prices; it never takes one from the customer.
func (s *shop) order(w http.ResponseWriter, r *http.Request) {
	var wanted money
	if err := json.NewDecoder(http.MaxBytesReader(w, r.Body, maxBody)).Decode(&wanted); err != nil || !wanted.isValid() {
		answer(w, http.StatusBadRequest, problem{Message: `want {"amount": 100.50, "currency": "TRY"}`})
		return
	}
	o := &order{OrderID: "ORD-" + rand.Text(), Status: "pending", money: wanted}
	s.mu.Lock()
	s.orders[o.OrderID] = o // first, because a callback can overtake the answer
	s.mu.Unlock()
	s.sendToPay(w, r, o)
}

// pay lets a customer who left, or whose payment was declined, try again.
func (s *shop) pay(w http.ResponseWriter, r *http.Request) {
	if o := s.find(r.PathValue("id")); o != nil {
		s.sendToPay(w, r, o)
		return
	}
	answer(w, http.StatusNotFound, problem{Message: "there is no such order"})
}

// sendToPay sends the customer to redirectUrl, unchanged.
func (s *shop) sendToPay(w http.ResponseWriter, r *http.Request, o *order) {
	redirectURL, err := s.link(r.Context(), o)
	switch {
	case errors.Is(err, errPaid):
		answer(w, http.StatusConflict, problem{Message: err.Error()})
	case err != nil:
		log.Printf("%s: %v", o.OrderID, err)
		answer(w, http.StatusBadGateway, problem{"no payment can be taken now: try POST /orders/{id}/pay again", o.OrderID})
	default:
		answer(w, http.StatusOK, map[string]string{"orderId": o.OrderID, "redirectUrl": redirectURL})
	}
}

var errPaid = errors.New("this order is paid")

// link answers where the order can be paid: on the link it has, or on a new one where that is over.
// Who asks twice at once gets one link, not two that can both be paid.
func (s *shop) link(ctx context.Context, o *order) (string, error) {
	o.linking.Lock()
	defer o.linking.Unlock()
	if o.checkoutID != "" { // a callback can be lost
		paid, err := s.status(ctx, o.checkoutID)
		if err != nil {
			return "", err
		}
		s.settle(o, o.checkoutID, paid)
	}
	s.mu.Lock()
	status, redirectURL := o.Status, o.redirectURL
	s.mu.Unlock()
	if status == "paid" {
		return "", errPaid
	}
	if redirectURL != "" {
		return redirectURL, nil
	}
	return s.create(ctx, o)
}

// create makes a checkout.
func (s *shop) create(ctx context.Context, o *order) (string, error) {
	body, err := json.Marshal(map[string]any{
		"orderId": o.OrderID, "amount": o.money.Amount, "currency": o.money.Currency, "callback": s.callback,
	})
	if err != nil {
		return "", err
	}
	var made struct{ CheckoutID, RedirectURL string }
	if err := s.ask(ctx, http.MethodPost, "/api/checkout", body, &made); err != nil {
		return "", err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.checkouts[made.CheckoutID] = o
	o.checkoutID, o.redirectURL = made.CheckoutID, made.RedirectURL
	return o.redirectURL, nil
}

var uuid = regexp.MustCompile(`^(?i)[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$`)

// takeCallback takes a callback. It is not signed, so it proves nothing: it only says which checkout to
// ask about.
func (s *shop) takeCallback(w http.ResponseWriter, r *http.Request) {
	ids := form(w, r)["checkoutId"]
	if len(ids) != 1 || !uuid.MatchString(ids[0]) {
		answer(w, http.StatusBadRequest, problem{Message: "checkoutId must be a UUID, once, in a form"})
		return
	}
	paid, err := s.status(r.Context(), ids[0])
	if errors.Is(err, errUnknown) {
		answer(w, http.StatusNotFound, problem{Message: err.Error()})
		return
	}
	if err != nil { // PayPorter cannot be asked now: 503, so that the callback is sent again later
		log.Printf("%s: %v", ids[0], err)
		answer(w, http.StatusServiceUnavailable, problem{Message: "PayPorter could not be asked"})
		return
	}
	o := s.find(paid.OrderID)
	if o == nil || !s.isFor(ids[0], o) {
		answer(w, http.StatusNotFound, problem{Message: "there is no such order"})
		return
	}
	s.settle(o, ids[0], paid)
	answer(w, http.StatusOK, map[string]string{"message": "thank you"})
}

// form reads the body's fields. What cannot be read is an empty form.
func form(w http.ResponseWriter, r *http.Request) url.Values {
	if kind, _, err := mime.ParseMediaType(r.Header.Get("Content-Type")); err != nil || kind != "application/x-www-form-urlencoded" {
		return nil
	}
	r.Body = http.MaxBytesReader(w, r.Body, maxBody)
	if err := r.ParseForm(); err != nil {
		return nil
	}
	return r.PostForm // r.Form would take them from the query, too
}

// payment is what the shop wants to know of a checkout.
type payment struct {
	OrderID, Status string
	money
}

var errUnknown = errors.New("there is no such checkout")

func (s *shop) status(ctx context.Context, checkoutID string) (payment, error) {
	var p payment
	return p, s.ask(ctx, http.MethodGet, "/api/checkout/"+checkoutID, nil, &p)
}

// settle believes the status, once, and only if it is about this order's money.
func (s *shop) settle(o *order, checkoutID string, p payment) {
	s.mu.Lock()
	defer s.mu.Unlock()
	switch {
	case o.Status == "paid": // callbacks come more than once, and in any order
	case p.Status == "SUCCESS" && p.OrderID == o.OrderID && p.is(o.money):
		o.Status = "paid"
		o.Fulfilments++ // ship it
	case p.Status == "SUCCESS": // for a person to look at
		log.Printf("%s: paid %s %s for %q", o.OrderID, p.Amount, p.Currency, p.OrderID)
	case p.Status == "FAILED": // until the customer tries again, on the same link
		o.Status = "failed"
	case p.Status == "REJECTED", p.Status == "CANCELLED":
		o.Status = "failed"
		if checkoutID == o.checkoutID {
			o.redirectURL = "" // this link is over
		}
	} // whatever else it says, it is not decided yet
}

// ask calls PayPorter. Whatever goes wrong is an error, and no error is ever a payment.
func (s *shop) ask(ctx context.Context, method, path string, body []byte, into any) error {
	// A customer or a callback that hangs up does not end this: it may be about money.
	req, err := http.NewRequestWithContext(context.WithoutCancel(ctx), method, s.payporter+path, bytes.NewReader(body))
	if err != nil {
		return err
	}
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("X-API-KEY", s.key)
	req.Header.Set("X-API-SECRET", s.secret)
	res, err := s.client.Do(req)
	if err != nil {
		return err
	}
	defer res.Body.Close()
	switch res.StatusCode {
	case http.StatusOK:
		return json.NewDecoder(io.LimitReader(res.Body, maxBody)).Decode(into)
	case http.StatusNotFound:
		return errUnknown
	}
	return fmt.Errorf("PayPorter answered %s", res.Status)
}

func (s *shop) find(orderID string) *order {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.orders[orderID]
}

// isFor says whether the checkout is one of the order's; one that overtook its create is of nobody else.
func (s *shop) isFor(checkoutID string, o *order) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return cmp.Or(s.checkouts[checkoutID], o) == o
}

func (s *shop) show(w http.ResponseWriter, r *http.Request) {
	o := s.find(r.PathValue("id"))
	if o == nil {
		answer(w, http.StatusNotFound, problem{Message: "there is no such order"})
		return
	}
	s.mu.Lock()
	shown := order{OrderID: o.OrderID, Status: o.Status, Fulfilments: o.Fulfilments}
	s.mu.Unlock()
	answer(w, http.StatusOK, &shown)
}

type problem struct {
	Message string `json:"message"`
	OrderID string `json:"orderId,omitempty"`
}

func answer(w http.ResponseWriter, status int, value any) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(value) // the caller has hung up
}

func main() {
	if len(os.Args) > 1 && os.Args[1] == "healthcheck" { // for a container that has no shell
		answer, err := http.Get("http://127.0.0.1:3000/health")
		if err != nil || answer.StatusCode != http.StatusOK {
			os.Exit(1)
		}
		return
	}
	listener, err := net.Listen("tcp", cmp.Or(os.Getenv("LISTEN"), "127.0.0.1:"+cmp.Or(os.Getenv("PORT"), "3000")))
	if err != nil {
		log.Fatal(err)
	}
	home := cmp.Or(os.Getenv("SHOP_URL"), "http://"+listener.Addr().String()) // where PayPorter reaches it
	s := &shop{
		payporter: cmp.Or(os.Getenv("PAYPORTER_BASE_URL"), "http://127.0.0.1:8080"),
		key:       cmp.Or(os.Getenv("PAYPORTER_API_KEY"), "test_key"),
		secret:    cmp.Or(os.Getenv("PAYPORTER_API_SECRET"), "test_secret"),
		callback:  home + "/payment-callback",
		client: &http.Client{Timeout: patience, CheckRedirect: func(*http.Request, []*http.Request) error {
			return http.ErrUseLastResponse // the credentials go nowhere else
		}},
		orders:    map[string]*order{},
		checkouts: map[string]*order{},
	}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /health", func(w http.ResponseWriter, _ *http.Request) {
		answer(w, http.StatusOK, map[string]string{"status": "ok"})
	})
	mux.HandleFunc("POST /orders", s.order)
	mux.HandleFunc("GET /orders/{id}", s.show)
	mux.HandleFunc("POST /orders/{id}/pay", s.pay)
	mux.HandleFunc("POST /payment-callback", s.takeCallback)
	fmt.Println("shop listens on " + cmp.Or(os.Getenv("SHOP_PUBLIC_URL"), home))
	server := &http.Server{Handler: mux, ReadHeaderTimeout: 5 * time.Second, ReadTimeout: 30 * time.Second}
	log.Fatal(server.Serve(listener))
}
