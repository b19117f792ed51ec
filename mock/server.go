// Package mock is the sandbox as a library: a PayPorter to test against, in the same process.
//
// Start gives a test its own sandbox on a free port. New and Server.Serve are for programs. Nothing in it is
// global, so any number of sandboxes live side by side.
//
// # Errors
//
// What the sandbox refuses is a *payment.Error, and its Code says why. errors.Is matches it by its code:
//
//	errors.Is(err, &payment.Error{Code: payment.NotPayable})
//
// These codes are the ones that methods of Merchant answer most:
//
//   - payment.NotFound: the merchant has no such checkout, payment, delivery or webhook, or no merchant has the key.
//   - payment.NotPayable: Pay and the like, on a checkout that is paid, cancelled, expired or being processed.
//   - payment.NotDecidable: Approve, Reject and PaymentOutcome, on a payment that waits for no decision.
//   - payment.InvalidRequest: an argument is wrong. Field names it where it is one of several.
//   - payment.TimedOut: WaitFor did not see what it waited for.
//   - payment.TooManyRequests: there is no room for another API key. RetryAfter says until when.
//   - payment.Unavailable: the sandbox is being stopped.
//
// A scenario file with faults is a scenarios.Errors, with the place of each fault. An error of New joins
// everything that is wrong with the config.
package mock

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"net/netip"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"time"

	"github.com/labstack/echo/v4"

	payporter "github.com/payporter-mock/payporter-mock"
	"github.com/payporter-mock/payporter-mock/internal/openapi"
	"github.com/payporter-mock/payporter-mock/mock/internal/api"
	"github.com/payporter-mock/payporter-mock/mock/internal/clock"
	"github.com/payporter-mock/payporter-mock/mock/internal/control"
	"github.com/payporter-mock/payporter-mock/mock/internal/docs"
	"github.com/payporter-mock/payporter-mock/mock/internal/gateway"
	"github.com/payporter-mock/payporter-mock/mock/internal/link"
	"github.com/payporter-mock/payporter-mock/mock/internal/metrics"
	"github.com/payporter-mock/payporter-mock/mock/internal/notify"
	"github.com/payporter-mock/payporter-mock/mock/internal/page"
	"github.com/payporter-mock/payporter-mock/mock/internal/route"
	"github.com/payporter-mock/payporter-mock/mock/internal/traces"
	"github.com/payporter-mock/payporter-mock/mock/internal/ui"
	"github.com/payporter-mock/payporter-mock/mock/store"
	"github.com/payporter-mock/payporter-mock/payment"
)

// Server is a sandbox. It is made by New or Start and ended by Close. It has the verbs of Merchant, for the
// configured one; Merchant(key) answers any other.
type Server struct {
	*configured

	URL       string // where it listens, without a slash at the end; empty before Listen
	APIKey    string // the configured merchant's
	APISecret string

	config   Config
	hosts    *hosts
	welcome  string // what GET / says
	scenes   scenes
	gateway  *gateway.Gateway
	sender   *notify.Sender
	metrics  *metrics.Metrics // nil until the routes are known
	tracer   *traces.Tracer   // nil: nobody wants traces
	http     *http.Server
	listener net.Listener
	caCert   []byte // PEM; nil: not self-signed, or not listening yet
	closing  sync.Once
	open     sync.Map        // *plainConn: the connections there are
	full     atomic.Bool     // a connection waits for another to end
	waits    *waits          // requests that wait for something
	ends     context.Context // ends when Close begins
	end      context.CancelFunc
	stops    context.Context // ends when the sandbox begins to stop, so that no page listens any more
	stop     context.CancelFunc
	hurries  context.Context // ends when Close must not wait for anything any more
	hurry    context.CancelFunc
}

// New makes a sandbox from the config, which it checks as a whole: an error lists everything that
// is wrong. The sandbox listens once Listen is called.
func New(c Config) (*Server, error) {
	c = c.withDefaults()
	if err := c.Validate(); err != nil {
		return nil, err
	}
	drawn := c.Seed == 0
	if drawn {
		c.Seed = drawSeed()
	}
	c, err := c.agreed(drawn)
	if err != nil {
		return nil, err
	}
	go control.Prepare() // beside the merchants' description: each takes a while
	s, err := newServer(c)
	if err != nil {
		return nil, err
	}

	// The gateway asks for what stands in the document, and the routes for the gateway.
	document, source, err := description(c.OpenAPI)
	if err != nil {
		return nil, err
	}
	if s.gateway, err = s.newGateway(document); err != nil {
		return nil, err
	}
	handler, err := s.routes(document, source)
	if err != nil {
		return nil, err
	}

	if err := s.gateway.Resume(context.Background()); err != nil {
		return nil, err
	}
	s.http = newHTTPServer(handler, c.Logger)
	s.http.ConnState = s.hear
	s.http.RegisterOnShutdown(s.stop)
	return s, nil
}

