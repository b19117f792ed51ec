package main

import (
	"net/http"
	"sync/atomic"
	"time"
)

// paceBugs are about how fast the shop is, and how often it asks.
func paceBugs() []bug {
	return []bug{
		{
			Name: "serves-slowly", About: "answers everybody after three to eight seconds",
			Rule: "RESIL-016", Also: []string{"ACK-002"}, Slow: true, Source: common,
			plant: func(h *habits) { h.door = doorAfter(threeToEight()) },
		},
		{
			Name: "serves-in-three-seconds", About: "answers everybody after three seconds",
			Rule: "RESIL-016", Slow: true, Source: common,
			plant: func(h *habits) { h.door = doorAfter(func() time.Duration { return 3 * time.Second }) },
		},
		{
			Name: "asks-without-end", About: "asks every 50 ms what became of a checkout, once for each callback, and never stops",
			Rule: "RESIL-017", Slow: true, Source: common,
			plant: func(h *habits) { h.asksOn(50*time.Millisecond, 0) },
		},
		{
			Name: "asks-many-times", About: "asks 150 times after each callback, without a pause",
			Rule: "RESIL-017", Source: common,
			plant: func(h *habits) { h.asksOn(0, 150) },
		},
	}
}

// threeToEight are three seconds, then four, up to eight, and again.
func threeToEight() func() time.Duration {
	var guests atomic.Int64
	return func() time.Duration { return time.Duration(3+guests.Add(1)%6) * time.Second }
}

// doorAfter lets everybody wait before they come in.
func doorAfter(wait func() time.Duration) func(http.Handler) http.Handler {
	return func(inside http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if r.URL.Path != "/health" {
				time.Sleep(wait())
			}
			inside.ServeHTTP(w, r)
		})
	}
}

// asksOn goes on asking about the checkout of each callback: so many times, or without an end if that is zero.
func (h *habits) asksOn(pause time.Duration, times int) {
	believe := h.believe
	h.believe = func(s *shop, c claim) bool {
		go func() {
			for n := 0; times == 0 || n < times; n++ {
				_, _ = s.status(c.checkoutID)
				time.Sleep(pause)
			}
		}()
		return believe(s, c)
	}
}
