package main

import (
	"math/big"
	"net/http"
	"strings"
)

// refundBugs are about money that is given back.
func refundBugs() []bug {
	return []bug{
		{
			Name: "refunds-newest", About: "refunds the newest order's payment, whichever order is asked for",
			Rule: "REFUND-001", Source: common,
			plant: func(h *habits) {
				h.back = func(s *shop, _ *order, wanted *big.Rat) (string, *big.Rat) {
					s.mu.Lock()
					defer s.mu.Unlock()
					return refundOf(s, s.last, wanted)
				}
			},
		},
		{
			Name: "refund-keeps-fee", About: "keeps a fee of 1.00 of each refund, and says nothing of it",
			Rule: "REFUND-002", Source: common,
			plant: func(h *habits) {
				h.back = func(s *shop, o *order, wanted *big.Rat) (string, *big.Rat) {
					return refundOf(s, o, new(big.Rat).Sub(wanted, big.NewRat(1, 1)))
				}
			},
		},
		{
			Name: "refunds-whole", About: "refunds the whole order, however little is asked for",
			Rule: "REFUND-002", Also: []string{"REFUND-008"}, Source: common,
			plant: func(h *habits) {
				h.back = func(s *shop, o *order, _ *big.Rat) (string, *big.Rat) { return refundOf(s, o, o.number()) }
			},
		},
		{
			Name: "pending-is-refunded", About: "says that money was given back while the refund waits for its approval",
			Rule: "REFUND-003", Source: common,
			plant: countsToo("PENDING_APPROVAL"),
		},
		{
			Name: "refund-webhook-ignored", About: "takes no notice of what became of a refund",
			Rule: "REFUND-004", Source: common,
			plant: func(h *habits) { h.hookRefund = func(*shop, *order, payment) {} },
		},
		{
			Name: "rejected-is-refunded", About: "counts a refund that was rejected",
			Rule: "REFUND-005", Source: common,
			plant: countsToo("REJECTED"),
		},
		{
			Name: "failed-is-refunded", About: "counts a refund that the bank rejected",
			Rule: "REFUND-006", Source: common,
			plant: countsToo("FAILED"),
		},
		{
			Name: "books-too-much", About: "books more than was paid as given back by hand",
			Rule: "REFUND-007", Source: common,
			plant: func(h *habits) {
				h.tooMuch = func(_ *shop, o *order, wanted *big.Rat) reply {
					if wanted.Cmp(o.number()) <= 0 {
						return say(http.StatusConflict, "that is too much")
					}
					o.refunds = append(o.refunds, &refund{amount: wanted, status: "SUCCESS"})
					return say(http.StatusOK, "the money was given back")
				}
			},
		},
		{
			Name: "knows-last-refund", About: "knows only the newest refund of an order",
			Rule: "REFUND-008", Source: common,
			plant: func(h *habits) {
				h.refunded = func(_ *shop, o *order) *big.Rat {
					if n := len(o.refunds); n > 0 && o.refunds[n-1].status == "SUCCESS" {
						return o.refunds[n-1].amount
					}
					return new(big.Rat)
				}
			},
		},
		{
			Name: "double-click-refunds", About: "takes PayPorter's no to a second refund for one that was made",
			Rule: "REFUND-009", Source: common,
			plant: func(h *habits) {
				h.left = func(_ *shop, o *order) *big.Rat { return o.number() }
				h.refused = func(_ *shop, o *order, _ *refund, a answer) bool {
					return a.status == http.StatusNotAcceptable && len(o.refunds) > 1
				}
			},
		},
		{
			Name: "refund-retried", About: "asks for a refund again when the answer is 500",
			Rule: "REFUND-010", Source: common,
			plant: func(h *habits) {
				h.askBack = func(s *shop, o *order, path string, amount *big.Rat) (answer, error) {
					got, err := s.askBack(o, path, amount)
					if err != nil || got.status >= 500 {
						return s.askBack(o, path, amount)
					}
					return got, err
				}
			},
		},
		{
			Name: "refused-is-refunded", About: "takes a 406 for a refund",
			Rule: "REFUND-011", Source: common,
			plant: func(h *habits) {
				h.refused = func(_ *shop, o *order, _ *refund, a answer) bool {
					return a.status == http.StatusNotAcceptable && len(o.refunds) == 1
				}
			},
		},
		{
			Name: "fault-is-refunded", About: "takes a 500 for a refund",
			Rule: "REFUND-012", Source: common,
			plant: func(h *habits) {
				h.refused = func(_ *shop, _ *order, _ *refund, a answer) bool { return a.status >= 500 }
			},
		},
		{
			Name: "refunds-unpaid", About: "asks PayPorter to refund an order that nobody has paid",
			Rule: "REFUND-013", Source: common,
			plant: func(h *habits) {
				h.refundable = func(*order) bool { return true }
				h.back = func(s *shop, o *order, wanted *big.Rat) (string, *big.Rat) {
					if o.paymentID == "" {
						return "/api/payment/" + o.checkout.CheckoutID + "/refund", wanted
					}
					return refundOf(s, o, wanted)
				}
			},
		},
		{
			Name: "cancel-next-day-is-refunded", About: "cancels, and takes PayPorter's no on the next day for a yes",
			Rule: "REFUND-014", Source: common, plant: cancelsAlways,
		},
	}
}

// countsToo counts refunds with another status as given back.
func countsToo(other string) func(*habits) {
	return func(h *habits) { h.counts = func(status string) bool { return status == "SUCCESS" || status == other } }
}

// cancelsAlways gives the whole back by a cancel, on whatever day.
func cancelsAlways(h *habits) {
	h.back = func(s *shop, o *order, wanted *big.Rat) (string, *big.Rat) {
		if wanted.Cmp(o.number()) == 0 {
			return "/api/payment/" + o.paymentID + "/cancel", wanted
		}
		return refundOf(s, o, wanted)
	}
	h.askBack = func(s *shop, o *order, path string, amount *big.Rat) (answer, error) {
		if strings.HasSuffix(path, "/cancel") {
			return s.call(s.habits.credentials(s, http.MethodPost), http.MethodPost, path, nil)
		}
		return s.askBack(o, path, amount)
	}
	h.refused = func(_ *shop, _ *order, _ *refund, a answer) bool {
		return strings.Contains(string(a.body), "NOT_SAME_DAY")
	}
}
