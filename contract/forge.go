package contract

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

// post is what an attacker, or the customer's browser, sends to the shop.
type post struct {
	method      string // default POST
	url         string // default: the order's callback
	contentType string
	body        []byte
}

// form is a callback as PayPorter sends it: names and values in turn.
func form(pairs ...string) post {
	return post{contentType: "application/x-www-form-urlencoded", body: []byte(encoded(pairs...))}
}

// encoded is a form or a query of names and values in turn, in this order.
func encoded(pairs ...string) string {
	var parts []string
	for i := 0; i+1 < len(pairs); i += 2 {
		parts = append(parts, url.QueryEscape(pairs[i])+"="+url.QueryEscape(pairs[i+1]))
	}
	return strings.Join(parts, "&")
}

// inJSON is a callback as a JSON object of texts.
func inJSON(pairs ...string) post {
	object := map[string]string{}
	for i := 0; i+1 < len(pairs); i += 2 {
		object[pairs[i]] = pairs[i+1]
	}
	body, _ := json.Marshal(object) // it is made of texts
	return post{contentType: "application/json", body: body}
}

// inQuery is a callback that says everything in its query.
func (s *Session) inQuery(o *order, method string, pairs ...string) post {
	return post{method: method, url: relay.WithQuery(s.callbackURL(o), encoded(pairs...))}
}

// forge sends the shop what PayPorter did not send. No answer is no fault of the trial: what became of
// the order says whether anything is wrong.
func (s *Session) forge(o *order, p post) exchange.Message {
	a, _ := s.forgeAs(o, attacker, hurried(), p)
	return a
}

// comeBack is what the customer's own browser sends, with its cookies.
func (s *Session) comeBack(o *order, p post) exchange.Message {
	a, _ := s.forgeAs(o, customer, o.customer, p)
	return a
}

// callAgain is the order's callback as PayPorter sends it. What becomes of the order says whether it got through.
func (s *Session) callAgain(o *order) {
	_, _ = s.forgeAs(o, gateway, newCustomer(), form("checkoutId", o.checkoutID()))
}

// forgeAs sends the shop a request in somebody's name.
func (s *Session) forgeAs(o *order, who string, client *http.Client, p post) (exchange.Message, error) {
	if p.method == "" {
		p.method = http.MethodPost
	}
	if p.url == "" {
		p.url = s.callbackURL(o)
	}
	req, err := http.NewRequest(p.method, p.url, bytes.NewReader(p.body))
	if err != nil {
		rule.NotEvaluable("the callback %q cannot be called: %v", p.url, err)
	}
	if p.contentType != "" {
		req.Header.Set("Content-Type", p.contentType)
	}
	return s.harness.send(client, req.WithContext(s.ctx), toShop(who, "forged callback", o), p.body)
}

// callbackURL is where PayPorter is to tell about the order.
func (s *Session) callbackURL(o *order) string {
	s.harness.sandbox.Lock()
	defer s.harness.sandbox.Unlock()
	if o.callback != "" {
		return o.callback
	}
	u := s.harness.common().fill(s.harness.config.Shop.CallbackURL)
	if u == "" {
		rule.NotEvaluable("nobody knows where the shop takes callbacks: give it as merchant.callbackUrl")
	}
	return u
}

// callbackPatience is how long PayPorter waits for an answer to a callback.
const callbackPatience = 5 * time.Second

// hurried is a client that does not wait for long.
func hurried() *http.Client {
	client := newCustomer()
	client.Timeout = 2 * callbackPatience
	return client
}
