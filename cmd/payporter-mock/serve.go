package main

import (
	"cmp"
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/url"
	"os/signal"
	"runtime/debug"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"time"

	"github.com/urfave/cli/v3"
	"golang.org/x/net/http/httpguts"

	"github.com/payporter-mock/payporter-mock/internal/input"
	"github.com/payporter-mock/payporter-mock/mock"
	"github.com/payporter-mock/payporter-mock/payment"
)

func serveCommand(env environment) *cli.Command {
	return &cli.Command{
		Name:  "serve",
		Usage: "run the sandbox",
		Description: "Listens until it gets SIGINT or SIGTERM; then it finishes what is in flight.\n" +
			"The flags marked (assumed) stand for what PayPorter's pages do not say.",
		Flags: serveFlags(env),
		Action: func(ctx context.Context, c *cli.Command) error {
			if err := noArguments(c); err != nil {
				return err
			}
			return serve(ctx, c)
		},
	}
}

func serveFlags(env environment) []cli.Flag {
	text := func(name, value, usage string) cli.Flag {
		return &cli.StringFlag{Name: name, Value: value, Usage: usage, Sources: fromEnv(env, name)}
	}

	toggle := func(name string, value bool, usage string) cli.Flag {
		return &cli.BoolFlag{Name: name, Value: value, Usage: usage, Sources: fromEnv(env, name)}
	}
	list := func(name string, value []string, usage string) cli.Flag {
		return &cli.StringSliceFlag{Name: name, Value: value, Usage: usage, Sources: fromEnv(env, name)}
	}
	return []cli.Flag{
		text("addr", mock.DefaultAddr, "where to listen; port 0 picks a free one and prints it"),
		text("public-url", "", "what redirectUrl begins with, such as http://host:9000/pay behind a proxy that takes /pay "+
			"away (default: the request's own host)"),
		text("tls", string(mock.TLSNone), "https with a certificate made at the start, whose authority is /_mock/ca.pem: "+
			"none or self-signed"),
		text("tls-cert", "", "https with the certificate in this file, in PEM, with any between it and the authority"),
		text("tls-key", "", "file of the private key of --tls-cert, in PEM"),
		list("page-frame-ancestors", nil, "origin that may show the hosted page in a frame, such as https://shop.example "+
			"or http://localhost:*, repeatable (default: none)"),
		text("api-key", mock.DefaultAPIKey, "the merchant that always exists; keys that begin with test_ need no set-up"),
		text("api-secret", mock.DefaultAPISecret, "its secret"),
		list("scenarios", nil, "scenario file, folder or builtin:NAME, repeatable; changed files take effect "+
			"within a second"),
		text("payer", string(mock.PayerPage), "who pays: page (a person or a browser) or auto (the sandbox itself, for CI)"),
		&cli.Uint64Flag{
			Name: "seed", Usage: "what generated values are drawn from (default: a new one, printed)",
			Sources: fromEnv(env, "seed"),
		},
		text("admin-token", "", "what the control API wants, at least 16 characters; none lets everybody in (default: "+
			"none on loopback, else a new one, printed)"),
		list("allowed-host", nil, "host name of this sandbox, such as sandbox.example.com or *.example.com, repeatable; "+
			"wanted for such names where the control API has no token"),
		list("callback-allow", nil, "CIDR, address, host name or *.NAME callbacks may go to, repeatable (default: "+
			"anywhere on loopback, else nowhere)"),
		text("webhook-url", "", "where webhooks of the configured key go (default: nowhere, until PUT /_mock/webhook)"),
		text("webhook-secret", "", "what they are signed with; wanted with --webhook-url"),
		text("callback-proxy", "none", "HTTP proxy that callbacks go through: none, env (HTTP_PROXY, HTTPS_PROXY, "+
			"NO_PROXY) or its URL"),
		text("callback-ca", "", "file of certificates in PEM that receivers of callbacks may be signed by, beside "+
			"the system's"),
		&cli.StringFlag{
			Name: "otlp-endpoint", Usage: "OpenTelemetry collector that takes traces by OTLP over HTTP, such " +
				"as http://127.0.0.1:4318 (default: OTEL_EXPORTER_OTLP_ENDPOINT, or none)",
			Sources: orElse(fromEnv(env, "otlp-endpoint"), env, "OTEL_EXPORTER_OTLP_ENDPOINT"),
		},
		&cli.StringFlag{Name: "otlp-headers", Usage: "headers for it, as KEY=VALUE,KEY=VALUE (default: " +
			"OTEL_EXPORTER_OTLP_HEADERS, or none)", Sources: orElse(fromEnv(env, "otlp-headers"), env,
			"OTEL_EXPORTER_OTLP_HEADERS")},
		text("log-format", "text", "text or json"),
		text("log-level", "info", "debug, info, warn or error"),
		text("pprof", "", "loopback address for CPU and heap profiles, such as 127.0.0.1:6060 (default: none)"),
		toggle("validate-responses", false, "check our own answers against the API description, too"),
		text("openapi", "", "a changed copy of openapi.yaml, for other limits (assumed)"),
		&cli.Int64Flag{Name: "max-body", Value: mock.DefaultMaxBody, Usage: "the most bytes a request body may " +
			"have (assumed)", Sources: fromEnv(env, "max-body")},
		text("rate-limit", "none", "requests that a merchant may make, such as 50/s or 600/m, by its clock; more get a "+
			"429: none or a limit"),
		&cli.IntFlag{
			Name: "max-connections", Value: mock.DefaultMaxConnections, Usage: "connections at a time; more wait " +
				"until one ends; at most half of them hold requests that wait for something",
			Sources: fromEnv(env, "max-connections"),
		},
		&cli.IntFlag{Name: "keep-checkouts", Value: mock.DefaultKeepCheckouts, Usage: "checkouts of a merchant before its " +
			"oldest finished ones are forgotten; as many payments without a checkout are kept, each with its captures, " +
			"cancels and refunds", Sources: fromEnv(env, "keep-checkouts")},
		&cli.IntFlag{
			Name: "keep-merchants", Value: mock.DefaultKeepMerchants, Usage: "test_ keys that are merchants at a " +
				"time; beyond, the longest idle one is forgotten, none used within 10 minutes or with a callback planned",
			Sources: fromEnv(env, "keep-merchants"),
		},
		text("store", "memory", "where everything is kept: memory (until the process ends), sqlite:FILE or "+
			"postgres://USER:PASSWORD@HOST/DATABASE, which outlive it"),
		&cli.DurationFlag{Name: "link-lifetime", Value: mock.DefaultLinkLifetime, Usage: "how long a checkout can be " +
			"paid (assumed)", Sources: fromEnv(env, "link-lifetime")},
		text("callback-retry", "documented", "when a callback that was not taken is sent again: documented, none, or "+
			"waits such as 10s,1m,1h (assumed)"),
		list("callback-on", mock.DefaultCallbackOn(), "which results send a callback: success, failure, cancel, expiry "+
			"(the last two assumed)"),
		&cli.StringFlag{
			Name: "three-d-secure", Value: string(payment.ThreeDSecureByCard), Usage: "who is asked for a " +
				"code on the bank's page: card (test cards that want it), always or never (assumed)",
			Sources: fromEnv(env, "three-d-secure"),
		},
		&cli.DurationFlag{Name: "bank-patience", Value: mock.DefaultBankPatience, Usage: "how long the bank's page waits " +
			"for the code (assumed)", Sources: fromEnv(env, "bank-patience")},
		text("paid-amount", string(payment.PaidAmountOrder), "which amount a payment has whose customer pays interest: "+
			"order, or charged with the interest (assumed)"),
		text("day-zone", mock.DefaultDayZone, "time zone of the day on which a payment can be cancelled (assumed)"),
		toggle("partial-capture", true, "a pre-authorization may be captured with less than what was reserved (assumed)"),
		&cli.DurationFlag{
			Name: "security-key-lifetime", Value: mock.DefaultSecurityKeyLifetime,
			Usage:   "how long a payment with 3-D Secure can be completed (assumed)",
			Sources: fromEnv(env, "security-key-lifetime"),
		},
		text("webhook-retry-time", string(mock.WebhookRefresh), "x-request-time of a webhook that is sent again: refresh "+
			"(that of the retry, signed anew) or keep (that of the first attempt) (assumed)"),
		&cli.DurationFlag{Name: "webhook-secret-overlap", Value: mock.DefaultWebhookSecretOverlap, Usage: "how long after " +
			"a rotation the secret before it is still valid (assumed)", Sources: fromEnv(env, "webhook-secret-overlap")},
		toggle("retry-payment", true, "a declined checkout may be tried again (assumed)"),
		text("repeated-order-id", "allow", "allow a second checkout for an order, or reject it with 406 (assumed)"),
	}
}

