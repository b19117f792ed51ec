package page_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/labstack/echo/v4"
	"github.com/stretchr/testify/require"
	"golang.org/x/net/html"

	"github.com/payporter-mock/payporter-mock/mock/internal/clock"
	"github.com/payporter-mock/payporter-mock/mock/internal/gateway"
	"github.com/payporter-mock/payporter-mock/mock/internal/notify"
	"github.com/payporter-mock/payporter-mock/mock/internal/page"
	"github.com/payporter-mock/payporter-mock/mock/internal/pos"
	"github.com/payporter-mock/payporter-mock/mock/store"
	"github.com/payporter-mock/payporter-mock/mock/store/postgres/postgrestest"
	"github.com/payporter-mock/payporter-mock/mock/store/sqlite/sqlitetest"
	"github.com/payporter-mock/payporter-mock/mock/store/storetest"
	"github.com/payporter-mock/payporter-mock/payment"
	"github.com/payporter-mock/payporter-mock/scenarios"
)

const (
	goodCard     = "5421190122090656" // PayPorter's own example
	declinedCard = "4111111111111129" // 51, not sufficient funds
	amexCard     = "374427000000003"
	askedCard    = "4000002760003184" // its bank asks for a code, and then takes the payment
	poorAsked    = "4000008260003178" // its bank asks for a code, and then declines with 51
	hopelessCard = "4131111111111117" // its bank asks for a code, and none is right
	unknownCard  = "4012888888881881" // adds up like a card, and is no test card of the sandbox
)

// sandbox is the page over real HTTP, on top of a gateway with one merchant.
type sandbox struct {
	t        *testing.T
	URL      string
	kept     store.Books
	merchant *gateway.Merchant
	log      *buffer

	transport *http.Transport
}

// buffer collects a log.
type buffer struct {
	mu   sync.Mutex // guards data
	data bytes.Buffer
}

func (b *buffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.data.Write(p)
}

func (b *buffer) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.data.String()
}

// open starts a sandbox. Without retry a declined payment is final.
func open(t *testing.T, retry bool) *sandbox {
	t.Helper()
	return openAs(t, retry, payment.ThreeDSecureByCard)
}

// openAs starts a sandbox that asks banks for 3-D Secure as it is told.
func openAs(t *testing.T, retry bool, asks payment.ThreeDSecure) *sandbox {
	t.Helper()
	return openWith(t, retry, asks, nil)
}

// openFramed starts a sandbox whose page these origins may show in a frame.
func openFramed(t *testing.T, ancestors []string) *sandbox {
	t.Helper()
	return openWith(t, true, payment.ThreeDSecureByCard, ancestors)
}

func openWith(t *testing.T, retry bool, asks payment.ThreeDSecure, ancestors []string) *sandbox {
	t.Helper()
	guard, err := notify.NewGuard([]string{"127.0.0.1"}, false)
	require.NoError(t, err)
	sender := notify.NewSender(notify.SenderConfig{Guard: guard, Version: "test", CallbackTimeout: time.Minute})
	t.Cleanup(sender.Close)
	log := &buffer{}
	logger := slog.New(slog.NewTextHandler(log, nil))
	books := storetest.Books(t, postgrestest.Kind(), sqlitetest.Kind())
	g, err := gateway.New(t.Context(), gateway.Config{
		APIKey: "shop", APISecret: "secret", Seed: 1, Sender: sender, Log: logger,
		Rules: gateway.Rules{Rules: pos.Rules{
			LinkLifetime: 24 * time.Hour, ThreeDSecure: asks, BankPatience: 3 * time.Minute, RetryPayments: retry,
			RepeatedOrders: true,
			Announce:       map[pos.Event]bool{pos.OnSuccess: true, pos.OnFailure: true},
		}},
		Books: books, NewClock: clock.New,
	})
	require.NoError(t, err)
	t.Cleanup(func() { g.Close(context.Background()) })
	e := echo.New()
	require.NoError(t, page.Register(e, page.Config{Gateway: g, FrameAncestors: ancestors, Log: logger}))
	server := httptest.NewServer(e)
	t.Cleanup(server.Close)
	merchant, ok := g.Known("shop")
	require.True(t, ok)
	transport := &http.Transport{ExpectContinueTimeout: time.Minute} // a body that waits for the server does wait
	t.Cleanup(transport.CloseIdleConnections)
	return &sandbox{t: t, URL: server.URL, kept: books, merchant: merchant, log: log, transport: transport}
}

