// Package provider judges a server that claims to be PayPorter, over the network: every fact about the hosted checkout
// that PayPorter documents is a rule, and every fact that this project assumes is one of lower severity.
//
// It owns the rules of that side of the contract, the requests that they make and the receiver of the callbacks that
// they cause. It talks to the base URL it is given and to nobody else, one request after the other save where a rule
// is about concurrency, and makes at most MostRequests of them.
package provider

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/payporter-mock/payporter-mock/contract/report"
	"github.com/payporter-mock/payporter-mock/contract/rule"
	"github.com/payporter-mock/payporter-mock/internal/openapi"
	"github.com/payporter-mock/payporter-mock/payment"
)

// MostRequests bounds what one run sends to the server, the checks of other people's sandboxes among it.
const MostRequests = 400

// Defaults of Config.
const (
	DefaultTimeout = 10 * time.Second
	DefaultListen  = "127.0.0.1:0"
)

// Config is whom to judge and by what means.
type Config struct {
	BaseURL               string // http or https, what comes before /api/checkout
	APIKey, APISecret     string
	OtherKey, OtherSecret string // a second merchant; without it isolation cannot be judged

	// Pay pays a checkout as a customer does; nil: what needs a paid checkout cannot be judged.
	Pay PayHook
	// Sandbox says that the server is payporter-mock: checkouts are paid through its control API, a second merchant
	// needs no set-up, and faults that no polite request causes are ordered from its scenarios.
	Sandbox    bool
	AdminToken string // what the control API wants, if anything

	Listen      string // where callbacks are received; default 127.0.0.1:0
	CallbackURL string // what is announced instead: a public address that leads there

	RetryTime     RetryTime     // of webhooks that are sent again; default Refresh
	RetriesWithin time.Duration // how long after the event they are waited for, by the server's time; default 2m

	Rules    []string            // ids and families; empty: all
	Timeout  time.Duration       // how long to wait for one answer; default 10s
	Patience time.Duration       // how long to wait for one callback; default as long as Timeout
	FailOn   report.Severity     // the least severity that fails the run; default major
	Strict   bool                // fail also when a rule of that severity could not be judged
	Tool     string              // name and version of who judges, for the report
	Progress rule.Progress       // told of every rule; nil: nobody
	Waiting  func(time.Duration) // told when the server asks for patience (429); nil: nobody
}

// Unreachable is the error of a run that the server did not answer.
type Unreachable struct {
	BaseURL string
	Err     error
}

func (u *Unreachable) Error() string {
	return fmt.Sprintf("the server at %s does not answer: %v", u.BaseURL, u.Err)
}

func (u *Unreachable) Unwrap() error { return u.Err }

// Judgement is a report and what it cost.
type Judgement struct {
	report.Report
	Requests int // sent to the server
}

// Run judges the server. The report has every rule of the table; those not asked for are skipped. A server that does
// not answer, or that stops answering, is an *Unreachable.
func Run(ctx context.Context, c Config) (Judgement, error) {
	c = c.withDefaults()
	if err := c.Validate(); err != nil {
		return Judgement{}, err
	}

	r, err := newRun(ctx, c, openapi.Ours())
	if err != nil {
		return Judgement{}, err
	}
	defer r.close()

	started := time.Now()
	if err := r.greet(); err != nil {
		return Judgement{}, err
	}

	judged := report.Report{
		Kind: report.Provider, Tool: c.Tool, Target: c.BaseURL, StartedAt: started.UTC().Truncate(time.Second),
		Secrets: []payment.Secret{payment.Secret(r.APISecret), payment.Secret(r.OtherSecret), payment.Secret(r.AdminToken)},
	}
	if judged.Rules, err = r.judgeAll(ctx); err != nil {
		return Judgement{}, err
	}

	judged.Coverage = r.coverage()
	judged.Seconds = time.Since(started).Seconds()
	judged.Conclude(c.FailOn)
	r.qualify(&judged)
	return Judgement{Report: judged, Requests: r.sent}, nil
}

// judgeAll judges every rule that is asked for. An error ends it.
func (r *run) judgeAll(ctx context.Context) (rules []report.Rule, ended error) {
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	judge := func(ctx context.Context, of row) report.Rule {
		judged := r.judge(ctx, of)
		if ended = r.stopped(of); ended != nil {
			stop()
		}
		return judged
	}

	return rule.Run[check]{Table: table(), Chosen: r.wanted, Judge: judge, Progress: r.Progress}.All(ctx), ended
}

func (c Config) withDefaults() Config {
	c.BaseURL = strings.TrimRight(c.BaseURL, "/")
	if c.Timeout == 0 {
		c.Timeout = DefaultTimeout
	}
	if c.Patience == 0 {
		c.Patience = c.Timeout
	}
	if c.RetryTime == "" {
		c.RetryTime = Refresh
	}
	if c.RetriesWithin == 0 {
		c.RetriesWithin = DefaultRetriesWithin
	}
	if c.Listen == "" {
		c.Listen = DefaultListen
	}
	if c.Progress == nil {
		c.Progress = rule.Silent{}
	}
	if c.Sandbox && c.Pay == nil {
		c.Pay = ControlHook(c.BaseURL, c.APIKey, c.AdminToken)
	}

	return c
}

