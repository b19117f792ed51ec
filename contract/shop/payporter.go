package shop

import (
	"bytes"
	"context"
	"crypto/sha256"
	"crypto/tls"
	_ "embed"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"net"
	"net/http"
	"strconv"
	"strings"
	"sync/atomic"
	"time"

	"github.com/payporter-mock/payporter-mock/internal/exchange"
	"github.com/payporter-mock/payporter-mock/internal/openapi"
	"github.com/payporter-mock/payporter-mock/internal/relay"
	"github.com/payporter-mock/payporter-mock/mock"
	"github.com/payporter-mock/payporter-mock/payment"
)

// Scenes are the scenarios that the judges play.
//
//go:embed scenes.yaml
var Scenes []byte

// Plain is the scenario of an order that nothing is done to.
const Plain = "plain"

// payporter is PayPorter as the shop sees it: a sandbox with a merchant of the run's own, behind a
// relay that records what is said in both directions.
type payporter struct {
	*line
	url, Key, Secret string
	WebhookSecret    string // what webhooks are signed with

	Corrects atomic.Bool // creates are about what the order costs, whatever the shop asks for
	AsksOn   atomic.Bool // the shop asks without an end; what disturbs no trial is answered one after the other
	idle     queue       // of those answers
	sandbox  http.Handler
	relay    *relay.Relay
	server   *http.Server
	closed   chan error
	control  *http.Client
	close    func()
}

