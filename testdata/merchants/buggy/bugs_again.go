package main

import (
	"errors"
	"net/http"
	"slices"
	"sync"
	"time"
)

// againBugs are about what comes more than once.
func againBugs() []bug {
	return []bug{
		{
			Name: "fulfils-each-callback", About: "delivers again with each callback about a paid order",
			Rule: "IDEM-001", Also: []string{"IDEM-002", "IDEM-003", "IDEM-004"}, Source: "mollie/laravel-mollie#142",
			plant: func(h *habits) { h.fulfil = fulfilAgain },
		},
		{
			Name: "forgets-what-it-knew", About: "forgets a callback when it has known it again, so that every other one delivers",
			Rule: "IDEM-001", Source: common,
			plant: func(h *habits) {
				var once flights
				known := map[string]bool{} // guarded by the shop's lock
				h.settle = func(s *shop, c claim, o *order, p payment) {
					once.do(o.id, func() { settle(s, c, o, p) })
				}
				h.fulfil = func(s *shop, o *order, p payment) {
					if !known[o.id] {
						fulfilAgain(s, o, p)
					}
					known[o.id] = !known[o.id]
				}
			},
		},
		{
			Name: "remembers-last-callback", About: "knows a callback again only if it was the last one",
			Rule: "IDEM-003", Source: common,
			plant: func(h *habits) {
				h.fulfil = func(s *shop, o *order, p payment) {
					if o.status != "paid" || s.lastPaid != o.id {
						fulfilAgain(s, o, p)
					}
					s.lastPaid = o.id
				}
			},
		},
		{
			Name: "remembers-ten-callbacks", About: "knows a callback again only if it was one of the last ten",
			Rule: "IDEM-007", Source: common,
			plant: func(h *habits) {
				var known []string // guarded by the shop's lock
				h.fulfil = func(s *shop, o *order, p payment) {
					if !slices.Contains(known, o.id) {
						fulfilAgain(s, o, p)
						known = append(known, o.id)
						known = known[max(0, len(known)-10):]
					}
				}
			},
		},
		{
			Name: "remembers-until-restart", About: "keeps its orders, and forgets with each start which callbacks it has handled",
			Rule: "IDEM-008", Source: common,
			plant: func(h *habits) {
				keepsOrders(h)
				known := map[string]bool{} // guarded by the shop's lock
				h.fulfil = func(s *shop, o *order, p payment) {
					if !known[o.id] {
						fulfilAgain(s, o, p)
					}
					known[o.id] = true
				}
			},
		},
		{
			Name: "looks-then-acts", About: "looks whether the order is paid, and delivers a moment later",
			Rule: "IDEM-002", Also: []string{"IDEM-004"},
			Source: "Automattic/woocommerce-payments PR #3520; woocommerce/woocommerce-gateway-stripe#684; medusajs/medusa#13301",
			plant:  func(h *habits) { h.settle = settleLate },
		},
		{
			Name: "looks-then-writes", About: "looks whether the order is paid, and writes two milliseconds later",
			Rule: "IDEM-002", Also: []string{"IDEM-004"}, Source: common,
			plant: func(h *habits) { h.settle = settleAfter(2 * time.Millisecond) },
		},
		{
			Name:  "worker-looks-then-writes",
			About: "acknowledges first, and ships in a worker that looks whether the order is paid and writes later",
			Rule:  "IDEM-002", Also: []string{"IDEM-001", "IDEM-004"}, Source: common,
			plant: func(h *habits) {
				byWorker(h)
				h.settle = settleAfter(5 * time.Millisecond)
			},
		},
		{
			Name: "callbacks-share-lock", About: "keeps callback and return apart, but not two callbacks",
			Rule: "IDEM-002", Source: common,
			plant: func(h *habits) {
				var lock sync.RWMutex
				h.settle = func(s *shop, c claim, o *order, p payment) {
					if cookieOf(c.r) != "" {
						lock.Lock()
						defer lock.Unlock()
					} else {
						lock.RLock()
						defer lock.RUnlock()
					}
					settleLate(s, c, o, p)
				}
			},
		},
		{
			Name: "return-delivers-too", About: "delivers once for the callback and once for the customer who comes back",
			Rule: "IDEM-004", Source: "craftcms/commerce#1510; razorpay/razorpay-magento PR #175",
			plant: func(h *habits) {
				returned := map[string]bool{} // guarded by the shop's lock
				h.settle = func(s *shop, c claim, o *order, p payment) {
					settle(s, c, o, p)
					s.mu.Lock()
					defer s.mu.Unlock()
					if cookieOf(c.r) == o.id && o.status == "paid" && !returned[o.id] {
						returned[o.id] = true
						fulfilAgain(s, o, p)
					}
				}
			},
		},
		{
			Name: "late-failure-unpays", About: "takes a payment back when a FAILED comes late",
			Rule: "IDEM-005", Source: "PrestaShopCorp/ps_checkout PR #1546",
			plant: func(h *habits) { h.fail = func(_ *shop, o *order) { o.status = "failed" } },
		},
		{
			Name: "fault-unpays", About: "takes a payment back when PayPorter cannot be asked later",
			Rule: "IDEM-006", Source: common,
			plant: func(h *habits) {
				h.unasked = func(s *shop, c claim, err error) int {
					s.unpay(c)
					return askAgain(s, c, err)
				}
			},
		},
		{
			Name: "enrolled-unpays", About: "takes over whatever status PayPorter tells last",
			Rule: "IDEM-006", Also: []string{"IDEM-005"}, Source: common,
			plant: func(h *habits) {
				h.settle = func(s *shop, c claim, o *order, p payment) {
					if p.Status() != "SUCCESS" {
						s.unpay(c)
					}
					settle(s, c, o, p)
				}
			},
		},
	}
}

