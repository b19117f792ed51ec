package mock_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/payporter-mock/payporter-mock/mock"
	"github.com/payporter-mock/payporter-mock/mock/store"
	"github.com/payporter-mock/payporter-mock/mock/store/memory"
	"github.com/payporter-mock/payporter-mock/mock/store/storetest"
	"github.com/payporter-mock/payporter-mock/payment"
	"github.com/payporter-mock/payporter-mock/scenarios"
)

// What a sandbox does follows from its seed and its calls, whatever the books are like: plain ones, some that repeat
// every transaction, some that are closed and opened between any two calls.
func TestEveryScenarioIsTheSameOnAllBooks(t *testing.T) {
	t.Parallel()
	onlyOnPlainBooks(t)
	for i, scenario := range shipped() {
		t.Run(scenario.Name, func(t *testing.T) {
			t.Parallel()
			shop := answering(t, i%2 == 0)
			record := func(books store.Books) string {
				w := &world{t: t, scenario: scenario, shop: shop, books: immortal(books)}
				w.live()
				defer w.srv.CloseNow()
				return w.record()
			}
			plain := record(memory.Open(memory.Options{}))
			require.Contains(t, plain, `"kind":"create"`)
			require.Equal(t, plain, record(storetest.Replaying(memory.Open(memory.Options{}))), "replaying")
			image := new(memory.Image)
			reopened := storetest.Reopened(func() store.Books { return memory.OpenImage(image) })
			require.Equal(t, plain, record(reopened), "reopened")
		})
	}
}

// A sandbox may end after any transaction. Another one on the same books goes on, and in the end nothing is missing.
func TestNothingIsLostWhenASandboxEndsAfterAnyTransaction(t *testing.T) {
	t.Parallel()
	onlyOnPlainBooks(t)
	some := int64(1) // with -short every seventh transaction, other ones in each scenario
	if testing.Short() {
		some = 7
	}
	for i, scenario := range shipped() {
		t.Run(scenario.Name, func(t *testing.T) {
			t.Parallel()
			shop := answering(t, i%2 == 0)
			whole := &world{t: t, scenario: scenario, shop: shop, books: immortal(memory.Open(memory.Options{}))}
			whole.live()
			transactions := whole.books.done.Load()
			want := whole.outcome()
			whole.srv.CloseNow()

			for last := int64(i) % some; last < transactions; last += some {
				w := &world{t: t, scenario: scenario, shop: shop, books: immortal(memory.Open(memory.Options{}))}
				w.books.left.Store(last)
				w.live()
				require.True(t, w.died, "the sandbox ended after transaction %d of %d", last, transactions)
				require.Equal(t, want, w.outcome(), "the sandbox ended after transaction %d of %d", last, transactions)
				w.srv.CloseNow()
			}
		})
	}
}

// onlyOnPlainBooks leaves a test out that brings all its books with it: it is the same with every flag -store.
func onlyOnPlainBooks(t *testing.T) {
	t.Helper()
	if storetest.Wrapped() {
		t.Skip("the test has books of its own")
	}
}

func shipped() []*scenarios.Scenario { return scenarios.Library().Scenarios() }

// answering is a shop that takes every callback, or none.
func answering(t *testing.T, takes bool) string {
	return receiver(t, func(w http.ResponseWriter, _ *http.Request) {
		if !takes {
			w.WriteHeader(http.StatusInternalServerError)
		}
	})
}

// mortalBooks fail from some transaction on, as they do for a process that has ended.
type mortalBooks struct {
	store.Books
	left atomic.Int64 // transactions that still succeed; negative: all
	done atomic.Int64 // those that did
	dead atomic.Bool
}

var errEnded = errors.New("the process has ended")

func immortal(books store.Books) *mortalBooks {
	m := &mortalBooks{Books: books}
	m.left.Store(-1)
	return m
}

// Close leaves the books to the next sandbox.
func (*mortalBooks) Close() error { return nil }

func (m *mortalBooks) Open(ctx context.Context, key string) (store.Store, error) {
	if m.dead.Load() {
		return nil, errEnded
	}
	books, err := m.Books.Open(ctx, key)
	return &mortalStore{Store: books, books: m}, err
}

// transaction counts one that changes something.
func (m *mortalBooks) transaction() error {
	if m.left.Load() == 0 {
		m.dead.Store(true)
	}
	if m.dead.Load() {
		return errEnded
	}
	m.left.Add(-1)
	m.done.Add(1)
	return nil
}

type mortalStore struct {
	store.Store
	books *mortalBooks
}

func (s *mortalStore) Update(ctx context.Context, do func(store.Tx) error) error {
	if err := s.books.transaction(); err != nil {
		return err
	}
	return s.Store.Update(ctx, do)
}

func (s *mortalStore) View(ctx context.Context, do func(store.Reader) error) error {
	if s.books.dead.Load() {
		return errEnded
	}
	return s.Store.View(ctx, do)
}

