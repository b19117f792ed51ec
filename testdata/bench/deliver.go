package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"
)

// deliveries are what can be said of how a sandbox delivers.
type deliveries struct {
	pending       int
	taken         time.Duration // an advance of 48 h, after which all are taken
	refused       time.Duration // one in which none is
	attempts      int           // that the second makes
	usual, beside lateness      // without and with a receiver that hangs
}

// lateness is how long after their due time attempts began.
type lateness struct {
	n             int
	p50, p99, max time.Duration
}

const pendingRetries = 10_000

func measureDeliveries(sandbox *contestant) (d deliveries, err error) {
	p, _, err := start(sandbox.command, sandbox.addr)
	if err != nil {
		return d, err
	}
	defer stop(p)
	d.pending = pendingRetries
	if d.taken, _, err = advance(sandbox.addr, "test_taken", true); err != nil {
		return d, err
	}
	if d.refused, d.attempts, err = advance(sandbox.addr, "test_refused", false); err != nil {
		return d, err
	}
	if d.usual, err = late(sandbox.addr, "test_usual", false); err != nil {
		return d, err
	}
	d.beside, err = late(sandbox.addr, "test_beside", true)
	return d, err
}

// shopOf answers 500, or 200 once it is well, and counts.
type shopOf struct {
	well  atomic.Bool
	posts atomic.Int64
}

func (s *shopOf) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	_, _ = io.Copy(io.Discard, r.Body)
	s.posts.Add(1)
	if !s.well.Load() {
		w.WriteHeader(http.StatusInternalServerError)
	}
}

// advance has many callbacks refused, and measures how long 48 hours take, in which all are taken or none is.
func advance(addr, key string, well bool) (took time.Duration, attempts int, err error) {
	shop := &shopOf{}
	receiver := httptest.NewServer(shop)
	defer receiver.Close()
	if err := post(addr, key, "/_mock/clock", `{"freeze": true}`, nil); err != nil {
		return 0, 0, err
	}
	err = parallel(pendingRetries, 8, func(n int) error { return sell(addr, key, receiver.URL, n) })
	if err != nil {
		return 0, 0, err
	}
	before := shop.posts.Load()
	shop.well.Store(well)
	begin := time.Now()
	err = post(addr, key, "/_mock/clock", `{"advance": "48h"}`, nil)
	return time.Since(begin), int(shop.posts.Load() - before), err
}

// late measures how long after they are due first attempts begin, at two hundred payments a second, beside a receiver
// that hangs or not.
func late(addr, key string, hanging bool) (l lateness, err error) {
	shop := &shopOf{}
	shop.well.Store(true)
	receiver := httptest.NewServer(shop)
	defer receiver.Close()
	if hanging {
		over := make(chan struct{})
		dead := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
			_, _ = io.Copy(io.Discard, r.Body)
			select {
			case <-over:
			case <-r.Context().Done():
			}
		}))
		defer dead.Close()
		defer close(over)
		if err := parallel(500, 8, func(n int) error { return sell(addr, key, dead.URL, n) }); err != nil {
			return l, err
		}
	}
	const sold, perSecond = 2000, 200
	tick := time.NewTicker(time.Second / perSecond)
	defer tick.Stop()
	var selling sync.WaitGroup
	var fault atomic.Pointer[error]
	for n := range sold {
		<-tick.C
		selling.Go(func() {
			if err := sell(addr, key, receiver.URL, n); err != nil {
				fault.Store(&err)
			}
		})
	}
	selling.Wait()
	if at := fault.Load(); at != nil {
		return l, *at
	}
	return latenessOf(addr, key, receiver.URL, sold)
}

// latenessOf waits until all were told, and compares when they were with when they were due.
func latenessOf(addr, key, receiver string, n int) (lateness, error) {
	var all []time.Duration
	for begin := time.Now(); time.Since(begin) < 20*time.Second; time.Sleep(50 * time.Millisecond) {
		var found struct {
			Callbacks []struct {
				URL       string
				CreatedAt time.Time
				Attempts  []struct{ At time.Time }
			}
		}
		if err := call(http.MethodGet, addr, key, "/_mock/callbacks?limit=10000", "", &found); err != nil {
			return lateness{}, err
		}
		all = nil
		for _, c := range found.Callbacks {
			if c.URL == receiver && len(c.Attempts) > 0 {
				all = append(all, max(0, c.Attempts[0].At.Sub(c.CreatedAt)))
			}
		}
		if len(all) == n {
			slices.Sort(all)
			return lateness{n: n, p50: all[n/2], p99: all[n*99/100], max: all[n-1]}, nil
		}
	}
	return lateness{}, fmt.Errorf("%d of %d callbacks came", len(all), n)
}

// sell makes a checkout and has it paid.
func sell(addr, key, callback string, n int) error {
	var made struct{ CheckoutID string }
	order := fmt.Sprintf(`{"orderId": "ORD-%d", "amount": 100.50, "currency": "TRY", "callback": "%s"}`, n, callback)
	if err := post(addr, key, "/api/checkout", order, &made); err != nil {
		return err
	}
	return post(addr, key, "/_mock/checkouts/"+made.CheckoutID+"/pay", "", nil)
}

// parallel does n things, so many at once.
func parallel(n, at int, do func(n int) error) error {
	var next atomic.Int64
	var working sync.WaitGroup
	faults := make([]error, at)
	for i := range at {
		working.Go(func() {
			for k := int(next.Add(1)); k <= n && faults[i] == nil; k = int(next.Add(1)) {
				faults[i] = do(k)
			}
		})
	}
	working.Wait()
	for _, fault := range faults {
		if fault != nil {
			return fault
		}
	}
	return nil
}

func post(addr, key, path, body string, into any) error {
	return call(http.MethodPost, addr, key, path, body, into)
}

var caller = &http.Client{
	Timeout: 10 * time.Minute, Transport: &http.Transport{MaxIdleConnsPerHost: 64, DialContext: dialHere},
}

func call(method, addr, key, path, body string, into any) error {
	req, err := http.NewRequest(method, "http://"+addr+path, strings.NewReader(body))
	if err != nil {
		return err
	}
	req.Header.Set("X-API-KEY", key)
	req.Header.Set("X-API-SECRET", "secret")
	req.Header.Set("Content-Type", "application/json")
	res, err := caller.Do(req)
	if err != nil {
		return err
	}
	defer res.Body.Close()
	answer, err := io.ReadAll(res.Body)
	if err != nil {
		return err
	}
	if res.StatusCode != http.StatusOK {
		return fmt.Errorf("%s %s answered %d: %s", method, path, res.StatusCode, bytes.TrimSpace(answer))
	}
	if into == nil {
		return nil
	}
	return json.Unmarshal(answer, into)
}
