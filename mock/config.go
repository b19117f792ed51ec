package mock

import (
	"cmp"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"
	_ "time/tzdata" // days are counted in a zone, also where a machine has no tz database
	"unicode/utf8"

	"github.com/payporter-mock/payporter-mock/mock/internal/gateway"
	"github.com/payporter-mock/payporter-mock/mock/internal/notify"
	"github.com/payporter-mock/payporter-mock/mock/internal/pos"
	"github.com/payporter-mock/payporter-mock/mock/internal/traces"
	"github.com/payporter-mock/payporter-mock/mock/store"
	"github.com/payporter-mock/payporter-mock/mock/store/memory"
	"github.com/payporter-mock/payporter-mock/payment"
)

// Config is how a sandbox behaves. Its zero value is a sandbox that works: every field left out has
// the default it names. The fields under "assumed" stand for what PayPorter's pages do not say.
type Config struct {
	Addr      string         // where Listen listens; default 127.0.0.1:8080, port 0 picks a free one
	PublicURL string         // what redirectUrl begins with, a proxy's path included; default: the request's own host
	APIKey    string         // the merchant that always exists; default test_key
	APISecret payment.Secret // its secret; default test_secret
	Payer     Payer          // who pays; default PayerPage
	// the name of the scenario for checkouts that nothing else is meant for; default: the card decides
	Scenario  string
	Scenarios []string // scenario files, folders and builtin:NAME, in force for merchants without a set of their own
	// what generated values are drawn from; zero draws one (Start: one that follows from the test's name)
	Seed uint64

	AdminToken payment.Secret // what the control API wants, at least 16 characters; empty lets everybody in
	// AllowedHosts are names of this sandbox, such as sandbox.example.com, or *.example.com for all that end in it. While
	// the control API has no token, a request must be for an IP address, localhost, a name of one label, one that ends in
	// .localhost, .test, .internal or .cluster.local, the host of PublicURL or Addr, or one of these; so no web site can
	// give its own name to the sandbox and drive it. With a token any host will do.
	AllowedHosts []string
	// CIDRs, addresses, host names and *.NAME callbacks may go to; empty: anywhere, if listening on loopback
	CallbackAllow []string
	MaxBody       int64 // the most bytes a request body may have; default 64 KiB

	CallbackProxy string // none, env (HTTP_PROXY and its like) or the URL of an HTTP proxy for callbacks; default none
	CallbackCA    []byte // PEM certificates that receivers of callbacks may be signed by, beside the system's
	// WebhookURL is where webhooks of the configured key go; default: where the store says, at first nowhere.
	WebhookURL    string
	WebhookSecret payment.Secret // what they are signed with; wanted with WebhookURL
	RateLimit     RateLimit      // of each merchant's API requests, by its clock; default none
	// at a time; more wait; at most half hold requests that wait for something; default 1,024
	MaxConnections int

	// KeepCheckouts is how many checkouts a merchant has before the oldest finished ones are forgotten, and how many
	// payments without a checkout, each with its captures, cancels and refunds; default 100,000.
	KeepCheckouts int
	// KeepMerchants is how many test keys are merchants at a time; default 1,000. Beyond, a request with a new key
	// has the one forgotten that was idle for longest, but none with a callback planned or used within the last ten
	// minutes of real time: if there is no other, the request gets a 429.
	KeepMerchants int

	// With a certificate the sandbox listens for https alone, HTTP/2 included. Handler serves whatever its caller does.
	TLSCert []byte         // its certificate in PEM, and those between it and the authority; default none
	TLSKey  payment.Secret // the private key of TLSCert in PEM
	TLS     TLS            // TLSSelfSigned makes a certificate in place of TLSCert; default TLSNone

	// PageFrameAncestors are the origins that may show the hosted page and the bank's page in a frame, such as
	// https://shop.example, http://localhost:* or https://*.shop.example; default: none. The dashboard is never framed.
	PageFrameAncestors []string

	// Passes serves every request that is not for the dashboard or the control API, in place of the sandbox. These two
	// then only look: what Store holds, Passes writes, in the books of APIKey. Default: none, a sandbox.
	Passes http.Handler

	// Store is where the sandbox keeps everything that it must not forget; Close closes it. Default: memory.Open, which
	// forgets when the process ends. A sandbox goes on where another one ended that had the same store.
	Store store.Books

	OpenAPI           []byte       // describes what the merchant API serves, no more and no less; default openapi.yaml
	ValidateResponses bool         // check our own answers against it, too; Start always does
	Logger            *slog.Logger // default: silent
	Traces            Traces       // default: nowhere
	Version           string       // shown in health and sent as User-Agent; default dev

	// BeforeReset is called by POST /_mock/reset while the merchant's state is still there to be seen,
	// over the control API, too. Nil: nobody is told.
	BeforeReset func(merchant string)

	// Assumed.
	LinkLifetime time.Duration // how long a checkout can be paid; default 24h
	// CallbackTimeout is how long the receiver of a callback has to answer, at most 30s; default 5s, which is documented
	// for webhooks.
	CallbackTimeout time.Duration
	RetryPlan       *RetryPlan           // when a callback that was not taken is sent again; default DocumentedRetries
	ThreeDSecure    payment.ThreeDSecure // which cards the page sends to the bank; default payment.ThreeDSecureByCard
	BankPatience    time.Duration        // how long the bank's page waits for the customer's code; default 3m
	// which amount a payment has whose customer pays interest; default payment.PaidAmountOrder
	PaidAmount    payment.PaidAmount
	NoRetryPay    bool     // a declined checkout may not be tried again
	NoRepeatOrder bool     // a second checkout for an order is refused with 406
	CallbackOn    []string // success, failure, cancel, expiry; default the first three

	// DayZone names the zone of the tz database whose days count: a payment is cancelled on the day on which it was made.
	// Default Europe/Istanbul.
	DayZone             string
	NoPartialCapture    bool          // a pre-authorization is captured with just what was reserved
	SecurityKeyLifetime time.Duration // how long a payment with 3-D Secure can be completed; default 15m

	WebhookRetryTime     WebhookRetryTime // the time and signature of a webhook that is sent again; default WebhookRefresh
	WebhookSecretOverlap time.Duration    // how long after a rotation the secret before it is still valid; default 24h

	wall         func() time.Time // the real time, by which merchants are idle; nil: the machine's
	journalBytes int64            // what all journals hold together; zero: 256 MiB
}

