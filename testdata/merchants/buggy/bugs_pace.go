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
			plant: func(h *habits) { h.door = slowDoor },
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

// slowDoor lets everybody wait: three seconds, then four, up to eight, and again.
func slowDoor(inside http.Handler) http.Handler {
	var guests atomic.Int64
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path != "/health" {
			time.Sleep(time.Duration(3+guests.Add(1)%6) * time.Second)
		}
		inside.ServeHTTP(w, r)
	})
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
