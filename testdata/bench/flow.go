package main

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"time"
)

// shop is a receiver as PayPorter's page shows it: it takes the callback, asks by GET, and then answers 200.
type shop struct {
	addr    string // of the server that it asks
	client  *http.Client
	server  *httptest.Server
	waiting sync.Map // number of a flow -> chan error
}

func openShop(addr string) *shop {
	s := &shop{addr: addr, client: &http.Client{
		Timeout:   5 * time.Second,
		Transport: &http.Transport{MaxIdleConnsPerHost: 64, DialContext: dialHere},
	}}
	s.server = httptest.NewServer(http.HandlerFunc(s.callback))
	return s
}

func (s *shop) close() {
	s.server.Close()
	s.client.CloseIdleConnections()
}

func (s *shop) callback(w http.ResponseWriter, r *http.Request) {
	err := s.verify(r.FormValue("checkoutId"))
	w.WriteHeader(http.StatusOK)
	if flow, ok := s.waiting.LoadAndDelete(r.URL.Query().Get("flow")); ok {
		flow.(chan error) <- err
	}
}

func (s *shop) verify(id string) error {
	req, err := http.NewRequest(http.MethodGet, "http://"+s.addr+"/api/checkout/"+id, nil)
	if err != nil {
		return err
	}
	authenticate(req)
	return s.exchange(req, func(answer []byte) error {
		var payment struct{ Status string }
		if err := json.Unmarshal(answer, &payment); err != nil || payment.Status != "SUCCESS" {
			return fmt.Errorf("the payment is %q, want SUCCESS (%v)", payment.Status, err)
		}
		return nil
	})
}

func (s *shop) exchange(req *http.Request, check func(answer []byte) error) error {
	res, err := s.client.Do(req)
	if err != nil {
		return err
	}
	defer res.Body.Close()
	answer, err := io.ReadAll(res.Body)
	if err != nil {
		return err
	}
	if res.StatusCode != http.StatusOK {
		return fmt.Errorf("%s %s answered %d: %s", req.Method, req.URL.Path, res.StatusCode, answer)
	}
	return check(answer)
}

// post sends a body to the server, and wants a 200.
func (s *shop) post(path, body string) error {
	req, err := http.NewRequest(http.MethodPost, "http://"+s.addr+path, strings.NewReader(body))
	if err != nil {
		return err
	}
	req.Header.Set("Content-Type", "application/json")
	authenticate(req)
	return s.exchange(req, func([]byte) error { return nil })
}

// order is one whole flow, from the create until the shop has seen that it is paid.
func (s *shop) order(flow string) error {
	seen := make(chan error, 1)
	s.waiting.Store(flow, seen)
	body := `{"orderId":"ORD-` + flow + `","amount":100.50,"currency":"TRY","description":"Product purchase","callback":"` +
		s.server.URL + `/payment-callback?flow=` + flow + `","maxInstallmentCount":6,"interestPaidByCustomer":true}`
	if err := s.post("/api/checkout", body); err != nil {
		return err
	}

	select {
	case err := <-seen:
		return err
	case <-time.After(10 * time.Second):
		return fmt.Errorf("no callback came for flow %s", flow)
	}
}

// flows measures whole flows, so many under way at once.
func flows(all []*contestant, p plan) error {
	command := func(c *contestant) []string {
		if c.paying == nil {
			return nil
		}
		return slices.Concat(c.command, c.paying)
	}
	return rounds(all, p.rounds, command, func(c *contestant, pid int, counts bool) error {
		s := openShop(c.addr)
		defer s.close()
		before := processorTime(pid)
		n, err := many(p, s.order)
		if err != nil || !counts {
			return err
		}
		c.flows = append(c.flows, float64(n)/p.length.Seconds())
		c.flowCPU = append(c.flowCPU, perOne(processorTime(pid)-before, n))
		return nil
	})
}
