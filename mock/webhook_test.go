package mock_test

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"strconv"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/payporter-mock/payporter-mock/mock"
)

// told is a webhook as it arrived, or a callback, which has no signature.
type told struct {
	at, signature, event, kind, contentType string
	body                                    string
}

// listener is a merchant that listens to webhooks and callbacks alike.
type listener struct {
	*httptest.Server
	mu      sync.Mutex // guards all below
	all     []told
	answers []int // statuses, the last one lasts; none: 200
}

func newListener(t *testing.T, answers ...int) *listener {
	t.Helper()
	l := &listener{answers: answers}
	l.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		h := r.Header.Get
		l.mu.Lock()
		defer l.mu.Unlock()
		l.all = append(l.all, told{
			h("x-request-time"), h("x-request-signature"), h("x-event-id"), h("x-event-type"),
			h("Content-Type"), string(body),
		})
		status := http.StatusOK
		if len(l.answers) > 0 {
			status = l.answers[0]
		}
		if len(l.answers) > 1 {
			l.answers = l.answers[1:]
		}
		w.WriteHeader(status)
	}))
	t.Cleanup(l.Close)
	return l
}

func (l *listener) webhook() string { return l.URL + "/webhook" }

// heard is everything that came.
func (l *listener) heard() []told {
	l.mu.Lock()
	defer l.mu.Unlock()
	return append([]told(nil), l.all...)
}

// webhooks are those of what came that are not callbacks.
func (l *listener) webhooks() []told {
	var all []told
	for _, one := range l.heard() {
		if one.contentType == "application/json" {
			all = append(all, one)
		}
	}
	return all
}

// signedWith reports whether the signature is the documented one, computed here a second time.
func (w told) signedWith(secret string) bool {
	mac := hmac.New(sha256.New, []byte(secret))
	_, _ = io.WriteString(mac, w.at+":"+w.body)
	return w.signature == hex.EncodeToString(mac.Sum(nil))
}

func (w told) time(t *testing.T) time.Time {
	t.Helper()
	ms, err := strconv.ParseInt(w.at, 10, 64)
	require.NoError(t, err)
	return time.UnixMilli(ms).UTC()
}

const webhookSecret = "the-webhook-secret"

// listening is a sandbox whose clock stands, and whose webhooks go to a listener.
func listening(t *testing.T, config mock.Config, answers ...int) (*mock.Test, *client, *listener) {
	t.Helper()
	l := newListener(t, answers...)
	config.WebhookURL, config.WebhookSecret = l.webhook(), webhookSecret
	srv := start(t, config)
	c := clientOf(t, srv)
	c.post("/_mock/clock", `{"freeze": true, "set": "2026-01-31T12:00:00Z"}`)
	return srv, c, l
}

// with names a scenario in the header of a request.
func (c *client) with(scenario, path, body string) reply {
	c.t.Helper()
	r := c.request("POST", path, body)
	r.Header.Set("X-Mock-Scenario", scenario)
	return c.send(r)
}

func TestWebhookTellsEveryFinalPayment(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		do       func(t *testing.T, srv *mock.Test, c *client)
		statuses []string // with the transaction type, in the order in which they are told
	}{
		"checkout paid": {func(_ *testing.T, srv *mock.Test, c *client) {
			srv.Pay(c.create("ORD-1", "http://127.0.0.1:9/callback"), goodCard)
		}, []string{"SALE SUCCESS"}},
		"checkout declined, then paid": {func(_ *testing.T, srv *mock.Test, c *client) {
			id := c.create("ORD-1", "http://127.0.0.1:9/callback")
			srv.Pay(id, declinedCard)
			srv.Pay(id, goodCard)
		}, []string{"SALE FAILED", "SALE SUCCESS"}},
		"checkout expired": {func(_ *testing.T, srv *mock.Test, c *client) {
			c.create("ORD-1", "http://127.0.0.1:9/callback")
			srv.Advance(25 * time.Hour)
		}, []string{"SALE CANCELLED"}},
		"direct payment": {func(_ *testing.T, _ *mock.Test, c *client) {
			c.pays("/api/payment", "ORD-1")
		}, []string{"SALE SUCCESS"}},
		"declined direct payment": {func(_ *testing.T, _ *mock.Test, c *client) {
			c.pays("/api/payment", "ORD-1", "pan", `"`+declinedCard+`"`)
		}, []string{"SALE FAILED"}},
		"payment whose bank takes its time": {func(t *testing.T, _ *mock.Test, c *client) {
			r := c.with("slow-bank", "/api/payment", charge("ORD-1"))
			require.Equal(t, "ENROLLED", r.text("status"))
		}, []string{"SALE SUCCESS"}},
		"pre-authorization and capture": {func(t *testing.T, _ *mock.Test, c *client) {
			id := c.pays("/api/pre-authorization", "ORD-1")
			require.Equal(t, 200, c.post("/api/pre-authorization/"+id+"/capture", part("40")).status)
		}, []string{"PRE_AUTH SUCCESS", "CAPTURE SUCCESS", "PRE_AUTH CAPTURED"}},
		"cancel": {func(t *testing.T, _ *mock.Test, c *client) {
			id := c.pays("/api/payment", "ORD-1")
			require.Equal(t, 200, c.post("/api/payment/"+id+"/cancel", "").status)
		}, []string{"SALE SUCCESS", "CANCEL SUCCESS"}},
		"refund approved": {func(t *testing.T, _ *mock.Test, c *client) {
			id := c.pays("/api/payment", "ORD-1")
			refund := c.post("/api/payment/"+id+"/refund", part("40"))
			require.Equal(t, 200, c.post("/_mock/payments/"+refund.text("paymentId")+"/approve", "").status)
		}, []string{"SALE SUCCESS", "REFUND SUCCESS"}},
		"refund rejected by a scenario": {func(t *testing.T, _ *mock.Test, c *client) {
			id := c.pays("/api/payment", "ORD-1")
			require.Equal(t, 200, c.with("refund-rejected", "/api/payment/"+id+"/refund", part("40")).status)
		}, []string{"SALE SUCCESS", "REFUND REJECTED"}},
		"3-D Secure that is never completed": {func(_ *testing.T, _ *mock.Test, c *client) {
			c.post("/api/3ds", charge("ORD-1", "successUrl", `"https://shop.example/ok"`, "failureUrl",
				`"https://shop.example/no"`))
		}, nil},
		"3-D Secure, result forced": {func(t *testing.T, _ *mock.Test, c *client) {
			r := c.post("/api/3ds", charge("ORD-1", "successUrl", `"https://shop.example/ok"`, "failureUrl",
				`"https://shop.example/no"`))
			require.Equal(t, 200, c.post("/_mock/payments/"+r.text("paymentId")+"/outcome", `{"status": "FAILED"}`).status)
		}, []string{"SALE FAILED"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			srv, c, l := listening(t, mock.Config{})
			c = c.at(t)
			test.do(t, srv, c)
			srv.Advance(48 * time.Hour)

			var statuses []string
			events := map[string]bool{}
			for _, w := range l.webhooks() {
				p := bodyOf(t, w.body)
				statuses = append(statuses, p["transactionType"].(string)+" "+p["status"].(string))
				require.True(t, w.signedWith(webhookSecret), "%+v", w)
				require.Equal(t, "payment.status_changed", w.kind)
				require.NotEmpty(t, w.event)
				events[w.event] = true
			}
			require.Equal(t, test.statuses, statuses)
			require.Len(t, events, len(test.statuses), "each event has an id of its own")
		})
	}
}

