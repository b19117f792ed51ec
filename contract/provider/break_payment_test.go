package provider_test

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/uuid"

	"github.com/payporter-mock/payporter-mock/payment"
)

// Where the operations on payments are, as "METHOD path" with every id as *.
const (
	onPay      = "POST /api/payment"
	onRead     = "GET /api/payment/*"
	onCancel   = "POST /api/payment/*/cancel"
	onRefund   = "POST /api/payment/*/refund"
	onReserve  = "POST /api/pre-authorization"
	onCapture  = "POST /api/pre-authorization/*/capture"
	onStart    = "POST /api/3ds"
	onComplete = "POST /api/3ds/*/complete"
	onOptions  = "POST /api/installment-options"
)

var anyID = regexp.MustCompile(`[0-9a-f]{8}-[0-9a-f-]{27}`)

func (a asked) at(place string) bool {
	return a.Method+" "+anyID.ReplaceAllString(a.URL.Path, "*") == place
}

// bad changes the answer 200 of an operation, if it is about such a payment.
func bad(place string, which func(a *answer) bool, change func(a *answer)) fault {
	return answers(func(a *answer) {
		if a.to.at(place) && a.status == http.StatusOK && which(a) {
			change(a)
		}
	})
}

func anyAnswer(*answer) bool { return true }

// isNow says which payments a fault is about: those with this status and type.
func isNow(status, kind string) func(a *answer) bool {
	return func(a *answer) bool {
		return a.body["status"] == status && (kind == "" || a.body["transactionType"] == kind)
	}
}

// writes puts another value into the answers 200 of an operation.
func writes(place, field string, value any) fault { return writesWhere(place, anyAnswer, field, value) }

func writesWhere(place string, which func(a *answer) bool, field string, value any) fault {
	return bad(place, which, func(a *answer) { a.body[field] = value })
}

// takes answers 200 to what the right provider refuses.
func takes(place string, which func(a *answer) bool) fault {
	return answers(func(a *answer) {
		if a.to.at(place) && a.status >= 400 && a.status < 500 && which(a) {
			a.status, a.body = http.StatusOK, map[string]any{"paymentId": uuid.NewString(), "status": "SUCCESS"}
		}
	})
}

// The reasons for which the right provider refuses.
func refusedFor(codes ...string) func(a *answer) bool {
	return func(a *answer) bool {
		code, _ := a.body["messageCode"].(string)
		return slices.Contains(codes, code)
	}
}

func refusedField(field, about string) func(a *answer) bool {
	return func(a *answer) bool {
		raw, _ := json.Marshal(a.body["errors"])
		return a.status == http.StatusBadRequest && strings.Contains(string(raw), `"field":"`+field+`"`) &&
			strings.Contains(string(raw), about)
	}
}

// The last word of whom it asks.
func ofStranger(a *answer) bool { return strings.HasPrefix(a.to.sent.Get("X-Api-Key"), "test_other_") }

func ofUnknown(a *answer) bool {
	return a.status == http.StatusNotFound && !ofStranger(a)
}

func ofNobody(a *answer) bool { return a.status == http.StatusUnauthorized }

// hook is a webhook on its way to the merchant, to be changed.
type hook struct {
	header http.Header
	method string
	body   []byte
	values map[string]any
	again  bool // it was sent before
	third  bool // twice
	lost   bool
	twice  bool
}

func (h *hook) put(field string, value any) {
	h.values[field] = value
	h.body, _ = json.Marshal(h.values)
}

// hooks changes the webhooks on their way, and signs them again unless the change is about the signature.
func hooks(change func(h *hook)) fault {
	return func(t *testing.T, right http.Handler) http.Handler {
		seen := make(chan map[string]int, 1)
		seen <- map[string]int{}
		relay := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			h := &hook{header: r.Header.Clone(), method: r.Method}
			h.body, _ = io.ReadAll(r.Body)
			_ = json.Unmarshal(h.body, &h.values)
			before := <-seen
			times := before[r.Header.Get("X-Event-Id")]
			h.again, h.third = times > 0, times > 1
			before[r.Header.Get("X-Event-Id")]++
			seen <- before
			secret := r.URL.Query().Get("secret")
			signature := h.header.Get("X-Request-Signature")
			change(h)
			if h.header.Get("X-Request-Signature") == signature {
				h.header.Set("X-Request-Signature", sign(secret, h.header.Get("X-Request-Time"), h.body))
			}
			w.WriteHeader(h.send(t, r.URL.Query().Get("to")))
		}))
		t.Cleanup(relay.Close)
		return rewrites(func(a asked) {
			if a.Method == http.MethodPut && a.URL.Path == "/_mock/webhook" {
				secret, _ := a.body["secret"].(string)
				to, _ := a.body["url"].(string)
				a.body["url"] = relay.URL + "/?secret=" + secret + "&to=" + url.QueryEscape(to)
				raw, _ := json.Marshal(a.body)
				a.put(raw)
			}
		})(t, right)
	}
}

func (h *hook) send(t *testing.T, to string) (status int) {
	if h.lost {
		return http.StatusOK
	}
	client := &http.Client{Transport: &http.Transport{DisableKeepAlives: true}}
	for range map[bool]int{true: 2, false: 1}[h.twice] {
		req, err := http.NewRequest(h.method, to, bytes.NewReader(h.body))
		if err != nil {
			t.Errorf("webhook: %v", err)
			return http.StatusInternalServerError
		}
		req.Header = h.header
		res, err := client.Do(req)
		if err != nil { // the harness may have gone
			return http.StatusBadGateway
		}
		status = res.StatusCode
		_ = res.Body.Close()
	}
	return status
}

// sign is the documented signature.
func sign(secret, at string, body []byte) string {
	return payment.SignWebhook(payment.Secret(secret), at, body)
}

// nth changes one answer 200 of an operation: the n-th of those that it is about.
func nth(place string, which func(a *answer) bool, n int, change func(a *answer)) fault {
	return func(t *testing.T, right http.Handler) http.Handler {
		counts := make(chan int, 1)
		counts <- 0
		return bad(place, which, func(a *answer) {
			count := <-counts + 1
			counts <- count
			if count == n {
				change(a)
			}
		})(t, right)
	}
}

func says500(a *answer) { a.status = http.StatusInternalServerError }

// sharesPayments gives the second payment the id of the first.
func sharesPayments(t *testing.T, right http.Handler) http.Handler {
	first := make(chan any, 1)
	keeps := nth(onPay, ofParent, 1, func(a *answer) { first <- a.body["paymentId"] })
	return nth(onPay, ofParent, 2, func(a *answer) { a.body["paymentId"] = <-first })(t, keeps(t, right))
}

// pages changes the bank's pages.
func pages(before, after string) fault {
	return func(_ *testing.T, right http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if strings.HasPrefix(r.URL.Path, "/api/") || strings.HasPrefix(r.URL.Path, "/_mock/") {
				right.ServeHTTP(w, r)
				return
			}
			recorded := httptest.NewRecorder()
			right.ServeHTTP(recorded, r)
			for name, values := range recorded.Header() {
				w.Header()[name] = values
			}
			w.Header().Del("Content-Length")
			w.WriteHeader(recorded.Code)
			_, _ = io.WriteString(w, strings.ReplaceAll(recorded.Body.String(), before, after)) // the harness may have gone
		})
	}
}