// RateLimit is how many requests a merchant may make in how long; more get a 429. The zero value is no limit.
type RateLimit struct {
	Requests int
	Per      time.Duration
}

// Payer says who pays the checkouts.
type Payer string

// The payers.
const (
	PayerPage Payer = "page" // a person or a browser pays on the hosted page
	PayerAuto Payer = "auto" // the sandbox pays by itself once the checkout has been answered
)

// WebhookRetryTime says which x-request-time a retry of a webhook has, and so which signature.
type WebhookRetryTime string

// The times of a retry. With WebhookKeep every documented retry from the third on is older than the five minutes that
// receivers are told to allow.
const (
	WebhookRefresh WebhookRetryTime = "refresh" // that of the retry, signed anew
	WebhookKeep    WebhookRetryTime = "keep"    // that of the first attempt
)

// RetryPlan says when a callback that was not taken is sent again.
type RetryPlan = store.RetryPlan

// DocumentedRetries is the plan of PayPorter's page on webhooks: 30 s, 1 min, 5 min, 15 min, 1 h,
// 4 h, 12 h, then every 24 h, for up to 48 hours after the event.
func DocumentedRetries() RetryPlan { return notify.Documented() }

// Defaults of Config.
const (
	DefaultAddr            = "127.0.0.1:8080"
	DefaultAPIKey          = "test_key"
	DefaultAPISecret       = "test_secret"
	DefaultLinkLifetime    = 24 * time.Hour
	DefaultBankPatience    = 3 * time.Minute
	DefaultCallbackTimeout = 5 * time.Second
	DefaultMaxBody         = 64 << 10
	DefaultKeepCheckouts   = 100_000
	DefaultKeepMerchants   = 1_000

	DefaultDayZone             = "Europe/Istanbul"
	DefaultSecurityKeyLifetime = 15 * time.Minute

	DefaultMaxConnections = 1_024

	DefaultWebhookSecretOverlap = 24 * time.Hour
)

// minToken is how many characters an admin token has, so that nobody guesses it.
const minToken = 16

// DefaultCallbackOn lists which results send a callback.
func DefaultCallbackOn() []string {
	return []string{string(pos.OnSuccess), string(pos.OnFailure), string(pos.OnCancel)}
}

