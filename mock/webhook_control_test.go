package mock_test

import (
	"bytes"
	"log/slog"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/payporter-mock/payporter-mock/mock"
	"github.com/payporter-mock/payporter-mock/mock/store/memory"
	"github.com/payporter-mock/payporter-mock/payment"
)

// putWebhook says where the merchant's webhooks go; rest is further JSON.
func (c *client) putWebhook(url, rest string) reply {
	c.t.Helper()
	return c.send(c.request("PUT", "/_mock/webhook", `{"url": "`+url+`"`+rest+`}`))
}

func TestWebhookIsSetOverTheControlAPI(t *testing.T) {
	t.Parallel()
	srv, l := start(t, mock.Config{}), newListener(t)
	c := clientOf(t, srv)
	require.Empty(t, c.get("/_mock/webhook").body, "there is none at first")

	made := c.putWebhook(l.webhook(), "")
	require.Equal(t, http.StatusOK, made.status, made.raw)
	secret := made.text("secret")
	require.Len(t, secret, 64)
	require.Equal(t, map[string]any{"url": l.webhook()}, c.get("/_mock/webhook").body, "the secret is shown once")
	c.pays("/api/payment", "ORD-1")
	srv.Advance(0)
	require.True(t, l.webhooks()[0].signedWith(secret))

	own := c.putWebhook(l.webhook(), `, "secret": "mine"`)
	require.Equal(t, map[string]any{"url": l.webhook()}, own.body, "a secret that was given is not shown")
	c.post("/_mock/reset", "")
	c.pays("/api/payment", "ORD-2")
	srv.Advance(0)
	require.True(t, l.webhooks()[1].signedWith("mine"), "a reset keeps the webhook, as it does credentials")

	require.Equal(t, http.StatusOK, c.send(c.request("DELETE", "/_mock/webhook", "")).status)
	require.Empty(t, c.get("/_mock/webhook").body)
	c.pays("/api/payment", "ORD-3")
	srv.Advance(0)
	require.Len(t, l.webhooks(), 2)
}

func TestWebhookOfOneMerchantIsNoOthers(t *testing.T) {
	t.Parallel()
	_, c, l := listening(t, mock.Config{})
	other := c.as("test_other")
	other.pays("/api/payment", "ORD-1")
	other.post("/_mock/clock", `{"advance": "0s"}`)
	require.Empty(t, other.get("/_mock/webhook").body)
	require.Empty(t, l.heard())
}

func TestWebhookSecretIsRotated(t *testing.T) {
	t.Parallel()
	srv, c, l := listening(t, mock.Config{WebhookRetryTime: mock.WebhookKeep, WebhookSecretOverlap: 2 * time.Minute}, 500)
	c.pays("/api/payment", "ORD-1")
	srv.Advance(0)
	rotated := c.post("/_mock/webhook/rotate", "")
	require.Equal(t, http.StatusOK, rotated.status, rotated.raw)
	secret := rotated.text("secret")
	require.Equal(t, map[string]any{
		"url": l.webhook(), "rotatedAt": "2026-01-31T12:00:00Z", "previousSecretValidUntil": "2026-01-31T12:02:00Z",
	}, c.get("/_mock/webhook").body)

	srv.Advance(90 * time.Second)
	c.pays("/api/payment", "ORD-2")
	srv.Advance(5 * time.Minute)
	var with []bool
	for _, w := range l.webhooks() {
		if strings.Contains(w.body, `"ORD-1"`) {
			with = append(with, w.signedWith(webhookSecret))
			require.True(t, w.signedWith(webhookSecret) || w.signedWith(secret))
		} else {
			require.True(t, w.signedWith(secret), "what is made after the rotation")
		}
	}
	require.Equal(t, []bool{true, true, true, false}, with, "an old signature is kept while the old secret is valid")
}

// Settings say what a webhook begins with. What was rotated since stays over a restart with the same settings.
func TestWebhookSecretOfARotationOutlastsARestart(t *testing.T) {
	t.Parallel()
	books, l := memory.Open(memory.Options{}), newListener(t)
	begin := func(secret payment.Secret) (*mock.Test, *client) {
		srv := start(t, mock.Config{Store: books, WebhookURL: l.webhook(), WebhookSecret: secret})
		return srv, clientOf(t, srv)
	}
	first, c := begin(webhookSecret)
	for range 2 {
		require.Equal(t, http.StatusOK, c.post("/_mock/webhook/rotate", "").status)
	}
	rotated := c.get("/_mock/webhook").body
	require.NotEmpty(t, rotated["previousSecretValidUntil"])
	first.Close()

	second, c := begin(webhookSecret)
	require.Equal(t, rotated, c.get("/_mock/webhook").body)
	c.pays("/api/payment", "ORD-1")
	second.Advance(0)
	require.False(t, l.webhooks()[0].signedWith(webhookSecret), "the secret before the rotations is not back")
	second.Close()

	third, c := begin("another-secret-of-the-settings")
	c.pays("/api/payment", "ORD-2")
	third.Advance(0)
	require.True(t, l.webhooks()[1].signedWith("another-secret-of-the-settings"))
}

