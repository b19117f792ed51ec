package mock

import (
	"context"
	"hash/fnv"
)

// TB is what Start needs of a *testing.T or *testing.B.
type TB interface {
	Name() string
	Helper()
	Cleanup(func())
	Fatalf(format string, args ...any)
}

// Test is a sandbox of one test. Its verbs are those of TestMerchant, for the configured merchant: what goes wrong fails
// the test.
type Test struct {
	*Server
	*ownMerchant
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
	t := &Test{Server: s, tb: tb}
	t.ownMerchant = t.Merchant(s.APIKey)
	return t
}

func seedOf(name string) uint64 {
	h := fnv.New64a()
	_, _ = h.Write([]byte(name)) // never fails
	return max(1, h.Sum64())
}
