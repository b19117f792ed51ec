package gateway

import (
	"context"
	"encoding/json"
	"strings"
	"time"

	"github.com/payporter-mock/payporter-mock/mock/internal/notify"
	"github.com/payporter-mock/payporter-mock/mock/store"
	"github.com/payporter-mock/payporter-mock/payment"
)

// ForgeCallback sends a callback that nobody paid for, with any text as its checkoutId. Without a URL it goes where the
// callbacks of that checkout go. The answer says what came back. An unusable URL is an *payment.Error.
func (m *Merchant) ForgeCallback(ctx context.Context, url, carries string, as store.Format) (store.Entry, error) {
	if url == "" {
		c, err := m.Checkout(ctx, strings.ToLower(carries))
		if err != nil {
			return store.Entry{}, &payment.Error{
				Code: payment.NotFound, Field: "url", Message: "is required, because there is no checkout with this checkoutId",
			}
		}
		url = c.Callback
	}
	url, err := receiver(url)
	if err != nil {
		return store.Entry{}, err
	}
	return m.queue.Forge(ctx, notify.Post{URL: url, Carries: carries, As: as}), nil
}

// receiver is a URL that can be posted to, as it is on the wire.
func receiver(url string) (string, error) {
	onWire, wrong := payment.CallbackOnWire(url)
	if wrong != "" {
		return "", &payment.Error{Code: payment.InvalidRequest, Field: "url", Message: wrong}
	}
	return onWire, nil
}

// What is wrong with a forged webhook.
const (
	Unsigned      = "unsigned"      // it has no signature
	WrongSecret   = "wrongSecret"   // it is signed with another secret
	OldTime       = "oldTime"       // it is rightly signed, and ten minutes old
	ChangedBody   = "changedBody"   // its amount is 0.01, and its signature that of the true body
	OtherMerchant = "otherMerchant" // it is of a payment that the merchant does not have, signed with another secret
	RepeatedEvent = "repeatedEvent" // it is right, and has the event id of the payment's own webhook
)

// ForgeWebhook sends a webhook of a payment with one of these faults. Without a URL it goes where the merchant's
// webhooks go. The answer says what came back. An unknown payment and an unusable URL are each an *payment.Error.
func (m *Merchant) ForgeWebhook(ctx context.Context, url, paymentID, as string) (store.Entry, error) {
	w, err := m.Webhook(ctx)
	if err != nil {
		return store.Entry{}, err
	}
	if url == "" {
		url = w.URL
	}
	if url == "" {
		return store.Entry{}, &payment.Error{
			Code: payment.NotFound, Field: "url", Message: "is required, because there is no webhook",
		}
	}
	if url, err = receiver(url); err != nil {
		return store.Entry{}, err
	}

	signed, orderID, err := m.forged(ctx, w, paymentID, as)
	if err != nil {
		return store.Entry{}, err
	}
	return m.queue.Forge(ctx, notify.Post{URL: url, OrderID: orderID, Webhook: signed}), nil
}

// tooOld is more than the five minutes that receivers are told to allow.
const tooOld = 10 * time.Minute

// forged is the webhook of the payment, made wrong, and the payment's order.
func (m *Merchant) forged(
	ctx context.Context, w store.Webhook, id, as string,
) (forged *notify.Signed, orderID string, err error) {
	event, orderID, err := m.tellingOf(ctx, id)
	if err != nil {
		return nil, "", err
	}
	s := &notify.Signed{Event: event, Time: m.clock.Now(), Secret: w.Secret}
	if as != RepeatedEvent {
		s.EventID = m.forgedID(id, as)
	}

	switch as {
	case Unsigned:
		s.Signature = store.MissingSignature
	case WrongSecret:
		s.Signature = store.WrongSignature
	case OldTime:
		s.Time = s.Time.Add(-tooOld)
	case ChangedBody:
		s.Of = s.Body
		s.Body = withProperty(s.Body, "amount", json.RawMessage("0.01"))
	case OtherMerchant:
		s.Signature = store.WrongSignature
		s.Body = strings.ReplaceAll(s.Body, id, m.forgedID(id, "payment"))
	case RepeatedEvent:
	default:
		return nil, "", &payment.Error{Code: payment.InvalidRequest, Field: "as", Message: "must be unsigned, wrongSecret, " +
			"oldTime, changedBody, otherMerchant or repeatedEvent"}
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

// forgedID is an id that nothing of the merchant has, and the same one for the same purpose.
func (m *Merchant) forgedID(id, purpose string) string {
	return m.pos.Draws.UUID(id, "forged "+purpose)
}
