package mock_test

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/payporter-mock/payporter-mock/mock"
	"github.com/payporter-mock/payporter-mock/payment"
	"github.com/payporter-mock/payporter-mock/scenarios"
)

// world is one merchant on its way through a scenario, with a frozen clock, in a sandbox that nobody can dial. A
// sandbox that ends is replaced by another one on the same books.
type world struct {
	t        *testing.T
	scenario *scenarios.Scenario
	shop     string // where callbacks and webhooks go
	books    *mortalBooks
	srv      *mock.Server
	died     bool   // a sandbox has ended
	id       string // the checkout's; empty: there is none
}

// A life is all that a merchant does.
type life struct {
	name  string
	live  func(*world)
	made  string // what the journal has of it in any case
	takes bool   // its shop takes webhooks, unless the scenario is about them
}

// Every scenario is lived through in each of these ways.
var lives = []life{
	{"hosted checkout", (*world).hosted, `"kind":"create"`, false},
	{"payments by API", (*world).byAPI, `"kind":"sale"`, true},
}

// begin starts the sandbox and stops its clock.
func (w *world) begin() {
	w.open()
	w.do("POST", "/_mock/clock", `{"freeze":true,"set":"2026-01-31T12:00:00Z"}`)
}

func (w *world) advance(d string) { w.do("POST", "/_mock/clock", `{"advance":"`+d+`"}`) }

// hosted is an order that is paid on the page: create, look, pay, look, and three days until everything that follows
// is over.
func (w *world) hosted() {
	w.begin()
	w.id = w.order()
	w.advance("1m")
	w.do("GET", "/api/checkout/"+w.id, "")
	for range 2 {
		w.pay(w.id)
		w.advance("10m")
		w.do("GET", "/api/checkout/"+w.id, "")
	}
	if followsUp(w.scenario) {
		paid := w.checkout(w.id).Payment.ID
		w.once("transactionType=REFUND", "/api/payment/"+paid+"/refund", part("10"))
	}
	w.advance("80h")
}

// followsUp reports whether a scenario can matter to a refund. The plain one stands for those that cannot.
func followsUp(s *scenarios.Scenario) bool {
	return s.Name == "success" || s.Webhook != nil || s.Refund != nil
}

// open starts a sandbox. One that ends before it has begun is started again.
func (w *world) open() {
	w.t.Helper()
	c := mock.Config{
		Store: w.books, Scenario: w.scenario.Name, Seed: 7, PublicURL: "http://sandbox", ValidateResponses: true,
		CallbackOn: []string{"success", "failure", "cancel", "expiry"}, WebhookURL: w.shop, WebhookSecret: webhookSecret,
	}
	srv, err := mock.New(c)
	if err != nil && w.books.dead.Load() {
		w.revive()
		srv, err = mock.New(c)
	}
	require.NoError(w.t, err)
	w.srv = srv
}

func (w *world) revive() {
	w.died = true
	w.books.left.Store(-1)
	w.books.dead.Store(false)
}

// do makes a call, and makes it again in the next sandbox when this one ends.
func (w *world) do(method, path, body string) string {
	w.t.Helper()
	answer := w.send(method, path, body)
	if !w.ended() {
		return answer
	}
	return w.send(method, path, body)
}

// ended replaces a sandbox whose books have ended, and reports whether it did.
func (w *world) ended() bool {
	if !w.books.dead.Load() {
		return false
	}
	w.srv.CloseNow()
	w.revive()
	w.open()
	return true
}

// order creates the checkout and answers its id. A merchant whose create was not answered tries again, unless the
// checkout was made.
func (w *world) order() string {
	w.t.Helper()
	for range 6 {
		w.send("POST", "/api/checkout", order("ORD-1", w.shop))
		w.ended()
		found := w.do("GET", "/_mock/checkouts?orderId=ORD-1", "")
		if _, rest, ok := strings.Cut(found, `"checkoutId":"`); ok {
			return rest[:36]
		}
	}
	w.t.Fatal("no checkout was made")
	return ""
}

// pay pays the checkout if it can be paid. A customer whose sandbox ended looks first whether that try came through.
func (w *world) pay(id string) {
	before := w.checkout(id)
	for w.checkout(id).Payable() && w.checkout(id).Attempts == before.Attempts {
		_, err := w.srv.Pay(w.t.Context(), id, "")
		if !w.ended() {
			require.NoError(w.t, err)
		}
	}
}

