package main

import (
	"encoding/json"
	"fmt"
	"net"
	"net/http"
	"slices"
	"strconv"
	"sync"
	"sync/atomic"
	"time"
)

// hookAddr is where webhooks are sent.
const hookAddr = "127.0.0.1:18939"

const hookURL = "http://" + hookAddr + "/webhook"

// payments measures direct payments, so many under way at once: each is over when its webhook has come.
func payments(all []*contestant, p plan) error {
	hook, err := openHook()
	if err != nil {
		return err
	}
	defer hook.close()

	command := func(c *contestant) []string {
		if c.telling == nil {
			return nil
		}
		return slices.Concat(c.command, c.telling)
	}
	return rounds(all, p.rounds, command, func(c *contestant, pid int, counts bool) error {
		s := openShop(c.addr)
		defer s.close()
		before := processorTime(pid)
		n, err := many(p, func(flow string) error { return s.pay(flow, hook) })
		if err != nil || !counts {
			return err
		}
		c.pays = append(c.pays, float64(n)/p.length.Seconds())
		c.payCPU = append(c.payCPU, perOne(processorTime(pid)-before, n))
		return nil
	})
}

// hook takes the webhooks of all servers.
type hook struct {
	server  *http.Server
	waiting sync.Map // order -> chan struct{}
}

func openHook() (*hook, error) {
	listener, err := net.Listen("tcp", hookAddr)
	if err != nil {
		return nil, err
	}
	h := &hook{}
	h.server = &http.Server{Handler: http.HandlerFunc(h.take)}
	go func() { _ = h.server.Serve(listener) }() // until close
	return h, nil
}

func (h *hook) close() { _ = h.server.Close() }

func (h *hook) take(w http.ResponseWriter, r *http.Request) {
	var payment struct{ OrderID, Status string }
	if err := json.NewDecoder(r.Body).Decode(&payment); err != nil || payment.Status != "SUCCESS" {
		http.Error(w, "not a payment that succeeded", http.StatusBadRequest)
		return
	}
	w.WriteHeader(http.StatusOK)
	if come, ok := h.waiting.LoadAndDelete(payment.OrderID); ok {
		close(come.(chan struct{}))
	}
}

// pay is one payment, from the request until its webhook has come.
func (s *shop) pay(flow string, h *hook) error {
	come := make(chan struct{})
	h.waiting.Store("PAY-"+flow, come)
	body := `{"orderId":"PAY-` + flow + `","amount":100.50,"currency":"TRY","cardHolderName":"AYSE YILMAZ","pan":"5421190122090656",` +
		`"expiryMonth":"04","expiryYear":"48","cvv":"916","requestIp":"203.0.113.7","requestPort":49152}`
	if err := s.post("/api/payment", body); err != nil {
		return err
	}

	select {
	case <-come:
		return nil
	case <-time.After(10 * time.Second):
		return fmt.Errorf("no webhook came for payment %s", flow)
	}
}

// number is that of the next flow.
var number atomic.Int64

// many runs flows for the length of a round, so many at once as the plan says, and answers how many there were.
func many(p plan, flow func(number string) error) (int, error) {
	deadline := time.Now().Add(p.length)
	counts, faults := make([]int, p.flows), make([]error, p.flows)
	var done sync.WaitGroup
	for i := range p.flows {
		done.Go(func() {
			for time.Now().Before(deadline) && faults[i] == nil {
				faults[i] = flow(strconv.FormatInt(number.Add(1), 10))
				counts[i]++
			}
		})
	}
	done.Wait()

	total := 0
	for i, fault := range faults {
		if fault != nil {
			return 0, fault
		}
		total += counts[i]
	}
	return total, nil
}
