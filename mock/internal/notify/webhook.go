package notify

import (
	"context"
	"net/http"
	"strconv"
	"time"

	"github.com/payporter-mock/payporter-mock/mock/store"
	"github.com/payporter-mock/payporter-mock/payment"
)

// Webhook is what PayPorter's page on webhooks leaves open.
type Webhook struct {
	KeepTime bool          // a retry has the time and the signature of the first attempt, rather than those of its own
	Overlap  time.Duration // how long after a rotation the secret before it is still used, for a signature that is kept
}

// Signed is a webhook as it is sent.
type Signed struct {
	store.Event
	Time   time.Time      // that x-request-time says
	Secret payment.Secret // what the signature is made with
	Of     string         // what is signed in place of the body; empty: the body
}

// headers are those that PayPorter documents, in the spelling of its page.
func (s *Signed) headers() http.Header {
	at := strconv.FormatInt(s.Time.UnixMilli(), 10)
	h := http.Header{
		payment.HeaderRequestTime: {at}, payment.HeaderEventID: {s.EventID}, payment.HeaderEventType: {s.EventType},
	}
	of := s.Of
	if of == "" {
		of = s.Body
	}

	switch s.Signature {
	case store.MissingSignature:
		return h
	case store.WrongSignature:
		h[payment.HeaderRequestSignature] = []string{payment.SignWebhook(OtherSecret(s.Secret), at, []byte(of))}
	default:
		h[payment.HeaderRequestSignature] = []string{payment.SignWebhook(s.Secret, at, []byte(of))}
	}

	return h
}

// OtherSecret is a secret that is not the merchant's.
func OtherSecret(s payment.Secret) payment.Secret { return "not " + s }

// signed is the webhook of a delivery that is attempted at a time, by the merchant's secret of that time.
func (q *Queue) signed(ctx context.Context, d store.Delivery, at time.Time) (*Signed, error) {
	var merchant store.Merchant
	err := q.Store.View(ctx, func(r store.Reader) (err error) {
		merchant, err = r.Merchant()
		return err
	})
	w := merchant.Webhook
	made := &Signed{Event: d.Event, Time: at.Add(d.Shift), Secret: w.Secret}
	if made.Version == 0 {
		made.Version = w.Version
	}
	if !q.Webhook.KeepTime || len(d.Attempts) == 0 {
		return made, err
	}

	made.Time = d.Attempts[0].At.Add(d.Shift)
	if w.Previous != "" && d.Version == w.Version-1 && at.Before(w.RotatedAt.Add(q.Webhook.Overlap)) {
		made.Secret = w.Previous
	}
	return made, err
}
