package shop

import (
	"bytes"
	"encoding/json"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/payporter-mock/payporter-mock/contract/rule"
	"github.com/payporter-mock/payporter-mock/internal/exchange"
	"github.com/payporter-mock/payporter-mock/internal/relay"
)

// Post is what an attacker, or the customer's browser, sends to the shop.
type Post struct {
	method      string // default POST
	URL         string // default: the order's callback
	ContentType string
	Body        []byte
}

// Form is a callback as PayPorter sends it: names and values in turn.
func Form(pairs ...string) Post {
	return Post{ContentType: "application/x-www-form-urlencoded", Body: []byte(Encoded(pairs...))}
}

// Encoded is a form or a query of names and values in turn, in this order.
func Encoded(pairs ...string) string {
	var parts []string
	for i := 0; i+1 < len(pairs); i += 2 {
		parts = append(parts, url.QueryEscape(pairs[i])+"="+url.QueryEscape(pairs[i+1]))
	}
	return strings.Join(parts, "&")
}

// InJSON is a callback as a JSON object of texts.
func InJSON(pairs ...string) Post {
	object := map[string]string{}
	for i := 0; i+1 < len(pairs); i += 2 {
		object[pairs[i]] = pairs[i+1]
	}
	body, _ := json.Marshal(object) // it is made of texts
	return Post{ContentType: "application/json", Body: body}
}

// InQuery is a callback that says everything in its query.
func (s *Session) InQuery(o *Purchase, method string, pairs ...string) Post {
	return Post{method: method, URL: relay.WithQuery(s.CallbackURL(o), Encoded(pairs...))}
}

// Forge sends the shop what PayPorter did not send. No answer is no fault of the trial: what became of
// the order says whether anything is wrong.
func (s *Session) Forge(o *Purchase, p Post) exchange.Message {
	a, _ := s.ForgeAs(o, Attacker, Hurried(), p)
	return a
}

// ComeBack is what the customer's own browser sends, with its cookies.
func (s *Session) ComeBack(o *Purchase, p Post) exchange.Message {
	a, _ := s.ForgeAs(o, customer, o.customer, p)
	return a
}

// OwnPage is the page on which the shop shows an order, as the customer's browser calls it with something added to its
// query. It gives up where such a page is no GET.
func (s *Session) OwnPage(o *Purchase, pairs ...string) Post {
	r := s.harness.Config.State.Request
	if !r.opensInBrowser() {
		rule.NotEvaluable("state.request is no GET, so no customer opens it in a browser")
	}
	req, _, err := o.values.request(r)
	if err != nil {
		rule.NotEvaluable("the page of an order cannot be opened: %v", err)
	}
	return Post{method: http.MethodGet, URL: relay.WithQuery(req.URL.String(), Encoded(pairs...))}
}

// opensInBrowser reports whether a customer can open what is asked for by its address alone.
func (r Request) opensInBrowser() bool {
	isGet := r.Method == "" || strings.EqualFold(r.Method, http.MethodGet)
	return isGet && r.JSON == nil && r.Form == nil && r.Body == ""
}

// CallAgain is the order's callback as PayPorter sends it. What becomes of the order says whether it got through.
func (s *Session) CallAgain(o *Purchase) {
	_, _ = s.ForgeAs(o, Gateway, NewCustomer(), Form("checkoutId", o.CheckoutID()))
}

// ForgeAs sends the shop a request in somebody's name.
func (s *Session) ForgeAs(o *Purchase, who string, client *http.Client, p Post) (exchange.Message, error) {
	if p.method == "" {
		p.method = http.MethodPost
	}
	if p.URL == "" {
		p.URL = s.CallbackURL(o)
	}

	req, err := http.NewRequest(p.method, p.URL, bytes.NewReader(p.Body))
	if err != nil {
		rule.NotEvaluable("the callback %q cannot be called: %v", p.URL, err)
	}
	if p.ContentType != "" {
		req.Header.Set("Content-Type", p.ContentType)
	}
	return s.harness.send(client, req.WithContext(s.Ctx), toShop(who, "forged callback", o), p.Body)
}

// callbackURL is where PayPorter is to tell about the order; empty: nobody knows.
func (s *Session) callbackURL(o *Purchase) string {
	s.harness.Sandbox.Lock()
	defer s.harness.Sandbox.Unlock()
	if o.callback != "" {
		return o.callback
	}
	return s.harness.common().fill(s.harness.Config.Shop.CallbackURL)
}

// CallbackURL is where PayPorter is to tell about the order.
func (s *Session) CallbackURL(o *Purchase) string {
	u := s.callbackURL(o)
	if u == "" {
		rule.NotEvaluable("nobody knows where the shop takes callbacks: give it as merchant.callbackUrl")
	}
	return u
}

// CallbackPatience is how long PayPorter waits for an answer to a callback.
const CallbackPatience = 5 * time.Second

// Hurried is a client that does not wait for long.
func Hurried() *http.Client {
	client := NewCustomer()
	client.Timeout = 2 * CallbackPatience
	return client
}
