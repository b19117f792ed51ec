package payment

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
)

// The headers of a webhook, in the spelling of PayPorter's page.
const (
	HeaderRequestTime      = "x-request-time"      // Unix milliseconds
	HeaderRequestSignature = "x-request-signature" // what SignWebhook answers
	HeaderEventID          = "x-event-id"          // a UUID
	HeaderEventType        = "x-event-type"
)

// StatusChanged is the x-event-type of a webhook: a payment has come to a final status.
const StatusChanged = "payment.status_changed"

// SignWebhook is the signature of a webhook: the HMAC-SHA-256, keyed with the secret, of its x-request-time, a colon
// and its raw body, as lower-case hexadecimal digits.
func SignWebhook(secret Secret, requestTime string, body []byte) string {
	mac := hmac.New(sha256.New, []byte(secret.Reveal()))
	mac.Write([]byte(requestTime + ":")) // never answers an error
	mac.Write(body)
	return hex.EncodeToString(mac.Sum(nil))
}
