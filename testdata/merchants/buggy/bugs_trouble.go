package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"log"
	"net/http"
	"sync"
	"time"
)

// troubleBugs are about what goes wrong between the shop and PayPorter.
func troubleBugs() []bug {
	return []bug{
		{
			Name: "early-callback-lost", About: "takes a callback that overtakes the create for done, and forgets it",
			Rule: "RESIL-001", Source: "duncanmcclean/statamic-cargo#190",
			plant: func(h *habits) {
				h.find = func(s *shop, c claim, p payment) *order {
					if s.owner(c.checkoutID) == nil {
						return nil
					}
					return ownOrder(s, c, p)
				}
				h.missing = func(*shop, claim, payment) int { return http.StatusOK }
			},
		},
		{
			Name: "gives-up-the-silent", About: "gives up all orders that wait when five more were made and nobody has called back",
			Rule: "RESIL-002", Source: common,
			plant: giveUpSilent,
		},
		{
			Name: "remembers-few-orders", About: "knows the checkouts of the newest five orders",
			Rule: "RESIL-002", Source: "eyupgevenim/Nop.Plugin.Payments.Iyzico#1",
			Also: []string{"TRUST-019", "RESIL-003", "RESIL-004", "RESIL-015"}, // which order beside each other
			plant: func(h *habits) {
				h.find = func(s *shop, c claim, p payment) *order {
					o := ownOrder(s, c, p)
					s.mu.Lock()
					defer s.mu.Unlock()
					if o != nil && o.place+6 <= len(s.orders) {
						return nil
					}
					return o
				}
			},
		},
		{
			Name: "slow-answer-given-up", About: "takes a callback for done when PayPorter answers late",
			Rule: "RESIL-004", Source: common,
			plant: giveUp(isA[*unreachable]),
		},
		{
			Name: "fault-given-up", About: "takes a callback for done when PayPorter answers a fault",
			Rule: "RESIL-005", Source: common,
			plant: giveUp(answered(http.StatusInternalServerError)),
		},
		{
			Name: "failed-on-fault", About: "closes an order for good when PayPorter answers a fault, or nothing",
			Rule: "RESIL-014", Also: []string{"RESIL-004", "RESIL-005"}, Source: common,
			plant: func(h *habits) {
				h.unasked = func(s *shop, c claim, err error) int {
					if o := s.owner(c.checkoutID); o != nil && isTransient(err) {
						s.mu.Lock()
						o.dead = o.status != "paid"
						failUnpaid(s, o)
						s.mu.Unlock()
					}
					return askAgain(s, c, err)
				}
			},
		},
		{
			Name: "gives-up-after-three", About: "asks three times, and takes a callback for done when PayPorter answers a fault each time",
			Rule: "RESIL-005", Also: []string{"RESIL-014"}, Source: common,
			plant: func(h *habits) {
				giveUp(answered(http.StatusInternalServerError))(h)
				h.question = func(s *shop, checkoutID string) (answer, error) {
					for range 2 {
						if a, err := s.status(checkoutID); err != nil || a.status < http.StatusInternalServerError {
							return a, err
						}
					}
					return s.status(checkoutID)
				}
			},
		},
		{
			Name: "unreadable-closes", About: "closes an order for good when it cannot read what PayPorter answers",
			Rule: "RESIL-014", Source: common,
			plant: func(h *habits) {
				h.unasked = func(s *shop, c claim, err error) int {
					if o := s.owner(c.checkoutID); o != nil && isA[*unreadable](err) {
						s.mu.Lock()
						defer s.mu.Unlock()
						o.dead = o.status != "paid"
					}
					return askAgain(s, c, err)
				}
			},
		},
		{
			Name: "approval-closes", About: "closes an order for good whose payment somebody has yet to approve",
			Rule: "RESIL-013", Source: common,
			plant: closesOn("PENDING_APPROVAL"),
		},
		{
			Name: "strict-status", About: "cannot read a status with a field that it does not know",
			Rule: "RESIL-006", Source: common,
			plant: func(h *habits) { h.check = strictPayment },
		},
		{
			Name: "strict-create", About: "cannot read a checkout with a field that it does not know",
			Rule: "RESIL-006", Source: common,
			plant: func(h *habits) {
				h.decode = func(a answer) (checkout, error) {
					made, err := decodeCheckout(a)
					if err != nil {
						return made, err
					}
					return made, strictly(a.body, &made)
				}
			},
		},
		{
			Name: "wants-all-fields", About: "cannot read a status without the card's fields",
			Rule: "RESIL-007", Source: common,
			plant: func(h *habits) {
				h.check = func(a answer) (payment, error) {
					p, err := readPayment(a)
					for _, name := range []string{"cardHolderName", "pan", "authCode", "resultMessage"} {
						if _, said := p[name]; err == nil && p.Status() == "SUCCESS" && !said {
							return nil, errors.New("no " + name)
						}
					}
					return p, err
				}
			},
		},
		{
			Name: "create-fault-ends-shop", About: "ends when PayPorter answers a create with a fault",
			Rule: "RESIL-008", Also: []string{"REQ-011", "REQ-012"}, Source: common,
			plant: func(h *habits) {
				h.unmade = func(_ *shop, _ *order, err error) reply {
					log.Fatal(err)
					return reply{}
				}
			},
		},
		{
			Name: "create-fault-untold", About: "sends the customer to the address undefined when there is no checkout",
			Rule: "RESIL-008", Source: common,
			plant: func(h *habits) {
				h.unmade = func(s *shop, o *order, _ error) reply {
					return reply{http.StatusOK, map[string]any{"orderId": o.id, "redirectUrl": s.payporter + "/checkout-link/undefined"}, ""}
				}
			},
		},
		{
			Name: "create-fault-silent", About: "answers 200 without a word when there is no checkout",
			Rule: "RESIL-008", Source: common,
			plant: func(h *habits) {
				h.unmade = func(_ *shop, o *order, _ error) reply {
					return reply{http.StatusOK, map[string]any{"orderId": o.id}, ""}
				}
			},
		},
		{
			Name: "create-fault-closes-shop", About: "sells nothing any more once PayPorter has answered a fault",
			Rule: "RESIL-008", Source: common,
			plant: func(h *habits) {
				h.unmade = func(s *shop, o *order, err error) reply {
					s.mu.Lock()
					defer s.mu.Unlock()
					s.broken = true
					return tryAgain(s, o, err)
				}
				h.refuse = func(s *shop, _ *http.Request) bool {
					s.mu.Lock()
					defer s.mu.Unlock()
					return s.broken
				}
			},
		},
		{
			Name: "create-hangs-shop", About: "serves nobody while it waits for PayPorter, for as long as that takes",
			Rule: "RESIL-009", Source: common,
			Also: []string{"TRUST-019", "RESIL-001", "RESIL-003", "RESIL-004", "RESIL-015"}, // which order beside it
			plant: func(h *habits) {
				h.alone = true
				h.forEver(http.MethodPost)
			},
		},
		{
			Name: "create-hangs-orders", About: "takes one order at a time, and waits for PayPorter for as long as the customer does",
			Rule: "RESIL-009", Source: common,
			plant: func(h *habits) {
				h.refuse = func(s *shop, r *http.Request) bool {
					s.busy.Lock()
					context.AfterFunc(r.Context(), s.busy.Unlock) // the customer is served, or gone
					return false
				}
				h.forEver(http.MethodPost)
			},
		},
		{
			Name: "create-hangs-customer", About: "lets a customer wait for PayPorter's answer to the create, for as long as that takes",
			Rule: "RESIL-018", Slow: true, Source: common,
			plant: func(h *habits) { h.forEver(http.MethodPost) },
		},
		{
			Name: "status-hangs-shop", About: "lets all callbacks wait while it asks about one, for as long as that takes",
			Rule: "RESIL-015", Also: []string{"RESIL-004"}, Slow: true, Source: common,
			plant: func(h *habits) {
				h.forEver(http.MethodGet)
				var asking sync.Mutex
				h.question = func(s *shop, checkoutID string) (answer, error) {
					asking.Lock()
					defer asking.Unlock()
					return s.status(checkoutID)
				}
			},
		},
		{
			Name: "status-holds-lock-half-a-minute", About: "holds one lock while it asks, and gives up after half a minute",
			Rule: "RESIL-015", Also: []string{"RESIL-004"}, Slow: true, Source: common,
			plant: func(h *habits) {
				h.patience = func(string) time.Duration { return 30 * time.Second }
				var asking sync.Mutex
				h.question = func(s *shop, checkoutID string) (answer, error) {
					asking.Lock()
					defer asking.Unlock()
					return s.status(checkoutID)
				}
			},
		},
		paysNewest("no-id-pays-newest", "takes a callback without checkoutId for the newest order's", "RESIL-010", errNoID),
		paysNewest("huge-body-pays-newest", "takes a body that is too large for the newest order's", "RESIL-011", errTooLong),
		paysNewest("encoding-pays-newest", "takes a body that cannot be decoded for the newest order's", "RESIL-012", errEncoding),
		ends("no-id-ends-shop", "ends with a callback without checkoutId", "RESIL-010", errNoID, "ACK-004"),
		{
			Name: "fault-ends-shop", About: "ends when PayPorter cannot be asked",
			Rule: "TRUST-018", Source: common,
			Also: []string{"ACK-002", "IDEM-006", "REQ-010", "REQ-012", "RESIL-017", "RESIL-004", "RESIL-005", "RESIL-014", "RESIL-015", "TRUST-015", "TRUST-016", "TRUST-019", "TRUST-020", "TRUST-021"},
			plant: func(h *habits) {
				h.unasked = func(s *shop, c claim, err error) int {
					if isTransient(err) {
						log.Fatal(err)
					}
					return askAgain(s, c, err)
				}
			},
		},
		ends("huge-body-ends-shop", "ends with a body that is too large", "RESIL-011", errTooLong),
		ends("encoding-ends-shop", "ends with a body that cannot be decoded", "RESIL-012", errEncoding),
		closes("encoding-closes-shop", "takes no callback any more after one that cannot be decoded", "RESIL-012", errEncoding,
			"IDEM-001", "RESIL-001", "RESIL-002", "RESIL-004", "RESIL-005", "RESIL-006", "RESIL-007", "RESIL-008", "RESIL-010", "RESIL-011"),
	}
}