// stopAt stops the merchant's clock at a time, and does nothing of what is due by then. Where several processes use the
// books, the time is what the books say.
func (s *sandbox) stopAt(at time.Time) {
	s.t.Helper()
	clock := s.merchant.Clock()
	stopped := clock.At(at, true)
	if _, shared := s.kept.(store.Shared); shared {
		books, err := s.kept.Open(s.t.Context(), s.merchant.Key)
		require.NoError(s.t, err)
		require.NoError(s.t, books.Update(s.t.Context(), func(tx store.Tx) error {
			m, err := tx.Merchant()
			m.Clock = stopped
			return errors.Join(err, tx.PutMerchant(m))
		}))
	}
	clock.Load(stopped)
}

// newest are the newest entries of the merchant's journal, at most limit.
func (s *sandbox) newest(q store.EntryQuery, limit int) []store.Entry {
	s.t.Helper()
	found, err := s.merchant.Journal().Newest(s.t.Context(), q, limit)
	require.NoError(s.t, err)
	return found
}

// order makes a checkout and answers its link. change may be nil.
func (s *sandbox) order(amount, currency string, change func(*payment.Order)) string {
	s.t.Helper()
	a, err := payment.ParseAmount(amount, currency)
	require.NoError(s.t, err)
	o := payment.Order{
		OrderID: "ORD-12345", Amount: a, Description: "Two books", Callback: "http://127.0.0.1:1/callback",
		MaxInstallmentCount: 1,
	}
	if change != nil {
		change(&o)
	}
	made, err := s.merchant.Create(s.t.Context(), &gateway.Opening{Order: o})
	require.NoError(s.t, err)
	return "/checkout-link/" + made.Checkout.ID
}

func (s *sandbox) checkout(link string) payment.Checkout {
	s.t.Helper()
	c, err := s.merchant.Checkout(context.Background(), idOf(link))
	require.NoError(s.t, err)
	return c
}

func idOf(link string) string { return strings.TrimPrefix(link, "/checkout-link/") }

// card is a filled-in form.
func card(number string) url.Values {
	return url.Values{"pan": {number}, "cardHolderName": {"AYŞE YILMAZ"}, "expiry": {"12/40"}, "cvv": {"123"}}
}

// seen is an answer as the browser has it.
type seen struct {
	t      *testing.T
	path   string // that was asked for, with its query
	Status int
	Header http.Header
	Body   string
	tree   *html.Node
}

func (s *sandbox) get(path string, header ...string) seen {
	s.t.Helper()
	return s.send(http.MethodGet, path, nil, header...)
}

func (s *sandbox) post(path string, form url.Values, header ...string) seen {
	s.t.Helper()
	return s.send(http.MethodPost, path, strings.NewReader(form.Encode()),
		append([]string{"Content-Type", "application/x-www-form-urlencoded"}, header...)...)
}

// send makes a request and follows no redirect; header is names and values in turn.
func (s *sandbox) send(method, path string, body io.Reader, header ...string) seen {
	s.t.Helper()
	req, err := http.NewRequest(method, s.URL+path, body)
	require.NoError(s.t, err)
	for i := 0; i < len(header); i += 2 {
		req.Header.Set(header[i], header[i+1])
	}
	res, err := s.transport.RoundTrip(req)
	require.NoError(s.t, err)
	defer res.Body.Close()
	text, err := io.ReadAll(res.Body)
	require.NoError(s.t, err)
	tree, err := html.Parse(bytes.NewReader(text))
	require.NoError(s.t, err)
	return seen{t: s.t, path: path, Status: res.StatusCode, Header: res.Header, Body: string(text), tree: tree}
}

