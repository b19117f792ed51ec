package control

import (
	"context"
	"encoding/json"
	"strings"
	"time"

	"github.com/payporter-mock/payporter-mock/mock/internal/notify"
	"github.com/payporter-mock/payporter-mock/mock/store"
	"github.com/payporter-mock/payporter-mock/payment"
)

// webhookView is a merchant's webhook as it is shown. Secret stands in it once, when the sandbox has made it.
type webhookView struct {
	URL                string     `json:"url,omitempty"`
	Secret             string     `json:"secret,omitempty"`
	RotatedAt          *time.Time `json:"rotatedAt,omitempty"`
	PreviousValidUntil *time.Time `json:"previousSecretValidUntil,omitempty"`
}

func (x *call) webhook(w store.Webhook) webhookView {
	v := webhookView{URL: payment.MaskURL(w.URL)}
	if w.URL != "" && w.Previous != "" {
		until := w.RotatedAt.Add(x.merchant.WebhookOverlap())
		v.RotatedAt, v.PreviousValidUntil = &w.RotatedAt, &until
	}
	return v
}

// made is the view with the secret that the sandbox has just made.
func (v webhookView) made(secret payment.Secret) webhookView {
	v.Secret = secret.Reveal()
	return v
}

func (k *control) getWebhook(ctx context.Context, x *call) (any, error) {
	w, err := x.merchant.Webhook(ctx)
	return x.webhook(w), err
}

func (k *control) putWebhook(ctx context.Context, x *call) (any, error) {
	url, wrong := payment.CallbackOnWire(x.text("url"))
	if wrong != "" {
		return nil, fault("url", wrong)
	}
	given := payment.Secret(x.text("secret"))
	w, err := x.merchant.SetWebhook(ctx, url, given)
	if err != nil || given != "" {
		return x.webhook(w), err
	}
	return x.webhook(w).made(w.Secret), nil
}

func (k *control) rotateWebhook(ctx context.Context, x *call) (any, error) {
	w, err := x.merchant.RotateWebhook(ctx)
	if err != nil {
		return nil, err
	}
	return x.webhook(w).made(w.Secret), nil
}

func (k *control) deleteWebhook(ctx context.Context, x *call) (any, error) {
	return webhookView{}, x.merchant.DropWebhook(ctx)
}

// forgeWebhook sends a webhook that is not to be trusted. Without a URL it goes where the merchant's go.
func (k *control) forgeWebhook(ctx context.Context, x *call) (any, error) {
	w, err := x.merchant.Webhook(ctx)
	if err != nil {
		return nil, err
	}
	if given := x.text("url"); given != "" {
		w.URL = given
	}
	if w.URL == "" {
		return nil, &payment.Error{Code: payment.NotFound, Field: "url", Message: "is required, because there is no webhook"}
	}
	url, wrong := payment.CallbackOnWire(w.URL)
	if wrong != "" {
		return nil, fault("url", wrong)
	}

	signed, orderID, err := x.forged(ctx, w)
	if err != nil {
		return nil, err
	}
	return x.merchant.Queue().Forge(ctx, notify.Post{URL: url, OrderID: orderID, Webhook: signed}), nil
}

// Forgeries.
const (
	tooOld   = 10 * time.Minute // receivers are told to refuse what is older than five
	unsigned = "unsigned"
)

// forged is the webhook of the payment, made wrong as the call says, and the payment's order.
func (x *call) forged(ctx context.Context, w store.Webhook) (forged *notify.Signed, orderID string, err error) {
	id := strings.ToLower(x.text("paymentId"))
	event, orderID, err := x.merchant.TellingOf(ctx, id)
	if err != nil {
		return nil, "", err
	}
	s := &notify.Signed{Event: event, Time: x.merchant.Clock().Now(), Secret: w.Secret}
	as := x.text("as")
	if as != "repeatedEvent" {
		s.EventID = x.merchant.ForgedID(id, as)
	}

	switch as {
	case unsigned:
		s.Signature = store.MissingSignature
	case "wrongSecret":
		s.Signature = store.WrongSignature
	case "oldTime":
		s.Time = s.Time.Add(-tooOld)
	case "changedBody":
		s.Of = s.Body
		s.Body = withProperty(s.Body, "amount", json.RawMessage("0.01"))
	case "otherMerchant":
		other := x.merchant.ForgedID(id, "payment")
		s.Signature = store.WrongSignature
		s.Body = strings.ReplaceAll(s.Body, id, other)
	}
	return s, orderID, nil
}

// withProperty is a JSON object with another value of a property.
func withProperty(body, name string, value json.RawMessage) string {
	fields := map[string]json.RawMessage{}
	_ = json.Unmarshal([]byte(body), &fields) // we wrote it
	fields[name] = value
	changed, _ := json.Marshal(fields)
	return string(changed)
}
