package client

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/payporter-mock/payporter-mock/contract/report"
	"github.com/payporter-mock/payporter-mock/internal/exchange"
)

// Entry is an entry of the sandbox's journal, as its control API tells it.
type Entry struct {
	Seq        uint64            `json:"seq"`
	Time       time.Time         `json:"time"`
	Kind       string            `json:"kind"`
	CheckoutID string            `json:"checkoutId"`
	OrderID    string            `json:"orderId"`
	PaymentID  string            `json:"paymentId"`
	Status     string            `json:"status"`
	Scenario   string            `json:"scenario"`
	Note       string            `json:"note"`
	Warnings   []string          `json:"warnings"`
	Request    *exchange.Message `json:"request"`
	Response   *exchange.Message `json:"response"`
	LatencyMS  float64           `json:"latencyMs"`
	Error      string            `json:"error"`
}

// Merchant is what one API key did.
type Merchant struct {
	Key       string
	Entries   []Entry               // in order, across resets
	Forgotten uint64                // how many older entries the journal had no room for
	Coverage  []report.CoverageItem // added up across resets
}

// Record is what a client did to a sandbox.
type Record struct {
	Merchants []Merchant
	Evicted   uint64  // how many merchants were forgotten to make room for new keys, with all they did
	Strangers []Entry // requests that no merchant's key came with
	Forgotten uint64  // how many older requests of strangers there was no room for
}

// Observer reads the record of a sandbox over its control API. It is safe for concurrent use.
type Observer struct {
	base   string
	client *http.Client

	mu        sync.Mutex // guards all below
	merchants map[string]*Merchant
	faults    []error // what went wrong where nobody could be told
}

// Observe makes an observer of the sandbox at base, which must not want an admin token.
func Observe(base string) *Observer {
	return &Observer{
		base:      strings.TrimRight(base, "/"),
		client:    &http.Client{Timeout: time.Minute, Transport: &http.Transport{Proxy: nil, DisableKeepAlives: true}},
		merchants: map[string]*Merchant{},
	}
}

// BeforeReset keeps what a merchant has done so far. It is for mock.Config.BeforeReset: what goes
// wrong is told by Record.
func (o *Observer) BeforeReset(merchant string) {
	if err := o.keep(context.Background(), merchant); err != nil {
		o.mu.Lock()
		defer o.mu.Unlock()
		o.faults = append(o.faults, err)
	}
}

// Record reads what every merchant has done, and what nobody's key came with.
func (o *Observer) Record(ctx context.Context) (Record, error) {
	var known struct {
		Merchants []string `json:"merchants"`
		Forgotten uint64   `json:"forgotten"`
	}
	if err := o.read(ctx, "/_mock/merchants", nil, &known); err != nil {
		return Record{}, err
	}

	for _, key := range known.Merchants {
		if err := o.keep(ctx, key); err != nil {
			return Record{}, err
		}
	}

	strangers, forgotten, err := o.entries(ctx, "/_mock/strangers", url.Values{})
	if err != nil {
		return Record{}, err
	}
	o.mu.Lock()
	defer o.mu.Unlock()
	r := Record{Evicted: known.Forgotten, Strangers: strangers, Forgotten: forgotten}
	for _, key := range known.Merchants {
		r.Merchants = append(r.Merchants, *o.merchants[key])
	}

	return r, errors.Join(o.faults...)
}

// keep adds what a merchant has done since its last reset.
func (o *Observer) keep(ctx context.Context, key string) error {
	whose := url.Values{"merchant": {key}}
	entries, forgotten, err := o.entries(ctx, "/_mock/journal", whose)
	if err != nil {
		return err
	}

	var covered struct {
		Items []report.CoverageItem `json:"items"`
	}
	if err := o.read(ctx, "/_mock/coverage", whose, &covered); err != nil {
		return err
	}

	o.mu.Lock()
	defer o.mu.Unlock()
	m := o.merchants[key]
	if m == nil {
		m = &Merchant{Key: key}
		o.merchants[key] = m
	}

	m.Entries, m.Forgotten = append(m.Entries, entries...), m.Forgotten+forgotten
	m.Coverage = added(m.Coverage, covered.Items)
	return nil
}

// pageSize is as much as the journal gives at once.
const pageSize = 10_000

// entries reads a journal to its end, and says how many entries it had forgotten.
func (o *Observer) entries(ctx context.Context, path string, query url.Values) (all []Entry, forgotten uint64,
	err error,
) {
	query, after := maps.Clone(query), uint64(0)
	for {
		query.Set("limit", strconv.Itoa(pageSize))
		query.Set("after", strconv.FormatUint(after, 10))
		var page struct {
			Entries []Entry `json:"entries"`
			Next    uint64  `json:"next"`
		}
		if err := o.read(ctx, path, query, &page); err != nil {
			return nil, 0, err
		}
		if len(page.Entries) > 0 {
			forgotten += page.Entries[0].Seq - after - 1
		}
		all, after = append(all, page.Entries...), page.Next
		if len(page.Entries) < pageSize {
			return all, forgotten, nil
		}
	}
}

func (o *Observer) read(ctx context.Context, path string, query url.Values, into any) error {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, o.base+path+"?"+query.Encode(), nil)
	if err != nil {
		return err
	}

	res, err := o.client.Do(req)
	if err != nil {
		return fmt.Errorf("read %s: %w", path, err)
	}
	defer res.Body.Close()
	if res.StatusCode != http.StatusOK {
		return fmt.Errorf("read %s: the sandbox answered %d", path, res.StatusCode)
	}
	if err := json.NewDecoder(res.Body).Decode(into); err != nil {
		return fmt.Errorf("read %s: %w", path, err)
	}

	return nil
}
