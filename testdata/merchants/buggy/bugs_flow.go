package main

import (
	"net/http"
	"slices"
	"strings"
	"time"
)

// flowBugs are about the way of an order.
func flowBugs() []bug {
	return []bug{
		{
			Name: "redirect-with-language", About: "adds a parameter to redirectUrl",
			Rule: "FLOW-001", Source: common,
			plant: func(h *habits) { h.link = func(_ *shop, to string) string { return to + "?lang=tr" } },
		},
		{
			Name: "redirect-to-https", About: "makes redirectUrl an https address",
			Rule: "FLOW-001", Source: common,
			plant: func(h *habits) {
				h.link = func(_ *shop, to string) string { return strings.Replace(to, "http://", "https://", 1) }
			},
		},
		{
			Name: "redirect-lower-case-host", About: "sends the customer to another host under the same path",
			Rule: "FLOW-001", Source: common,
			plant: func(h *habits) {
				h.link = func(s *shop, to string) string { return strings.Replace(to, s.payporter, "http://pay.localhost", 1) }
			},
		},
		{
			Name: "never-asks", About: "takes the callback for the payment",
			Rule: "FLOW-002", Source: "learning-unlimited/ESP-Website#5055; oc-shopaholic/oc-omnipay-shopaholic-plugin#24",
			plant: func(h *habits) { h.believe = func(s *shop, c claim) bool { return s.pay(s.owner(c.checkoutID)) } },
		},
		{
			Name: "waits-for-approved", About: "waits for a status that PayPorter does not have",
			Rule: "FLOW-003", Source: common,
			plant: func(h *habits) { h.pays(func(p payment) bool { return p.Status() == "APPROVED" }) },
		},
		{
			Name: "paid-when-ordered", About: "takes an order for paid once its checkout is made",
			Rule: "FLOW-004", Source: common,
			plant: func(h *habits) { h.created = func(s *shop, o *order) { s.pay(o) } },
		},
		{
			Name: "failed-is-paid", About: "forgot FAILED among the statuses that do not pay",
			Rule: "FLOW-005", Also: []string{"FLOW-006", "FLOW-009", "TRUST-003"}, Source: common,
			plant: func(h *habits) { h.paysOn("FAILED") },
		},
		{
			Name: "failure-untold", About: "leaves a declined order pending for ever",
			Rule: "FLOW-006", Source: "PrestaShopCorp/ps_checkout PR #1546",
			plant: func(h *habits) { h.fail = func(*shop, *order) {} },
		},
		{
			Name: "seen-unpaid-is-over", About: "gives an order up when its customer comes back without having paid",
			Rule: "FLOW-007", Source: "mewebstudio/pos#165",
			plant: func(h *habits) { h.looked = func(_ *shop, o *order) { o.dead = o.dead || o.status == "pending" } },
		},
		{
			Name: "expired-closes-shop", About: "sells nothing any more once a link has expired",
			Rule: "FLOW-008", Source: "mewebstudio/pos#165",
			plant: closeWhenExpired,
		},
		{
			Name: "declined-is-final", About: "never pays an order that was declined once",
			Rule: "FLOW-009", Source: "PrestaShopCorp/ps_checkout PR #1546",
			plant: func(h *habits) {
				h.fail = func(s *shop, o *order) {
					failUnpaid(s, o)
					o.dead = o.status == "failed"
				}
			},
		},
		{
			Name: "pays-newest-order", About: "pays the newest order, whichever the callback is about",
			Rule: "FLOW-010", Source: "Wang et al., IEEE S&P 2011",
			plant: func(h *habits) {
				h.find = func(s *shop, _ claim, _ payment) *order {
					s.mu.Lock()
					defer s.mu.Unlock()
					return s.last
				}
				h.isAbout = always
			},
		},
		{
			Name: "pays-all-pending", About: "pays every order that waits",
			Rule: "FLOW-010", Source: "Wang et al., IEEE S&P 2011",
			plant: func(h *habits) {
				h.fulfil = func(s *shop, _ *order, p payment) {
					for _, o := range s.orders {
						if o.status == "pending" || o.id == p.OrderID() {
							fulfilOnce(s, o, p)
						}
					}
				}
			},
		},
		{
			Name: "pays-by-amount", About: "pays any order of the same amount",
			Rule: "FLOW-010", Source: "Sun et al., NDSS 2014",
			plant: func(h *habits) {
				h.fulfil = func(s *shop, _ *order, p payment) {
					for _, o := range s.orders {
						if o.money.is(p.money()) {
							fulfilOnce(s, o, p)
						}
					}
				}
			},
		},
	}
}

func always(claim, *order, payment) bool { return true }

// pays says anew what a payment is.
func (h *habits) pays(when func(payment) bool) {
	h.isPaid = func(_ *shop, _ *order, p payment) bool { return when(p) }
}

// paysOn takes more statuses than SUCCESS for a payment.
func (h *habits) paysOn(more ...string) {
	h.pays(func(p payment) bool { return p.Status() == "SUCCESS" || slices.Contains(more, p.Status()) })
}

func closeWhenExpired(h *habits) {
	h.refuse = func(s *shop, _ *http.Request) bool {
		s.mu.Lock()
		defer s.mu.Unlock()
		return s.broken
	}
	h.settle = func(s *shop, c claim, o *order, p payment) {
		settle(s, c, o, p)
		s.mu.Lock()
		defer s.mu.Unlock()
		s.broken = s.broken || p.Status() == "CANCELLED"
	}
}

// pause is the time in which a shop writes an invoice or sends a mail.
func pause() { time.Sleep(50 * time.Millisecond) }
