package provider

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"time"

	"github.com/payporter-mock/payporter-mock/contract/openapi"
	"github.com/payporter-mock/payporter-mock/contract/report"
)

// run is one run against one server.
type run struct {
	Config
	ctx        context.Context
	createOp   *openapi.Operation
	getOp      *openapi.Operation
	callbackOp *openapi.Callback
	wanted     func(Rule) bool
	client     *http.Client
	receiver   *receiver
	tag        string    // tells the orders of this run from those of others
	first      *exchange // the first create, which everything else is measured by
	firstOrder order
	fixtures   fixtures
	mask       masker

	mu     sync.Mutex // guards all below
	sent   int
	orders int
	log    []*exchange
	silent int              // requests in a row that got no answer
	paying map[string]*made // by the name of their orders
}

// probe is what one check has at hand.
type probe struct {
	*run
	ctx context.Context
}

func newRun(ctx context.Context, c Config, document *openapi.Document) (*run, error) {
	create, found := document.Operation("createCheckout")
	get, foundToo := document.Operation("getCheckout")
	callback, foundThree := document.Callback("paymentProcessed")
	if !found || !foundToo || !foundThree {
		return nil, errors.New("openapi.yaml lacks createCheckout, getCheckout or paymentProcessed")
	}
	wanted, err := selection(c.Rules)
	if err != nil {
		return nil, err
	}
	r := &run{
		Config: c, ctx: ctx, createOp: create, getOp: get, callbackOp: callback, wanted: wanted,
		client: newClient(), paying: make(map[string]*made), tag: strings.ToLower(rand.Text()[:8]),
	}
	if r.Sandbox && r.OtherKey == "" {
		r.OtherKey, r.OtherPass = "test_other_"+r.tag, "secret_"+rand.Text()
	}
	r.mask = newMasker(r.APIKey, r.APISecret, r.OtherKey, r.OtherPass, r.AdminToken)
	if r.receiver, err = listen(c.Listen, c.CallbackURL); err != nil {
		return nil, err
	}
	r.receiver.arrived = r.calledBack
	return r, nil
}

// newClient talks to the server itself: no proxy, no redirects, connections closed by close.
func newClient() *http.Client {
	transport := &http.Transport{Proxy: nil, ExpectContinueTimeout: time.Second, DisableCompression: true, MaxIdleConnsPerHost: creators}
	return &http.Client{Transport: transport, CheckRedirect: noRedirects}
}

func (r *run) close() {
	r.receiver.close()
	r.client.CloseIdleConnections()
}

// mostSilent is how many requests in a row may get no answer before the server counts as gone.
const mostSilent = 4

// judge answers what became of a rule. An error ends the run.
func (r *run) judge(rule Rule) (report.Rule, error) {
	started := time.Now()
	found := finding{result: report.Skipped, seen: "it was not asked for"}
	if r.wanted(rule) {
		found = rule.check(&probe{run: r, ctx: r.ctx})
	}
	if err := r.ctx.Err(); err != nil {
		return report.Rule{}, fmt.Errorf("broken off at %s: %w", rule.ID, err)
	}
	r.mu.Lock()
	gone := r.silent >= mostSilent
	r.mu.Unlock()
	if gone {
		return report.Rule{}, &Unreachable{BaseURL: r.BaseURL, Err: fmt.Errorf("it stopped answering at %s, %s", rule.ID, strings.ToLower(rule.Title))}
	}
	judged := report.Rule{
		ID: rule.ID, Family: rule.Family, Title: rule.Title, Severity: rule.Severity, Source: rule.Source,
		Result: found.result, Expected: rule.Expected, Seen: r.mask.text(found.seen), Advice: rule.Advice,
		Exchanges: r.exchanges(found.shows), Seconds: time.Since(started).Seconds(),
	}
	if r.Progress != nil && found.result != report.Skipped {
		r.Progress(judged)
	}
	return judged, nil
}
