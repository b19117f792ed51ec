package main

import (
	"encoding/json"
	"math/big"
	"net/http"
	"slices"
	"strconv"
	"strings"
)

// moneyBugs are about whose money it is, and how much.
func moneyBugs() []bug {
	return []bug{
		amountBug("amount-unchecked", "does not compare the amount", "Sun et al., NDSS 2014; Azuriom/Plugin-Shop#284", func(money, money) bool {
			return true
		}),
		amountBug("amount-whole-units-checked", "compares the amount without its decimals", common, func(o, p money) bool {
			whole := func(m money) string { return m.number().FloatString(6)[:len(m.number().FloatString(6))-7] }
			return whole(o) == whole(p)
		}),
		amountBug("amount-nearly", "lets a payment be one unit short", "cubecart/v6#1670", func(o, p money) bool {
			short := new(big.Rat).Sub(o.number(), p.number())
			return short.Cmp(big.NewRat(1, 1)) <= 0
		}),
		amountBug("amount-at-least", "takes more money than it wants", common, func(o, p money) bool {
			return p.number().Cmp(o.number()) >= 0
		}),
		amountBug("amount-begins-alike", "compares the amounts as texts, from the left", common, func(o, p money) bool {
			return strings.HasPrefix(string(o.Amount), string(p.Amount))
		}),
		amountBug("amount-in-minor-units", "takes the amount for minor units when that fits", common, func(o, p money) bool {
			return o.number().Cmp(p.number()) == 0 || o.number().Cmp(new(big.Rat).Mul(p.number(), big.NewRat(100, 1))) == 0
		}),
		amountBug("amount-digits-alike", "takes an amount with the same digits for the order's, wherever the point is", common, func(o, p money) bool {
			digits := strings.ReplaceAll(string(p.Amount), ".", "")
			return o.number().Cmp(p.number()) == 0 || digits == strings.ReplaceAll(o.number().FloatString(2), ".", "")
		}),
		{
			Name: "amount-exponent-unread", About: "reads an amount up to its exponent",
			Rule: "TRUST-022", Source: common,
			plant: func(h *habits) {
				h.isAbout = func(_ claim, o *order, p payment) bool {
					paid := p.money()
					digits, _, _ := strings.Cut(string(paid.Amount), "e")
					paid.Amount = []byte(digits)
					return p.OrderID() == o.id && paid.is(o.money)
				}
			},
		},
		{
			Name: "two-decimals-for-all", About: "rounds every amount to two decimals, whatever its currency has",
			Rule: "FLOW-012", Source: common,
			plant: func(h *habits) {
				h.with("amount", func(_ *shop, o *order) any { return json.RawMessage(o.number().FloatString(2)) })
			},
		},
		{
			Name: "yen-as-hundredths", About: "reads what is paid in yen as hundredths of them, and leaves the order unpaid",
			Rule: "FLOW-012", Source: common,
			plant: func(h *habits) {
				isAbout := h.isAbout
				h.isAbout = func(c claim, o *order, p payment) bool { return o.Currency != "JPY" && isAbout(c, o, p) }
			},
		},
		{
			Name: "instalments-unpaid", About: "offers instalments, and takes a payment in several for one part of it",
			Rule: "FLOW-013", Source: "productdevbook/tezgah#75; iyzico/iyzipay-woocommerce#50",
			plant: func(h *habits) {
				isPaid := h.isPaid
				h.isPaid = func(s *shop, o *order, p payment) bool {
					return isPaid(s, o, p) && instalments(p) == 1
				}
			},
		},
		{
			Name: "fulfils-each-instalment", About: "delivers once for each instalment",
			Rule: "FLOW-013", Source: common,
			plant: func(h *habits) {
				h.fulfil = func(s *shop, o *order, p payment) {
					if o.status != "paid" {
						fulfilOnce(s, o, p)
						o.fulfilments += instalments(p) - 1
					}
				}
			},
		},
		{
			Name: "amount-compared-as-text", About: "compares the amounts as texts: 100.5 is not 100.50",
			Rule: "FLOW-011", Source: common,
			plant: func(h *habits) {
				h.isAbout = func(_ claim, o *order, p payment) bool {
					return p.OrderID() == o.id && p.text("currency") == o.Currency && string(o.Amount) == string(p.money().Amount)
				}
			},
		},
		skips("amount-absent-is-right", "compares the amount if there is one", "TRUST-022", func(o *order, p payment) bool {
			return p["amount"] == nil && p.OrderID() == o.id && p.text("currency") == o.Currency
		}),
		skips("currency-absent-is-right", "compares the currency if there is one", "TRUST-023", func(o *order, p payment) bool {
			return p["currency"] == nil && p.OrderID() == o.id && p.money().number().Cmp(o.number()) == 0
		}),
		skips("currency-only-known", "wants a currency that it knows, whichever that is", "TRUST-023", func(o *order, p payment) bool {
			known := slices.Contains([]string{"TRY", "USD", "EUR", "GBP"}, p.text("currency"))
			return known && p.OrderID() == o.id && p.money().number().Cmp(o.number()) == 0
		}),
		{
			Name: "order-absent-is-right", About: "compares the order's number if there is one",
			Rule: "TRUST-024", Source: common,
			plant: func(h *habits) {
				h.find = func(s *shop, c claim, p payment) *order {
					if p["orderId"] == nil {
						return s.owner(c.checkoutID)
					}
					return ownOrder(s, c, p)
				}
				h.isAbout = func(_ claim, o *order, p payment) bool {
					return (p["orderId"] == nil || p.OrderID() == o.id) && p.money().is(o.money)
				}
			},
		},
		{
			Name: "currency-unchecked", About: "does not compare the currency",
			Rule: "TRUST-023", Source: "Sun et al., NDSS 2014",
			plant: func(h *habits) {
				h.isAbout = func(_ claim, o *order, p payment) bool {
					return p.OrderID() == o.id && p.money().number().Cmp(o.number()) == 0
				}
			},
		},
		{
			Name: "order-unchecked", About: "does not compare whose order was paid",
			Rule: "TRUST-024", Source: "Sun et al., NDSS 2014; shurco/mycart#405",
			plant: func(h *habits) {
				h.find = ownerElseOwn
				h.isAbout = func(_ claim, o *order, p payment) bool { return p.money().is(o.money) }
			},
		},
		{
			Name: "order-begins-alike", About: "takes an order for paid whose number the paid one begins with",
			Rule: "TRUST-024", Source: common,
			plant: func(h *habits) {
				h.find = ownerElseOwn
				h.isAbout = func(_ claim, o *order, p payment) bool {
					return strings.HasPrefix(p.OrderID(), o.id) && p.money().is(o.money)
				}
			},
		},
		orderBug("order-in-callback", "pays the order that the callback's body names", func(_ *shop, c claim) string { return c.fields.Get("orderId") }),
		orderBug("order-in-query", "pays the order that the callback's address names", func(_ *shop, c claim) string {
			return c.r.URL.Query().Get("orderId")
		}),
		{
			Name: "order-in-callback-address", About: "sends a callback address with the order's number, and pays what it names",
			Rule: "TRUST-025", Also: []string{"TRUST-024"}, Source: "Wang et al., IEEE S&P 2011",
			plant: func(h *habits) {
				h.with("callback", func(s *shop, o *order) any { return s.home + "/payment-callback?order=" + o.id })
				h.paysNamed(func(_ *shop, c claim) string { return c.r.URL.Query().Get("order") })
			},
		},
		{
			Name: "order-in-cookie", About: "pays the order of whoever brings the callback",
			Rule: "TRUST-025", Also: []string{"TRUST-026"}, Source: "Wang et al., IEEE S&P 2011",
			plant: func(h *habits) { h.paysNamed(func(_ *shop, c claim) string { return cookieOf(c.r) }) },
		},
		{
			Name: "cookie-and-status", About: "pays the order of a customer who comes back with status=SUCCESS",
			Rule: "TRUST-026", Also: []string{"TRUST-004"}, Source: "Wang et al., IEEE S&P 2011",
			plant: func(h *habits) {
				h.read = func(s *shop, r *http.Request) (claim, error) {
					c, err := readForm(s, r)
					status := r.URL.Query().Get("status") + c.fields.Get("status")
					if o := s.named(cookieOf(r)); o != nil && strings.HasPrefix(status, "SUCCESS") && s.pay(o) {
						return c, errBelieved
					}
					return c, err
				}
			},
		},
		{
			Name: "price-from-return", About: "takes the price from the customer who comes back",
			Rule: "TRUST-026", Also: []string{"TRUST-004", "TRUST-025"}, Source: "Wang et al., IEEE S&P 2011",
			plant: func(h *habits) {
				h.isAbout = func(c claim, o *order, p payment) bool {
					wanted := o.money
					if said := c.fields.Get("amount") + c.r.URL.Query().Get("amount"); said != "" {
						wanted.Amount = []byte(said)
					}
					return p.OrderID() == o.id && p.money().is(wanted)
				}
			},
		},
	}
}

