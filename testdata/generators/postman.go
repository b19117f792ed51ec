package main

import (
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strings"
)

// collection is what of a Postman collection is looked at. A folder has items, a request has none.
type collection struct {
	Item    []collection
	Request *struct {
		Method string
		URL    struct{ Path []string }
		Body   struct{ Raw string }
	}
}

// postman makes a collection with placeholders, as is the default, and one with the documented examples, which is run.
func postman(w *work) error {
	w.said = "openapi.yaml: the body has every property, the requests run"
	create, _, err := w.collection()
	if err != nil {
		return err
	}
	for _, property := range []string{
		"orderId", "amount", "currency", "callback",
		"description", "customerId", "maxInstallmentCount", "interestPaidByCustomer",
	} {
		if _, has := create[property]; !has {
			return fmt.Errorf("the request has no %s: %v", property, create)
		}
	}

	create, get, err := w.collection("-O", "parametersResolution=Example")
	if err != nil {
		return err
	}
	return w.runCollection(create, get)
}

// collection makes a collection, and returns the body of the request that creates a checkout and the path of the one
// that asks for it.
func (w *work) collection(options ...string) (create map[string]any, get string, err error) {
	command := append([]string{w.node("openapi2postmanv2"), "-s", w.merchant, "-o", "collection.json"}, options...)
	if err := w.generate(nil, command...); err != nil {
		return nil, "", err
	}
	source, err := os.ReadFile(filepath.Join(w.dir, "collection.json"))
	if err != nil {
		return nil, "", err
	}
	var all collection
	if err := json.Unmarshal(source, &all); err != nil {
		return nil, "", err
	}

	for _, c := range all.requests() {
		switch path := "/" + strings.Join(c.Request.URL.Path, "/"); c.Request.Method + " " + path {
		case "POST /api/checkout":
			if err := json.Unmarshal([]byte(c.Request.Body.Raw), &create); err != nil {
				return nil, "", fmt.Errorf("the body is not JSON: %w: %s", err, c.Request.Body.Raw)
			}
		case "GET /api/checkout/:checkoutId":
			get = path
		}
	}
	if create == nil || get == "" {
		return nil, "", fmt.Errorf("a request is missing: %s", source)
	}
	return create, get, nil
}

// requests are the requests of a collection and its folders.
func (c collection) requests() []collection {
	if c.Request != nil {
		return []collection{c}
	}
	var all []collection
	for _, item := range c.Item {
		all = append(all, item.requests()...)
	}
	return all
}

// runCollection sends the requests as Postman would, with each order's id, amount and currency.
func (w *work) runCollection(create map[string]any, get string) error {
	var out strings.Builder
	send := func(o order, card string) (payment, error) {
		create["orderId"], create["amount"], create["currency"] = o.id, json.Number(o.amount), o.currency
		create["callback"] = "http://127.0.0.1:9/payment-callback" // the documented one is not on this machine
		body, err := json.Marshal(create)
		if err != nil {
			return payment{}, err
		}
		return w.pays(w.sandbox.url, string(body), get, card)
	}
	return w.everyOrder(&out, send)
}

// payment is an answer, of whichever form.
type payment struct {
	CheckoutID, OrderID, Status, ResultCode, MessageCode string

	Amount json.Number
	Errors []struct{ Field string }
	http   int
}

// pays creates a checkout at url, lets a customer pay at the sandbox, and asks for the payment. When the checkout is
// refused, that answer is returned.
func (w *work) pays(url, body, get, card string) (payment, error) {
	created, err := w.ask(http.MethodPost, url+"/api/checkout", body)
	if err != nil || created.http != http.StatusOK {
		return created, err
	}
	pay := w.sandbox.url + "/_mock/checkouts/" + created.CheckoutID + "/pay"
	paid, err := w.ask(http.MethodPost, pay, `{"card": "`+card+`"}`)
	if err != nil || paid.http != http.StatusOK {
		return paid, err
	}
	return w.ask(http.MethodGet, url+strings.ReplaceAll(get, ":checkoutId", created.CheckoutID), "")
}

func (w *work) ask(method, url, body string) (p payment, err error) {
	status, answer, err := w.sandbox.exchange(w.key, method, url, body)
	if err != nil {
		return p, err
	}
	if err := json.Unmarshal(answer, &p); err != nil {
		return p, fmt.Errorf("%s %s: %d %s", method, url, status, answer)
	}
	p.http = status
	return p, nil
}

// everyOrder sends what the programs send, writes what they print, and judges it.
func (w *work) everyOrder(out *strings.Builder, send func(order, string) (payment, error)) error {
	for _, o := range orders {
		p, err := send(o, "5421190122090656")
		if err != nil {
			return err
		}
		fmt.Fprintln(out, "order", p.OrderID, p.Amount, p.Status)
	}

	declined, err := send(declinedOrder, "4111111111111129")
	if err != nil {
		return err
	}
	fmt.Fprintln(out, "declined", declined.Status, declined.ResultCode)

	refused, err := send(refusedOrder, "")
	if err != nil {
		return err
	}
	fmt.Fprint(out, "refused ", refused.http, " ", refused.MessageCode)
	for _, e := range refused.Errors {
		fmt.Fprintln(out, "", e.Field)
	}
	return w.judge(out.String(), merchantLines)
}
