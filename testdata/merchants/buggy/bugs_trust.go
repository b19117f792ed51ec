package main

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"slices"
	"strings"
)

// trustBugs are about whom the shop believes.
func trustBugs() []bug {
	bugs := []bug{
		{
			Name: "id-in-url-as-it-came", About: "asks about whatever checkoutId a callback names, unescaped",
			Rule: "TRUST-028", Source: common,
			plant: func(h *habits) {
				read := h.read
				h.read = func(s *shop, r *http.Request) (claim, error) {
					c, err := read(s, r)
					if errors.Is(err, errBadID) && len(c.fields["checkoutId"]) == 1 && len(c.fields["checkoutId"][0]) < 200 {
						c.checkoutID, err = c.fields["checkoutId"][0], nil
					}
					return c, err
				}
				h.unasked = func(s *shop, c claim, err error) int {
					if refused := new(notOK); errors.As(err, &refused) && refused.status == http.StatusBadRequest {
						return http.StatusNotFound
					}
					return askAgain(s, c, err)
				}
			},
		},
		{
			Name: "believes-browser", About: "asks when PayPorter's servers call, and believes a callback that comes through a browser",
			Rule: "TRUST-001", Source: "learning-unlimited/ESP-Website#5055",
			plant: func(h *habits) {
				h.believe = func(s *shop, c claim) bool { return !namesPayPorter(c) && s.pay(s.owner(c.checkoutID)) }
			},
		},
		{
			Name: "answer-unread", About: "asks PayPorter, and does not look at the answer",
			Rule: "TRUST-001", Source: common,
			Also: []string{
				"FLOW-005", "TRUST-007", "TRUST-008", "TRUST-009", "TRUST-010", "TRUST-011", "TRUST-012", "TRUST-013", "TRUST-014", "TRUST-015", "TRUST-016",
				"TRUST-017", "TRUST-018", "TRUST-020", "TRUST-021", "TRUST-022", "TRUST-023", "TRUST-024",
			},
			plant: func(h *habits) {
				h.find = func(s *shop, c claim, _ payment) *order { return s.owner(c.checkoutID) }
				h.check = func(a answer) (payment, error) { return payment{"status": "SUCCESS"}, nil }
				h.isAbout = always
			},
		},
		{
			Name: "unknown-pays-newest", About: "takes a checkout that it does not know for the newest order's",
			Rule: "TRUST-002", Source: common,
			plant: func(h *habits) {
				h.believe = func(s *shop, c claim) bool {
					s.mu.Lock()
					unknown, newest := s.checkouts[c.checkoutID] == nil, s.last
					s.mu.Unlock()
					return unknown && newest != nil && newest.checkout.CheckoutID != "" && s.pay(newest)
				}
			},
		},
		{
			Name: "second-callback-pays", About: "takes the second callback about a failed order for its payment",
			Rule: "TRUST-003", Source: common,
			plant: func(h *habits) {
				h.believe = func(s *shop, c claim) bool {
					o := s.owner(c.checkoutID)
					s.mu.Lock()
					failed := o != nil && o.status == "failed"
					s.mu.Unlock()
					return failed && s.pay(o)
				}
			},
		},
		{
			Name: "ships-before-asking", About: "lets the goods go out with a callback, and asks PayPorter afterwards whether the order is paid",
			Rule: "TRUST-001", Source: common,
			plant: func(h *habits) {
				h.believe = func(s *shop, c claim) bool {
					if o := s.owner(c.checkoutID); o != nil {
						s.mu.Lock()
						defer s.mu.Unlock()
						o.fulfilments = 1
					}
					return false
				}
				h.fulfil = func(s *shop, o *order, _ payment) { o.status, o.fulfilments = "paid", 1 }
			},
		},
		{
			Name: "early-callback-closes", About: "closes an order for good whose callback comes before its payment",
			Rule: "TRUST-027", Source: common,
			plant: closesOn("ENROLLED"),
		},
		{
			Name: "first-answer-kept", About: "keeps the first answer about a checkout for good, ENROLLED too",
			Rule: "TRUST-027", Also: []string{"FLOW-009", "RESIL-013"}, Source: common,
			plant: func(h *habits) {
				first := map[string]answer{} // guarded by the shop's lock
				h.question = func(s *shop, checkoutID string) (answer, error) {
					s.mu.Lock()
					kept, known := first[checkoutID]
					s.mu.Unlock()
					if known {
						return kept, nil
					}
					got, err := s.status(checkoutID)
					if err == nil && got.status == http.StatusOK && json.Valid(got.body) {
						s.mu.Lock()
						first[checkoutID] = got
						s.mu.Unlock()
					}
					return got, err
				}
			},
		},
		believes("believes-status", "believes a status that the callback tells", func(c claim) bool { return c.fields.Get("status") == "SUCCESS" }),
		believes("believes-query-status", "believes a status in the callback's address", func(c claim) bool {
			return c.r.URL.Query().Get("status") == "SUCCESS"
		}),
		believes("believes-result", "believes a result code that the callback tells", func(c claim) bool {
			return c.fields.Get("resultCode") == "SUCCESS" || c.fields.Get("paid") == "true"
		}),
		{
			Name: "believes-json", About: "takes a callback as JSON for a notification that was verified",
			Rule: "TRUST-005", Also: []string{"TRUST-004"}, Source: "Azuriom/Plugin-Shop#284",
			plant: func(h *habits) { h.alsoRead(readJSON) },
		},
		{
			Name: "believes-get", About: "takes a visit of the callback's address for the payment",
			Rule: "TRUST-006", Also: []string{"TRUST-004", "TRUST-026"}, Source: "eraycetinay/node-nestpay#9",
			plant: func(h *habits) { h.alsoRead(readVisit) },
		},
		{
			Name: "believes-query", About: "believes a callback that names its checkout in the address",
			Rule: "TRUST-006", Also: []string{"TRUST-004", "TRUST-025", "TRUST-026"}, Source: "eraycetinay/node-nestpay#9",
			plant: func(h *habits) { h.alsoRead(readQuery) },
		},
		{
			Name: "status-in-any-case", About: "compares the status in any case",
			Rule: "TRUST-013", Source: common,
			plant: func(h *habits) { h.pays(func(p payment) bool { return strings.EqualFold(p.Status(), "SUCCESS") }) },
		},
		{
			Name: "status-trimmed", About: "compares the status without the spaces around it",
			Rule: "TRUST-013", Source: common,
			plant: func(h *habits) { h.pays(func(p payment) bool { return strings.TrimSpace(p.Status()) == "SUCCESS" }) },
		},
		{
			Name: "status-begins-with", About: "takes every status that begins with SUCCESS",
			Rule: "TRUST-013", Source: common,
			plant: func(h *habits) { h.pays(func(p payment) bool { return strings.HasPrefix(p.Status(), "SUCCESS") }) },
		},
		{
			Name: "status-contains", About: "takes every status that contains SUCCESS, such as UNSUCCESSFUL",
			Rule: "TRUST-013", Source: common,
			plant: func(h *habits) { h.pays(func(p payment) bool { return strings.Contains(p.Status(), "SUCCESS") }) },
		},
		{
			Name: "result-code-decides", About: "takes the result code for the status",
			Rule: "TRUST-014", Source: common,
			plant: func(h *habits) {
				h.pays(func(p payment) bool { return p.Status() == "SUCCESS" || p.text("resultCode") == "SUCCESS" })
			},
		},
		{
			Name: "auth-code-decides", About: "takes an authorisation code for a payment",
			Rule: "TRUST-014", Source: common,
			plant: func(h *habits) {
				h.pays(func(p payment) bool { return p.Status() == "SUCCESS" || p.text("authCode") != "" })
			},
		},
		{
			Name: "no-status-is-paid", About: "only refuses a status that is there",
			Rule: "TRUST-015", Source: common,
			plant: func(h *habits) {
				h.pays(func(p payment) bool { return p["status"] == nil || p.Status() == "SUCCESS" })
			},
		},
		{
			Name: "status-true-is-paid", About: "takes whatever status is no text for a yes",
			Rule: "TRUST-015", Source: common,
			plant: func(h *habits) {
				h.pays(func(p payment) bool {
					_, text := p["status"].(string)
					return p.Status() == "SUCCESS" || (p["status"] != nil && !text)
				})
			},
		},
		{
			Name: "unknown-status-is-paid", About: "refuses the statuses it knows and takes any other for a payment",
			Rule: "TRUST-012", Also: []string{"TRUST-013", "TRUST-015"}, Source: common,
			plant: func(h *habits) {
				h.pays(func(p payment) bool {
					return !slices.Contains([]string{"FAILED", "ENROLLED", "PENDING_APPROVAL", "CANCELLED", "CAPTURED", "REJECTED"}, p.Status())
				})
			},
		},
		{
			Name: "statuses-of-others", About: "knows what other gateways call a payment",
			Rule: "TRUST-012", Source: common,
			plant: func(h *habits) { h.paysOn("APPROVED", "COMPLETED", "AUTHORIZED", "PAID", "OK") },
		},
		{
			Name: "not-failed-is-paid", About: "takes every status but FAILED for a payment",
			Rule: "TRUST-007", Source: common,
			Also: []string{
				"TRUST-001", "TRUST-004", "TRUST-008", "TRUST-009", "TRUST-010", "TRUST-011", "TRUST-012", "TRUST-013", "TRUST-014", "TRUST-015",
			},
			plant: func(h *habits) { h.pays(func(p payment) bool { return p.Status() != "FAILED" }) },
		},
	}
	for status, rule := range map[string]string{
		"ENROLLED": "TRUST-007", "PENDING_APPROVAL": "TRUST-008", "CAPTURED": "TRUST-009", "REJECTED": "TRUST-010", "CANCELLED": "TRUST-011",
	} {
		bugs = append(bugs, bug{
			Name: "pays-on-" + strings.ToLower(strings.ReplaceAll(status, "_", "-")), About: "takes the status " + status + " for a payment",
			Rule: rule, Source: common,
			plant: func(h *habits) { h.paysOn(status) },
		})
	}
	slices.SortStableFunc(bugs[len(bugs)-5:], func(a, b bug) int { return strings.Compare(a.Rule, b.Rule) })
	return append(bugs, faultBugs()...)
}