// withDefaults fills in what was left out.
func (c Config) withDefaults() Config {
	c.Addr = cmp.Or(c.Addr, DefaultAddr)
	c.APIKey = cmp.Or(c.APIKey, DefaultAPIKey)
	c.APISecret = cmp.Or(c.APISecret, DefaultAPISecret)
	c.Payer = cmp.Or(c.Payer, PayerPage)
	c.ThreeDSecure = cmp.Or(c.ThreeDSecure, payment.ThreeDSecureByCard)
	c.PaidAmount = cmp.Or(c.PaidAmount, payment.PaidAmountOrder)
	c.Version = cmp.Or(c.Version, "dev")
	c.TLS = cmp.Or(c.TLS, TLSNone)

	c.LinkLifetime = cmp.Or(c.LinkLifetime, DefaultLinkLifetime)
	c.BankPatience = cmp.Or(c.BankPatience, DefaultBankPatience)
	c.CallbackTimeout = cmp.Or(c.CallbackTimeout, DefaultCallbackTimeout)
	c.DayZone = cmp.Or(c.DayZone, DefaultDayZone)
	c.SecurityKeyLifetime = cmp.Or(c.SecurityKeyLifetime, DefaultSecurityKeyLifetime)
	c.WebhookRetryTime = cmp.Or(c.WebhookRetryTime, WebhookRefresh)
	c.WebhookSecretOverlap = cmp.Or(c.WebhookSecretOverlap, DefaultWebhookSecretOverlap)

	c.MaxBody = cmp.Or(c.MaxBody, DefaultMaxBody)
	c.MaxConnections = cmp.Or(c.MaxConnections, DefaultMaxConnections)
	c.KeepCheckouts = cmp.Or(c.KeepCheckouts, DefaultKeepCheckouts)
	c.KeepMerchants = cmp.Or(c.KeepMerchants, DefaultKeepMerchants)

	if c.Store == nil {
		c.Store = memory.Open(memory.Options{JournalBytes: c.journalBytes})
	}
	if c.Logger == nil {
		c.Logger = slog.New(slog.DiscardHandler)
	}
	if c.CallbackOn == nil {
		c.CallbackOn = DefaultCallbackOn()
	}
	if c.RetryPlan == nil {
		plan := DocumentedRetries()
		c.RetryPlan = &plan
	}

	c.PublicURL = strings.TrimRight(c.PublicURL, "/")
	return c
}

// Validate reports everything that is wrong with the config at once, in the words of the flags. New
// does the same.
func (c Config) Validate() error {
	c = c.withDefaults()
	faults := slices.Concat(c.checkPlaces(), c.checkNumbers(), c.checkChoices(), []error{c.checkToken(), c.checkTLS()})

	_, allowed := newHosts(c.AllowedHosts, "", "")
	_, guard := notify.NewGuard(c.CallbackAllow, true)
	_, proxy := notify.NewProxy(c.CallbackProxy)
	_, roots := notify.NewRoots(c.CallbackCA)
	_, scenes := loadScenarios(c)
	faults = append(faults, allowed, guard, proxy, roots, scenes, traces.Config(c.Traces).Validate())

	if c.OpenAPI != nil { // our own is held to be right by its tests
		_, _, api := description(c.OpenAPI)
		faults = append(faults, api)
	}
	return errors.Join(faults...)
}

// checkPlaces says what is wrong with addresses, URLs and keys.
func (c Config) checkPlaces() (faults []error) {
	fault := func(format string, args ...any) { faults = append(faults, fmt.Errorf(format, args...)) }
	if !gateway.ValidKey(c.APIKey) {
		fault("api-key %q: want at most 128 printable characters without spaces", c.APIKey)
	}
	if _, port, err := net.SplitHostPort(c.Addr); err != nil || !validPort(port) {
		fault("addr %q: want HOST:PORT such as %s, with a port from 0 to 65535", c.Addr, DefaultAddr)
	}

	if c.PublicURL != "" {
		if err := checkPublicURL(c.PublicURL); err != nil {
			fault("public-url %q: %w", payment.MaskURL(c.PublicURL), err)
		}
	}
	if err := c.checkWebhook(); err != nil {
		faults = append(faults, err)
	}
	for _, origin := range c.PageFrameAncestors {
		if err := checkFrameAncestor(origin); err != nil {
			fault("page-frame-ancestors %q: %w", payment.MaskURL(origin), err)
		}
	}
	return faults
}

// checkWebhook says what is wrong with where webhooks go.
func (c Config) checkWebhook() error {
	if c.WebhookURL == "" && c.WebhookSecret == "" {
		return nil
	}
	if fault := payment.CheckCallback(c.WebhookURL); fault != "" {
		return fmt.Errorf("webhook-url %q: %s", payment.MaskURL(c.WebhookURL), fault)
	}
	if n := len(c.WebhookSecret); n == 0 || n > 256 {
		return fmt.Errorf("webhook-secret: want 1 to 256 bytes with webhook-url, got %d", n)
	}
	return nil
}

