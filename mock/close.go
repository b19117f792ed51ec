package mock

import (
	"context"
	"time"
)

// How long a sandbox takes to end at most, step by step. Together they stay below nine seconds, because containers are
// killed after ten.
const (
	gracePeriod  = 5500 * time.Millisecond // for requests in flight: an attempt of 5 seconds, and a little more
	lastWords    = time.Second             // for whoever waits for something to be told what it saw
	lastAttempts = 500 * time.Millisecond  // for attempts that are still under way
	lastSpans    = 700 * time.Millisecond  // for a collector to take what is left
)

// Close stops accepting, finishes requests and attempts in flight, and blocks until that is done. What takes longer
// than eight seconds is broken off. What merchants have not been told of is said in the log.
func (s *Server) Close() {
	s.closing.Do(func() {
		attempts, cancel := context.WithTimeout(s.hurries, gracePeriod+lastWords+lastAttempts)
		defer cancel()

		if s.finish(gracePeriod) != nil {
			s.end()
			if s.finish(lastWords) != nil {
				_ = s.http.Close() // whoever still waits has had its time
			}
		}
		s.end()
		if s.listener != nil {
			_ = s.listener.Close() // closed already when it was served
		}

		s.gateway.Close(attempts)
		s.sender.Close()
		spans, cancel := context.WithTimeout(s.hurries, lastSpans)
		defer cancel()
		s.tracer.Close(spans)
	})
}

// CloseNow is Close without patience: requests and attempts in flight are broken off. If the sandbox is being closed
// already, that ends at once.
func (s *Server) CloseNow() {
	s.hurry()
	s.Close()
}

// finish stops accepting and waits so long for requests in flight.
func (s *Server) finish(patience time.Duration) error {
	s.endSilent()
	ctx, cancel := context.WithTimeout(s.hurries, patience)
	defer cancel()
	return s.http.Shutdown(ctx)
}