// find is the element with the data-testid, nil when there is none.
func (a seen) find(testID string) *html.Node {
	for n := range a.tree.Descendants() {
		if n.Type == html.ElementNode && attr(n, "data-testid") == testID {
			return n
		}
	}
	return nil
}

// typed is the page without the test cards, whose numbers anybody may see.
func (a seen) typed() string {
	body := a.Body
	if from := strings.Index(body, "<details"); from >= 0 {
		body = body[:from] + body[strings.Index(body, "</details>"):]
	}
	return body
}

// text is the text of the element with the data-testid, spaces in rows taken together.
func (a seen) text(testID string) string {
	a.t.Helper()
	n := a.find(testID)
	require.NotNil(a.t, n, "no element %q in\n%s", testID, a.Body)
	return textOf(n)
}

// value is an attribute of the element with the data-testid, an address as resolved does it.
func (a seen) value(testID, name string) string {
	a.t.Helper()
	n := a.find(testID)
	require.NotNil(a.t, n, "no element %q in\n%s", testID, a.Body)
	if name == "href" || name == "action" {
		return a.resolved(attr(n, name))
	}
	return attr(n, name)
}

// location is where a redirect leads, empty when the answer is none.
func (a seen) location() string {
	a.t.Helper()
	if location := a.Header.Get("Location"); location != "" {
		return a.resolved(location)
	}
	return ""
}

// resolved is an address of the page as a browser understands it. One of the sandbox's own must be relative, and then
// becomes a path of the sandbox.
func (a seen) resolved(address string) string {
	a.t.Helper()
	require.NotRegexp(a.t, "^/", address, "this breaks behind a proxy that takes a path away")
	base, err := url.Parse(a.path)
	require.NoError(a.t, err)
	at, err := base.Parse(address)
	require.NoError(a.t, err)
	return at.String()
}

func (a seen) elements(tag string) []*html.Node {
	var found []*html.Node
	for n := range a.tree.Descendants() {
		if n.Type == html.ElementNode && n.Data == tag {
			found = append(found, n)
		}
	}
	return found
}

// foreign are the elements that could do harm and are not the page's own.
func (a seen) foreign() []*html.Node {
	var found []*html.Node
	for _, tag := range []string{"script", "svg", "img", "style", "iframe", "object"} {
		for _, n := range a.elements(tag) {
			own := tag == "script" && strings.HasPrefix(a.resolved(attr(n, "src")), "/checkout-link/assets/page.js?v=") &&
				n.FirstChild == nil ||
				tag == "svg" && (attr(n, "class") == "badge" || attr(n, "class") == "drawings")
			if !own {
				found = append(found, n)
			}
		}
	}
	return found
}

// textOf is the text that is shown, spaces in rows taken together.
func textOf(n *html.Node) string {
	var text strings.Builder
	collect(n, &text)
	return strings.Join(strings.Fields(text.String()), " ")
}

func collect(n *html.Node, into *strings.Builder) {
	if n.Type == html.TextNode {
		into.WriteString(n.Data)
	}
	if hasAttr(n.Attr, "hidden") {
		return
	}
	for c := range n.ChildNodes() {
		collect(c, into)
	}
}

func attr(n *html.Node, name string) string {
	for _, a := range n.Attr {
		if a.Key == name {
			return a.Val
		}
	}
	return ""
}

// putScenarios puts the set in force for the merchant.
func (s *sandbox) putScenarios(set *scenarios.Set) {
	s.t.Helper()
	_, err := s.merchant.SetScenarios(s.t.Context(), set)
	require.NoError(s.t, err)
}
