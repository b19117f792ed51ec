package main

import (
	"net/http"
	"time"
)

// webhookBugs are about what is made of a webhook that PayPorter sent.
func webhookBugs() []bug {
	return []bug{
		{
			Name: "webhook-redirected", About: "answers a webhook with a redirect",
			Rule: "WEBHOOK-001", Source: common,
			plant: func(h *habits) {
				h.thank = func(payment) reply { return reply{http.StatusFound, map[string]any{}, "/orders"} }
			},
		},
		{
			Name: "webhook-slow", About: "ships before it answers a webhook, which takes six seconds",
			Rule: "WEBHOOK-002", Source: common, Slow: true,
			plant: func(h *habits) {
				h.thank = func(payment) reply {
					time.Sleep(6 * time.Second)
					return say(http.StatusOK, "thank you")
				}
			},
		},
		{
			Name: "webhook-pays-nothing", About: "acknowledges webhooks of payments, and does nothing with them",
			Rule: "WEBHOOK-003", Source: common,
			plant: func(h *habits) { h.hookSettle = func(*shop, claim, *order, payment) {} },
		},
		{
			Name: "known-event-refused", About: "answers 409 to an event that it knows",
			Rule: "WEBHOOK-004", Source: common,
			plant: func(h *habits) { h.again = func(*shop) reply { return say(http.StatusConflict, "known") } },
		},
		{
			Name: "fulfils-each-event", About: "delivers again with each further event about a payment",
			Rule: "WEBHOOK-005", Source: common,
			plant: func(h *habits) {
				events := map[string]int{} // guarded by the shop's lock
				h.hookSettle = func(s *shop, c claim, o *order, p payment) {
					settle(s, c, o, p)
					s.mu.Lock()
					defer s.mu.Unlock()
					if events[p.text("paymentId")]++; events[p.text("paymentId")] > 1 && o.status == "paid" {
						fulfilAgain(s, o, p)
					}
				}
			},
		},
		{
			Name: "webhook-ships-viewed-order", About: "delivers again when the webhook comes after the customer saw the paid order",
			Rule: "WEBHOOK-006", Source: common,
			plant: func(h *habits) {
				h.hookSettle = func(s *shop, c claim, o *order, p payment) {
					s.mu.Lock()
					viewed := o.viewed && p.Status() == "SUCCESS"
					s.mu.Unlock()
					settle(s, c, o, p)
					if viewed {
						s.mu.Lock()
						defer s.mu.Unlock()
						fulfilAgain(s, o, p)
					}
				}
			},
		},
		{
			Name: "webhook-looks-then-acts", About: "looks whether the order is paid, and delivers a moment later for a webhook",
			Rule: "WEBHOOK-007", Source: common,
			plant: func(h *habits) { h.hookSettle = settleLate },
		},
		{
			Name: "unknown-type-refused", About: "answers 400 to an event of a type that it does not know",
			Rule: "WEBHOOK-008", Source: common,
			plant: func(h *habits) {
				h.wants = func(eventType string) bool { return eventType == "payment.status_changed" }
			},
		},
		{
			Name: "webhook-believed-at-404", About: "believes a webhook when PayPorter does not know its payment",
			Rule: "WEBHOOK-009", Source: common,
			plant: func(h *habits) {
				h.told = func(s *shop, said payment) (payment, error) {
					p, err := s.askAbout(said)
					if err == errUnknown {
						return said, nil
					}
					return p, err
				}
			},
		},
		{
			Name: "webhook-believed", About: "believes what a webhook says, and asks PayPorter only whether it knows the payment",
			Rule: "WEBHOOK-010", Source: common,
			plant: func(h *habits) {
				h.told = func(s *shop, said payment) (payment, error) {
					_, err := s.askAbout(said)
					return said, err
				}
			},
		},
		{
			Name: "webhook-never-asked", About: "believes what a webhook says, and asks PayPorter nothing",
			Rule: "WEBHOOK-010", Also: []string{"WEBHOOK-009"}, Source: common,
			plant: func(h *habits) { h.told = func(_ *shop, said payment) (payment, error) { return said, nil } },
		},
		{
			Name: "webhook-amount-unchecked", About: "takes any amount when a webhook tells of it",
			Rule: "WEBHOOK-011", Source: common,
			plant: func(h *habits) {
				h.hookSettle = func(s *shop, c claim, o *order, p payment) {
					if p.Status() == "SUCCESS" {
						s.pay(o)
						return
					}
					settle(s, c, o, p)
				}
			},
		},
		{
			Name: "declined-webhook-refused", About: "answers 422 to the webhook of a declined payment",
			Rule: "WEBHOOK-012", Source: common,
			plant: func(h *habits) {
				h.thank = func(p payment) reply {
					if p.Status() == "FAILED" {
						return say(http.StatusUnprocessableEntity, "not paid")
					}
					return say(http.StatusOK, "thank you")
				}
			},
		},
		{
			Name: "late-webhook-unpays", About: "takes a payment back when the webhook of a failed try comes late",
			Rule: "WEBHOOK-013", Source: common,
			plant: func(h *habits) {
				h.hookSettle = func(s *shop, c claim, o *order, p payment) {
					settle(s, c, o, p)
					if isFailed(p) {
						s.mu.Lock()
						defer s.mu.Unlock()
						o.status = "failed"
					}
				}
			},
		},
		{
			Name: "refund-webhook-fulfils", About: "delivers again when a refund comes through, whose webhook says SUCCESS",
			Rule: "WEBHOOK-014", Source: common,
			plant: func(h *habits) {
				h.hookRefund = func(s *shop, o *order, p payment) {
					takeRefund(s, o, p)
					if p.Status() == "SUCCESS" {
						fulfilAgain(s, o, p)
					}
				}
			},
		},
		{
			Name: "event-remembered-first", About: "remembers an event before it could handle it",
			Rule: "WEBHOOK-015", Source: common,
			plant: func(h *habits) {
				h.remember = func(s *shop, event string, _ bool) { rememberHandled(s, event, true) }
			},
		},
	}
}
