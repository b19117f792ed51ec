package main

import (
	"bytes"
	"context"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"strings"
	"time"
)

// contestant is a server under measurement.
type contestant struct {
	name    string
	command []string
	addr    string
	paying  []string // what to start it with so that checkouts are paid by themselves; nil: it cannot
	telling []string // what to start it with so that webhooks are sent; nil: it cannot
	slow    bool     // its start takes seconds

	starts  []time.Duration
	rest    []float64 // megabytes
	perSec  []float64 // creates
	cpu     []float64 // microseconds of processor time a create
	flows   []float64 // a second
	flowCPU []float64 // microseconds of processor time a flow
	pays    []float64 // direct payments a second
	payCPU  []float64 // microseconds of processor time a direct payment
}

// startups measures the time from the start of the process to its first 200, and its memory at rest.
func (c *contestant) startups(times int) error {
	if c.slow {
		times = 3
	}
	for range times {
		p, ready, err := start(c.command, c.addr)
		if err != nil {
			return err
		}
		c.starts = append(c.starts, ready)
		time.Sleep(time.Second) // to come to rest
		c.rest = append(c.rest, residentMB(p.Process.Pid))
		stop(p)
	}
	return nil
}

// start runs a server's process and waits for its first 200.
func start(command []string, addr string) (*exec.Cmd, time.Duration, error) {
	p := exec.Command(command[0], command[1:]...)
	begin := time.Now()
	if err := p.Start(); err != nil {
		return nil, 0, err
	}
	ctx, cancel := context.WithTimeout(context.Background(), 20*time.Second)
	defer cancel()
	for ctx.Err() == nil {
		if answers(ctx, addr) {
			return p, time.Since(begin), nil
		}
		time.Sleep(200 * time.Microsecond)
	}
	stop(p)
	return nil, 0, fmt.Errorf("%s did not start", command)
}

// answers reports whether the server answers a create with 200.
func answers(ctx context.Context, addr string) bool {
	body := `{"orderId":"ORD-1","amount":100.50,"currency":"TRY","callback":"http://127.0.0.1:9/payment-callback"}`
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, "http://"+addr+"/api/checkout", strings.NewReader(body))
	if err != nil {
		return false
	}
	req.Header.Set("Content-Type", "application/json")
	authenticate(req)
	client := &http.Client{Transport: &http.Transport{DisableKeepAlives: true}}
	res, err := client.Do(req)
	if err != nil {
		return false
	}
	_ = res.Body.Close()
	return res.StatusCode == http.StatusOK
}

func authenticate(r *http.Request) {
	r.Header.Set("X-API-KEY", "test_key")
	r.Header.Set("X-API-SECRET", "test_secret")
}

func stop(p *exec.Cmd) {
	_ = p.Process.Kill()
	_ = p.Wait()
}

// rounds starts every contestant for which there is a command and measures them in turn; the first round warms up.
func rounds(all []*contestant, n int, command func(*contestant) []string, measure func(c *contestant, pid int, counts bool) error) error {
	var part []*contestant
	var running []*exec.Cmd
	defer func() {
		for _, p := range running {
			stop(p)
		}
	}()
	for _, c := range all {
		call := command(c)
		if call == nil {
			continue
		}
		p, _, err := start(call, c.addr)
		if err != nil {
			return err
		}
		part, running = append(part, c), append(running, p)
	}
	for round := range n + 1 {
		for i, c := range part {
			if err := measure(c, running[i].Process.Pid, round > 0); err != nil {
				return fmt.Errorf("%s: %w", c.name, err)
			}
		}
	}
	return nil
}

// residentMB is the resident memory of a process; zero where /proc does not say.
func residentMB(pid int) float64 {
	status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	if err != nil {
		return 0
	}
	for line := range strings.SplitSeq(string(status), "\n") {
		var kb int
		if n, _ := fmt.Sscanf(line, "VmRSS: %d kB", &kb); n == 1 {
			return float64(kb) / 1024
		}
	}
	return 0
}

// processorTime is what a process has used so far; zero where /proc does not say.
func processorTime(pid int) time.Duration {
	stat, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	if err != nil {
		return 0
	}
	fields := strings.Fields(string(stat[bytes.LastIndexByte(stat, ')')+1:]))
	var user, system int64
	if _, err := fmt.Sscan(fields[11]+" "+fields[12], &user, &system); err != nil {
		return 0
	}
	return time.Duration(user+system) * 10 * time.Millisecond // in ticks of 10 ms
}