func TestWebhookIsForged(t *testing.T) {
	t.Parallel()
	srv, c, l := listening(t, mock.Config{})
	id := c.pays("/api/payment", "ORD-1")
	srv.Advance(0)
	right := l.webhooks()[0]
	forge := func(as string) told {
		r := c.post("/_mock/webhooks/forge", `{"paymentId": "`+id+`", "as": "`+as+`"}`)
		require.Equal(t, http.StatusOK, r.status, r.raw)
		require.Equal(t, "forge", r.text("kind"))
		all := l.webhooks()
		return all[len(all)-1]
	}

	unsigned := forge("unsigned")
	require.Empty(t, unsigned.signature)
	require.Equal(t, right.body, unsigned.body)
	wrong := forge("wrongSecret")
	require.False(t, wrong.signedWith(webhookSecret))
	require.Len(t, wrong.signature, 64)
	old := forge("oldTime")
	require.True(t, old.signedWith(webhookSecret))
	require.Equal(t, right.time(t).Add(-10*time.Minute), old.time(t))
	changed := forge("changedBody")
	require.Equal(t, right.signature, changed.signature, "the clock stands, so that it is that of the right one")
	require.Contains(t, changed.body, `"amount":0.01`)
	other := forge("otherMerchant")
	require.False(t, other.signedWith(webhookSecret))
	foreign := bodyOf(t, other.body)["paymentId"].(string)
	require.Equal(t, http.StatusNotFound, c.get("/api/payment/"+foreign).status)
	repeated := forge("repeatedEvent")
	require.True(t, repeated.signedWith(webhookSecret))
	require.Equal(t, right.event, repeated.event)
	require.NotEqual(t, right.event, old.event)

	require.Len(t, c.get("/_mock/callbacks").body["callbacks"], 1, "no delivery comes of it")
}

func TestWebhookCallsRefuseWhatCannotBe(t *testing.T) {
	t.Parallel()
	c := clientOf(t, start(t, mock.Config{}))
	id := c.pays("/api/payment", "ORD-1")
	for name, test := range map[string]struct {
		method, path, body string
		status             int
		says               string
	}{
		"no url": {"PUT", "/_mock/webhook", `{}`, 400, "url: "},
		"bad url": {"PUT", "/_mock/webhook", `{"url": "ftp://shop"}`, 400, "url: must be an absolute http " +
			"or https URL"},
		"empty secret":      {"PUT", "/_mock/webhook", `{"url": "http://shop.example/w", "secret": ""}`, 400, "secret: "},
		"nothing to rotate": {"POST", "/_mock/webhook/rotate", "", 404, "PUT /_mock/webhook"},
		"nowhere to go": {
			"POST", "/_mock/webhooks/forge", `{"paymentId": "` + id + `", "as": "unsigned"}`, 404,
			"url: is required",
		},
		"unknown payment": {
			"POST", "/_mock/webhooks/forge",
			`{"url": "http://127.0.0.1:9/w", "paymentId": "123e4567-e89b-12d3-a456-426614174000", "as": "unsigned"}`, 404,
			"payment",
		},
		"unknown forgery": {"POST", "/_mock/webhooks/forge", `{"paymentId": "` + id + `", "as": "nice"}`, 400, "as: "},
		"unknown kind":    {"GET", "/_mock/callbacks?kind=letter", "", 400, "kind: "},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := c.at(t).send(c.request(test.method, test.path, test.body))
			require.Equal(t, test.status, r.status, r.raw)
			require.Contains(t, r.text("message"), test.says)
		})
	}
}

// The guard of callbacks is that of webhooks, too.
func TestWebhookGoesOnlyWhereCallbacksMay(t *testing.T) {
	t.Parallel()
	srv, c, l := listening(t, mock.Config{CallbackAllow: []string{"10.0.0.0/8"}})
	c.pays("/api/payment", "ORD-1")
	srv.Advance(0)
	require.Empty(t, l.heard())
	require.Contains(t, c.get("/_mock/callbacks").raw, "is not in --callback-allow")
}

func TestWebhookSecretIsShownNowhere(t *testing.T) {
	t.Parallel()
	var log bytes.Buffer
	logger := slog.New(slog.NewTextHandler(&log, &slog.HandlerOptions{Level: slog.LevelDebug}))
	srv, l := start(t, mock.Config{Logger: logger}), newListener(t)
	c := clientOf(t, srv)
	own := "a-secret-of-my-own-0815"
	c.putWebhook(l.webhook(), `, "secret": "`+own+`"`)
	c.pays("/api/payment", "ORD-1")
	made := c.post("/_mock/webhook/rotate", "").text("secret")
	srv.Advance(0)
	shown := c.get("/_mock/journal").raw + c.get("/_mock/callbacks").raw + c.get("/_mock/webhook").raw +
		c.get("/_mock/ui/journal").raw
	srv.Close() // nothing is logged any more
	for _, secret := range []string{own, made} {
		require.NotContains(t, shown, secret)
		require.NotContains(t, log.String(), secret)
	}
}

func TestWebhookConfigIsChecked(t *testing.T) {
	t.Parallel()
	for says, config := range map[string]mock.Config{
		"webhook-url \"here\": must be an absolute":                   {WebhookURL: "here", WebhookSecret: "s"},
		"webhook-secret: want 1 to 256 bytes with webhook-url, got 0": {WebhookURL: "http://shop.example/w"},
		"webhook-url \"\": must be an absolute":                       {WebhookSecret: "s"},
		"webhook-retry-time \"never\": want refresh or keep":          {WebhookRetryTime: "never"},
		"webhook-secret-overlap -1s: must not be negative":            {WebhookSecretOverlap: -time.Second},
	} {
		require.ErrorContains(t, config.Validate(), says)
	}
}
