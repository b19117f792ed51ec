package tables

import (
	"encoding/base64"
	"fmt"
	"strconv"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"github.com/payporter-mock/payporter-mock/internal/exchange"
	"github.com/payporter-mock/payporter-mock/mock/store"
	"github.com/payporter-mock/payporter-mock/payment"
)

// written says how values stand in the tables: an amount with its currency, a duration in nanoseconds, a recorded body
// as base64. Their own MarshalJSON is for the answers of the sandbox and leaves something out.
var written = json.JoinOptions(
	json.FormatNilSliceAsNull(true), json.FormatNilMapAsNull(true),
	json.WithMarshalers(json.JoinMarshalers(
		json.MarshalToFunc(func(e *jsontext.Encoder, a payment.Amount) error {
			text, err := a.MarshalBinary()
			if err != nil {
				return err
			}
			return e.WriteToken(jsontext.String(string(text)))
		}),
		json.MarshalToFunc(func(e *jsontext.Encoder, s payment.Secret) error { // of webhooks, which are signed with it
			return e.WriteToken(jsontext.String(s.Reveal()))
		}),
		json.MarshalToFunc(func(e *jsontext.Encoder, d time.Duration) error {
			return e.WriteToken(jsontext.Int(int64(d)))
		}),
		json.MarshalToFunc(func(e *jsontext.Encoder, b exchange.Body) error {
			if b == nil {
				return e.WriteToken(jsontext.Null)
			}
			return e.WriteToken(jsontext.String(base64.StdEncoding.EncodeToString(b)))
		}),
	)),
)

// read is the other direction of written.
var read = json.WithUnmarshalers(json.JoinUnmarshalers(
	json.UnmarshalFromFunc(func(d *jsontext.Decoder, a *payment.Amount) error {
		token, err := d.ReadToken()
		if err != nil {
			return err
		}
		return a.UnmarshalBinary([]byte(token.String()))
	}),
	json.UnmarshalFromFunc(func(d *jsontext.Decoder, to *time.Duration) error {
		token, err := d.ReadToken()
		if err != nil {
			return err
		}
		n, err := strconv.ParseInt(token.String(), 10, 64)
		*to = time.Duration(n)
		return err
	}),
	json.UnmarshalFromFunc(func(d *jsontext.Decoder, b *exchange.Body) error {
		token, err := d.ReadToken()
		if err != nil || token.Kind() == 'n' {
			return err
		}
		*b, err = base64.StdEncoding.DecodeString(token.String())
		return err
	}),
))

// encode is the value as it stands in the tables. A value that cannot be written is a bug.
func encode(value any) (string, error) {
	text, err := json.Marshal(value, written)
	if err != nil {
		return "", fmt.Errorf("write %T: %w", value, err)
	}
	return string(text), nil
}

// decode reads what encode wrote. What cannot be read is damaged.
func decode(text string, value any) error {
	if err := json.Unmarshal([]byte(text), value, read); err != nil {
		return &Damage{fmt.Errorf("read %T: %w", value, err)}
	}
	return nil
}

// Damage is a value in the tables that is none.
type Damage struct{ cause error }

func (d *Damage) Error() string { return d.cause.Error() }

func (d *Damage) Unwrap() error { return d.cause }

// checkoutBody is a checkout without its latest payment, which stands elsewhere.
type checkoutBody struct {
	payment.Checkout
	Payment *payment.Payment // only one without an id
}

func encodeCheckout(c *payment.Checkout) (string, error) {
	body := checkoutBody{Checkout: *c}
	if c.Payment.ID == "" {
		body.Payment = &c.Payment
	}
	return encode(&body)
}

// eventBody is what a webhook tells, with what answers leave out.
type eventBody struct {
	PaymentID string
	EventID   string
	EventType string
	Body      string
	Signature store.WebhookSignature
	Version   int
	Shift     time.Duration
}

// deliveryBody is a delivery with what answers leave out.
type deliveryBody struct {
	store.Delivery
	Event    *eventBody       `json:"event,omitempty"` // nil: a callback
	Repeated int              `json:"repeated"`
	Retry    *store.RetryPlan `json:"retry"`
	Group    string           `json:"group"`
	Cause    store.Moment     `json:"cause"`
}

func encodeDelivery(d *store.Delivery) (string, error) {
	body := deliveryBody{*d, nil, d.Repeated, d.Retry, d.Group, d.Cause}
	if d.Event != (store.Event{}) {
		event := eventBody(d.Event)
		body.Event = &event
	}
	return encode(&body)
}

func decodeDelivery(text string) (store.Delivery, error) {
	var body deliveryBody
	err := decode(text, &body)
	d := body.Delivery
	d.Repeated, d.Retry, d.Group, d.Cause = body.Repeated, body.Retry, body.Group, body.Cause
	if body.Event != nil {
		d.Event = store.Event(*body.Event)
	}

	if d.Attempts == nil {
		d.Attempts = []store.Attempt{}
	}
	return d, err
}

// timeLayout has nine decimals always, so that texts sort as the times do.
const timeLayout = "2006-01-02T15:04:05.000000000Z"

func timeText(t time.Time) string { return t.UTC().Format(timeLayout) }