func (s *mortalStore) Claim(ctx context.Context, now time.Time) (store.Task, bool, error) {
	if due, err := s.due(ctx, now); !due || err != nil {
		return store.Task{}, false, err
	}
	return s.Store.Claim(ctx, now)
}

func (s *mortalStore) ClaimGroup(ctx context.Context, now time.Time, group string) (store.Task, bool, error) {
	if due, err := s.due(ctx, now); !due || err != nil {
		return store.Task{}, false, err
	}
	return s.Store.ClaimGroup(ctx, now, group)
}

// due reports whether a claim finds something: only then it is a transaction.
func (s *mortalStore) due(ctx context.Context, now time.Time) (due bool, err error) {
	err = s.View(ctx, func(r store.Reader) error {
		at, ok, err := r.NextDue()
		due = ok && !at.After(now)
		return err
	})
	if due && err == nil {
		err = s.books.transaction()
	}
	return due, err
}

// world is one order on its way through a scenario, with a frozen clock, in a sandbox that nobody can dial. A sandbox
// that ends is replaced by another one on the same books.
type world struct {
	t        *testing.T
	scenario *scenarios.Scenario
	shop     string // where callbacks go
	books    *mortalBooks
	srv      *mock.Server
	died     bool // a sandbox has ended
	id       string
}

// live is the whole order: create, look, pay, look, and three days until everything that follows is over.
func (w *world) live() {
	w.open()
	w.do("POST", "/_mock/clock", `{"freeze":true,"set":"2026-01-31T12:00:00Z"}`)
	w.id = w.order()
	w.do("POST", "/_mock/clock", `{"advance":"1m"}`)
	w.do("GET", "/api/checkout/"+w.id, "")
	for range 2 {
		w.pay(w.id)
		w.do("POST", "/_mock/clock", `{"advance":"10m"}`)
		w.do("GET", "/api/checkout/"+w.id, "")
	}
	if followsUp(w.scenario) {
		w.giveBack()
	}
	w.do("POST", "/_mock/clock", `{"advance":"80h"}`)
}

// followsUp reports whether a scenario can matter to what comes after a payment. The plain one stands for those that
// cannot.
func followsUp(s *scenarios.Scenario) bool {
	return s.Name == "success" || s.Webhook != nil || s.Refund != nil || s.Capture != nil || s.Cancel != nil ||
		s.ThreeDSecure != nil
}

// giveBack asks for some of the checkout's payment back, and does what else can be done with payments. A merchant whose
// sandbox ended looks first whether that came through.
func (w *world) giveBack() {
	id := w.checkout(w.id).Payment.ID
	w.once("transactionType=REFUND", "/api/payment/"+id+"/refund", part("10"))
	w.once("transactionType=PRE_AUTH", "/api/pre-authorization", charge("ORD-2"))
	if reserved := w.made("transactionType=PRE_AUTH"); reserved != "" {
		w.once("transactionType=CAPTURE", "/api/pre-authorization/"+reserved+"/capture", part("60"))
	}
	if captured := w.made("transactionType=CAPTURE"); captured != "" {
		w.once("transactionType=CANCEL", "/api/payment/"+captured+"/cancel", "")
	}
}

// once asks for a payment that there is one of, as the query says.
func (w *world) once(query, path, body string) {
	w.t.Helper()
	for range 3 {
		w.send("POST", path, body)
		if !w.ended() || w.made(query) != "" {
			return
		}
	}
}

// made is the id of the newest payment that the query finds; empty: there is none.
func (w *world) made(query string) string {
	_, rest, _ := strings.Cut(w.do("GET", "/_mock/payments?"+query, ""), `"paymentId":"`)
	return rest[:min(36, len(rest))]
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

// outcome is what must be the same whenever a sandbox has ended on the way: how the checkout and each callback of it
// came out in the end, by whom it was sent.
func (w *world) outcome() string {
	c, err := w.srv.Checkout(w.t.Context(), w.id)
	require.NoError(w.t, err)
	deliveries, err := w.srv.Callbacks(w.t.Context(), w.id)
	require.NoError(w.t, err)
	all := fmt.Sprintf("%s %s %s %q\n", c.State, c.Payment.Status, c.Payment.ResultCode, c.Payment.ResultMessage)
	for _, d := range deliveries {
		all += fmt.Sprintf("%s %s planned %t\n", d.Status, d.As, d.NextAttemptAt != nil)
	}
	all += "webhooks: " + strings.Join(deliveryEnds.FindAllString(w.send("GET", "/_mock/callbacks?kind=webhook", ""), -1),
		" ") + "\n"
	for _, one := range []string{"REFUND", "PRE_AUTH", "CAPTURE", "CANCEL"} {
		found := w.send("GET", "/_mock/payments?transactionType="+one, "")
		all += fmt.Sprint(one, " ", strings.Count(found, "paymentId"), " ", statuses.FindAllString(found, -1), "\n")
	}
	return all
}
