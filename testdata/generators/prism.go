package main

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"strings"
	"time"
)

// throughPrism sends the orders, and many prices, through Prism, which answers with an error when the request or the
// sandbox's answer is not as the description says.
func throughPrism(w *work) error {
	w.said = "as a validating proxy before the sandbox: no violation, either way, at 306 prices"
	url, stop, err := w.startPrism()
	if err != nil {
		return err
	}
	defer stop()

	var out strings.Builder
	err = w.everyOrder(&out, func(o order, card string) (payment, error) {
		return w.pays(url, orderBody(o), "/api/checkout/:checkoutId", card)
	})
	if err != nil {
		return err
	}

	prices := []int{7, 829, 1999}
	for cents := 1; cents <= 100_000; cents += 331 {
		prices = append(prices, cents)
	}
	var faults []error
	for _, cents := range prices {
		amount := fmt.Sprintf("%d.%02d", cents/100, cents%100)
		p, err := w.ask(http.MethodPost, url+"/api/checkout", orderBody(order{"ORD-" + amount, amount, "TRY"}))
		if err != nil || p.http != http.StatusOK {
			faults = append(faults, fmt.Errorf("%s: %d %w", amount, p.http, err))
		}
	}
	return errors.Join(faults...)
}

func orderBody(o order) string {
	const body = `{"orderId": %q, "amount": %s, "currency": %q, "callback": "http://127.0.0.1:9/payment-callback"}`
	return fmt.Sprintf(body, o.id, o.amount, o.currency)
}

// startPrism starts Prism before the sandbox on a free port, and returns when it listens. The caller stops it.
func (w *work) startPrism() (url string, stop func(), err error) {
	port, err := freePort()
	if err != nil {
		return "", nil, err
	}
	c := exec.Command(prism.path(), "proxy", "--errors", "--host", "127.0.0.1", "--port", fmt.Sprint(port), w.merchant, w.sandbox.url)
	stdout, err := c.StdoutPipe()
	if err != nil {
		return "", nil, err
	}
	if err := c.Start(); err != nil {
		return "", nil, err
	}
	stop = func() {
		_ = c.Process.Kill()
		_ = c.Wait() // it was killed
	}

	late := time.AfterFunc(2*time.Minute, func() { _ = c.Process.Kill() })
	defer late.Stop()
	lines := bufio.NewScanner(stdout)
	for lines.Scan() {
		if strings.Contains(lines.Text(), "is listening on") {
			go io.Copy(io.Discard, stdout) // Prism stands still when nobody reads what it prints
			return fmt.Sprintf("http://127.0.0.1:%d", port), stop, nil
		}
	}
	stop()
	return "", nil, errors.New("the proxy did not start to listen")
}

// freePort returns a port that nothing listens on, in a range from which the system gives no ports to others.
func freePort() (port int, err error) {
	for port = 10_000 + os.Getpid()%4_000; port < 15_000; port++ {
		var listener net.Listener
		if listener, err = net.Listen("tcp", fmt.Sprintf("127.0.0.1:%d", port)); err == nil {
			return port, listener.Close()
		}
	}
	return 0, err
}