func strictPayment(a answer) (payment, error) {
	p, err := readPayment(a)
	if err != nil {
		return nil, err
	}
	var known struct {
		PaymentID, ParentPaymentID, OrderID, Currency, Status, TransactionType, PaymentDate, CardHolderName, Pan, DomInt string
		CardScheme, CardType, CardSubType, LoyaltyCode, ExternalTransactionID, AuthCode, ResultCode, ResultMessage       any
		CustomerID, Amount, InstallmentCount, MerchantCommission                                                         any
	}
	return p, strictly(a.body, &known)
}

func strictly(body []byte, into any) error {
	decoder := json.NewDecoder(bytes.NewReader(body))
	decoder.DisallowUnknownFields()
	return decoder.Decode(into)
}

// giveUpSilent counts the orders since the last callback.
func giveUpSilent(h *habits) {
	waiting := 0 // guarded by the shop's lock
	h.number = func(s *shop, wanted money) string {
		s.mu.Lock()
		defer s.mu.Unlock()
		if waiting++; waiting > 5 {
			for _, o := range s.orders {
				o.dead = o.dead || o.status == "pending"
			}
		}
		return uniqueNumber(s, wanted)
	}
	h.believe = func(s *shop, _ claim) bool {
		s.mu.Lock()
		defer s.mu.Unlock()
		waiting = 0
		return false
	}
}

