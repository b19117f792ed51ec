package provider

import (
	"context"
	"encoding/json"
	"maps"
	"net/http"
	"net/url"
	"strings"

	"github.com/payporter-mock/payporter-mock/internal/openapi"
)

// payments makes payments by the API. What several rules look at is made at its first use.
type payments struct {
	run *run
	ctx context.Context
}

// answer is what was answered, or why there is none.
type answer struct {
	call   *call
	reason string
}

// source makes a request that rules look at.
type source func(c payments) (*call, string)

// once makes it at its first use.
func once(name string, ask source) source {
	return func(c payments) (*call, string) {
		kept, known := c.run.answers[name]
		if !known {
			kept.call, kept.reason = ask(c)
			c.run.answers[name] = kept
		}
		return kept.call, kept.reason
	}
}

// The operations on payments, as the document names them.
const (
	payOp      = "createPayment"
	readOp     = "getPayment"
	cancelOp   = "cancelPayment"
	refundOp   = "refundPayment"
	reserveOp  = "preAuthorize"
	captureOp  = "capturePreAuthorization"
	startOp    = "startThreeDSecure"
	completeOp = "completeThreeDSecure"
	optionsOp  = "listInstallmentOptions"
)

// request is one for an operation, to be changed and sent. id goes into the path.
func (c payments) request(operation, title, id string, body map[string]any) request {
	op, _ := openapi.Ours().Operation(operation) // the document has them all: newRun asks
	q := request{
		title: title, op: op, method: op.Method, path: op.PathWith(map[string]string{"paymentId": id}),
		key: c.run.APIKey, secret: c.run.APISecret,
	}
	if body != nil {
		q.body = order(body).json()
	}
	return q
}

func (c payments) ask(operation, title, id string, body map[string]any) *call {
	return c.run.send(c.ctx, c.request(operation, title, id, body))
}

// charge is a body with a card, for an order of its own. extra fields replace or join the others; nil leaves one out.
func (c payments) charge(operation string, extra map[string]any) map[string]any {
	body := map[string]any(c.run.order().without("callback"))
	maps.Copy(body, map[string]any{
		"amount": json.Number("100.50"), "cardHolderName": "AYSE YILMAZ", "pan": goodCard, "expiryMonth": "04",
		"expiryYear": "48", "cvv": goodCVV, "requestIp": "203.0.113.7", "requestPort": 49152, "customerId": "customer-42",
	})
	if operation == startOp {
		maps.Copy(body, map[string]any{"pan": askedCard, "cvv": "123", "successUrl": c.back("ok"), "failureUrl": c.back("no")})
	}

	maps.Copy(body, extra)
	for name, value := range body {
		if value == nil {
			delete(body, name)
		}
	}
	return body
}

// back is where a customer comes back to from the bank.
func (c payments) back(name string) string { return c.run.receiver.address(name + "-" + c.run.tag) }

// part is the body of a capture or a refund.
func part(amount, currency string) map[string]any {
	return map[string]any{"amount": json.Number(amount), "currency": currency}
}

// charged charges a card.
func charged(operation, title string, extra map[string]any) source {
	return func(c payments) (*call, string) {
		if reason := newProbe(c.run).works(); reason != "" {
			return nil, reason
		}
		return c.ask(operation, title, "", c.charge(operation, extra)), ""
	}
}

// idOf is the id of the payment that was answered.
func (c payments) idOf(s source) (id, reason string) {
	x, reason := right(s)(c)
	if reason != "" {
		return "", reason
	}
	if id = x.text("paymentId"); id == "" || id != url.PathEscape(id) {
		return "", x.Title + " was answered without a paymentId that can be put into an address"
	}
	return id, ""
}

// right wants the answer 200.
func right(s source) source {
	return func(c payments) (*call, string) {
		x, reason := s(c)
		if reason == "" && x.Answer().Status != http.StatusOK {
			reason = x.Title + " was not answered with 200 but: " + x.answered()
		}
		return x, reason
	}
}

// on makes a request about a payment that was made before.
func on(s source, operation, title string, body map[string]any) source {
	return func(c payments) (*call, string) {
		id, reason := c.idOf(s)
		if reason != "" {
			return nil, reason
		}
		return c.ask(operation, title, id, body), ""
	}
}

// then makes a request after another, which must have been answered with 200.
func then(before, s source) source {
	return func(c payments) (*call, string) {
		if _, reason := right(before)(c); reason != "" {
			return nil, reason
		}
		return s(c)
	}
}

// changed makes a request again with another detail. It must have been right without.
func changed(of source, change func(c payments, q *request)) source {
	return func(c payments) (*call, string) {
		x, reason := right(of)(c)
		if reason != "" {
			return nil, reason
		}
		q := request{
			title: x.Title + ", changed", op: x.op, method: x.Request.Method,
			path: strings.TrimPrefix(x.Request.URL, c.run.BaseURL), key: c.run.APIKey, secret: c.run.APISecret, body: x.Request.Body,
		}
		change(c, &q)
		return c.run.send(c.ctx, q), ""
	}
}

// with changes fields of the body; nil leaves one out. It is another order.
func with(fields map[string]any) func(c payments, q *request) {
	return func(c payments, q *request) {
		body := sentIn(q.body)
		if _, named := body["orderId"]; named {
			body["orderId"] = c.run.order()["orderId"]
		}
		for name, value := range fields {
			q.title = "one with another " + name
			if body[name] = value; value == nil {
				q.title = "one without " + name
				delete(body, name)
			}
		}
		q.body = order(body).json()
	}
}

func noCredentials(_ payments, q *request) {
	q.title, q.key, q.secret = q.title+" without credentials", "", ""
}

func wrongCredentials(c payments, q *request) { q.secret = newProbe(c.run).wrongSecret() }

// sentIn is a body that was sent.
func sentIn(body []byte) map[string]any {
	x := &call{}
	x.Response = messageOf(body)
	return x.values()
}