// flights lets what is asked for while it is being done be done once.
type flights struct {
	mu   sync.Mutex
	done map[string]chan struct{}
}

func (f *flights) do(name string, what func()) {
	f.mu.Lock()
	if done := f.done[name]; done != nil {
		f.mu.Unlock()
		<-done
		return
	}
	done := make(chan struct{})
	if f.done == nil {
		f.done = map[string]chan struct{}{}
	}
	f.done[name] = done
	f.mu.Unlock()
	what()
	for range 3 { // others of the same moment arrive
		pause()
	}
	f.mu.Lock()
	delete(f.done, name)
	f.mu.Unlock()
	close(done)
}

func fulfilAgain(_ *shop, o *order, _ payment) {
	o.status = "paid"
	o.fulfilments++
}

// settleLate forgets that others settle, too.
func settleLate(s *shop, c claim, o *order, p payment) { settleAfter(50*time.Millisecond)(s, c, o, p) }

// settleAfter does so for as long as it works on the order.
func settleAfter(work time.Duration) func(*shop, claim, *order, payment) {
	return func(s *shop, c claim, o *order, p payment) {
		s.mu.Lock()
		paid := o.status == "paid"
		s.mu.Unlock()
		if paid {
			return
		}
		time.Sleep(work)
		s.mu.Lock()
		defer s.mu.Unlock()
		if s.habits.isPaid(s, o, p) && s.habits.isAbout(c, o, p) {
			fulfilAgain(s, o, p)
			return
		}
		s.settleLocked(c, o, p)
	}
}

// unpay has an order wait for its payment again.
func (s *shop) unpay(c claim) {
	o := s.owner(c.checkoutID)
	s.mu.Lock()
	defer s.mu.Unlock()
	if o != nil && o.status == "paid" {
		o.status = "pending"
	}
}

// isTransient says whether PayPorter will know more later.
func isTransient(err error) bool { return !errors.Is(err, errUnknown) }

// giveUp takes a callback for done although PayPorter could not be asked.
func giveUp(when func(error) bool) func(*habits) {
	return func(h *habits) {
		h.unasked = func(s *shop, c claim, err error) int {
			if when(err) {
				return http.StatusOK
			}
			return askAgain(s, c, err)
		}
	}
}