// checkNumbers says which numbers and durations cannot be.
func (c Config) checkNumbers() (faults []error) {
	notNegative := func(flag string, n int64, given any) {
		if n < 0 {
			faults = append(faults, fmt.Errorf("%s %v: must not be negative", flag, given))
		}
	}
	notNegative("link-lifetime", int64(c.LinkLifetime), c.LinkLifetime)
	notNegative("bank-patience", int64(c.BankPatience), c.BankPatience)
	notNegative("callback-timeout", int64(c.CallbackTimeout), c.CallbackTimeout)
	if c.CallbackTimeout > notify.MostTimeout {
		faults = append(faults, fmt.Errorf("callback-timeout %s: must be at most %s", c.CallbackTimeout, notify.MostTimeout))
	}
	notNegative("security-key-lifetime", int64(c.SecurityKeyLifetime), c.SecurityKeyLifetime)
	notNegative("webhook-secret-overlap", int64(c.WebhookSecretOverlap), c.WebhookSecretOverlap)
	notNegative("max-body", c.MaxBody, c.MaxBody)
	notNegative("max-connections", int64(c.MaxConnections), c.MaxConnections)
	notNegative("keep-checkouts", int64(c.KeepCheckouts), c.KeepCheckouts)
	notNegative("keep-merchants", int64(c.KeepMerchants), c.KeepMerchants)

	if l := c.RateLimit; l.Requests < 0 || l.Per < 0 || (l.Requests == 0) != (l.Per == 0) {
		faults = append(faults, fmt.Errorf("rate-limit: want how many requests in how long, got %d in %s", l.Requests, l.Per))
	}
	return faults
}

// checkChoices says which settings have a value that is none of those they can have.
func (c Config) checkChoices() (faults []error) {
	oneOf := func(flag, given, want string, known ...string) {
		if !slices.Contains(known, given) {
			faults = append(faults, fmt.Errorf("%s %q: want %s", flag, given, want))
		}
	}
	oneOf("payer", string(c.Payer), "page or auto", string(PayerPage), string(PayerAuto))
	oneOf("three-d-secure", string(c.ThreeDSecure), "card, always or never",
		string(payment.ThreeDSecureByCard), string(payment.ThreeDSecureAlways), string(payment.ThreeDSecureNever))
	oneOf("paid-amount", string(c.PaidAmount), "order or charged",
		string(payment.PaidAmountOrder), string(payment.PaidAmountCharged))
	oneOf("webhook-retry-time", string(c.WebhookRetryTime), "refresh or keep", string(WebhookRefresh), string(WebhookKeep))
	if _, err := time.LoadLocation(c.DayZone); err != nil || c.DayZone == "Local" {
		faults = append(faults, fmt.Errorf("day-zone %q: want a name of the tz database such as %s", c.DayZone,
			DefaultDayZone))
	}

	events := []string{"success", "failure", "cancel", "expiry"}
	for _, event := range c.CallbackOn {
		oneOf("callback-on", event, strings.Join(events, ", "), events...)
	}
	return faults
}

// checkToken keeps admin tokens from being short.
func (c Config) checkToken() error {
	if n := utf8.RuneCountInString(c.AdminToken.Reveal()); n > 0 && n < minToken {
		return fmt.Errorf("admin-token: want at least %d characters, got %d; none lets everybody in", minToken, n)
	}
	return nil
}

func validPort(port string) bool {
	n, err := strconv.Atoi(port)
	return err == nil && n >= 0 && n <= 65535
}

func (c Config) rules() gateway.Rules {
	announce := map[pos.Event]bool{}
	for _, event := range c.CallbackOn {
		announce[pos.Event(event)] = true
	}

	zone, _ := time.LoadLocation(c.DayZone) // Validate has read it
	return gateway.Rules{
		Rules: pos.Rules{
			LinkLifetime: c.LinkLifetime, ThreeDSecure: c.ThreeDSecure, BankPatience: c.BankPatience, PaidAmount: c.PaidAmount,
			RetryPayments: !c.NoRetryPay, RepeatedOrders: !c.NoRepeatOrder, AutoPay: c.Payer == PayerAuto, Scenario: c.Scenario,
			Announce: announce, Documented: notify.Documented(),
			DayZone: zone, WholeCapture: c.NoPartialCapture, SecurityKeyLifetime: c.SecurityKeyLifetime,
		},
		Keep: c.KeepCheckouts, KeepMerchants: c.KeepMerchants, RateLimit: gateway.RateLimit(c.RateLimit), Plan: *c.RetryPlan,
		Webhook: notify.Webhook{KeepTime: c.WebhookRetryTime == WebhookKeep, Overlap: c.WebhookSecretOverlap},
	}
}