// newServer makes a server with what it needs before it has merchants and routes.
func newServer(c Config) (*Server, error) {
	hosts, err := newHosts(c.AllowedHosts, c.PublicURL, c.Addr)
	if err != nil {
		return nil, err
	}
	set, err := loadScenarios(c)
	if err != nil {
		return nil, err
	}
	sender, err := newSender(c)
	if err != nil {
		return nil, err
	}
	tracer, err := traces.New(traces.Config(c.Traces), c.Version, rand.Reader, c.Logger)
	if err != nil {
		return nil, err
	}

	s := &Server{
		APIKey: c.APIKey, APISecret: c.APISecret.Reveal(), config: c, hosts: hosts,
		tracer: tracer, sender: sender, waits: newWaits(c.MaxConnections),
	}
	s.configured = s.Merchant(c.APIKey)
	s.scenes.put(set)
	s.ends, s.end = context.WithCancel(context.Background())
	s.stops, s.stop = context.WithCancel(s.ends)
	s.hurries, s.hurry = context.WithCancel(context.Background())
	return s, nil
}

// newSender makes what sends callbacks, to where the config lets them go.
func newSender(c Config) (*notify.Sender, error) {
	guard, err := notify.NewGuard(c.CallbackAllow, Loopback(c.Addr))
	if err != nil {
		return nil, err
	}

	proxy, err := notify.NewProxy(c.CallbackProxy)
	if err != nil {
		return nil, err
	}

	roots, err := notify.NewRoots(c.CallbackCA)
	if err != nil {
		return nil, err
	}
	return notify.NewSender(notify.SenderConfig{
		Guard: guard, Proxy: proxy, Roots: roots, Version: c.Version, CallbackTimeout: c.CallbackTimeout,
	}), nil
}

// newGateway opens the books of all merchants. Nothing happens by itself yet.
func (s *Server) newGateway(document *openapi.Document) (*gateway.Gateway, error) {
	c := s.config
	return gateway.New(context.Background(), gateway.Config{
		APIKey: c.APIKey, APISecret: c.APISecret, Seed: c.Seed, Scenarios: s.scenes.inForce, Rules: c.rules(),
		WebhookURL: c.WebhookURL, WebhookSecret: c.WebhookSecret,
		Books: c.Store, NewClock: clock.New, Plan: api.Plan(document), Sender: s.sender, Log: c.Logger, Wall: c.wall,
		Count: func(merchant string, a notify.Attempted) {
			s.metrics.Attempt(a.Delivery, a.Late)
			s.tracer.Attempt(traces.Attempt{Merchant: merchant, Delivery: a.Delivery, Began: a.Began, Ended: a.Ended})
		},
	})
}

func description(source []byte) (*openapi.Document, []byte, error) {
	if source == nil {
		return openapi.Ours(), payporter.OpenAPI(), nil
	}
	document, err := openapi.Parse(source, api.Served)
	if err != nil {
		return nil, nil, prefixed("openapi: ", err)
	}
	return document, source, nil
}

// prefixed puts the same words before each of the errors that err joins, so that each line says what it is about.
func prefixed(words string, err error) error {
	joined, ok := err.(interface{ Unwrap() []error })
	if !ok {
		return fmt.Errorf("%s%w", words, err)
	}

	var all []error
	for _, one := range joined.Unwrap() {
		all = append(all, prefixed(words, one))
	}
	return errors.Join(all...)
}

// routes mounts the merchant API, the hosted page and the control API.
func (s *Server) routes(document *openapi.Document, source []byte) (http.Handler, error) {
	c, requestIDs := s.config, newIDs(s.config.Seed)
	e := echo.New()
	e.HTTPErrorHandler = errorHandler(requestIDs, c.Logger)
	if s.tracer != nil {
		e.Use(s.traced)
	}

	e.Use(s.around)
	s.welcome = welcome(document)
	served, err := link.Servers(source, "/openapi.yaml", c.PublicURL)
	if err != nil {
		return nil, err
	}

	route.Look(e, "/", s.greet)
	if c.Passes != nil {
		return s.routesBeside(e, document, requestIDs)
	}
	route.Look(e, "/openapi.yaml", func(ec echo.Context) error {
		return ec.Blob(http.StatusOK, "application/yaml",
			served)
	})
	gate := control.NewGate(control.GateConfig{Token: c.AdminToken, Log: c.Logger, Wall: clock.Wall, Pause: clock.Pause})
	route.Look(e, metricsPath, s.serveMetrics(gate))
	s.serveCA(e)
	handler := route.Canonical(e)
	ui.Register(e, ui.Config{
		Gateway: s.gateway, Control: handler, Gate: gate, AdminToken: c.AdminToken, PublicURL: c.PublicURL,
		Closing: s.stops, Wait: s.waits.begin, Random: rand.Text, Version: c.Version, Log: c.Logger,
		Lag: store.LagOf(c.Store),
	})
	err = errors.Join(
		api.Register(e, api.Config{
			Gateway: s.gateway, Document: document, PublicURL: c.PublicURL, MaxBody: c.MaxBody,
			ValidateAnswers: c.ValidateResponses, Log: c.Logger,
			Wait:    s.waits.begin,
			Invalid: func(faults []payment.FieldError) { s.metrics.Invalid(faults) },
		}),
		docs.Register(e),
		page.Register(e, page.Config{Gateway: s.gateway, FrameAncestors: c.PageFrameAncestors, Log: c.Logger}),
		control.Register(e, control.Config{
			Gateway: s.gateway, Gate: gate, PublicURL: c.PublicURL, MaxBody: c.MaxBody, ValidateAnswers: c.ValidateResponses,
			Closing: s.ends, Wait: s.waits.begin, ScenarioFault: s.scenes.whyNot, BeforeReset: c.BeforeReset,
			Version: c.Version, Log: c.Logger, NewRequestID: requestIDs,
		}),
	)
	s.metrics = s.newMetrics(e.Routes(), document)
	return handler, err
}