func (w *world) checkout(id string) payment.Checkout {
	w.t.Helper()
	c, err := w.srv.Checkout(w.t.Context(), id)
	if w.ended() {
		c, err = w.srv.Checkout(w.t.Context(), id)
	}
	require.NoError(w.t, err)
	return c
}

// send makes a call and answers the body. An answer that a scenario holds back is not waited for.
func (w *world) send(method, path, body string) string {
	r := httptest.NewRequest(method, path, strings.NewReader(body))
	r.Header.Set("X-API-KEY", w.srv.APIKey)
	r.Header.Set("X-API-SECRET", w.srv.APISecret)
	r.Header.Set("Content-Type", "application/json")
	if strings.HasPrefix(path, bankPage) { // a form of the customer's browser
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	ctx, hangUp := context.WithCancel(w.t.Context())
	defer hangUp()
	answer := httptest.NewRecorder()
	client := http.ResponseWriter(answer)
	if strings.HasPrefix(path, "/api/") {
		client = &impatient{ResponseWriter: answer, hangUp: hangUp}
	}
	defer func() {
		if broken := recover(); broken != nil && broken != any(http.ErrAbortHandler) {
			panic(broken)
		}
	}()
	w.settle()
	w.srv.Handler().ServeHTTP(client, r.WithContext(ctx))
	return answer.Body.String()
}

// impatient is a client that hangs up when the sandbox begins to hold its answer back: a server that answers late on
// purpose first gives itself more time to write.
type impatient struct {
	http.ResponseWriter
	hangUp context.CancelFunc
}

func (c *impatient) Unwrap() http.ResponseWriter { return c.ResponseWriter }

func (c *impatient) SetWriteDeadline(time.Time) error {
	c.hangUp()
	return nil
}

// settle waits until everything is done that is due at the time at which the clock stands: it is done in the
// background, and its place in the journal would be another one in each run.
func (w *world) settle() {
	w.t.Helper()
	for range 1_000_000 {
		if w.books.dead.Load() || mock.Settled(w.srv) {
			return
		}
		time.Sleep(50 * time.Microsecond) // the processor is for those who settle
	}
	w.t.Fatal("the sandbox still does something at a time that does not move")
}

// record is everything that the sandbox can tell.
func (w *world) record() (all string) {
	for _, path := range []string{
		"/_mock/journal?limit=1000", "/_mock/callbacks", "/_mock/checkouts", "/_mock/payments", "/_mock/coverage",
		"/_mock/clock",
		"/_mock/scenarios/next", "/_mock/merchants",
	} {
		all += w.send("GET", path, "") + "\n"
	}
	return all
}

var deliveryEnds = regexp.MustCompile(`"eventId":"[^"]+"|"status":"[A-Z]+"`)

var statuses = regexp.MustCompile(`"status":"[A-Z_]+"`)

// outcome is what must be the same whenever a sandbox has ended on the way: how the checkout, each payment, each
// callback and each webhook came out in the end, and by whom it was sent.
func (w *world) outcome() (all string) {
	if w.id != "" {
		all = w.checkoutOutcome()
	}
	all += "webhooks: " + strings.Join(deliveryEnds.FindAllString(w.send("GET", "/_mock/callbacks?kind=webhook", ""), -1),
		" ") + "\n"
	for _, one := range scenarios.TransactionTypes() {
		found := w.send("GET", "/_mock/payments?transactionType="+string(one), "")
		all += fmt.Sprint(one, " ", strings.Count(found, "paymentId"), " ", statuses.FindAllString(found, -1), "\n")
	}
	return all
}

func (w *world) checkoutOutcome() string {
	c, err := w.srv.Checkout(w.t.Context(), w.id)
	require.NoError(w.t, err)
	deliveries, err := w.srv.Callbacks(w.t.Context(), w.id)
	require.NoError(w.t, err)
	all := fmt.Sprintf("%s %s %s %q\n", c.State, c.Payment.Status, c.Payment.ResultCode, c.Payment.ResultMessage)
	for _, d := range deliveries {
		all += fmt.Sprintf("%s %s planned %t\n", d.Status, d.As, d.NextAttemptAt != nil)
	}
	return all
}
