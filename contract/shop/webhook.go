package shop

import (
	"bytes"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"net/http"
	"strconv"
	"time"

	"github.com/payporter-mock/payporter-mock/contract/rule"
	"github.com/payporter-mock/payporter-mock/internal/exchange"
)

// webhookTitle is what reports call a webhook.
const webhookTitle = "webhook"

// Headers of a webhook, as PayPorter writes them.
const (
	requestTime      = "x-request-time"
	requestSignature = "x-request-signature"
	eventID          = "x-event-id"
	eventType        = "x-event-type"
)

// Event is a webhook that is sent to the shop. NewEvent makes a good one; a judge changes what it is about.
type Event struct {
	Body      []byte
	ID        string
	Type      string
	At        time.Time           // when it says that it was sent
	Secret    string              // what it is signed with
	Signed    []byte              // what is signed instead of the body; nil: the body is
	Signature *string             // instead of a signature; nil: there is one
	Without   string              // a header that is left out; empty: none is
	Spelled   func(string) string // how the names of headers are written; nil: as PayPorter writes them
}

// NewEvent is a webhook as PayPorter sends it about a payment.
func (s *Session) NewEvent(p Payment) Event {
	body := Saying(map[string]any{"checkoutId": nil, "authenticationState": nil, "scenario": nil})(
		exchange.Message{Status: http.StatusOK, Body: []byte(p.Text)}).Body
	return Event{
		Body: body, ID: s.UnknownID(), Type: "payment.status_changed", At: time.Now(),
		Secret: s.harness.Sandbox.WebhookSecret,
	}
}

// Changed is the event with other fields in its body, signed anew; nil takes a field out.
func (e Event) Changed(fields map[string]any) Event {
	e.Body = Saying(fields)(exchange.Message{Status: http.StatusOK, Body: e.Body}).Body
	return e
}

// Spaced is the event with the same body written over several lines, signed as it is written.
func (e Event) Spaced() Event {
	var b bytes.Buffer
	if json.Indent(&b, e.Body, "", "  ") == nil {
		e.Body = b.Bytes()
	}
	return e
}

// headers are the event's own headers, in the spelling in which they are sent.
func (e Event) headers() http.Header {
	at := strconv.FormatInt(e.At.UnixMilli(), 10)
	signed := e.Signed
	if signed == nil {
		signed = e.Body
	}
	mac := hmac.New(sha256.New, []byte(e.Secret))
	mac.Write([]byte(at + ":"))
	mac.Write(signed)
	signature := hex.EncodeToString(mac.Sum(nil))
	if e.Signature != nil {
		signature = *e.Signature
	}

	header := http.Header{"Content-Type": {"application/json"}}
	for name, value := range map[string]string{
		requestTime: at, requestSignature: signature, eventID: e.ID, eventType: e.Type,
	} {
		if name == e.Without {
			continue
		}
		if e.Spelled != nil {
			name = e.Spelled(name)
		}
		header[name] = []string{value}
	}
	return header
}

// Send sends a webhook about an order. An answer without a status is none.
func (s *Session) Send(o *Purchase, e Event) Call {
	target := s.harness.common().fill(s.harness.Config.Webhook.URL)
	req, err := http.NewRequest(http.MethodPost, target, bytes.NewReader(e.Body))
	if err != nil {
		rule.NotEvaluable("the webhook %q cannot be called: %v", target, err)
	}
	req.Header = e.headers()

	c := toShop(Gateway, webhookTitle, o)
	_, _ = s.harness.send(Hurried(), req.WithContext(s.Ctx), c, e.Body) // the call says what became of it
	return *c
}