// believes is a shop that believes some callbacks.
func believes(name, about string, when func(claim) bool) bug {
	return bug{
		Name: name, About: about, Rule: "TRUST-004", Also: []string{"TRUST-026"}, Source: "Azuriom/Plugin-Shop#284",
		plant: func(h *habits) {
			h.believe = func(s *shop, c claim) bool { return when(c) && s.pay(s.owner(c.checkoutID)) }
		},
	}
}

// alsoRead pays without asking what can be read in another way.
func (h *habits) alsoRead(another func(*http.Request) (claim, error)) {
	h.read = func(s *shop, r *http.Request) (claim, error) {
		if c, err := another(r); err == nil && s.pay(s.owner(c.checkoutID)) {
			return c, errBelieved
		}
		return readForm(s, r)
	}
	h.bad = func(_ *shop, _ claim, err error) reply {
		if errors.Is(err, errBelieved) {
			return say(http.StatusOK, "thank you")
		}
		return sayError(err)
	}
}

var errBelieved = errors.New("believed without a question")

func readJSON(r *http.Request) (claim, error) {
	if !strings.HasPrefix(r.Header.Get("Content-Type"), "application/json") {
		return claim{}, errNoID
	}
	var said struct{ CheckoutID string }
	err := json.NewDecoder(io.LimitReader(r.Body, maxBody)).Decode(&said)
	return claim{checkoutID: said.CheckoutID, r: r}, err
}

