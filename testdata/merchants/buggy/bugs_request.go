package main

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"math"
	"math/big"
	"net/http"
	"net/url"
	"strconv"
	"strings"
)

// requestBugs are about what the shop sends to PayPorter.
func requestBugs() []bug {
	return []bug{
		{
			Name: "follows-redirects", About: "follows a redirect of PayPorter's with its secret, wherever it leads",
			Rule: "REQ-012", Source: common,
			plant: func(h *habits) { h.client = &http.Client{} },
		},
		{
			Name: "create-as-form", About: "sends the create as a form",
			Rule: "REQ-001", Also: []string{"FLOW-003"}, Source: common,
			plant: func(h *habits) { h.encode = encodeForm },
		},
		{
			Name: "installments-as-text", About: "sends the number of instalments as a text",
			Rule: "REQ-001", Source: common,
			plant: func(h *habits) { h.with("maxInstallmentCount", func(*shop, *order) any { return "3" }) },
		},
		{
			Name: "status-without-secret", About: "asks for the status with the key, but without the secret",
			Rule: "REQ-002", Also: []string{"FLOW-003"}, Source: common,
			plant: func(h *habits) {
				h.credentials = func(s *shop, method string) http.Header {
					header := both(s, method)
					if method == http.MethodGet {
						header.Del("X-Api-Secret")
					}
					return header
				}
			},
		},
		{
			Name: "keys-of-two-merchants", About: "creates with one merchant's key and asks with another's",
			Rule: "REQ-002", Also: []string{"FLOW-003"}, Source: "iyzico/iyzipay-python#78",
			plant: func(h *habits) {
				h.credentials = func(s *shop, method string) http.Header {
					header := both(s, method)
					if method == http.MethodGet {
						header.Set("X-Api-Key", "test_sandbox_of_old")
					}
					return header
				}
			},
		},
		{
			Name: "asks-bare-first", About: "asks without credentials, and with them once PayPorter has refused",
			Rule: "REQ-002", Source: common,
			plant: func(h *habits) {
				h.question = func(s *shop, checkoutID string) (answer, error) {
					got, err := s.call(http.Header{}, http.MethodGet, "/api/checkout/"+checkoutID, nil)
					if err != nil || got.status != http.StatusUnauthorized {
						return got, err
					}
					return s.status(checkoutID)
				}
			},
		},
		{
			Name: "amount-as-text", About: "sends the amount as a text",
			Rule: "REQ-003", Source: common,
			plant: func(h *habits) { h.with("amount", func(_ *shop, o *order) any { return string(o.Amount) }) },
		},
		{
			Name: "minor-units", About: "sends the amount in minor units: 10050 for 100.50",
			Rule: "REQ-004", Also: []string{"FLOW-003", "TRUST-022"}, Source: common, // it takes a hundredfold for its own
			plant: func(h *habits) {
				h.charge(func(n *big.Rat) string { return n.Mul(n, big.NewRat(100, 1)).FloatString(0) })
			},
		},
		{
			Name: "whole-units", About: "sends the amount without its decimals",
			Rule: "REQ-004", Also: []string{"FLOW-003"}, Source: common,
			plant: func(h *habits) {
				h.charge(func(n *big.Rat) string { return new(big.Int).Quo(n.Num(), n.Denom()).String() })
			},
		},
		{
			Name: "float-noise", About: "calculates with floats: 100.10 becomes 100.09999999999999",
			Rule: "REQ-004", Source: common,
			plant: func(h *habits) {
				h.charge(func(n *big.Rat) string {
					amount, _ := n.Float64()
					return strconv.FormatFloat(math.Nextafter(amount, 0), 'f', -1, 64)
				})
			},
		},
		{
			Name: "one-decimal", About: "rounds the amount to one decimal",
			Rule: "REQ-004", Also: []string{"FLOW-003"}, Source: common,
			plant: func(h *habits) { h.charge(func(n *big.Rat) string { return n.FloatString(1) }) },
		},
		{
			Name: "currency-tl", About: "calls the lira TL",
			Rule: "REQ-005", Source: common,
			plant: func(h *habits) {
				h.with("currency", func(_ *shop, o *order) any { return strings.Replace(o.Currency, "TRY", "TL", 1) })
			},
		},
		{
			Name: "currency-constant", About: "sends TRY for every currency",
			Rule: "REQ-005", Source: common,
			plant: func(h *habits) { h.with("currency", func(*shop, *order) any { return "TRY" }) },
		},
		{
			Name: "currency-number", About: "sends the currency's ISO number: 949",
			Rule: "REQ-005", Source: common,
			plant: func(h *habits) { h.with("currency", func(*shop, *order) any { return "949" }) },
		},
		{
			Name: "currency-lower-case", About: "sends the currency in lower case",
			Rule: "REQ-005", Source: common,
			plant: func(h *habits) {
				h.with("currency", func(_ *shop, o *order) any { return strings.ToLower(o.Currency) })
			},
		},
		{
			Name: "callback-relative", About: "sends a callback without scheme and host",
			Rule: "REQ-006", Source: common,
			plant: func(h *habits) { h.with("callback", func(*shop, *order) any { return "/payment-callback" }) },
		},
		{
			Name: "callback-nowhere", About: "sends a callback at a port where nothing listens",
			Rule: "REQ-007", Source: common,
			plant: func(h *habits) {
				h.with("callback", func(*shop, *order) any { return "http://127.0.0.1:1/payment-callback" })
			},
		},
		{
			Name: "callback-no-such-page", About: "sends a callback to a page that the shop does not have",
			Rule: "REQ-007", Source: common,
			plant: func(h *habits) {
				h.with("callback", func(s *shop, _ *order) any { return s.home + "/payment/callback" })
			},
		},
		{
			Name: "callback-only-by-get", About: "takes the callback by GET and answers a POST with 405",
			Rule: "REQ-007", Source: "eraycetinay/node-nestpay#9",
			plant: func(h *habits) {
				h.read = func(s *shop, r *http.Request) (claim, error) {
					if r.Method != http.MethodGet {
						return claim{r: r}, &refusal{http.StatusMethodNotAllowed, "want a GET"}
					}
					c := claim{r: r, fields: r.URL.Query()}
					return c, c.identify(c.fields["checkoutId"])
				}
			},
		},
		{
			Name: "secret-in-callback", About: "puts the secret into the callback's query, to know it again",
			Rule: "REQ-008", Source: common,
			plant: func(h *habits) {
				h.with("callback", func(s *shop, _ *order) any { return s.home + "/payment-callback?token=" + url.QueryEscape(s.secret) })
			},
		},
		{
			Name: "secret-in-callback-path", About: "puts the secret, base64, into the callback's path",
			Rule: "REQ-008", Source: common,
			plant: func(h *habits) {
				h.with("callback", func(s *shop, _ *order) any {
					return s.home + "/payment-callback/" + base64.RawURLEncoding.EncodeToString([]byte(s.secret))
				})
			},
		},
		{
			Name: "number-by-amount", About: "numbers orders by what they cost, so that two alike have one number",
			Rule: "REQ-009", Also: []string{"FLOW-010", "TRUST-025"}, Source: common,
			plant: func(h *habits) { h.number = func(_ *shop, m money) string { return "ORD-" + string(m.Amount) } },
		},
		{
			Name: "number-constant", About: "gives every order the number 1",
			Rule: "REQ-009", Also: []string{"FLOW-010", "FLOW-007"}, Source: common,
			plant: func(h *habits) { h.number = func(*shop, money) string { return "ORD-1" } },
		},
		{
			Name: "number-raced", About: "numbers orders by a counter that two at the same moment read alike",
			Rule: "REQ-009", Source: common,
			Also:  []string{"TRUST-019", "RESIL-003", "RESIL-004", "RESIL-009", "RESIL-015"}, // which order at the same moment
			plant: func(h *habits) { h.number = countedNumber },
		},
		{
			Name: "secret-in-redirect", About: "sends the customer on with the secret in the address",
			Rule: "REQ-010", Also: []string{"FLOW-001"}, Source: common,
			plant: func(h *habits) {
				h.link = func(s *shop, to string) string { return to + "?secret=" + url.QueryEscape(s.secret) }
			},
		},
		{
			Name: "secret-on-page", About: "hands the page the credentials, for its script",
			Rule: "REQ-010", Source: common,
			plant: func(h *habits) {
				h.page = func(s *shop, _ *order, shown map[string]any) {
					shown["config"] = map[string]string{"apiKey": s.key, "apiSecret": s.secret}
				}
			},
		},
		{
			Name: "secret-encoded-on-page", About: "hands the page the credentials as a Basic token",
			Rule: "REQ-010", Source: common,
			plant: func(h *habits) {
				h.page = func(s *shop, _ *order, shown map[string]any) {
					shown["auth"] = "Basic " + base64.StdEncoding.EncodeToString([]byte(s.key+":"+s.secret))
				}
			},
		},
		{
			Name: "secret-in-error", About: "tells the customer the whole request when PayPorter refuses it",
			Rule: "REQ-010", Source: common,
			plant: func(h *habits) {
				h.unmade = func(s *shop, o *order, err error) reply {
					r := tryAgain(s, o, err)
					r.body["debug"] = fmt.Sprint(err, both(s, ""))
					return r
				}
			},
		},
		{
			Name: "number-anew-each-try", About: "tries a create again under another orderId, and pays each of them",
			Rule: "REQ-011", Source: common,
			plant: func(h *habits) {
				h.tries, h.eachTry = 2, renumber
				h.isAbout = func(_ claim, o *order, p payment) bool { return p.money().is(o.money) }
			},
		},
	}
}

// with has a field of the create made otherwise.
func (h *habits) with(field string, value func(*shop, *order) any) {
	request := h.request
	h.request = func(s *shop, o *order) map[string]any {
		fields := request(s, o)
		fields[field] = value(s, o)
		return fields
	}
}

// charge has the amount calculated.
func (h *habits) charge(amount func(*big.Rat) string) {
	h.with("amount", func(_ *shop, o *order) any { return json.RawMessage(amount(o.number())) })
}

func encodeForm(fields map[string]any) (string, []byte) {
	form := url.Values{}
	for name, value := range fields {
		if raw, ok := value.(json.RawMessage); ok {
			value = string(raw)
		}
		form.Set(name, fmt.Sprint(value))
	}
	return "application/x-www-form-urlencoded", []byte(form.Encode())
}

// countedNumber looks how many orders there are. The order that is counted next is kept a moment later.
func countedNumber(s *shop, _ money) string {
	s.mu.Lock()
	n := len(s.orders)
	s.mu.Unlock()
	pause()
	return fmt.Sprintf("ORD-%06d", n+1)
}

func renumber(s *shop, o *order) {
	o.sent = uniqueNumber(s, o.money)
	s.keep(o)
}
