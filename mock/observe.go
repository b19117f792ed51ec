package mock

import (
	"context"
	"time"

	"github.com/payporter-mock/payporter-mock/mock/internal/clock"
	"github.com/payporter-mock/payporter-mock/mock/internal/gateway"
	"github.com/payporter-mock/payporter-mock/mock/internal/journal"
	"github.com/payporter-mock/payporter-mock/mock/store"
	"github.com/payporter-mock/payporter-mock/payment"
)

// Callbacks lists the callbacks of a checkout, newest first, with every attempt; an empty id lists those of all.
func (m *Merchant) Callbacks(ctx context.Context, checkoutID string) ([]store.Delivery, error) {
	return m.deliveries(ctx, store.DeliveryQuery{Kind: store.KindCallback, CheckoutID: checkoutID})
}

// Webhooks lists the webhooks of a payment, newest first, with every attempt; an empty id lists those of all.
func (m *Merchant) Webhooks(ctx context.Context, paymentID string) ([]store.Delivery, error) {
	return m.deliveries(ctx, store.DeliveryQuery{Kind: store.KindWebhook, PaymentID: paymentID})
}

func (m *Merchant) deliveries(ctx context.Context, q store.DeliveryQuery) ([]store.Delivery, error) {
	return asked(ctx, m, func(known *gateway.Merchant) ([]store.Delivery, error) { return known.Deliveries(ctx, q) })
}

// Redeliver sends a callback or a webhook again, now, and answers when it has been sent.
func (m *Merchant) Redeliver(ctx context.Context, deliveryID string) (store.Delivery, error) {
	return asked(ctx, m, func(known *gateway.Merchant) (store.Delivery, error) { return known.Redeliver(ctx, deliveryID) })
}

// Forgery is a callback that nobody paid for.
type Forgery struct {
	URL        string       // where it goes; empty: where the callbacks of the checkout go
	CheckoutID string       // what it says; any text, or none
	As         store.Format // empty: a form, as PayPorter sends
}

// Forge sends what an attacker would, and answers what came back. A good shop asks PayPorter before it believes it.
func (m *Merchant) Forge(ctx context.Context, f Forgery) (store.Entry, error) {
	return asked(ctx, m, func(known *gateway.Merchant) (store.Entry, error) {
		return known.ForgeCallback(ctx, f.URL, f.CheckoutID, f.As)
	})
}

// WebhookFault is what is wrong with a forged webhook.
type WebhookFault string

// The faults of forged webhooks.
const (
	Unsigned      WebhookFault = gateway.Unsigned      // it has no signature
	WrongSecret   WebhookFault = gateway.WrongSecret   // it is signed with another secret
	OldTime       WebhookFault = gateway.OldTime       // it is rightly signed, and ten minutes old
	ChangedBody   WebhookFault = gateway.ChangedBody   // its amount was changed after it was signed
	OtherMerchant WebhookFault = gateway.OtherMerchant // it is of a payment that the merchant does not have
	RepeatedEvent WebhookFault = gateway.RepeatedEvent // it is right, and its event id came before
)

// ForgeWebhook sends a webhook of a payment that must not be trusted, and answers what came back. An empty url is
// where the merchant's webhooks go.
func (m *Merchant) ForgeWebhook(ctx context.Context, paymentID string, as WebhookFault, url string) (store.Entry, error) {
	return asked(ctx, m, func(known *gateway.Merchant) (store.Entry, error) {
		return known.ForgeWebhook(ctx, url, paymentID, string(as))
	})
}

// Webhook is where webhooks go, and what they are signed with.
func (m *Merchant) Webhook(ctx context.Context) (store.Webhook, error) {
	return asked(ctx, m, func(known *gateway.Merchant) (store.Webhook, error) { return known.Webhook(ctx) })
}

// SetWebhook says where webhooks go from now on; an empty url sends none. An empty secret makes a new one.
func (m *Merchant) SetWebhook(ctx context.Context, url string, secret payment.Secret) (store.Webhook, error) {
	return asked(ctx, m, func(known *gateway.Merchant) (w store.Webhook, err error) {
		if url == "" {
			return w, known.DropWebhook(ctx)
		}
		return known.SetWebhook(ctx, url, secret)
	})
}

// RotateWebhook makes a new secret. The one before it stays valid for a while.
func (m *Merchant) RotateWebhook(ctx context.Context) (store.Webhook, error) {
	return asked(ctx, m, func(known *gateway.Merchant) (store.Webhook, error) { return known.RotateWebhook(ctx) })
}

// Journal lists exchanges in both directions, in the order in which they were recorded.
func (m *Merchant) Journal(ctx context.Context, q store.EntryQuery) ([]store.Entry, error) {
	return asked(ctx, m, func(known *gateway.Merchant) ([]store.Entry, error) {
		return known.Journal().Newest(ctx, q, q.Limit)
	})
}

// WaitFor blocks until the journal has so many entries that fit, and answers them: no test needs to sleep. When
// ctx ends first, the error says what happened instead: an *payment.Error with code TimedOut is in its chain.
func (m *Merchant) WaitFor(ctx context.Context, q store.EntryQuery, count int) ([]store.Entry, error) {
	return asked(ctx, m, func(known *gateway.Merchant) ([]store.Entry, error) {
		began, always := clock.Wall(), context.WithoutCancel(ctx)
		found, ok, err := known.Journal().Wait(ctx, q, count)
		if err != nil || ok {
			return found, err
		}
		waited := clock.Wall().Sub(began).Round(time.Millisecond)
		return found, known.Journal().NotSeen(always, journal.Waited{
			Merchant: payment.MaskSecrets(known.Key), Query: q, Count: count, For: waited.String(),
		}, found)
	})
}

// Covered is a point of the contract, or a scenario, and how often the merchant has exercised it.
type Covered struct {
	Kind  string // operation, field, response, scenario and others, as GET /_mock/coverage names them
	Name  string
	Count uint64 // zero: never
}

// Coverage lists everything that can be exercised.
func (m *Merchant) Coverage(ctx context.Context) ([]Covered, error) {
	return asked(ctx, m, func(known *gateway.Merchant) (all []Covered, err error) {
		items, err := known.Covered(ctx)
		for _, i := range items {
			all = append(all, Covered{string(i.Kind), i.Name, i.Count})
		}
		return all, err
	})
}