func readVisit(r *http.Request) (claim, error) {
	if r.Method != http.MethodGet {
		return claim{}, errNoID
	}
	return readQuery(r)
}

func readQuery(r *http.Request) (claim, error) {
	c := claim{r: r, fields: r.URL.Query()}
	return c, c.identify(c.fields["checkoutId"])
}

// faultBugs take a question without an answer for a payment.
func faultBugs() []bug {
	fault := func(name, about, rule string, is func(error) bool, also ...string) bug {
		return bug{
			Name: name, About: about, Rule: rule, Also: also, Source: common,
			plant: func(h *habits) {
				h.unasked = func(s *shop, c claim, err error) int {
					if is(err) && s.pay(s.owner(c.checkoutID)) {
						return http.StatusOK
					}
					return askAgain(s, c, err)
				}
			},
		}
	}
	return []bug{
		{
			Name: "status-code-unread", About: "reads the body of an answer, whatever its status is",
			Rule: "TRUST-018", Also: []string{"TRUST-016", "TRUST-017"}, Source: common,
			plant: func(h *habits) {
				h.check = func(a answer) (payment, error) {
					if p, err := decodePayment(a.body); err == nil && p.Status() != "" {
						return p, nil
					}
					return readPayment(a)
				}
			},
		},
		fault("pays-on-401", "takes a question that was refused for answered", "TRUST-016", answered(http.StatusUnauthorized)),
		fault("pays-on-404", "takes a checkout that PayPorter does not know for paid", "TRUST-017", func(err error) bool {
			return errors.Is(err, errUnknown)
		}),
		fault("pays-on-500", "takes a server fault for a payment", "TRUST-018", answered(http.StatusInternalServerError)),
		fault("pays-on-time-out", "takes a question that took too long for a payment", "TRUST-019", func(err error) bool {
			return errors.Is(err, context.DeadlineExceeded)
		}),
		fault("pays-on-silence", "takes PayPorter's silence for a payment", "TRUST-019", isA[*unreachable], "TRUST-020"),
		fault("pays-on-broken-json", "takes an answer that it cannot read for a payment", "TRUST-020", func(err error) bool {
			var broken *unreadable
			return errors.As(err, &broken) && !broken.empty
		}),
		fault("pays-on-nothing", "takes an empty answer for a payment", "TRUST-021", func(err error) bool {
			var broken *unreadable
			return errors.As(err, &broken) && broken.empty
		}),
	}
}

// closesOn is a shop that takes a status for final that is not.
func closesOn(status string) func(*habits) {
	return func(h *habits) {
		h.settle = func(s *shop, c claim, o *order, p payment) {
			settle(s, c, o, p)
			s.mu.Lock()
			defer s.mu.Unlock()
			o.dead = o.dead || p.Status() == status
		}
	}
}

func answered(status int) func(error) bool {
	return func(err error) bool {
		var bad *notOK
		return errors.As(err, &bad) && bad.status == status
	}
}

func isA[E error](err error) bool {
	var target E
	return errors.As(err, &target)
}
