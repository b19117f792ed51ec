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

	"github.com/payporter-mock/payporter-mock/contract/report"
	"github.com/payporter-mock/payporter-mock/internal/exchange"
	"github.com/payporter-mock/payporter-mock/internal/openapi"
	"github.com/payporter-mock/payporter-mock/payment"
)

// run is one run against one server.
type run struct {
	Config
	ctx        context.Context
	operations []*openapi.Operation // all that the document names
	createOp   *openapi.Operation
	getOp      *openapi.Operation
	callbackOp *openapi.Callback
	wanted     func(row) bool
	client     *http.Client
	receiver   *receiver
	tag        string // tells the orders of this run from those of others
	first      *call  // the first create, which everything else is measured by
	firstOrder order

	unanswered   *call // a first create that got no whole answer; nil: it got one
	paysByItself bool  // nobody's checkout is unpaid

	ledger

	fixtures  fixtures
	announced bool // webhooks go to the run's own address

	answers map[string]answer // to what is asked of payments, by the names of their sources
	waited  map[string]bool   // which webhooks have been waited for
	mask    exchange.Masker

	mu     sync.Mutex // guards all below
	orders int
	paying map[string]*made // by the name of their orders
}

// probe is what one check has at hand.
type probe struct {
	run  *run
	ctx  context.Context
	made checkouts
}

func newProbe(r *run) *probe { return &probe{run: r, ctx: r.ctx, made: checkouts{run: r, ctx: r.ctx}} }

func newRun(ctx context.Context, c Config, document *openapi.Document) (*run, error) {
	create, found := document.Operation(openapi.CreateCheckout)
	get, foundToo := document.Operation(openapi.GetCheckout)
	callback, foundThree := document.Callback("paymentProcessed")
	if !found || !foundToo || !foundThree {
		return nil, errors.New("openapi.yaml lacks createCheckout, getCheckout or paymentProcessed")
	}

	wanted, err := selection(c.Rules)
	if err != nil {
		return nil, err
	}

	r := &run{
		Config: c, ctx: ctx, wanted: wanted, client: newClient(), tag: strings.ToLower(rand.Text()[:8]),
		operations: document.Operations(), createOp: create, getOp: get, callbackOp: callback,
		paying: make(map[string]*made), answers: make(map[string]answer), waited: make(map[string]bool),
	}
	if r.Sandbox && r.OtherKey == "" {
		r.OtherKey, r.OtherSecret = "test_other_"+r.tag, "secret_"+rand.Text()
	}

	var secrets []payment.Secret
	for _, text := range []string{r.APIKey, r.APISecret, r.OtherKey, r.OtherSecret, r.AdminToken} {
		secrets = append(secrets, payment.Secret(text))
	}

	r.mask = exchange.NewMasker(secrets...)
	if r.receiver, err = listen(c.Listen, c.CallbackURL); err != nil {
		return nil, err
	}
	r.receiver.arrived = r.calledBack
	return r, nil
}

// newClient talks to the server itself: no proxy, no redirects, connections closed by close.
func newClient() *http.Client {
	transport := &http.Transport{
		Proxy: nil, ExpectContinueTimeout: time.Second, DisableCompression: true,
		MaxIdleConnsPerHost: creators,
	}
	return &http.Client{Transport: transport, CheckRedirect: noRedirects}
}

func (r *run) close() {
	if r.announced { // its address is gone from here on
		c := payments{run: r, ctx: r.ctx}
		_ = c.control("an end of webhooks", http.MethodDelete, "/_mock/webhook", nil) // the run is over, whatever it says
	}
	r.receiver.close()
	r.client.CloseIdleConnections()
}

// judge answers what became of a rule.
func (r *run) judge(ctx context.Context, of row) report.Rule {
	started, denied := time.Now(), r.denials()
	found := of.Judge(newProbe(r))
	if r.denials() > denied {
		found = unjudged("the server asked for more patience than this run has: at most %d requests, each made again at "+
			"most %d times", MostRequests, mostWaits).by(found.shows...)
	}

	found.Seen = r.mask.Text(found.Seen)
	judged := of.Report(found.Verdict)
	judged.Exchanges, judged.Seconds = r.exchanges(found.shows), time.Since(started).Seconds()
	return judged
}

// stopped says why the run cannot go on after this rule.
func (r *run) stopped(at row) error {
	gone := r.isGone()
	switch err := r.ctx.Err(); {
	case err != nil:
		return fmt.Errorf("broken off at %s: %w", at.ID, err)
	case gone:
		return &Unreachable{BaseURL: r.BaseURL, Err: fmt.Errorf("it stopped answering at %s, %q", at.ID, at.Title)}
	}
	return nil
}