// openPayPorter starts the sandbox. The caller closes it.
func openPayPorter(c Config, random *rand.Rand) (*payporter, error) {
	p := &payporter{
		line: &line{owners: map[string]*Purchase{}}, closed: make(chan error, 1), control: &http.Client{Timeout: time.Minute},
	}
	shop := &http.Client{
		// Shops on this machine have certificates of their own making.
		Transport:     &http.Transport{TLSClientConfig: &tls.Config{InsecureSkipVerify: true}, DisableCompression: true},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
	p.Key, p.Secret = c.PayPorter.APIKey, c.PayPorter.APISecret
	if p.Key == "" {
		p.Key = "test_verify_" + draw(random, 6)
	}
	if p.Secret == "" {
		p.Secret = "sk" + draw(random, 20)
	}

	p.WebhookSecret = c.Webhook.Secret
	if p.WebhookSecret == "" {
		sum := sha256.Sum256([]byte("webhook " + p.Secret))
		p.WebhookSecret = "whsec" + hex.EncodeToString(sum[:20])
	}

	sandbox, err := mock.New(mock.Config{APIKey: p.Key, APISecret: payment.Secret(p.Secret), Seed: random.Uint64() | 1})
	if err != nil {
		return nil, err
	}

	addr := c.PayPorter.Addr
	if addr == "" {
		addr = "127.0.0.1:0"
	}

	listener, err := net.Listen("tcp", addr)
	if err != nil {
		return nil, fmt.Errorf("listen on %s: %w", addr, err)
	}

	p.url, p.sandbox = "http://"+reachable(listener.Addr()), sandbox.Handler()
	p.relay = &relay.Relay{BaseURL: p.url, Upstream: p.sandbox, Shops: shop, Document: openapi.Ours(), Watch: p.watch}
	p.server = &http.Server{Handler: http.HandlerFunc(p.serve), ReadHeaderTimeout: 10 * time.Second}
	go func() { p.closed <- p.server.Serve(listener) }()
	p.close = func() {
		_ = p.server.Close() // whoever still waits, waits for nothing
		<-p.closed
		sandbox.Close()
		shop.CloseIdleConnections()
		p.control.CloseIdleConnections()
	}
	if err := p.Do(context.Background(), http.MethodPut, "/_mock/scenarios", Scenes, nil); err != nil {
		p.close()
		return nil, err
	}

	return p, nil
}

// reachable is an address under which this machine itself gets to a listener on all of its addresses.
func reachable(at net.Addr) string {
	host, port, err := net.SplitHostPort(at.String())
	if err != nil || !net.ParseIP(host).IsUnspecified() {
		return at.String()
	}
	return net.JoinHostPort("127.0.0.1", port)
}

// draw is hexadecimal text of so many random bytes.
func draw(random *rand.Rand, n int) string {
	b := make([]byte, n)
	for i := range b {
		b[i] = byte(random.Uint32())
	}
	return hex.EncodeToString(b)
}

// serve is PayPorter's address: the control API is the harness's own, and everything else passes the relay.
func (p *payporter) serve(w http.ResponseWriter, r *http.Request) {
	if strings.HasPrefix(r.URL.Path, "/_mock/") {
		p.sandbox.ServeHTTP(w, r)
		return
	}
	p.relay.ServeHTTP(w, r)
}

// watch records what is said to PayPorter on its way to the sandbox.
func (p *payporter) watch(passing *relay.Call) relay.Passage {
	c := &Call{Call: *passing}
	passage := relay.Passage{End: func(a exchange.Message, err error) { p.end(c, a, SayFault(err)) }}
	switch {
	case c.IsCreate():
		c.Title = "create"
		p.meet(c)
		passage.Body = p.correctedBody(c)
		passage.Header = map[string]string{"X-Mock-Scenario": c.Order.Scene()}
		passage.Callback = func(passing *relay.Call) relay.Passage { return p.watchCallback(passing, c.Order) }
	case c.isStatus():
		c.Title = "status"
		c.checkoutID = c.Params["checkoutId"]
	case c.isFor(getPayment):
		c.Title, c.paymentID = "payment status", c.Params["paymentId"]
	case c.AsksBack():
		c.Title, c.paymentID = "refund", c.Params["paymentId"]
		if c.isFor(cancelPayment) {
			c.Title = "cancel"
		}
	case strings.HasPrefix(c.Path, "/checkout-link/"):
		c.From, c.Title = customer, "payment page"
	}

	p.begin(c)
	passage.Edit = relay.Edit(p.calm(c, p.editOf(c)))
	return passage
}

// watchCallback records what PayPorter tells the shop about an order.
func (p *payporter) watchCallback(passing *relay.Call, o *Purchase) relay.Passage {
	c := p.begin(&Call{Call: *passing, Order: o})
	return relay.Passage{End: func(a exchange.Message, err error) { p.end(c, a, SayFault(err)) }}
}

// meet finds out which order a create is for.
func (p *payporter) meet(c *Call) {
	var sent struct {
		OrderID json.RawMessage `json:"orderId"`
		Amount  json.RawMessage `json:"amount"`
	}
	_ = json.Unmarshal(c.Request.Body, &sent) // what cannot be read belongs to the newest order
	_ = json.Unmarshal(sent.OrderID, &c.OrderID)

	p.Lock()
	defer p.Unlock()
	c.Order = p.ownerLocked(c.OrderID, strings.Trim(string(sent.Amount), `"`))
	if c.Order == nil {
		return
	}
	if c.OrderID != "" {
		c.Order.SentIDs = append(c.Order.SentIDs, c.OrderID)
	}
	if callback := c.SentText("callback"); relay.AbsoluteURL(callback) {
		c.Order.callback = callback
	}
}

// Scene is the scenario that PayPorter plays for the order.
func (o *Purchase) Scene() string {
	if o == nil || o.Scenario == "" {
		return Plain
	}
	return o.Scenario
}

// correctedBody is the body of a create with the amount and the currency of the order, once it is known that the
// shop asks for others: else it could refuse every answer to it, and no other rule could be judged.
func (p *payporter) correctedBody(c *Call) []byte {
	fields := c.Fields()
	if !p.Corrects.Load() || c.Order == nil || c.Order.Amount == "" || fields == nil {
		return c.Request.Body
	}
	fields["amount"] = json.RawMessage(c.Order.Amount)
	fields["currency"] = json.RawMessage(strconv.Quote(c.Order.Currency))
	body, _ := json.Marshal(fields) // as it came, and those values
	return body
}

// direct makes a call of the merchant's own people, which the shop knows nothing of.
func (p *payporter) direct(ctx context.Context, path string, body []byte) error {
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, path, bytes.NewReader(body))
	if err != nil {
		return err
	}
	req.RequestURI = path
	req.Header.Set("X-API-KEY", p.Key)
	req.Header.Set("X-API-SECRET", p.Secret)
	req.Header.Set("Content-Type", "application/json")

	a := relay.Answered(p.sandbox, req)
	if a.Status != http.StatusOK {
		return fmt.Errorf("POST %s answered %d: %s", path, a.Status, Clip(string(a.Body), 300))
	}
	return nil
}

// Do makes a call of the control API. The answer goes into what into points to; nil: it is not wanted.
func (p *payporter) Do(ctx context.Context, method, path string, body []byte, into any) error {
	req, err := http.NewRequestWithContext(ctx, method, p.url+path, bytes.NewReader(body))
	if err != nil {
		return err
	}

	req.Header.Set("X-API-KEY", p.Key)
	req.Header.Set("Content-Type", "application/json")
	if method == http.MethodPut {
		req.Header.Set("Content-Type", "application/yaml")
	}

	a, err := exchange.Do(p.control, req, mostRead)
	if err != nil {
		return fmt.Errorf("%s %s: %w", method, path, err)
	}
	if a.Status >= 300 {
		var fault struct{ Message string }
		_ = json.Unmarshal(a.Body, &fault)
		return fmt.Errorf("%s %s answered %d: %s", method, path, a.Status, fault.Message)
	}
	if into == nil {
		return nil
	}

	return json.Unmarshal(a.Body, into)
}