// serve runs the sandbox until ctx ends.
func serve(ctx context.Context, c *cli.Command) error {
	// The start needs little memory, and is a tenth quicker with fewer collections.
	debug.SetGCPercent(400)
	// Whoever reads standard output or the log may leave: nobody's payment waits for them.
	signal.Ignore(syscall.SIGPIPE)

	out := newLogOutput(c.Root().ErrWriter)
	defer out.Close() // after everything that logs
	signals := listen()
	defer signal.Stop(signals.signals)
	started, ok := starting(ctx, func() start { return newStart(c, out) }, start.close)
	if !ok {
		return nil // it was told to end before it listened
	}
	if started.err != nil {
		return started.err
	}
	server, config := started.server, started.config
	if addr := c.String("pprof"); addr != "" {
		closer, url, err := servePprof(addr, config.Logger)
		if err != nil {
			server.Close()
			return err
		}
		defer closer()
		config.Logger.Info("profiles", "url", url)
	}
	if err := announce(c.Root().Writer, c.String("log-format"), server, config,
		c.String("admin-token") == ""); err != nil {
		config.Logger.Warn("standard output does not take where it listens", "url", server.URL, "error", err.Error())
	}
	if ca := server.CACert(); ca != nil && c.String("log-format") == "text" {
		_, _ = out.Write(ca) // for people to copy; never an error
	}
	config.Logger.Info("dashboard", "url", cmp.Or(strings.TrimRight(config.PublicURL, "/"), server.URL)+"/_mock/ui/")
	// From here on most of the memory is checkouts, which live long: looking them over half as often is
	// worth more than the room it takes.
	debug.SetGCPercent(200)
	var following sync.WaitGroup
	defer following.Wait()
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	following.Go(func() { followFiles(ctx, server, config.Scenarios, started.seen, config.Logger) })
	signals.watch(server)
	err := server.Serve(ctx)
	if signals.stop() {
		err = errHurried
	}
	if err != nil {
		return &failure{err}
	}
	return nil
}