// forEver waits for the answer to a method without an end.
func (h *habits) forEver(method string) {
	patience := h.patience
	h.patience = func(asked string) time.Duration {
		if asked == method {
			return 0
		}
		return patience(asked)
	}
}

// paysNewest is a shop that guesses whom a callback is about that it cannot read.
func paysNewest(name, about, rule string, with error) bug {
	return bug{
		Name: name, About: about, Rule: rule, Source: common,
		plant: func(h *habits) {
			h.bad = func(s *shop, _ claim, err error) reply {
				s.mu.Lock()
				newest := s.last
				s.mu.Unlock()
				if errors.Is(err, with) {
					s.pay(newest)
				}
				return sayError(err)
			}
		},
	}
}

// ends is a shop that ends with a callback.
func ends(name, about, rule string, with error, also ...string) bug {
	return bug{
		Name: name, About: about, Rule: rule, Also: also, Source: common,
		plant: func(h *habits) {
			h.bad = func(_ *shop, _ claim, err error) reply {
				if errors.Is(err, with) {
					log.Fatal(err)
				}
				return sayError(err)
			}
		},
	}
}

// closes is a shop whose worker for callbacks ends with one.
func closes(name, about, rule string, with error, also ...string) bug {
	return bug{
		Name: name, About: about, Rule: rule, Also: also, Source: common,
		plant: func(h *habits) {
			h.bad = func(s *shop, _ claim, err error) reply {
				s.mu.Lock()
				defer s.mu.Unlock()
				s.broken = s.broken || errors.Is(err, with)
				return sayError(err)
			}
			h.settle = func(s *shop, c claim, o *order, p payment) {
				s.mu.Lock()
				defer s.mu.Unlock()
				if !s.broken {
					s.settleLocked(c, o, p)
				}
			}
		},
	}
}
