package shop

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/http/httptrace"
	"net/url"
	"os"
	"os/exec"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"time"

	"github.com/payporter-mock/payporter-mock/internal/exchange"
)

// process is a shop that the harness started.
type process struct {
	cmd   *exec.Cmd
	said  *lastWords
	ended chan struct{} // closed when it has ended
}

// lastWords keeps the end of what a shop writes, for a person who wants to know why it does not start.
type lastWords struct {
	mu   sync.Mutex
	text []byte
}

const keptWords = 4 << 10

func (w *lastWords) Write(p []byte) (int, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.text = append(w.text, p...)
	if over := len(w.text) - keptWords; over > 0 {
		w.text = bytes.Clone(w.text[over:])
	}
	return len(p), nil
}

func (w *lastWords) String() string {
	w.mu.Lock()
	defer w.mu.Unlock()
	return strings.TrimSpace(string(w.text))
}

// startProcess runs the command. What it writes goes to log as well; nil: nowhere else.
func startProcess(s Shop, env []string, log io.Writer) (*process, error) {
	p := &process{said: &lastWords{}, ended: make(chan struct{})}
	p.cmd = exec.Command(s.Command[0], s.Command[1:]...)
	p.cmd.Dir, p.cmd.Env = s.Dir, env
	var out io.Writer = p.said
	if log != nil {
		out = io.MultiWriter(p.said, log)
	}

	p.cmd.Stdout, p.cmd.Stderr = out, out
	p.cmd.SysProcAttr = ownGroup()
	p.cmd.WaitDelay = 2 * time.Second // a child may hold on to the output
	if err := p.cmd.Start(); err != nil {
		return nil, fmt.Errorf("start the shop %q: %w", strings.Join(s.Command, " "), err)
	}

	go func() {
		_ = p.cmd.Wait() // how it ended is in the state
		close(p.ended)
	}()
	return p, nil
}

func (p *process) alive() bool {
	select {
	case <-p.ended:
		return false
	default:
		return true
	}
}

// stop ends the shop and its children, and waits for it.
func (p *process) stop() {
	endGroup(p.cmd.Process, syscall.SIGTERM)
	select {
	case <-p.ended:
	case <-time.After(3 * time.Second):
	}
	endGroup(p.cmd.Process, syscall.SIGKILL) // whoever of the group is still there
	<-p.ended
}

// environment is what the command finds in its environment.
func (h *Harness) environment() []string {
	own := map[string]string{
		"PAYPORTER_BASE_URL": h.Sandbox.url, "PAYPORTER_API_KEY": h.Sandbox.Key, "PAYPORTER_API_SECRET": h.Sandbox.Secret,
	}
	if h.Config.Webhook.URL != "" {
		own["PAYPORTER_WEBHOOK_SECRET"] = h.Sandbox.WebhookSecret
	}
	if h.port != "" {
		own["PORT"] = h.port
	}

	for name, value := range h.Config.Shop.Env {
		own[name] = h.common().fill(value)
	}

	env := os.Environ()
	for _, name := range slices.Sorted(maps.Keys(own)) {
		env = append(env, name+"="+own[name])
	}
	return env
}

// common are the placeholders that do not depend on an order.
func (h *Harness) common() values {
	return values{"port": h.port, "shop": h.shopURL, "currency": h.Config.Order.Currency}
}

// openShop starts the shop, if that is wanted, and waits until it answers.
func (h *Harness) openShop(ctx context.Context) error {
	s, begun := h.Config.Shop, time.Now()
	defer func() { h.started = time.Since(begun) }()
	switch {
	case len(s.Command) > 0:
		s.Command = slices.Clone(s.Command)
		for i, word := range s.Command {
			s.Command[i] = h.common().fill(word)
		}
		if err := h.vacant(ctx); err != nil {
			return err
		}
		p, err := startProcess(s, h.environment(), h.listeners())
		if err != nil {
			return err
		}
		h.process = p
	case h.Config.Start != nil:
		at, err := h.Config.Start(Environment{
			BaseURL: h.Sandbox.url, APIKey: h.Sandbox.Key, APISecret: h.Sandbox.Secret,
			Port: h.port, WebhookSecret: h.Sandbox.WebhookSecret,
		})
		if err != nil {
			return fmt.Errorf("start the shop: %w", err)
		}
		h.shopURL = at
	}

	return h.ready(ctx)
}

// listeners take what the shop writes.
func (h *Harness) listeners() io.Writer {
	if h.log == nil {
		return &h.wrote
	}
	return io.MultiWriter(&h.wrote, h.log)
}

// How long who answers where the shop is about to be may go on before it is taken for another program, and how long a
// shop that was stopped may take to leave: a container gets ten seconds.
const (
	otherLeaves = 2 * time.Second
	shopLeaves  = 12 * time.Second
)