func TestWebhookSaysWhatGetAnswers(t *testing.T) {
	t.Parallel()
	srv, c, l := listening(t, mock.Config{})
	direct := c.pays("/api/payment", "ORD-1", "customerId", `"customer-42"`)
	checkout := c.create("ORD-2", "http://127.0.0.1:9/callback", "customerId", `"customer-43"`)
	srv.Pay(checkout, goodCard)
	srv.Advance(0)

	all := l.webhooks()
	require.Len(t, all, 2)
	require.Equal(t, c.payment(direct).raw, all[0].body)
	require.Equal(t, c.get("/api/checkout/"+checkout).raw, all[1].body)
	require.Equal(t, time.Date(2026, 1, 31, 12, 0, 0, 0, time.UTC), all[0].time(t), "the merchant's clock")
}

// A retry has the event of the first attempt; whether it has its time as well is a setting.
func TestWebhookIsRetriedOnTheDocumentedSchedule(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		config mock.Config
		times  int // different ones
	}{
		"refresh": {mock.Config{}, 9},
		"keep":    {mock.Config{WebhookRetryTime: mock.WebhookKeep}, 1},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			srv, c, l := listening(t, test.config, http.StatusInternalServerError)
			c = c.at(t)
			id := c.pays("/api/payment", "ORD-1")
			srv.Advance(49 * time.Hour)

			times, signatures, events := map[string]bool{}, map[string]bool{}, map[string]bool{}
			for _, w := range l.webhooks() {
				times[w.at], signatures[w.signature], events[w.event] = true, true, true
				require.True(t, w.signedWith(webhookSecret))
			}
			require.Len(t, l.webhooks(), 9)
			require.Len(t, times, test.times)
			require.Len(t, signatures, test.times)
			require.Len(t, events, 1)

			list := c.get("/_mock/callbacks?kind=webhook&paymentId=" + id).body["callbacks"].([]any)
			require.Len(t, list, 1)
			require.Equal(t, "EXHAUSTED", list[0].(map[string]any)["status"])
			require.Empty(t, c.get("/_mock/callbacks?kind=callback").body["callbacks"])
			require.Len(t, entriesOf(c.get("/_mock/journal?kind=webhook")), 9)

			l.mu.Lock()
			l.answers = nil
			l.mu.Unlock()
			again := c.post("/_mock/callbacks/"+list[0].(map[string]any)["id"].(string)+"/redeliver", "")
			require.Equal(t, "DELIVERED", again.text("status"))
			require.Len(t, l.webhooks(), 10)
			require.True(t, events[l.webhooks()[9].event])
		})
	}
}

// A webhook of a request comes once the request has been answered.
func TestWebhookComesAfterTheAnswerAndTheCallback(t *testing.T) {
	t.Parallel()
	srv, c, l := listening(t, mock.Config{})
	srv.Pay(c.create("ORD-1", l.URL+"/callback"), goodCard)
	srv.Advance(0)
	all := l.heard()
	require.Len(t, all, 2)
	require.Equal(t, "application/x-www-form-urlencoded", all[0].contentType)
	require.Equal(t, "application/json", all[1].contentType)
}

func TestNoWebhookWithoutAnAddress(t *testing.T) {
	t.Parallel()
	srv := start(t, mock.Config{})
	c := clientOf(t, srv)
	c.pays("/api/payment", "ORD-1")
	srv.Advance(0)
	require.Empty(t, c.get("/_mock/callbacks").body["callbacks"])
}

// bodyOf is a JSON object.
func bodyOf(t *testing.T, raw string) (body map[string]any) {
	t.Helper()
	require.NoError(t, json.Unmarshal([]byte(raw), &body))
	return body
}
