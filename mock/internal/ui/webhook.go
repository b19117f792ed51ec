package ui

import (
	"context"
	"embed"
	"net/http"
	"net/url"
	"strconv"
	"time"

	"github.com/payporter-mock/payporter-mock/mock/store"
	"github.com/payporter-mock/payporter-mock/payment"
)

// hook is the page of the merchant's webhook.
type hook struct {
	URL      string     // empty: there is none
	Previous *time.Time // until when the secret before the last rotation is valid; nil: there is none
	Sent     []store.Delivery
	Example  signed
	Code     []snippet
	Forms    []form
}

// signed is a webhook whose signature is computed before one's eyes, with a secret that is nobody's.
type signed struct{ Secret, Time, Body, Signature string }

// snippet is code that checks a webhook.
type snippet struct{ Language, Text string }

// shownWebhooks is how many deliveries the page of the webhook shows.
const shownWebhooks = 20

func (d *dashboard) webhookPage(ctx context.Context, x *exchange) (answer, error) {
	w, err := x.merchant.Webhook(ctx)
	if err != nil {
		return answer{}, err
	}
	sent, err := x.merchant.Deliveries(ctx, store.DeliveryQuery{Kind: store.KindWebhook, Limit: shownWebhooks})
	if err != nil {
		return answer{}, err
	}

	page := hook{URL: w.URL, Sent: sent, Example: exampleOf(sent, x.merchant.Clock().Now()), Code: snippets()}
	if w.URL != "" && w.Previous != "" {
		if until := w.RotatedAt.Add(x.merchant.WebhookOverlap()); until.After(x.merchant.Clock().Now()) {
			page.Previous = &until
		}
	}
	for _, f := range []form{webhookForm(), rotateForm(), dropWebhookForm()} {
		page.Forms = append(page.Forms, d.ready(x, f))
	}
	return x.page("webhook", "Webhook", page), nil
}

// exampleOf signs what the newest webhook says, or something short where there is none.
func exampleOf(sent []store.Delivery, now time.Time) signed {
	s := signed{Secret: "example-secret", Time: strconv.FormatInt(now.UnixMilli(), 10), Body: `{"status":"SUCCESS"}`}
	if len(sent) > 0 {
		s.Body = sent[0].Event.Body
	}
	s.Signature = payment.SignWebhook(payment.Secret(s.Secret), s.Time, []byte(s.Body))
	return s
}

//go:embed code
var code embed.FS

// snippets are the files of code, as people call their languages.
func snippets() []snippet {
	var all []snippet
	for _, one := range [][2]string{
		{"Node.js", "check.js"},
		{"Python", "check.py"},
		{"PHP", "check.php"},
		{"Java", "Check.java"},
		{"Go", "check.go.txt"},
		{"Shell", "check.sh"},
	} {
		text, _ := code.ReadFile("code/" + one[1]) // embedded; a test reads each
		all = append(all, snippet{one[0], string(text)})
	}
	return all
}

func webhookForm() form {
	return form{
		Action: "webhook", Title: "Set the webhook", Button: "Set it",
		Text: "PayPorter tells this address of every payment that has come to its end.",
		Fields: []field{
			{Name: "url", Label: "URL", Hint: "such as http://127.0.0.1:3000/webhook", Required: true},
			{Name: "secret", Label: "Secret", Hint: "empty: a new one is made, and shown once"},
		},
		build: func(v url.Values) action {
			return call(http.MethodPut, "webhook").with(property{"url", v.Get("url")}, property{"secret", v.Get("secret")})
		},
	}
}

func rotateForm() form {
	return form{
		Action: "rotate", Title: "Another secret", Button: "Rotate",
		Text:  "A new secret is made, and shown once. The one before stays valid for a time.",
		build: func(url.Values) action { return call(http.MethodPost, "webhook", "rotate") },
	}
}

func dropWebhookForm() form {
	return form{
		Action: "drop-webhook", Title: "No webhook", Button: "Remove it", Danger: true,
		Text:   "Nothing new is sent. What is planned already is still sent.",
		Fields: []field{{Name: confirmation, Label: "Yes, remove the webhook", Kind: "check", Required: true}},
		build:  func(url.Values) action { return call(http.MethodDelete, "webhook") },
	}
}

func forgeWebhookForm(id string) form {
	return form{
		Action: "forge-webhook", Title: "Forge a webhook", Button: "Send it",
		Text: "What an attacker would send, or what comes twice. A good shop checks the signature, the time and the event id.",
		Fields: []field{
			hidden("paymentId", id),
			{Name: "as", Label: "What is wrong with it", Kind: "select", Options: []option{
				{"unsigned", "it has no signature"},
				{"wrongSecret", "it is signed with another secret"},
				{"oldTime", "it is ten minutes old"},
				{"changedBody", "its amount was changed after it was signed"},
				{"otherMerchant", "it is of another merchant's payment"},
				{"repeatedEvent", "its event id came before"},
			}},
			{Name: "url", Label: "To", Hint: "empty: where the merchant's webhooks go"},
		},
		build: func(v url.Values) action {
			return call(http.MethodPost, "webhooks", "forge").
				with(property{"paymentId", v.Get("paymentId")}, property{"as", v.Get("as")}, property{"url", v.Get("url")})
		},
	}
}