// vacant waits until nobody answers where the shop is about to be. Who answers there before it is started would be
// judged in its place.
func (h *Harness) vacant(ctx context.Context) error {
	within, who := otherLeaves, "so another program is there: end it, or leave out merchant.command to judge the shop "+
		"that runs already"
	if h.process != nil {
		within, who = shopLeaves, "so the shop that was stopped is still there: it must end with merchant.command"
	}
	waiting, cancel := context.WithTimeout(ctx, within)
	defer cancel()
	var connected atomic.Bool
	req, err := h.readyRequest(httptrace.WithClientTrace(waiting, &httptrace.ClientTrace{
		GotConn: func(httptrace.GotConnInfo) { connected.Store(true) },
	}))
	if req == nil {
		return err
	}

	seen := ""
	for client := NewCustomer(); ; {
		a, err := exchange.Do(client, req, mostRead)
		switch {
		case err != nil && waiting.Err() == nil || err == nil && a.Status >= 500:
			return nil
		case err == nil:
			seen = fmt.Sprintf("answered %d", a.Status)
		case seen == "" && connected.Load():
			seen = "took a connection, and did not answer,"
		}

		select {
		case <-waiting.Done():
			if seen == "" || ctx.Err() != nil {
				return ctx.Err()
			}
			return fmt.Errorf("%s %s before the shop %q was started, %s", req.URL, seen,
				strings.Join(h.Config.Shop.Command, " "), who)
		case <-time.After(20 * time.Millisecond):
		}
	}
}

// readyRequest asks whether the shop is ready; nil: nobody said where.
func (h *Harness) readyRequest(ctx context.Context) (*http.Request, error) {
	target := h.common().fill(h.Config.Shop.Ready)
	if target == "" {
		return nil, nil
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, target, nil)
	if err != nil {
		return nil, fmt.Errorf("merchant.ready %q cannot be used: %w", target, err)
	}
	return req, nil
}

// ready waits until the shop answers, whatever it answers but 503.
func (h *Harness) ready(ctx context.Context) error {
	within := h.Config.Shop.ReadyWithin
	if within == 0 {
		within = 30 * time.Second
	}

	ctx, cancel := context.WithTimeout(ctx, within)
	defer cancel()
	req, err := h.readyRequest(ctx)
	if req == nil {
		return err
	}

	client := NewCustomer()
	last := errors.New("it was not asked")
	for {
		a, err := exchange.Do(client, req, mostRead)
		if err == nil && a.Status < 500 {
			return nil
		}
		if ctx.Err() == nil || last == nil {
			last = err
			if err == nil {
				last = fmt.Errorf("it answered %d", a.Status)
			}
		}
		if p := h.process; p != nil && !p.alive() {
			return fmt.Errorf("the shop %q ended before it was ready (%s). It said:\n%s", strings.Join(h.Config.Shop.Command,
				" "), p.cmd.ProcessState, p.said)
		}
		select {
		case <-ctx.Done():
			return fmt.Errorf("the shop was not ready at %s within %s: %s%s%s", req.URL, within, SayFault(last),
				h.otherPort(req.URL, last), h.process.itSaid())
		case <-time.After(20 * time.Millisecond):
		}
	}
}

// otherPort says what to look at when nothing listens at an address of the shop: most often it listens on another port.
func (h *Harness) otherPort(at *url.URL, fault error) string {
	if !errors.Is(fault, syscall.ECONNREFUSED) {
		return ""
	}

	port := cmp.Or(at.Port(), map[string]string{"http": "80", "https": "443"}[at.Scheme])
	switch {
	case port == h.port && port != "":
		return "; the shop must listen on the port of this address, which it gets as PORT"
	case h.process == nil:
		return fmt.Sprintf("; is the shop running, and does it listen on port %s?", port)
	}
	return fmt.Sprintf("; does the shop listen on port %s? merchant.ready and the other addresses must name its port, or "+
		"{{port}}, which gives it a free one as PORT", port)
}

// itSaid is what the process wrote last; empty: there is none, or it wrote nothing.
func (p *process) itSaid() string {
	if p == nil || p.said.String() == "" {
		return ""
	}
	return ". It said:\n" + p.said.String()
}

// Died says how the shop's process ended, when the harness started it; empty: it lives, or is another's.
func (w *Watch) Died() string {
	p := w.harness.process
	if p == nil {
		return ""
	}

	hungUp := func(c Call) bool { return c.To == Merchant && c.Over && c.Answer().Status == 0 }
	if slices.ContainsFunc(w.Exchanges(), hungUp) {
		select { // a process hangs up a little before its end is known
		case <-p.ended:
		case <-time.After(LeastQuiet):
		}
	}
	if p.alive() {
		return ""
	}
	return p.cmd.ProcessState.String()
}