// start is a sandbox that listens, or why there is none.
type start struct {
	server *mock.Server
	config mock.Config
	seen   string // the state of the scenario files before they were read, so that no change is missed
	err    error
}

// newStart reads the flags and the files that they name, and takes the address.
func newStart(c *cli.Command, out *logOutput) start {
	config, err := serveConfig(c, out)
	if err != nil {
		return start{err: err}
	}
	// What the standard library logs must not wait for a reader either. None of it is for people.
	slog.SetLogLoggerLevel(slog.LevelDebug)
	slog.SetDefault(config.Logger)

	seen := stateOf(config.Scenarios)
	config.Store = openStore(c.String("store"))
	server, err := mock.New(config)
	if err != nil {
		return start{err: &failure{err}} // the config is right: what it names cannot be used
	}
	if err := server.Listen(); err != nil {
		return start{err: &failure{err}}
	}
	return start{server: server, config: config, seen: seen}
}

// close gives the address back.
func (s start) close() {
	if s.server != nil {
		s.server.Close()
	}
}

// serveConfig reads the flags and reports everything that is wrong with them together.
func serveConfig(c *cli.Command, log *logOutput) (mock.Config, error) {
	var faults []error
	note := func(err error) {
		if err != nil {
			faults = append(faults, err)
		}
	}
	logger, err := newLogger(log, c.String("log-format"), c.String("log-level"))
	note(err)
	plan, err := retryPlan(c.String("callback-retry"))
	note(err)
	rejects, err := choice("repeated-order-id", c.String("repeated-order-id"), "allow", "reject")
	note(err)
	limit, err := rateLimit(c.String("rate-limit"))
	note(err)
	err = checkStore(c.String("store"))
	note(err)
	headers, err := otlpHeaders(c.String("otlp-headers"))
	note(err)
	description, err := readNamed(c, "openapi")
	note(err)
	cert, certErr := readNamed(c, "tls-cert")
	key, keyErr := readNamed(c, "tls-key")
	if note(certErr); certErr != nil || keyErr != nil {
		cert, key = nil, nil // nothing more is wrong with them
	}

	note(keyErr)
	ca, err := readNamed(c, "callback-ca")
	note(err)
	if c.IsSet("seed") && c.Uint64("seed") == 0 {
		note(errors.New("seed 0: must be greater than 0; leave it out for a new one"))
	}

	for _, name := range []string{
		"link-lifetime", "bank-patience", "security-key-lifetime", "webhook-secret-overlap",
		"max-body", "max-connections", "keep-checkouts", "keep-merchants",
	} {
		if fmt.Sprint(c.Value(name)) == "0" || fmt.Sprint(c.Value(name)) == "0s" {
			note(fmt.Errorf("%s 0: must be greater than 0", name))
		}
	}

	config := mock.Config{
		Addr: c.String("addr"), PublicURL: c.String("public-url"), PageFrameAncestors: c.StringSlice("page-frame-ancestors"),
		APIKey:    c.String("api-key"),
		APISecret: payment.Secret(c.String("api-secret")), Scenarios: c.StringSlice("scenarios"),
		Payer: mock.Payer(c.String("payer")), Seed: c.Uint64("seed"),
		AdminToken: adminToken(c.String("admin-token"), c.String("addr")), AllowedHosts: c.StringSlice("allowed-host"),
		CallbackAllow: c.StringSlice("callback-allow"),
		MaxBody:       c.Int64("max-body"), OpenAPI: description, ValidateResponses: c.Bool("validate-responses"),
		Traces: mock.Traces{Endpoint: c.String("otlp-endpoint"), Headers: headers},
		Logger: logger, Version: version(), LinkLifetime: c.Duration("link-lifetime"), RetryPlan: plan,
		TLS: mock.TLS(c.String("tls")), TLSCert: cert, TLSKey: payment.Secret(key), CallbackCA: ca,
		CallbackProxy: c.String("callback-proxy"), RateLimit: limit, MaxConnections: c.Int("max-connections"),
		KeepCheckouts: c.Int("keep-checkouts"), KeepMerchants: c.Int("keep-merchants"),
		ThreeDSecure: payment.ThreeDSecure(c.String("three-d-secure")), BankPatience: c.Duration("bank-patience"),
		PaidAmount: payment.PaidAmount(c.String("paid-amount")),
		DayZone:    c.String("day-zone"), NoPartialCapture: !c.Bool("partial-capture"),
		SecurityKeyLifetime: c.Duration("security-key-lifetime"),
		WebhookURL:          c.String("webhook-url"), WebhookSecret: payment.Secret(c.String("webhook-secret")),
		WebhookRetryTime:     mock.WebhookRetryTime(c.String("webhook-retry-time")),
		WebhookSecretOverlap: c.Duration("webhook-secret-overlap"),
		NoRetryPay:           !c.Bool("retry-payment"), NoRepeatOrder: rejects == "reject",
		CallbackOn: c.StringSlice("callback-on"),
	}
	note(config.Validate())
	return config, errors.Join(faults...)
}