// around is what every request goes through. It is one middleware, because echo makes each of them anew for every
// request.
func (s *Server) around(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		lastOfItsConnection(c)
		err := s.checkHost(c.Request())
		if err == nil {
			err = recovered(next, c)
		}
		if err != nil {
			c.Error(err) // so that the status is known
		}
		s.count(c)
		return nil
	}
}

// greet sends a person with a browser to the dashboard, and tells everybody else what there is. Who came by a public
// URL with a path may have left out the slash at its end, so the redirect names that path.
func (s *Server) greet(c echo.Context) error {
	c.Response().Header().Set("Vary", "Accept")
	if strings.Contains(c.Request().Header.Get("Accept"), "text/html") {
		if below := link.Path(c.Request(), s.config.PublicURL); below != "" {
			return c.Redirect(http.StatusSeeOther, below+ui.Path)
		}
		return c.Redirect(http.StatusSeeOther, link.To("/", ui.Path))
	}
	return c.String(http.StatusOK, s.welcome)
}

// headerTimeout is how long a client may take to say what it asks for.
const headerTimeout = 5 * time.Second

// newHTTPServer bounds what a slow or hostile client can hold on to.
func newHTTPServer(handler http.Handler, logger *slog.Logger) *http.Server {
	return &http.Server{
		Handler: handler, ReadHeaderTimeout: headerTimeout, ReadTimeout: 30 * time.Second,
		WriteTimeout: 45 * time.Second, // longer than reading, so that a slow body still gets its answer
		IdleTimeout:  60 * time.Second, MaxHeaderBytes: 64 << 10,
		ErrorLog: slog.NewLogLogger(logger.Handler(), slog.LevelDebug),
	}
}

// Handler serves the sandbox without listening; the caller does that.
func (s *Server) Handler() http.Handler { return s.http.Handler }

// Seed is what the generated values are drawn from; Config.Seed takes it.
func (s *Server) Seed() uint64 { return s.config.Seed }

// Listen takes the address of the config and sets URL. It does not serve yet.
func (s *Server) Listen() error {
	listener, err := net.Listen("tcp", s.config.Addr)
	if errors.Is(err, syscall.EADDRINUSE) {
		return fmt.Errorf("listen on %s: another program listens there; --addr names another address, and port 0 takes a "+
			"free one: %w", s.config.Addr, err)
	}
	if err != nil {
		return fmt.Errorf("listen on %s: %w", s.config.Addr, err)
	}
	if err := s.secureAs(listener.Addr()); err != nil {
		_ = listener.Close() // nothing was accepted
		return err
	}

	s.listener = listener
	s.sender.Own(listener.Addr())
	s.URL = s.config.scheme() + "://" + reachable(listener.Addr().String())
	return nil
}

// reachable turns "all addresses" into one that a client can use.
func reachable(addr string) string {
	at, err := netip.ParseAddrPort(addr)
	if err != nil || !at.Addr().IsUnspecified() {
		return addr
	}
	return fmt.Sprintf("127.0.0.1:%d", at.Port())
}

// Serve answers requests until Close or until ctx ends; then it stops accepting, finishes what is in
// flight, and answers nil. It listens first if Listen has not been called.
func (s *Server) Serve(ctx context.Context) error {
	if s.listener == nil {
		if err := s.Listen(); err != nil {
			return err
		}
	}

	stop := context.AfterFunc(ctx, s.Close)
	defer stop()
	err := s.serve(&connections{
		Listener: s.listener, newID: newIDs(s.config.Seed + 1), log: s.config.Logger, ended: make(chan struct{}),
		slots: make(chan struct{}, s.config.MaxConnections), open: &s.open, waits: &s.full, relieve: s.sender.Close,
	})
	s.Close() // waits until what is in flight has been finished
	if errors.Is(err, http.ErrServerClosed) {
		return nil
	}

	return err
}

// serve answers requests by https if there is a certificate, else by http.
func (s *Server) serve(l net.Listener) error {
	if s.http.TLSConfig != nil {
		return s.http.ServeTLS(l, "", "")
	}
	return s.http.Serve(l)
}

// Loopback reports whether an address to listen on can be reached from this machine only.
func Loopback(addr string) bool {
	host, _, err := net.SplitHostPort(addr)
	if err != nil {
		return false
	}
	if host == "localhost" {
		return true
	}
	ip, err := netip.ParseAddr(host)
	return err == nil && ip.Unmap().IsLoopback()
}
