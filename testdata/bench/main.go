// Command bench measures the sandbox beside a bare net/http handler that only decodes and answers,
// in one run: validated creates a second, start-up time to the first 200, resident memory at rest.
//
//	go run ./testdata/bench
//
// It prints ratios, because the machine it runs on may be busy with other things. Both servers are
// processes of their own; the rounds alternate between them.
package main

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"time"
)

func main() {
	bare := flag.String("bare", "", "serve the bare handler on this address (the bench calls itself so)")
	rounds := flag.Int("rounds", 5, "how often each server is measured")
	seconds := flag.Float64("seconds", 2, "how long one round is")
	connections := flag.Int("connections", 8, "how many connections send creates")
	flag.Parse()
	if *bare != "" {
		exit(serveBare(*bare))
	}
	exit(run(*rounds, time.Duration(*seconds*float64(time.Second)), *connections))
}

func exit(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
	os.Exit(0)
}

// order is what the bare handler decodes.
type order struct {
	OrderID                string  `json:"orderId"`
	Amount                 float64 `json:"amount"`
	Currency               string  `json:"currency"`
	Description            string  `json:"description"`
	Callback               string  `json:"callback"`
	CustomerID             string  `json:"customerId"`
	MaxInstallmentCount    int     `json:"maxInstallmentCount"`
	InterestPaidByCustomer bool    `json:"interestPaidByCustomer"`
}

func serveBare(addr string) error {
	http.HandleFunc("POST /api/checkout", func(w http.ResponseWriter, r *http.Request) {
		var o order
		if err := json.NewDecoder(r.Body).Decode(&o); err != nil {
			http.Error(w, "bad request", http.StatusBadRequest)
			return
		}
		w.Header().Set("Content-Type", "application/json")
		_ = json.NewEncoder(w).Encode(map[string]string{
			"checkoutId":  "123e4567-e89b-12d3-a456-426614174000",
			"redirectUrl": "http://" + r.Host + "/checkout-link/123e4567-e89b-12d3-a456-426614174000",
		})
	})
	http.HandleFunc("GET /_mock/health", func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write([]byte("{}")) })
	return http.ListenAndServe(addr, nil) // ends with its process
}

// contestant is a server under measurement.
type contestant struct {
	name    string
	command []string
	addr    string
	perSec  []float64
	cpu     []float64 // microseconds of processor time a create
}

func run(rounds int, length time.Duration, connections int) error {
	dir, err := os.MkdirTemp("", "bench")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	sandbox := filepath.Join(dir, "payporter-mock")
	if out, err := exec.Command("go", "build", "-o", sandbox, "./cmd/payporter-mock").CombinedOutput(); err != nil {
		return fmt.Errorf("build: %w\n%s", err, out)
	}
	self, err := os.Executable()
	if err != nil {
		return err
	}
	both := []*contestant{
		{name: "bare net/http handler", command: []string{self, "-bare", "127.0.0.1:18931"}, addr: "127.0.0.1:18931"},
		{name: "payporter-mock serve", command: []string{sandbox, "serve", "--addr", "127.0.0.1:18932"}, addr: "127.0.0.1:18932"},
	}
	starts, rest, err := startups(both, 15)
	if err != nil {
		return err
	}
	if err := creates(both, rounds, length, connections); err != nil {
		return err
	}
	report(both, starts, rest)
	return nil
}

// startups measures the time from the start of each process to its first 200, and its memory then.
func startups(both []*contestant, times int) (starts []time.Duration, restKB []int, err error) {
	for _, c := range both {
		var took []time.Duration
		var memory []int
		for range times {
			p, ready, err := c.start()
			if err != nil {
				return nil, nil, err
			}
			took = append(took, ready)
			memory = append(memory, residentKB(p.Process.Pid))
			stop(p)
		}
		starts = append(starts, median(took))
		restKB = append(restKB, median(memory))
	}
	return starts, restKB, nil
}

func creates(both []*contestant, rounds int, length time.Duration, connections int) error {
	var running []*exec.Cmd
	defer func() {
		for _, p := range running {
			stop(p)
		}
	}()
	for _, c := range both {
		p, _, err := c.start()
		if err != nil {
			return err
		}
		running = append(running, p)
	}
	for round := range rounds + 1 {
		for i, c := range both {
			before := processorTime(running[i].Process.Pid)
			n, err := load(c.addr, length, connections)
			if err != nil {
				return fmt.Errorf("%s: %w", c.name, err)
			}
			if round > 0 { // the first warms up
				c.perSec = append(c.perSec, float64(n)/length.Seconds())
				spent := processorTime(running[i].Process.Pid) - before
				c.cpu = append(c.cpu, float64(spent.Microseconds())/float64(n))
			}
		}
	}
	return nil
}

// start runs the contestant's process and waits for its first 200.
func (c *contestant) start() (*exec.Cmd, time.Duration, error) {
	p := exec.Command(c.command[0], c.command[1:]...)
	begin := time.Now()
	if err := p.Start(); err != nil {
		return nil, 0, err
	}
	client := &http.Client{Transport: &http.Transport{DisableKeepAlives: true}}
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	defer cancel()
	for ctx.Err() == nil {
		req, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://"+c.addr+"/_mock/health", nil)
		if err != nil {
			return nil, 0, err
		}
		if res, err := client.Do(req); err == nil {
			_ = res.Body.Close()
			return p, time.Since(begin), nil
		}
		time.Sleep(200 * time.Microsecond)
	}
	stop(p)
	return nil, 0, fmt.Errorf("%s did not start", c.name)
}

func stop(p *exec.Cmd) {
	_ = p.Process.Kill()
	_ = p.Wait()
}

// residentKB is the resident memory of a process; zero where /proc does not say.
func residentKB(pid int) int {
	status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	if err != nil {
		return 0
	}
	for line := range splitLines(string(status)) {
		var kb int
		if n, _ := fmt.Sscanf(line, "VmRSS: %d kB", &kb); n == 1 {
			return kb
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

func median[T cmp.Ordered](values []T) T {
	slices.Sort(values)
	return values[len(values)/2]
}

func report(both []*contestant, starts []time.Duration, restKB []int) {
	fmt.Println("| server | creates a second | processor time a create | start to first 200 | resident at rest |")
	fmt.Println("|---|---:|---:|---:|---:|")
	for i, c := range both {
		fmt.Printf("| %s | %.0f | %.1f µs | %.1f ms | %.1f MB |\n", c.name, median(c.perSec), median(c.cpu),
			float64(starts[i].Microseconds())/1000, float64(restKB[i])/1024)
	}
	fmt.Printf("\nMedians. Validated creates: %.2f of the bare handler (aim: 0.60).\n", median(both[1].perSec)/median(both[0].perSec))
}
