package main

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net/http"
	"time"
)

// byWorker acknowledges a callback first, and lets a worker of its own handle it. A worker that could not ask
// PayPorter asks again, for nobody sends an acknowledged callback again.
func byWorker(h *habits) {
	h.take = func(s *shop, r *http.Request) reply {
		c, err := s.habits.read(s, r)
		if err != nil {
			return s.habits.bad(s, c, err)
		}
		go s.work(c)
		return say(http.StatusOK, "thank you")
	}
	h.hook = (*shop).acknowledgeWebhook
}

// work handles a callback that has been acknowledged.
func (s *shop) work(c claim) {
	for range 20 {
		p, err := s.ask(c.checkoutID)
		if err == nil {
			if o := s.habits.find(s, c, p); o != nil {
				s.habits.settle(s, c, o, p)
			}
			return
		}
		if errors.Is(err, errUnknown) {
			return
		}
		time.Sleep(200 * time.Millisecond)
	}
}

// acknowledgeWebhook answers a genuine webhook first, and handles it then, until PayPorter could be asked.
func (s *shop) acknowledgeWebhook(r *http.Request) reply {
	body, err := io.ReadAll(http.MaxBytesReader(nil, r.Body, maxBody))
	if err != nil {
		return sayError(errTooLong)
	}
	if !s.habits.genuine(s, r.Header, body) {
		return s.habits.forged(s, r.Header)
	}

	kept := r.Clone(context.Background())
	go func() {
		for range 20 {
			kept.Body = io.NopCloser(bytes.NewReader(body))
			if s.handleWebhook(kept).status != http.StatusServiceUnavailable {
				return
			}
			time.Sleep(200 * time.Millisecond)
		}
	}()
	return say(http.StatusOK, "thank you")
}
