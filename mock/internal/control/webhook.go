package control

import (
	"context"
	"strings"
	"time"

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

// forgeWebhook sends a webhook that is not to be trusted.
func (k *control) forgeWebhook(ctx context.Context, x *call) (any, error) {
	return x.merchant.ForgeWebhook(ctx, x.text("url"), strings.ToLower(x.text("paymentId")), x.text("as"))
}
