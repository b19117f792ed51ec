package mock

import (
	"context"
	"hash/fnv"
	"time"

	"github.com/payporter-mock/payporter-mock/mock/store"
	"github.com/payporter-mock/payporter-mock/payment"
)

// TB is what Start needs of a *testing.T or *testing.B.
type TB interface {
	Name() string
	Helper()
	Cleanup(func())
	Fatalf(format string, args ...any)
}

// Test is a sandbox of one test. Its methods act on the configured merchant; what goes wrong fails
// the test.
type Test struct {
	*Server
	tb TB
}

// Start gives the test a sandbox of its own on a free port of the loopback interface, closed when
// the test ends. Without a seed its values follow from the test's name, so every run gives the same.
func Start(tb TB, c Config) *Test {
	tb.Helper()
	if c.Addr == "" {
		c.Addr = "127.0.0.1:0"
	}
	if c.Seed == 0 {
		c.Seed = seedOf(tb.Name())
	}

	c.ValidateResponses = true
	s, err := New(c)
	if err != nil {
		tb.Fatalf("mock.Start: %v", err)
	}
	if err := s.Listen(); err != nil {
		tb.Fatalf("mock.Start: %v", err)
	}

	served := make(chan error, 1)
	go func() { served <- s.Serve(context.Background()) }()
	tb.Cleanup(func() {
		s.Close()
		if err := <-served; err != nil {
			tb.Fatalf("mock.Start: %v", err)
		}
	})
	return &Test{Server: s, tb: tb}
}

func seedOf(name string) uint64 {
	h := fnv.New64a()
	_, _ = h.Write([]byte(name)) // never fails
	return max(1, h.Sum64())
}

// Pay pays a checkout as a customer with a test card would; an empty number is a card that is good
// for every payment. A declined payment is a result, not a failure of the test.
func (t *Test) Pay(checkoutID, card string) payment.Checkout {
	t.tb.Helper()
	c, err := t.Server.Pay(context.Background(), checkoutID, card)
	if err != nil {
		t.tb.Fatalf("pay checkout %s: %v", checkoutID, err)
	}
	return c
}

// Advance moves the merchant's clock, and answers when everything due on the way has been delivered
// or recorded.
func (t *Test) Advance(d time.Duration) time.Time {
	t.tb.Helper()
	now, err := t.Server.Advance(context.Background(), d)
	if err != nil {
		t.tb.Fatalf("advance %s: %v", d, err)
	}
	return now
}

// Callbacks lists the deliveries of a checkout, newest first, with every attempt.
func (t *Test) Callbacks(checkoutID string) []store.Delivery {
	t.tb.Helper()
	found, err := t.Server.Callbacks(context.Background(), checkoutID)
	if err != nil {
		t.tb.Fatalf("callbacks of checkout %s: %v", checkoutID, err)
	}
	return found
}

// Checkout is what the sandbox knows of a checkout.
func (t *Test) Checkout(checkoutID string) payment.Checkout {
	t.tb.Helper()
	c, err := t.Server.Checkout(context.Background(), checkoutID)
	if err != nil {
		t.tb.Fatalf("checkout %s: %v", checkoutID, err)
	}
	return c
}

// Freeze stops the merchant's clock; Advance moves it.
func (t *Test) Freeze() { t.Server.Freeze() }
