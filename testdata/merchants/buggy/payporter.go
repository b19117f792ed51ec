package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log"
	"net/http"
)

// create makes the order's checkout.
func (s *shop) create(o *order) error {
	var err error
	for try := range s.habits.tries {
		if try > 0 {
			s.habits.eachTry(s, o)
		}
		if err = s.tryCreate(o); err == nil {
			s.mu.Lock()
			s.checkouts[o.checkout.CheckoutID] = o
			s.mu.Unlock()
			s.habits.created(s, o)
			return nil
		}
		log.Printf("%s: %v", o.id, err)
	}
	return err
}

func (s *shop) tryCreate(o *order) error {
	contentType, body := s.habits.encode(s.habits.request(s, o))
	header := s.habits.credentials(s, http.MethodPost)
	header.Set("Content-Type", contentType)
	got, err := s.call(header, http.MethodPost, "/api/checkout", body)
	if err != nil {
		return err
	}
	o.checkout, err = s.habits.decode(got)
	return err
}

func decodeCheckout(a answer) (checkout, error) {
	var made checkout
	if a.status != http.StatusOK {
		return made, fmt.Errorf("PayPorter answered %d %s", a.status, a.body)
	}
	err := json.Unmarshal(a.body, &made)
	return made, err
}

// payment is what PayPorter says of a checkout: its fields, numbers as they are written.
type payment map[string]any

func (p payment) text(name string) string {
	text, _ := p[name].(string)
	return text
}

func (p payment) Status() string  { return p.text("status") }
func (p payment) OrderID() string { return p.text("orderId") }

func (p payment) money() money {
	amount, _ := p["amount"].(json.Number)
	return money{json.RawMessage(amount), p.text("currency")}
}

// answer is what PayPorter answered.
type answer struct {
	status int
	body   []byte
}

var errUnknown = errors.New("there is no such checkout")

// readPayment reads a status, if PayPorter said it.
func readPayment(a answer) (payment, error) {
	switch a.status {
	case http.StatusOK:
		return decodePayment(a.body)
	case http.StatusNotFound:
		return nil, errUnknown
	}
	return nil, &notOK{a}
}

// notOK is an answer that says neither yes nor no.
type notOK struct{ answer }

func (e *notOK) Error() string { return fmt.Sprintf("PayPorter answered %d", e.status) }

func decodePayment(body []byte) (payment, error) {
	decoder := json.NewDecoder(bytes.NewReader(body))
	decoder.UseNumber()
	var p payment
	if err := decoder.Decode(&p); err != nil {
		return nil, &unreadable{len(body) == 0, err}
	}
	return p, nil
}

// unreadable is an answer that is no JSON.
type unreadable struct {
	empty bool
	error
}

func (s *shop) status(checkoutID string) (answer, error) {
	return s.call(s.habits.credentials(s, http.MethodGet), http.MethodGet, "/api/checkout/"+checkoutID, nil)
}

// call calls PayPorter. A customer or a callback that hangs up does not end this: it may be about money.
func (s *shop) call(header http.Header, method, path string, body []byte) (answer, error) {
	ctx := context.Background()
	if patience := s.habits.patience(method); patience > 0 {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(ctx, patience)
		defer cancel()
	}
	req, err := http.NewRequestWithContext(ctx, method, s.payporter+path, bytes.NewReader(body))
	if err != nil {
		return answer{}, err
	}
	req.Header = header
	res, err := s.habits.client.Do(req)
	if err != nil {
		return answer{}, &unreachable{err}
	}
	defer res.Body.Close()
	got, err := io.ReadAll(io.LimitReader(res.Body, maxBody))
	if err != nil {
		return answer{}, &unreachable{err}
	}
	return answer{res.StatusCode, got}, nil
}

// unreachable is a PayPorter that does not answer.
type unreachable struct{ error }

func (e *unreachable) Unwrap() error { return e.error }

// staysHere follows no redirect: the credentials go nowhere else.
var staysHere = &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
