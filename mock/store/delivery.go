package store

import (
	"time"

	"github.com/payporter-mock/payporter-mock/payment"
)

// DeliveryStatus is how far a delivery has come. The words are those of PayPorter's QR sandbox.
//
//	created -> PENDING --2xx--> DELIVERED
//	              | anything else
//	              v
//	           FAILED --2xx at a retry--> DELIVERED
//	              | no retry left
//	              v
//	          EXHAUSTED --2xx when sent again by hand--> DELIVERED
type DeliveryStatus string

// The statuses of a delivery.
const (
	Pending   DeliveryStatus = "PENDING"   // not tried yet
	Delivered DeliveryStatus = "DELIVERED" // answered with 2xx
	Failed    DeliveryStatus = "FAILED"    // the last attempt failed, another is planned
	Exhausted DeliveryStatus = "EXHAUSTED" // the last attempt failed and none is planned
)

// DeliveryKind is what a delivery is.
type DeliveryKind string

// The kinds of deliveries.
const (
	KindCallback DeliveryKind = "callback" // the form POST that tells a merchant to look at a checkout
	KindWebhook  DeliveryKind = "webhook"  // the signed POST that tells a merchant what became of a payment
)

// Delivery is a callback or a webhook to be made.
type Delivery struct {
	ID         string         `json:"id"`
	Kind       DeliveryKind   `json:"kind"`
	CheckoutID string         `json:"checkoutId,omitempty"` // empty: a webhook of a payment that is none of a checkout
	Event                     // of a webhook
	OrderID    string         `json:"orderId"`
	URL        string         `json:"url"`
	Carries    string         `json:"carries"`           // what it says as checkoutId; empty: it has no checkoutId
	As         Format         `json:"as"`                // how it says it
	Repeats    int            `json:"repeats,omitempty"` // how often it is sent again although it was taken
	Repeated   int            `json:"-"`                 // how often that has been done
	Retry      *RetryPlan     `json:"-"`                 // nil: as the sandbox is set
	Group      string         `json:"-"`                 // deliveries of one group are first sent at the same time
	Cause      Moment         `json:"-"`                 // of what made it, as the journal counts; zero: not known
	Status     DeliveryStatus `json:"status"`
	// when the event happened; the retry plan counts from here
	CreatedAt     time.Time  `json:"createdAt"`
	NextAttemptAt *time.Time `json:"nextAttemptAt,omitempty"` // nil when none is planned
	DeliveredAt   *time.Time `json:"deliveredAt,omitempty"`
	Attempts      []Attempt  `json:"attempts"` // oldest first
}

// Event is what a webhook tells. All attempts of a delivery tell the same; only when it was sent, and with that its
// signature, may differ.
type Event struct {
	PaymentID string           `json:"paymentId,omitempty"`
	EventID   string           `json:"eventId,omitempty"`
	EventType string           `json:"eventType,omitempty"`
	Body      string           `json:"-"` // JSON
	Signature WebhookSignature `json:"-"` // empty: the right one
	Version   int              `json:"-"` // of the secret of the first attempt; zero: there was none yet
	Shift     time.Duration    `json:"-"` // between when it is sent and what x-request-time says
}

// WebhookSignature is what stands where a webhook's signature belongs.
type WebhookSignature string

// What a scenario can do to a signature.
const (
	WrongSignature   WebhookSignature = "wrong"   // made with another secret
	MissingSignature WebhookSignature = "missing" // none at all
)

// Masked is the delivery as it may be shown to anybody. What is sent is the delivery itself.
func (d Delivery) Masked() Delivery {
	d.OrderID, d.Carries, d.URL = payment.MaskSecrets(d.OrderID), payment.MaskSecrets(d.Carries), payment.MaskURL(d.URL)
	return d
}

// Format is how a callback says the checkout's id.
type Format string

// The formats. PayPorter documents the form; the others are what an attacker may try.
const (
	Form  Format = "form"
	JSON  Format = "json"
	Query Format = "query"
)

// Attempt is one try of a delivery.
type Attempt struct {
	Number    int       `json:"number"` // from 1
	At        time.Time `json:"at"`
	LatencyMS float64   `json:"latencyMs"`            // by the merchant's clock, zero when that is frozen
	Manual    bool      `json:"manual,omitempty"`     // sent again by hand
	Status    int       `json:"httpStatus,omitempty"` // zero when no answer came
	Response  string    `json:"response,omitempty"`   // the beginning of the answer's body
	Error     string    `json:"error,omitempty"`      // why the attempt did not count, in words
}

// OK reports whether the receiver took the callback.
func (a Attempt) OK() bool { return a.Error == "" }