// adminToken is the token that the control API wants. Whoever listens beyond this machine without
// having said anything gets a new one.
func adminToken(given, addr string) payment.Secret {
	switch {
	case given == "none":
		return ""
	case given == "" && !mock.Loopback(addr):
		return payment.Secret(rand.Text())
	}
	return payment.Secret(given)
}

func choice(flag, given string, known ...string) (string, error) {
	for _, k := range known {
		if given == k {
			return k, nil
		}
	}
	return "", fmt.Errorf("%s %q: want %s", flag, given, strings.Join(known, " or "))
}

func retryPlan(s string) (*mock.RetryPlan, error) {
	switch s {
	case "documented":
		plan := mock.DocumentedRetries()
		return &plan, nil
	case "none":
		return &mock.RetryPlan{}, nil
	}

	var plan mock.RetryPlan
	for _, wait := range strings.Split(s, ",") {
		d, err := time.ParseDuration(strings.TrimSpace(wait))
		if err != nil || d <= 0 {
			return nil, fmt.Errorf("callback-retry %q: want documented, none, or waits such as 10s,1m,1h", s)
		}
		plan.Waits = append(plan.Waits, d)
	}

	return &plan, nil
}

// rateLimit reads a limit such as 50/s.
func rateLimit(s string) (mock.RateLimit, error) {
	if s == "none" {
		return mock.RateLimit{}, nil
	}

	count, unit, _ := strings.Cut(s, "/")
	requests, err := strconv.Atoi(count)
	per := map[string]time.Duration{"s": time.Second, "m": time.Minute, "h": time.Hour}[unit]
	if err != nil || requests <= 0 || per == 0 {
		return mock.RateLimit{}, fmt.Errorf("rate-limit %q: want none, or requests in a second, minute or hour such as "+
			"50/s, 600/m, 1000/h", s)
	}
	return mock.RateLimit{Requests: requests, Per: per}, nil
}

