package main

import (
	"crypto/rand"
	"errors"
	"fmt"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/urfave/cli/v3"
	"golang.org/x/net/http/httpguts"

	"github.com/payporter-mock/payporter-mock/internal/input"
	"github.com/payporter-mock/payporter-mock/mock"
	"github.com/payporter-mock/payporter-mock/payment"
)

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
	err = checkStore(c.String("store"))
	note(err)
	note(checkNumbers(c))

	config := mock.Config{
		Addr: c.String("addr"), PublicURL: c.String("public-url"), PageFrameAncestors: c.StringSlice("page-frame-ancestors"),
		APIKey: c.String("api-key"), APISecret: payment.Secret(c.String("api-secret")),
		Scenarios: c.StringSlice("scenarios"), Payer: mock.Payer(c.String("payer")), Seed: c.Uint64("seed"),
		AdminToken: adminToken(c.String("admin-token"), c.String("addr")), AllowedHosts: c.StringSlice("allowed-host"),
		MaxBody: c.Int64("max-body"), ValidateResponses: c.Bool("validate-responses"),
		MaxConnections: c.Int("max-connections"), KeepCheckouts: c.Int("keep-checkouts"),
		KeepMerchants: c.Int("keep-merchants"), TLS: mock.TLS(c.String("tls")), Logger: logger, Version: version(),
	}
	note(readTraces(c, &config))
	note(readFiles(c, &config))
	note(readCallbacks(c, &config))
	note(readAssumed(c, &config))
	note(config.Validate())
	return config, errors.Join(faults...)
}

// checkNumbers looks for zeros that stand for no default.
func checkNumbers(c *cli.Command) error {
	var faults []error
	if c.IsSet("seed") && c.Uint64("seed") == 0 {
		faults = append(faults, errors.New("seed 0: must be greater than 0; leave it out for a new one"))
	}

	for _, name := range []string{
		"link-lifetime", "bank-patience", "callback-timeout", "security-key-lifetime", "webhook-secret-overlap",
		"max-body", "max-connections", "keep-checkouts", "keep-merchants",
	} {
		if fmt.Sprint(c.Value(name)) == "0" || fmt.Sprint(c.Value(name)) == "0s" {
			faults = append(faults, fmt.Errorf("%s 0: must be greater than 0", name))
		}
	}
	return errors.Join(faults...)
}

// readTraces reads where traces go, and how often a merchant may come.
func readTraces(c *cli.Command, config *mock.Config) error {
	limit, err := rateLimit(c.String("rate-limit"))
	headers, fault := otlpHeaders(c.String("otlp-headers"))
	config.RateLimit = limit
	config.Traces = mock.Traces{Endpoint: c.String("otlp-endpoint"), Headers: headers}
	return errors.Join(err, fault)
}

// readFiles reads the files that flags name.
func readFiles(c *cli.Command, config *mock.Config) error {
	description, err := readNamed(c, "openapi")
	ca, caErr := readNamed(c, "callback-ca")
	cert, certErr := readNamed(c, "tls-cert")
	key, keyErr := readNamed(c, "tls-key")
	if certErr != nil || keyErr != nil {
		cert, key = nil, nil // nothing more is wrong with them
	}

	config.OpenAPI, config.CallbackCA, config.TLSCert, config.TLSKey = description, ca, cert, payment.Secret(key)
	return errors.Join(err, certErr, keyErr, caErr)
}

// readCallbacks reads where callbacks and webhooks go, and when.
func readCallbacks(c *cli.Command, config *mock.Config) error {
	plan, err := retryPlan(c.String("callback-retry"))
	config.RetryPlan = plan
	config.CallbackAllow, config.CallbackOn = c.StringSlice("callback-allow"), c.StringSlice("callback-on")
	config.CallbackProxy = c.String("callback-proxy")

	config.WebhookURL = c.String("webhook-url")
	config.WebhookSecret = payment.Secret(c.String("webhook-secret"))
	config.WebhookRetryTime = mock.WebhookRetryTime(c.String("webhook-retry-time"))
	config.WebhookSecretOverlap = c.Duration("webhook-secret-overlap")
	return err
}

// readAssumed reads what PayPorter's pages do not say of checkouts and payments.
func readAssumed(c *cli.Command, config *mock.Config) error {
	rejects, err := choice("repeated-order-id", c.String("repeated-order-id"), "allow", "reject")
	config.NoRepeatOrder, config.NoRetryPay = rejects == "reject", !c.Bool("retry-payment")
	config.LinkLifetime, config.BankPatience = c.Duration("link-lifetime"), c.Duration("bank-patience")
	config.CallbackTimeout = c.Duration("callback-timeout")
	config.ThreeDSecure = payment.ThreeDSecure(c.String("three-d-secure"))

	config.PaidAmount, config.DayZone = payment.PaidAmount(c.String("paid-amount")), c.String("day-zone")
	config.NoPartialCapture = !c.Bool("partial-capture")
	config.SecurityKeyLifetime = c.Duration("security-key-lifetime")
	return err
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