// instalments is in how many parts a payment is made.
func instalments(p payment) int {
	count, _ := p["installmentCount"].(json.Number)
	n, err := strconv.Atoi(string(count))
	if err != nil {
		return 1
	}
	return n
}

// skips is a shop that compares less when something is right.
func skips(name, about, rule string, enough func(*order, payment) bool) bug {
	return bug{
		Name: name, About: about, Rule: rule, Source: common,
		plant: func(h *habits) {
			isAbout := h.isAbout
			h.isAbout = func(c claim, o *order, p payment) bool { return isAbout(c, o, p) || enough(o, p) }
		},
	}
}

// amountBug is a shop that compares amounts in its own way.
func amountBug(name, about, source string, alike func(ordered, paid money) bool) bug {
	return bug{
		Name: name, About: about, Rule: "TRUST-022", Source: source,
		plant: func(h *habits) {
			h.isAbout = func(_ claim, o *order, p payment) bool {
				return p.OrderID() == o.id && p.money().Currency == o.Currency && alike(o.money, p.money())
			}
		},
	}
}

// ownerElseOwn finds the order whose checkout it is; only an early callback is looked up by what
// PayPorter says.
func ownerElseOwn(s *shop, c claim, p payment) *order {
	if o := s.owner(c.checkoutID); o != nil {
		return o
	}
	return ownOrder(s, c, p)
}

// orderBug is a shop that lets the callback say which order it is about.
func orderBug(name, about string, says func(*shop, claim) string) bug {
	return bug{
		Name: name, About: about, Rule: "TRUST-025", Also: []string{"TRUST-004"}, Source: "Wang et al., IEEE S&P 2011; Sun et al., NDSS 2014",
		plant: func(h *habits) { h.paysNamed(says) },
	}
}

// paysNamed has any payment pay the order that is named, and where none is, only the right one.
func (h *habits) paysNamed(says func(*shop, claim) string) {
	h.find = func(s *shop, c claim, p payment) *order {
		if o := s.named(says(s, c)); o != nil {
			return o
		}
		return ownOrder(s, c, p)
	}
	isAbout := h.isAbout
	h.isAbout = func(c claim, o *order, p payment) bool {
		return isAbout(c, o, p) || p.OrderID() != o.id
	}
}

// named finds an order by its number.
func (s *shop) named(id string) *order {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.orders[id]
}

// cookieOf is the order that a customer's browser remembers.
func cookieOf(r *http.Request) string {
	if cookie, err := r.Cookie("order"); err == nil {
		return cookie.Value
	}
	return ""
}