// otlpHeaders reads headers as OpenTelemetry writes them: KEY=VALUE,KEY=VALUE, with percent-encoded values.
func otlpHeaders(s string) (map[string]string, error) {
	headers := map[string]string{}
	for pair := range strings.SplitSeq(s, ",") {
		if strings.TrimSpace(pair) == "" {
			continue
		}
		name, value, ok := strings.Cut(pair, "=")
		name = strings.TrimSpace(name)
		decoded, err := url.PathUnescape(strings.TrimSpace(value))
		if !ok || err != nil || !httpguts.ValidHeaderFieldName(name) || !httpguts.ValidHeaderFieldValue(decoded) {
			return nil, errors.New("otlp-headers: want KEY=VALUE,KEY=VALUE, with what is special in a value as %XX")
		}
		headers[name] = decoded
	}
	return headers, nil
}

// readNamed reads the file that a flag names; nil: it names none.
func readNamed(c *cli.Command, flag string) ([]byte, error) {
	file := c.String(flag)
	if file == "" {
		return nil, nil
	}

	content, err := input.ReadFile(file)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", flag, err)
	}
	if len(content) == 0 {
		return nil, fmt.Errorf("%s: %s is empty", flag, file)
	}
	return content, nil
}

// announcement is the one line on standard output.
type announcement struct {
	Message    string `json:"msg"`
	URL        string `json:"url"`
	APIKey     string `json:"apiKey"`
	Seed       uint64 `json:"seed,string"`
	AdminToken string `json:"adminToken,omitempty"` // only one that nobody knows yet
	CACert     string `json:"caCert,omitempty"`     // PEM, of a self-signed sandbox
}

func announce(w io.Writer, format string, s *mock.Server, c mock.Config, tokenIsNew bool) error {
	line := announcement{
		Message: "listening", URL: s.URL, APIKey: s.APIKey, Seed: s.Seed(), CACert: string(s.CACert()),
	}
	if tokenIsNew {
		line.AdminToken = c.AdminToken.Reveal()
	}
	if format == "json" {
		text, err := json.Marshal(line)
		return errors.Join(err, say(w, string(text)+"\n"))
	}

	text := fmt.Sprintf("payporter-mock listens on %s (API key %s, seed %d)", line.URL, line.APIKey, line.Seed)
	if line.CACert != "" {
		text += ", CA certificate at " + line.URL + "/_mock/ca.pem"
	}
	if line.AdminToken != "" {
		text += ", admin token " + line.AdminToken
	}

	return say(w, text+"\n")
}
