package main

import (
	"net/http"
	"time"
)

// answerBugs are about what the shop answers to a callback.
func answerBugs() []bug {
	return []bug{
		{
			Name: "answers-400", About: "does the right thing and answers 400",
			Rule: "ACK-001", Source: "mewebstudio/pos#286",
			plant: answers(func(_ *shop, _ claim, _ *order, _ payment, r reply) reply {
				return reply{http.StatusBadRequest, r.body, ""}
			}),
		},
		{
			Name: "answers-404", About: "does the right thing and answers 404",
			Rule: "ACK-001", Source: "mewebstudio/pos#286",
			plant: answers(func(_ *shop, _ claim, _ *order, _ payment, r reply) reply {
				return reply{http.StatusNotFound, r.body, ""}
			}),
		},
		{
			Name: "answers-500-when-paid", About: "delivers, then stumbles over the mail and answers 500",
			Rule: "ACK-001", Source: "mewebstudio/pos#286",
			plant: answers(func(_ *shop, _ claim, o *order, _ payment, r reply) reply {
				if o.status == "paid" {
					return say(http.StatusInternalServerError, "the mail could not be sent")
				}
				return r
			}),
		},
		{
			Name: "answers-late", About: "does its work before it answers, for six seconds",
			Rule: "ACK-002", Slow: true, Source: "documented: PayPorter, webhooks page",
			plant: answers(func(_ *shop, _ claim, _ *order, _ payment, r reply) reply {
				time.Sleep(6 * time.Second)
				return r
			}),
		},
		{
			Name: "waits-out-fault", About: "answers after six seconds when PayPorter answers a fault",
			Rule: "ACK-002", Slow: true, Source: common,
			plant: func(h *habits) {
				h.unasked = func(s *shop, c claim, err error) int {
					if answered(http.StatusInternalServerError)(err) {
						time.Sleep(6 * time.Second)
					}
					return askAgain(s, c, err)
				}
			},
		},
		{
			Name: "answers-with-redirect", About: "sends PayPorter to the page that thanks the customer",
			Rule: "ACK-003", Source: common,
			plant: answers(func(s *shop, _ claim, o *order, _ payment, r reply) reply {
				return reply{http.StatusFound, r.body, s.home + "/orders/" + o.id}
			}),
		},
		{
			Name: "callback-moved", About: "moves the callback to the address with a slash at its end, permanently",
			Rule: "ACK-003", Also: []string{"FLOW-002", "FLOW-003"}, Source: common,
			plant: func(h *habits) {
				h.bad = func(s *shop, c claim, err error) reply {
					r := sayError(err)
					if r.status == http.StatusMovedPermanently {
						r.location = s.home + c.r.URL.Path + "/"
					}
					return r
				}
				h.read = func(s *shop, r *http.Request) (claim, error) {
					if r.URL.Path == "/payment-callback" {
						return claim{r: r}, &refusal{http.StatusMovedPermanently, "moved"}
					}
					return readForm(s, r)
				}
			},
		},
		{
			Name: "answers-bad-with-500", About: "answers 500 to a callback that it cannot read",
			Rule: "ACK-004", Source: common,
			plant: func(h *habits) {
				h.bad = func(_ *shop, _ claim, err error) reply { return say(http.StatusInternalServerError, err.Error()) }
			},
		},
		{
			Name: "answers-unknown-with-500", About: "answers 500 to a checkout that nobody knows",
			Rule: "ACK-004", Source: common,
			plant: func(h *habits) { h.unasked = func(*shop, claim, error) int { return http.StatusInternalServerError } },
		},
		{
			Name: "answers-again-409", About: "answers 409 to a callback that comes again",
			Rule: "ACK-005", Source: common,
			plant: answers(func(s *shop, c claim, _ *order, _ payment, r reply) reply {
				s.mu.Lock()
				defer s.mu.Unlock()
				if s.seen[c.checkoutID]++; s.seen[c.checkoutID] > 1 {
					return say(http.StatusConflict, "that was said before")
				}
				return r
			}),
		},
		{
			Name: "answers-decline-402", About: "answers 402 to the callback of a declined payment",
			Rule: "ACK-006", Source: common,
			plant: answers(func(s *shop, _ claim, _ *order, p payment, r reply) reply {
				if s.habits.isFailed(p) {
					return say(http.StatusPaymentRequired, "not paid")
				}
				return r
			}),
		},
	}
}

// answers has callbacks about orders answered otherwise.
func answers(how func(*shop, claim, *order, payment, reply) reply) func(*habits) {
	return func(h *habits) {
		h.answer = func(s *shop, c claim, o *order, p payment, r reply) reply {
			if o == nil {
				return r
			}
			return how(s, c, o, p, r)
		}
	}
}
