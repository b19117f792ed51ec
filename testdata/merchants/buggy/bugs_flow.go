package main

import (
	"net/http"
	"slices"
	"strings"
	"time"
	"unicode"
)

// flowBugs are about the way of an order.
func flowBugs() []bug {
	return []bug{
		{
			Name: "failed-in-turkish", About: "writes the status in lower case as Turkish does, where FAILED becomes faıled",
			Rule: "FLOW-006", Source: common,
			plant: func(h *habits) {
				h.isFailed = func(p payment) bool {
					status := strings.ToLowerSpecial(unicode.TurkishCase, p.Status())
					return slices.Contains([]string{"failed", "rejected", "cancelled"}, status)
				}
			},
		},
		{
			Name: "not-failed-in-turkish", About: "takes every final status for a payment that is not failed in Turkish lower case",
			Rule: "FLOW-005", Source: common,
			plant: func(h *habits) {
				h.pays(func(p payment) bool {
					return p.Status() == "SUCCESS" || p.Status() == "FAILED" &&
						strings.ToLowerSpecial(unicode.TurkishCase, p.Status()) != "failed"
				})
			},
		},
		{
			Name: "asks-about-last-order", About: "asks about the checkout of the last order, whichever the callback names",
			Rule: "FLOW-010", Source: common,
			plant: func(h *habits) {
				h.about = func(s *shop, c claim) string {
					s.mu.Lock()
					defer s.mu.Unlock()
					if s.checkouts[c.checkoutID] == nil || s.last == nil || s.last.checkout.CheckoutID == "" {
						return c.checkoutID
					}
					return s.last.checkout.CheckoutID
				}
				h.find = func(s *shop, _ claim, p payment) *order { return s.named(p.OrderID()) }
			},
		},
		{
			Name: "redirect-with-language", About: "adds a parameter to redirectUrl",
			Rule: "FLOW-001", Source: common,
			plant: func(h *habits) { h.link = func(_ *shop, to string) string { return to + "?lang=tr" } },
		},
		{
			Name: "link-kept-by-amount", About: "sends customers who owe the same to the same link",
			Rule: "FLOW-001", Source: common,
			plant: func(h *habits) {
				links := map[string]checkout{} // guarded by the shop's lock
				h.created = func(s *shop, o *order) {
					s.mu.Lock()
					defer s.mu.Unlock()
					if _, known := links[string(o.Amount)]; !known {
						links[string(o.Amount)] = o.checkout
					}
					o.checkout = links[string(o.Amount)]
				}
			},
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
			Rule: "FLOW-002", Also: []string{"TRUST-001"}, Source: "learning-unlimited/ESP-Website#5055; oc-shopaholic/oc-omnipay-shopaholic-plugin#24",
			plant: func(h *habits) { h.believe = func(s *shop, c claim) bool { return s.pay(s.owner(c.checkoutID)) } },
		},
		{
			Name: "knows-payporter-by-name", About: "believes whoever calls itself PayPorter in the User-Agent",
			Rule: "FLOW-002", Source: common,
			plant: func(h *habits) {
				h.believe = func(s *shop, c claim) bool { return namesPayPorter(c) && s.pay(s.owner(c.checkoutID)) }
			},
		},
		{
			Name: "callback-behind-login", About: "lets nobody call back who has no session, against forged forms",
			Rule: "FLOW-002", Also: []string{"FLOW-003", "ACK-001"}, Source: "eyupgevenim/Nop.Plugin.Payments.Iyzico#1",
			plant: func(h *habits) {
				h.read = func(s *shop, r *http.Request) (claim, error) {
					if cookieOf(r) == "" {
						return claim{r: r}, &refusal{http.StatusForbidden, "the token is missing"}
					}
					return readForm(s, r)
				}
			},
		},
		{
			Name: "waits-for-approved", About: "waits for a status that PayPorter does not have",
			Rule: "FLOW-003", Source: common,
			plant: func(h *habits) { h.pays(func(p payment) bool { return p.Status() == "APPROVED" }) },
		},
		{
			Name: "paid-and-forgotten", About: "takes a payment, and delivers nothing for it",
			Rule: "FLOW-003", Source: common,
			plant: func(h *habits) { h.fulfil = func(_ *shop, o *order, _ payment) { o.status = "paid" } },
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
			Name: "new-order-drops-old", About: "forgets the order that a customer left when the customer orders again",
			Rule: "FLOW-007", Source: "mewebstudio/pos#165",
			plant: func(h *habits) {
				h.refuse = func(s *shop, r *http.Request) bool {
					old := s.named(cookieOf(r))
					s.mu.Lock()
					defer s.mu.Unlock()
					if old != nil {
						old.dead = true
					}
					return false
				}
			},
		},
		{
			Name: "expired-blocks-customer", About: "sells nothing any more to a customer whose link has expired",
			Rule: "FLOW-008", Source: "mewebstudio/pos#165",
			plant: func(h *habits) {
				h.refuse = func(s *shop, r *http.Request) bool {
					old := s.named(cookieOf(r))
					if old == nil {
						return false
					}
					p, err := s.ask(old.checkout.CheckoutID)
					return err == nil && p.Status() == "CANCELLED"
				}
			},
		},
		{
			Name: "declined-is-deleted", About: "deletes an order that was declined",
			Rule: "FLOW-009", Also: []string{"FLOW-005", "FLOW-006", "FLOW-008", "IDEM-005", "TRUST-003", "TRUST-010", "TRUST-011", "TRUST-014"}, Source: common,
			plant: func(h *habits) { h.fail = func(s *shop, o *order) { delete(s.orders, o.sent) } },
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
			Rule: "FLOW-010", Also: []string{"FLOW-007", "TRUST-022", "TRUST-023", "TRUST-024", "RESIL-002"}, Source: "Wang et al., IEEE S&P 2011",
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
			Rule: "FLOW-010", Also: []string{"FLOW-007", "FLOW-008"}, Source: "Wang et al., IEEE S&P 2011",
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

// namesPayPorter says whether a callback claims to come from PayPorter's servers.
func namesPayPorter(c claim) bool { return strings.HasPrefix(c.r.UserAgent(), "payporter") }

// pause is the time in which a shop writes an invoice or sends a mail.
func pause() { time.Sleep(50 * time.Millisecond) }