// Validate reports everything that is wrong with the config at once, in the words of the flags.
func (c Config) Validate() error {
	var faults []error
	fault := func(format string, args ...any) { faults = append(faults, fmt.Errorf(format, args...)) }
	if !absolute(c.BaseURL) {
		fault("base-url %q: want an absolute http or https URL such as https://sandbox.example.com", c.BaseURL)
	}
	if c.APIKey == "" || c.APISecret == "" {
		fault("api-key and api-secret: both are wanted")
	}
	if (c.OtherKey == "") != (c.OtherSecret == "") {
		fault("other-api-key and other-api-secret: want both or neither")
	}
	if c.OtherKey != "" && c.OtherKey == c.APIKey {
		fault("other-api-key: must be another merchant's than api-key")
	}
	if c.CallbackURL != "" && !absolute(c.CallbackURL) {
		fault("callback-url %q: want an absolute http or https URL that leads to --listen", c.CallbackURL)
	}
	if c.Listen != "" {
		if _, _, err := net.SplitHostPort(c.Listen); err != nil {
			fault("listen %q: want HOST:PORT such as 127.0.0.1:0", c.Listen)
		}
	}
	if c.Timeout < 0 {
		fault("timeout %s: must be greater than 0", c.Timeout)
	}

	if c.RetriesWithin < 0 {
		fault("webhook-retries-within %s: must be greater than 0", c.RetriesWithin)
	}
	if c.RetryTime != "" && c.RetryTime != Refresh && c.RetryTime != Keep {
		fault("webhook-retry-time %q: want refresh or keep", c.RetryTime)
	}

	_, err := selection(c.Rules)
	return errors.Join(append(faults, err)...)
}

func absolute(s string) bool {
	u, err := url.Parse(s)
	return err == nil && (u.Scheme == "http" || u.Scheme == "https") && u.Host != "" && u.User == nil &&
		u.RawQuery == "" && u.Fragment == ""
}

// mostGreetings is how often the first create is made while it gets no whole answer: a server that has just started
// may be slow once.
const mostGreetings = 3

// greet creates the checkout that everything else is measured by, and learns whether the server is there at all. An
// answer that is cut off or does not come is kept as a finding, and the create is made again.
func (r *run) greet() error {
	for range mostGreetings {
		r.firstOrder = r.order()
		r.first = r.create(r.ctx, "the first create", r.firstOrder)
		if r.first.err == nil || neverReached(r.first.err) {
			break
		}
		if r.unanswered == nil {
			r.unanswered = r.first
		}
	}

	if err := r.first.err; err != nil && !r.first.begun {
		return &Unreachable{BaseURL: r.BaseURL, Err: plainError(err)}
	}
	r.paysByItself = r.isPaidByNobody()
	return nil
}

// neverReached reports whether there was no connection: nothing comes of trying again.
func neverReached(err error) bool {
	var dial *net.OpError
	var untrusted *tls.CertificateVerificationError
	return errors.As(err, &dial) && dial.Op == "dial" || errors.As(err, &untrusted) || errors.Is(err, context.Canceled)
}

// soonPaid is how soon a server that pays by itself calls back.
const soonPaid = 300 * time.Millisecond

// isPaidByNobody reports whether the server calls back and says that the first checkout is paid, as a sandbox does
// that pays by itself. One that merely says so is wrong, and rules are about it.
func (r *run) isPaidByNobody() bool {
	id := r.first.text("checkoutId")
	if r.first.err != nil || id == "" || id != url.PathEscape(id) {
		return false
	}
	r.receiver.await(r.ctx, r.firstOrder.name(), soonPaid)
	if len(r.receiver.received(r.firstOrder.name())) == 0 {
		return false
	}
	return counts(r.read(r.ctx, "status before payment", id).text("status"))
}

// Why rules cannot be judged for want of somebody who pays, or of nobody who does.
const (
	needsPayer  = "it needs a paid checkout"
	paidAtOnce  = "the server pays every checkout by itself, as serve --payer auto does: start it with --payer page"
	nobodysPaid = "nobody paid, so nothing about paid checkouts is proven: name a --pay-hook"
)

// qualify says in the verdict what a good one does not prove, and fails one that should have proven more.
func (r *run) qualify(judged *report.Report) {
	if r.paysByItself {
		judged.Verdict, judged.Reason = report.NotOK, paidAtOnce
		return
	}

	forWantOfPay := slices.ContainsFunc(judged.Rules, func(of report.Rule) bool {
		return of.Result == report.NotEvaluable && strings.HasPrefix(of.Seen, needsPayer)
	})
	if r.Strict {
		judged.FailUnjudged(judged.FailOn)
	}
	if forWantOfPay {
		judged.Caveat = nobodysPaid
		judged.Reason += "; " + nobodysPaid
	}
}

// noRedirects leaves a redirect to whoever judges it: following one could lead elsewhere.
func noRedirects(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
