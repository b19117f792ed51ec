package contract

import (
	"bytes"
	"context"
	"crypto/tls"
	_ "embed"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"sync/atomic"
	"time"

	"github.com/payporter-mock/payporter-mock/mock"
	"github.com/payporter-mock/payporter-mock/payment"
)

// scenes are the scenarios that the judges play.
//
//go:embed scenes.yaml
var scenes []byte

// plain is the scenario of an order that nothing is done to.
const plain = "plain"

// payporter is PayPorter as the shop sees it: a sandbox with a merchant of the run's own, behind a
// line that records what is said in both directions.
type payporter struct {
	*line
	url, key, secret string

	rights  atomic.Bool // creates are about what the order costs, whatever the shop asks for
	sandbox http.Handler
	server  *http.Server
	closed  chan error
	shop    *http.Client // passes callbacks on
	control *http.Client
	close   func()
}

// openPayPorter starts the sandbox. The caller closes it.
func openPayPorter(c Config, random *rand.Rand) (*payporter, error) {
	p := &payporter{
		line: newLine(), closed: make(chan error, 1), control: &http.Client{Timeout: time.Minute},
		shop: &http.Client{
			// Shops on this machine have certificates of their own making.
			Transport:     &http.Transport{TLSClientConfig: &tls.Config{InsecureSkipVerify: true}, DisableCompression: true},
			CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
		},
	}
	p.key, p.secret = c.PayPorter.APIKey, c.PayPorter.APISecret
	if p.key == "" {
		p.key = "test_verify_" + draw(random, 6)
	}
	if p.secret == "" {
		p.secret = "sk" + draw(random, 20)
	}
	sandbox, err := mock.New(mock.Config{APIKey: p.key, APISecret: payment.Secret(p.secret), Seed: random.Uint64() | 1})
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
	p.server = &http.Server{Handler: http.HandlerFunc(p.serve), ReadHeaderTimeout: 10 * time.Second}
	go func() { p.closed <- p.server.Serve(listener) }()
	p.close = func() {
		_ = p.server.Close() // whoever still waits, waits for nothing
		<-p.closed
		sandbox.Close()
		p.shop.CloseIdleConnections()
		p.control.CloseIdleConnections()
	}
	if err := p.do(context.Background(), http.MethodPut, "/_mock/scenarios", scenes, nil); err != nil {
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

const relayPath = "/_relay/"

func (p *payporter) serve(w http.ResponseWriter, r *http.Request) {
	switch {
	case strings.HasPrefix(r.URL.Path, relayPath):
		p.relay(w, r)
	case strings.HasPrefix(r.URL.Path, "/_mock/"):
		p.sandbox.ServeHTTP(w, r)
	default:
		p.overhear(w, r)
	}
}

// mostOverheard bounds a body that passes the line. The sandbox refuses far smaller ones.
const mostOverheard = 8 << 20

// overhear records what is said to PayPorter on its way to the sandbox.
func (p *payporter) overhear(w http.ResponseWriter, r *http.Request) {
	body, _ := io.ReadAll(io.LimitReader(r.Body, mostOverheard)) // what breaks off, the sandbox refuses
	c := &call{
		from: merchant, to: gateway, title: "request", method: r.Method, url: p.url + r.URL.RequestURI(), path: r.URL.Path,
		header: r.Header.Clone(), body: body,
	}
	c.recognize()
	switch {
	case c.isCreate():
		c.title = "create"
		p.meet(c)
		body = p.redirected(c, p.righted(c))
		r.Header.Set("X-Mock-Scenario", c.scenario())
	case c.isStatus():
		c.title = "status"
		c.checkoutID = c.params["checkoutId"]
	case strings.HasPrefix(r.URL.Path, "/checkout-link/"):
		c.from, c.title = customer, "payment page"
	}
	p.begin(c)
	heard := &tee{ResponseWriter: w}
	defer func() {
		a := answer{status: heard.status, header: w.Header().Clone(), body: heard.body.Bytes()}
		fault := ""
		if heard.status == 0 {
			fault = "PayPorter hung up without an answer"
		}
		p.end(c, a, fault, func() { p.learnLocked(c) })
	}()
	r.Body, r.ContentLength = io.NopCloser(bytes.NewReader(body)), int64(len(body))
	r.Header.Del("Content-Length")
	if e := p.editOf(c); e != nil {
		p.edited(heard, r, e)
		return
	}
	p.sandbox.ServeHTTP(heard, r)
}

// meet finds out which order a create is for.
func (p *payporter) meet(c *call) {
	var sent struct {
		OrderID json.RawMessage `json:"orderId"`
		Amount  json.RawMessage `json:"amount"`
	}
	_ = json.Unmarshal(c.body, &sent) // what cannot be read belongs to the newest order
	_ = json.Unmarshal(sent.OrderID, &c.orderID)
	p.mu.Lock()
	defer p.mu.Unlock()
	c.order = p.ownerLocked(c.orderID, strings.Trim(string(sent.Amount), `"`))
	if o := c.order; o != nil && c.orderID != "" {
		o.sentIDs = append(o.sentIDs, c.orderID)
	}
}

func (c *call) scenario() string {
	if c.order == nil || c.order.scenario == "" {
		return plain
	}
	return c.order.scenario
}

// righted is the body of a create with the amount and the currency of the order, once it is known that the
// shop asks for others: else it could refuse every answer to it, and no other rule could be judged.
func (p *payporter) righted(c *call) []byte {
	fields := c.fields()
	if !p.rights.Load() || c.order == nil || c.order.amount == "" || fields == nil {
		return c.body
	}
	fields["amount"] = json.RawMessage(c.order.amount)
	fields["currency"] = json.RawMessage(strconv.Quote(c.order.currency))
	body, _ := json.Marshal(fields) // as it came, and those values
	return body
}

// redirected is the body of a create with a callback that passes the line, so that what PayPorter
// tells the shop is recorded, too. A callback that PayPorter would refuse stays as it is.
func (p *payporter) redirected(c *call, body []byte) []byte {
	var sent struct {
		Callback json.RawMessage `json:"callback"`
	}
	var callback string
	if json.Unmarshal(body, &sent) != nil || json.Unmarshal(sent.Callback, &callback) != nil || !absoluteURL(callback) {
		return body
	}
	n := p.relayTo(callback, c.order)
	p.mu.Lock()
	if c.order != nil {
		c.order.callback = callback
	}
	p.mu.Unlock()
	relayed := strconv.Quote(p.url + relayPath + strconv.Itoa(n))
	at := bytes.Index(body, []byte(`"callback"`))
	if at < 0 {
		return body
	}
	return append(bytes.Clone(body[:at]), bytes.Replace(body[at:], sent.Callback, []byte(relayed), 1)...)
}

func absoluteURL(s string) bool {
	u, err := url.Parse(s)
	return err == nil && (u.Scheme == "http" || u.Scheme == "https") && u.Host != ""
}

// learnLocked takes from the answer to a create what the order needs to know.
func (p *payporter) learnLocked(c *call) {
	if !c.isCreate() || c.order == nil || c.answer.status != http.StatusOK {
		return
	}
	var made struct{ CheckoutID, RedirectURL string }
	if json.Unmarshal(c.answer.body, &made) == nil && made.CheckoutID != "" {
		c.checkoutID = made.CheckoutID
		c.order.checkouts = append(c.order.checkouts, made.CheckoutID)
		c.order.links = append(c.order.links, made.RedirectURL)
	}
}

// relay passes a callback on to the shop, and the shop's answer back.
func (p *payporter) relay(w http.ResponseWriter, r *http.Request) {
	n, _ := strconv.Atoi(strings.TrimPrefix(r.URL.Path, relayPath))
	to, ok := p.target(n)
	if !ok {
		http.NotFound(w, r)
		return
	}
	body, _ := io.ReadAll(io.LimitReader(r.Body, mostOverheard))
	where := withQuery(to.url, r.URL.RawQuery)
	c := p.begin(&call{
		from: gateway, to: merchant, title: "callback", order: to.order, method: r.Method, url: where, header: r.Header.Clone(), body: body,
	})
	a, err := p.pass(r.Context(), c)
	if err != nil {
		p.end(c, a, sayFault(err), nil)
		panic(http.ErrAbortHandler) // the sandbox gets no answer either
	}
	p.end(c, a, "", nil)
	for _, name := range []string{"Content-Type", "Location"} {
		if value := a.header.Get(name); value != "" {
			w.Header().Set(name, value)
		}
	}
	w.WriteHeader(a.status)
	_, _ = w.Write(a.body)
}

func (p *payporter) pass(ctx context.Context, c *call) (answer, error) {
	req, err := http.NewRequestWithContext(ctx, c.method, c.url, bytes.NewReader(c.body))
	if err != nil {
		return answer{}, err
	}
	for _, name := range []string{"Content-Type", "User-Agent"} {
		if value := c.header.Get(name); value != "" {
			req.Header.Set(name, value)
		}
	}
	return exchange(p.shop, req)
}

// withQuery adds to the query of a URL.
func withQuery(target, query string) string {
	u, err := url.Parse(target)
	if err != nil || query == "" {
		return target
	}
	if u.RawQuery != "" {
		query = u.RawQuery + "&" + query
	}
	u.RawQuery = query
	return u.String()
}

// do makes a call of the control API. The answer goes into what into points to; nil: it is not wanted.
func (p *payporter) do(ctx context.Context, method, path string, body []byte, into any) error {
	req, err := http.NewRequestWithContext(ctx, method, p.url+path, bytes.NewReader(body))
	if err != nil {
		return err
	}
	req.Header.Set("X-API-KEY", p.key)
	req.Header.Set("Content-Type", "application/json")
	if method == http.MethodPut {
		req.Header.Set("Content-Type", "application/yaml")
	}
	a, err := exchange(p.control, req)
	if err != nil {
		return fmt.Errorf("%s %s: %w", method, path, err)
	}
	if a.status >= 300 {
		var fault struct{ Message string }
		_ = json.Unmarshal(a.body, &fault)
		return fmt.Errorf("%s %s answered %d: %s", method, path, a.status, fault.Message)
	}
	if into == nil {
		return nil
	}
	return json.Unmarshal(a.body, into)
}
