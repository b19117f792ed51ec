package gateway

import (
	"context"
	"encoding/json"
	"errors"
	"time"

	"github.com/payporter-mock/payporter-mock/mock/internal/pos"
	"github.com/payporter-mock/payporter-mock/mock/internal/wire"
	"github.com/payporter-mock/payporter-mock/mock/store"
	"github.com/payporter-mock/payporter-mock/payment"
)

// Webhook is where the merchant's webhooks go, and what they are signed with.
func (m *Merchant) Webhook(ctx context.Context) (store.Webhook, error) {
	record, err := view(ctx, m, store.Reader.Merchant)
	return record.Webhook, err
}

// SetWebhook says where the merchant's webhooks go from now on. An empty secret makes a new one. What is planned
// already goes where it was to go, signed with the secret of the time at which it is sent.
func (m *Merchant) SetWebhook(ctx context.Context, url string, secret payment.Secret) (store.Webhook, error) {
	return m.changeWebhook(ctx, func(w store.Webhook) (store.Webhook, error) {
		w = m.withSecret(store.Webhook{URL: url, Version: w.Version})
		if secret != "" {
			w.Secret = secret
		}
		return w, nil
	})
}

// configureWebhook says at a start what the settings say. A rotation since a start with the same settings stays.
func (m *Merchant) configureWebhook(ctx context.Context, url string, secret payment.Secret) error {
	_, err := m.changeWebhook(ctx, func(w store.Webhook) (store.Webhook, error) {
		if w.URL == url && w.Configured == secret {
			return w, nil
		}
		return store.Webhook{URL: url, Secret: secret, Configured: secret, Version: w.Version + 1}, nil
	})
	return err
}

// RotateWebhook makes a new secret. The one before it stays valid for a while. A merchant without a webhook is an
// *payment.Error with code NotFound.
func (m *Merchant) RotateWebhook(ctx context.Context) (store.Webhook, error) {
	now := m.clock.Now()
	return m.changeWebhook(ctx, func(w store.Webhook) (store.Webhook, error) {
		if w.URL == "" {
			return w, noWebhook()
		}
		w.Previous, w.RotatedAt = w.Secret, now
		return m.withSecret(w), nil
	})
}

// DropWebhook lets nothing more be sent. What is planned already still is.
func (m *Merchant) DropWebhook(ctx context.Context) error {
	_, err := m.changeWebhook(ctx, func(w store.Webhook) (store.Webhook, error) {
		w.URL = ""
		return w, nil
	})
	return err
}

func noWebhook() error {
	return &payment.Error{Code: payment.NotFound, Message: "there is no webhook; PUT /_mock/webhook makes one"}
}

// WebhookOverlap is how long the secret before a rotation stays valid.
func (m *Merchant) WebhookOverlap() time.Duration { return m.config.Rules.Webhook.Overlap }

// withSecret is the webhook with a new secret.
func (m *Merchant) withSecret(w store.Webhook) store.Webhook {
	w.Version++
	w.Secret = drawnSecret(m.pos.Draws, w.Version)
	return w
}

// drawnSecret is the n-th secret of a webhook, where the sandbox makes it.
func drawnSecret(draws pos.Draws, n int) payment.Secret { return draws.Secret("webhook secret", n) }

// lacksSecret reports whether a webhook comes from an export, which leaves secrets out.
func lacksSecret(w store.Webhook) bool { return w.Version > 0 && w.Secret == "" }

// withDrawnSecrets is the webhook with the secrets that the sandbox makes for it: the same as before an export, unless
// somebody gave another one.
func withDrawnSecrets(w store.Webhook, draws pos.Draws) store.Webhook {
	w.Secret = drawnSecret(draws, w.Version)
	if w.Version > 1 && !w.RotatedAt.IsZero() {
		w.Previous = drawnSecret(draws, w.Version-1)
	}
	return w
}

// changeWebhook writes another webhook down, and answers it.
func (m *Merchant) changeWebhook(
	ctx context.Context, change func(store.Webhook) (store.Webhook, error),
) (changed store.Webhook, err error) {
	err = m.update(ctx, func(tx store.Tx) error {
		record, err := present(tx)
		if err != nil {
			return err
		}
		if changed, err = change(record.Webhook); err != nil {
			return err
		}
		record.Webhook = changed
		return tx.PutMerchant(record)
	})
	return changed, err
}

// tellingOf is the webhook of a payment as it would be sent now, rightly signed, and the order that it is about. An
// unknown id is an *payment.Error with code NotFound.
func (m *Merchant) tellingOf(ctx context.Context, id string) (event store.Event, orderID string, err error) {
	asked, err := m.PeekedPayment(ctx, id)
	if err != nil {
		return store.Event{}, "", err
	}
	body, err := json.Marshal(wire.SinglePayment(asked.Payment).Overlaid(asked.Fields))
	event = store.Event{
		PaymentID: id, EventID: m.pos.EventID(asked.Payment), EventType: payment.StatusChanged, Body: string(body),
	}
	return event, asked.Payment.OrderID, err
}

// webhookURL is where the merchant's webhooks go; empty: nowhere.
func webhookURL(r store.Reader) (string, error) {
	record, err := r.Merchant()
	return record.Webhook.URL, err
}

// writeBody writes what a webhook says: the payment as GET /api/payment/{paymentId} answers it. A callback is left
// alone.
func writeBody(c *pos.Callback) error {
	if c.Tells == nil {
		return nil
	}
	body, err := json.Marshal(wire.SinglePayment(c.Tells.Payment).Overlaid(c.Tells.Fields...))
	c.Body = string(body)
	return err
}

// planWebhook writes a webhook down. plan puts its first attempt into the queue.
func planWebhook(tx store.Tx, c pos.Callback, cause store.Moment, plan func(store.Task) error) error {
	c.Cause, c.NextAttemptAt = cause, &c.Due
	return errors.Join(writeBody(&c), tx.PutDelivery(c.Delivery), plan(taskOf(c)))
}

// tasksOf are the first attempts of deliveries.
func tasksOf(outbox []pos.Callback) []store.Task {
	tasks := make([]store.Task, len(outbox))
	for i, c := range outbox {
		tasks[i] = taskOf(c)
	}
	return tasks
}

func taskOf(c pos.Callback) store.Task {
	return store.Task{Kind: store.Deliver, Subject: c.ID, Due: c.Due, Group: c.Turn}
}
