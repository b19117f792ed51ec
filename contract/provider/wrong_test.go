package provider_test

import (
	"encoding/json"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/payporter-mock/payporter-mock/contract/provider"
	"github.com/payporter-mock/payporter-mock/contract/report"
	"github.com/payporter-mock/payporter-mock/internal/extent"
	"github.com/payporter-mock/payporter-mock/mock"
)

// wrong is a provider that is right but for one fact, and the rule that must say so.
type wrong struct {
	rule, name string
	fault      fault
}

var wrongs = []wrong{
	{"PROV-001", "creates for anybody without a key", trusts(func(a asked) bool {
		return a.isCreate() && a.Header.Get(
			"X-Api-Key") == ""
	})},
	{"PROV-002", "creates for anybody without a secret", trusts(func(a asked) bool {
		return a.isCreate() && a.Header.Get(
			"X-Api-Secret") == ""
	})},
	{"PROV-003", "does not look at the secret of a create", trusts(func(a asked) bool {
		return a.isCreate() && strings.HasPrefix(a.Header.Get("X-Api-Secret"), "wrong-")
	})},
	{"PROV-003", "answers a wrong secret with 403", answers(func(a *answer) {
		if a.to.isCreate() && a.status == 401 && strings.HasPrefix(a.to.sent.Get("X-Api-Secret"), "wrong-") {
			a.status = http.StatusForbidden
		}
	})},
	{"PROV-004", "makes a merchant of every key", trusts(func(a asked) bool {
		return a.isCreate() && strings.HasPrefix(
			a.Header.Get("X-Api-Key"), "unknown-")
	})},
	{"PROV-005", "shows a status to anybody", trusts(func(a asked) bool {
		return a.isStatus() && a.Header.Get(
			"X-Api-Key") == ""
	})},
	{"PROV-005", "shows a status without a secret", trusts(func(a asked) bool {
		return a.isStatus() && a.Header.Get(
			"X-Api-Secret") == ""
	})},
	{"PROV-006", "does not look at the secret of a status", trusts(func(a asked) bool {
		return a.isStatus() && strings.HasPrefix(a.Header.Get("X-Api-Secret"), "wrong-")
	})},
	{"PROV-006", "shows a status to unknown keys", trusts(func(a asked) bool {
		return a.isStatus() && strings.HasPrefix(a.Header.Get("X-Api-Key"), "unknown-")
	})},
	{"PROV-007", "knows every secret, but not whose it is", trusts(func(a asked) bool {
		return a.isCreate() && a.Header.Get("X-Api-Key") == mock.DefaultAPIKey &&
			strings.HasPrefix(a.Header.Get("X-Api-Secret"), "secret_")
	})},
	{"PROV-008", "shows every merchant every checkout", trusts(func(a asked) bool {
		return a.isStatus() &&
			strings.HasPrefix(a.Header.Get("X-Api-Key"), "test_other_")
	})},
	{"PROV-008", "refuses other merchants and shows the order all the same", showsInRefusal},
	{
		"PROV-009", "answers a 401 without a message",
		fails(401, func(a *answer) { a.body = map[string]any{"error": "unauthorized"} }),
	},
	{"PROV-009", "answers a 401 in HTML", fails(401, func(a *answer) { a.text = "<html>401</html>" })},
	{"PROV-010", "tells which keys exist", fails(401, func(a *answer) {
		if strings.HasPrefix(a.to.sent.Get("X-Api-Key"), "unknown-") {
			a.body["message"] = "there is no such key"
		}
	})},
	{"PROV-011", "knows its headers in capitals only", nil},

	{"PROV-101", "wants a description", refusesOrders(func(o map[string]any) bool { return o["description"] == nil })},
	{"PROV-102", "takes no instalments", refusesOrders(func(o map[string]any) bool {
		return o["maxInstallmentCount"] == json.Number("6") && o["customerId"] != nil
	})},
	{"PROV-103", "answers no redirectUrl", created(func(a *answer) { delete(a.body, "redirectUrl") })},
	{
		"PROV-103", "answers redirectUrl as an object",
		created(func(a *answer) { a.body["redirectUrl"] = map[string]any{"href": a.body["redirectUrl"]} }),
	},
	{"PROV-104", "has ids that are no UUIDs", renamed},
	{"PROV-105", "sends customers to a page for everybody", created(func(a *answer) {
		a.body["redirectUrl"] = "http://" +
			a.to.Host + "/docs"
	})},
	{
		"PROV-105", "answers a redirectUrl without a host",
		created(func(a *answer) { a.body["redirectUrl"] = "/checkout-link/" + a.body["checkoutId"].(string) }),
	},
	{
		"PROV-105", "answers a redirectUrl with a session in it",
		created(func(a *answer) { a.body["redirectUrl"] = a.body["redirectUrl"].(string) + "?session=1" }),
	},
	{"PROV-106", "has no page behind the link", refuses(func(a asked) bool {
		return strings.HasPrefix(
			a.URL.Path, "/checkout-link/")
	}, 404, `{"message":"no"}`)},
	{"PROV-107", "gives the same id to those who come at once", sharesIDs},
	{"PROV-108", "breaks on an order that comes twice", faultsOnRepeats},
	{"PROV-109", "refuses unknown fields", refusesOrders(
		func(o map[string]any) bool { return o["x-unknown-field"] != nil })},
	{"PROV-110", "refuses null", refusesOrders(func(o map[string]any) bool {
		description, there := o["description"]
		return there && description == nil
	})},

	{"PROV-201", "makes up an orderId", takesMissing("orderId")},
	{"PROV-202", "takes an order without an amount", takesMissing("amount")},
	{"PROV-203", "thinks of its own currency", takesMissing("currency")},
	{"PROV-204", "takes an order without a callback", takesMissing("callback")},
	{"PROV-211", "takes an orderId of another type", takesOtherTypes("orderId")},
	{"PROV-212", "takes an amount of another type", takesOtherTypes("amount")},
	{"PROV-213", "takes a currency of another type", takesOtherTypes("currency")},
	{"PROV-214", "takes a callback of another type", takesOtherTypes("callback")},
	{"PROV-215", "takes a description of another type", takesOtherTypes("description")},
	{"PROV-216", "takes a customerId of another type", takesOtherTypes("customerId")},
	{"PROV-217", "takes a maxInstallmentCount of another type", takesOtherTypes("maxInstallmentCount")},
	{"PROV-218", "takes an interestPaidByCustomer of another type", takesOtherTypes("interestPaidByCustomer")},
	{"PROV-221", "takes any orderId", takesLength("orderId", 1, 128)},
	{"PROV-221", "has a shorter orderId", refusesOrders(func(o map[string]any) bool {
		s,
			_ := o["orderId"].(string)
		return len(s) > 64
	})},
	{"PROV-222", "takes nothing and less than nothing", takesNumber("amount", func(n float64) bool { return n <= 0 })},
	{"PROV-223", "takes any amount", takesNumber("amount", func(n float64) bool { return n > 9999999999.99 })},
	{"PROV-223", "takes no large amount", refusesOrders(func(o map[string]any) bool {
		return o["amount"] == json.Number(
			"9999999999.99")
	})},
	{"PROV-224", "rounds amounts", mends(func(o map[string]any) {
		if o["amount"] == json.Number("1.005") && o["currency"] == "TRY" {
			o["amount"] = json.Number("1.01")
		}
	})},
	{"PROV-225", "takes any currency", takesText("currency", func(s string) bool {
		return s == "XYZ" || s == "TL" ||
			s == ""
	})},
	{"PROV-226", "takes a currency in small letters", takesText("currency", func(s string) bool { return s == "try" })},
	{"PROV-227", "takes no euros", refusesOrders(func(o map[string]any) bool { return o["currency"] == "EUR" })},
	{"PROV-228", "thinks that all currencies have three decimals", mends(func(o map[string]any) {
		if o["amount"] == json.Number("100.5") && o["currency"] == "JPY" {
			o["amount"] = json.Number("100")
		}
	})},
	{
		"PROV-228", "thinks that all currencies have two decimals",
		refusesOrders(func(o map[string]any) bool { return o["amount"] == json.Number("1.005") && o["currency"] == "KWD" }),
	},
	{"PROV-229", "takes any description", takesLength("description", 0, 1000)},
	{"PROV-230", "takes any callback", takesText("callback", func(s string) bool {
		return !strings.HasPrefix(
			s, "http://127.")
	})},
	{"PROV-231", "takes a callback of any length", takesLength("callback", 0, 2048)},
	{"PROV-232", "takes any customerId", takesLength("customerId", 1, 128)},
	{"PROV-233", "takes any number of instalments", takesNumber("maxInstallmentCount",
		func(n float64) bool { return n < 1 || n > 12 || n == 1.5 })},
	{
		"PROV-233", "takes at most nine instalments",
		refusesOrders(func(o map[string]any) bool { return o["maxInstallmentCount"] == json.Number("12") }),
	},
	{
		"PROV-234", "wants the customer to pay the interest",
		refusesOrders(func(o map[string]any) bool { return o["interestPaidByCustomer"] == false }),
	},

	{"PROV-301", "cannot find a new checkout", forgetsFirst},
	{"PROV-302", "says SUCCESS before anybody paid", put("ENROLLED", "status", "SUCCESS")},
	{"PROV-302", "says CAPTURED before anybody paid", put("ENROLLED", "status", "CAPTURED")},
	{"PROV-303", "has another word for unpaid", put("ENROLLED", "status", "PENDING_APPROVAL")},
	{"PROV-304", "knows the card before the customer", put("ENROLLED", "cardScheme", "VISA")},
	{"PROV-305", "writes amounts as text", says("ENROLLED",
		func(a *answer) { a.body["amount"] = a.body["amount"].(json.Number).String() })},
	{"PROV-306", "answers minor units", says("ENROLLED", func(a *answer) {
		n, _ := a.body["amount"].(json.Number).Float64()
		a.body["amount"] = 100 * n
	})},
	{"PROV-306", "loses cents", says("ENROLLED", func(a *answer) {
		if a.body["amount"] == json.Number("1249.90") {
			a.body["amount"] = json.Number("1249.9000000000001")
		}
	})},
	{"PROV-307", "answers its own currency", put("ENROLLED", "currency", "USD")},
	{"PROV-308", "answers another order", put("ENROLLED", "orderId", "ORD-1")},
	{"PROV-308", "knows one alphabet", says("ENROLLED", func(a *answer) {
		a.body["orderId"] = strings.Map(func(r rune) rune {
			if r > 127 {
				return '?'
			}
			return r
		}, a.body["orderId"].(string))
	})},
	{"PROV-309", "forgets the customer", drop("ENROLLED", "customerId")},
	{"PROV-310", "has payments that are no UUIDs", put("ENROLLED", "paymentId", "42")},
	{"PROV-311", "writes the status in small letters", put("ENROLLED", "status", "enrolled")},
	{"PROV-312", "does not know that it sells", put("ENROLLED", "transactionType", "REFUND")},
	{"PROV-313", "has no payment before it is made", drop("ENROLLED", "paymentId")},
	{"PROV-314", "says when it was paid before it was", put("ENROLLED", "paymentDate", "tomorrow")},
	{"PROV-315", "counts what it answers", counted("ENROLLED", "authorisation")},
	{"PROV-316", "makes up what it does not know", fails(404, func(a *answer) {
		if a.to.isStatus() && a.to.sent.Get("X-Api-Key") == mock.DefaultAPIKey {
			a.status, a.body = 200, map[string]any{"status": "ENROLLED"}
		}
	})},
	{"PROV-316", "breaks on what it does not know", fails(404, func(a *answer) {
		if a.to.isStatus() && a.to.sent.Get("X-Api-Key") == mock.DefaultAPIKey {
			a.status = 500
		}
	})},
	{"PROV-317", "answers 400 for what it does not know", fails(404, func(a *answer) { a.status = 400 })},
	{"PROV-318", "breaks on ids that are no UUIDs", fails(400, func(a *answer) {
		if a.to.isStatus() {
			a.status = 500
		}
	})},
	{"PROV-319", "does not say that there is no such checkout", fails(404, func(a *answer) { a.body = map[string]any{} })},

	{"PROV-401", "stays at CAPTURED", put("SUCCESS", "status", "CAPTURED")},
	{"PROV-401", "writes SUCCESS in small letters", put("SUCCESS", "status", "success")},
	{"PROV-402", "answers another amount once it is paid", put("SUCCESS", "amount", json.Number("1.00"))},
	{"PROV-402", "answers another currency once it is paid", put("SUCCESS", "currency", "JPY")},
	{"PROV-403", "shows whole card numbers", put("SUCCESS", "pan", "5421190122090656")},
	{"PROV-403", "hides the whole number elsewhere", put("SUCCESS", "loyaltyCode", "5421 1901 2209 0656")},
	{"PROV-404", "has other words for success", put("SUCCESS", "resultMessage", "OK")},
	{"PROV-405", "does not know who paid", drop("SUCCESS", "cardHolderName")},
	{"PROV-406", "writes dates as people do", put("SUCCESS", "paymentDate", "01.05.2023 14:30")},
	{"PROV-407", "goes on changing what is final", counted("SUCCESS", "authCode")},
	{"PROV-408", "says SUCCESS whatever the bank says", put("FAILED", "status", "SUCCESS")},
	{"PROV-409", "calls a decline CANCELLED", put("FAILED", "status", "CANCELLED")},
	{"PROV-410", "has the result SUCCESS for a decline", put("FAILED", "resultCode", "SUCCESS")},
	{"PROV-411", "pays all checkouts at once", paysAll},

	{"PROV-501", "does not tell of success", calls(func(c *call) { c.lost = !c.failed }, nil)},
	{"PROV-502", "does not tell of failure", calls(func(c *call) { c.lost = c.failed }, nil)},
	{"PROV-503", "calls by GET", calls(func(c *call) { c.method = http.MethodGet }, nil)},
	{"PROV-504", "calls in JSON", calls(func(c *call) {
		c.kind, c.body = "application/json", `{"checkoutId":"`+c.id+
			`"}`
	}, nil)},
	{"PROV-505", "calls without the id", calls(func(c *call) { c.body = "id=" + c.id }, nil)},
	{"PROV-506", "calls with another id", calls(func(c *call) { c.body = "checkoutId=" + uuid.NewString() }, nil)},
	{"PROV-507", "calls before it has booked", calls(func(*call) {}, func(a *answer, calling bool) {
		if calling {
			a.body["status"] = "ENROLLED"
		}
	})},
	{"PROV-508", "forgets the query of the callback", calls(func(c *call) { c.url, _, _ = strings.Cut(c.url, "?") }, nil)},
	{"PROV-509", "calls with the secret", calls(func(c *call) { c.body += "&secret=" + mock.DefaultAPISecret }, nil)},
	{"PROV-509", "calls with the card", calls(func(c *call) { c.body += "&pan=5421190122090656" }, nil)},
	{"PROV-510", "calls before anybody paid", callsAtOnce},

	{"PROV-601", "says that its answers are HTML", answers(func(a *answer) {
		if a.status == 200 {
			a.header.Set("Content-Type", "text/html")
		}
	})},
	{
		"PROV-602", "does not say what is wrong with an order",
		fails(400, func(a *answer) { a.body = map[string]any{"error": "bad request"} }),
	},
	{
		"PROV-603", "says that its errors are text",
		fails(400, func(a *answer) { a.header.Set("Content-Type", "text/plain") }),
	},
	{"PROV-604", "has errors of another form", fails(400, func(a *answer) { a.body["errors"] = "none" })},
	{"PROV-605", "breaks on broken JSON", refuses(func(a asked) bool {
		return a.isCreate() && len(a.raw) > 0 && !json.Valid(a.raw) && !strings.HasSuffix(string(a.raw), "trailing") &&
			a.Header.Get("Content-Type") == "application/json"
	}, 500, `{"message":"unexpected end"}`)},
	{"PROV-606", "breaks on lists", refuses(func(a asked) bool { return a.isCreate() && string(a.raw) == "[]" }, 500,
		`{"message":"no object"}`)},
	{"PROV-606", "takes null for an order", refuses(func(a asked) bool { return a.isCreate() && string(a.raw) == "null" },
		200, `{}`)},
	{"PROV-607", "breaks on nothing", refuses(func(a asked) bool { return a.isCreate() && len(a.raw) == 0 }, 500,
		`{"message":"end of file"}`)},
	{
		"PROV-608", "reads no further than the order",
		rewrites(func(a asked) { a.put([]byte(strings.TrimSuffix(string(a.raw), " trailing"))) }),
	},
	{
		"PROV-609", "takes the last of two amounts",
		rewrites(func(a asked) { a.put([]byte(strings.Replace(string(a.raw), `"amount":25,"amount"`, `"amount"`, 1))) }),
	},
	{"PROV-610", "reads text as JSON", rewrites(func(a asked) {
		if a.Header.Get("Content-Type") == "text/plain" {
			a.Header.Set("Content-Type", "application/json")
		}
	})},
	{"PROV-611", "wants no charset", refuses(func(a asked) bool {
		return strings.Contains(a.Header.Get("Content-Type"),
			"charset")
	}, 415, `{"message":"no"}`)},
	{"PROV-612", "lets merchants delete", refuses(func(a asked) bool { return a.Method == http.MethodDelete }, 200, `{}`)},
	{"PROV-612", "deletes behind a 405", deletes},
	{
		"PROV-613", "reads bodies of any size",
		rewrites(func(a asked) { a.put([]byte(strings.TrimLeft(string(a.raw), " "))) }),
	},
	{"PROV-613", "breaks on a huge body", refuses(func(a asked) bool { return len(a.raw) > 1<<20 }, 500,
		`{"message":"out of memory"}`)},
	{"PROV-614", "does not say how long to wait", fails(429, func(a *answer) { a.header.Del("Retry-After") })},
	{
		"PROV-614", "says when, not how long",
		fails(429, func(a *answer) { a.header.Set("Retry-After", "Tue, 24 Nov 2026 02:00:00 GMT") }),
	},
	{"PROV-615", "shows its insides", fails(500, func(a *answer) { a.text = "panic: runtime error" })},
	{"PROV-616", "repeats the secret", created(func(a *answer) { a.body["debug"] = "merchant " + mock.DefaultAPISecret })},
	{
		"PROV-616", "repeats the secret in a header",
		created(func(a *answer) { a.header.Set("X-Debug", mock.DefaultAPISecret) }),
	},
}

// start serves a wrong provider.
func (w wrong) start(t *testing.T) provider.Config {
	t.Helper()
	right := sandbox(t)
	if w.fault == nil {
		return config(serveCapitals(t, right))
	}
	c := config(serve(t, w.fault(t, right)))
	c.Patience = 2 * time.Second // two of them never call
	return c
}

// ofCheckouts are the families that a fault of a checkout can be seen by.
var ofCheckouts = []string{"AUTH", "CREATE", "FIELD", "STATUS", "PAID", "CALLBACK", "HTTP"}

// TestWrongProviders asserts that every fault fails the rule that is meant for it and no other one: without that rule
// it would go unnoticed, so none is idle, and none does another one's work.
func TestWrongProviders(t *testing.T) {
	t.Parallel()
	for _, w := range some(wrongs) {
		t.Run(w.rule+" "+w.name, func(t *testing.T) {
			t.Parallel()
			c := w.start(t)
			c.Rules = ofCheckouts
			r := judge(t, c)
			require.Equal(t, []string{w.rule}, with(report.Failed, r), tell(r))
		})
	}
}

// some are all of them, or with -short every eighth, or every sixteenth.
func some(all []wrong) []wrong { return extent.Every(8, 16, all) }

// TestWithoutItsRuleAFaultGoesUnnoticed leaves the rule out in earnest, once for each family: which rules are asked for
// changes nothing for the others.
func TestWithoutItsRuleAFaultGoesUnnoticed(t *testing.T) {
	t.Parallel()
	for _, rule := range []string{"PROV-008", "PROV-105", "PROV-212", "PROV-302", "PROV-401", "PROV-505", "PROV-602"} {
		t.Run(rule, func(t *testing.T) {
			t.Parallel()
			w := wrongs[slices.IndexFunc(wrongs, func(w wrong) bool { return w.rule == rule })]
			c := w.start(t)
			for _, other := range provider.Rules() {
				if other.ID != rule {
					c.Rules = append(c.Rules, other.ID)
				}
			}
			r := judge(t, c)
			require.Empty(t, with(report.Failed, r), tell(r))
			require.Equal(t, []string{rule}, with(report.Skipped, r))
		})
	}
}

func TestEveryRuleHasAWrongProvider(t *testing.T) {
	t.Parallel()
	for _, rule := range provider.Rules() {
		meant := slices.ContainsFunc(slices.Concat(wrongs, wrongPayments), func(w wrong) bool { return w.rule == rule.ID })
		require.True(t, meant, "%s %s: no wrong provider", rule.ID, rule.Title)
	}
	require.GreaterOrEqual(t, len(wrongs), 100)
}

// A mock that answers the description's examples looks right in everything that needs no memory.
func TestStaticMockFails(t *testing.T) {
	t.Parallel()
	const id = "123e4567-e89b-12d3-a456-426614174000"
	mock := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		body := `{"checkoutId":"` + id + `","redirectUrl":"https://api.example.com/checkout-link/` + id + `"}`
		if r.Method == http.MethodGet {
			body = `{"paymentId":"550e8400-e29b-41d4-a716-446655440000","orderId":"ORD-12345","amount":100.50,"currency":"TRY",` +
				`"status":"SUCCESS","transactionType":"SALE","pan":"411111******1111","resultCode":"SUCCESS","resultMessage":"Successful"}`
		}
		_, _ = w.Write([]byte(body)) // the harness may have gone
	})
	c := config(serve(t, mock))
	c.Sandbox = false
	r := judge(t, c)
	failed := with(report.Failed, r)
	for _, rule := range []string{
		"PROV-001", "PROV-002", "PROV-003", "PROV-004", "PROV-005", "PROV-006", "PROV-107", "PROV-201", "PROV-212",
		"PROV-302", "PROV-304", "PROV-308",
		"PROV-316", "PROV-318", "PROV-605", "PROV-612",
	} {
		require.Contains(t, failed, rule)
	}
	for _, rule := range []string{
		"PROV-101", "PROV-103", "PROV-104", "PROV-105", "PROV-305", "PROV-310", "PROV-311",
		"PROV-601",
	} {
		require.Contains(t, with(report.Passed, r), rule)
	}
	for _, rule := range []string{"PROV-008", "PROV-106", "PROV-401", "PROV-501", "PROV-510", "PROV-614"} {
		require.Contains(t, with(report.NotEvaluable, r), rule)
	}
}

// A server that refuses everything must not pass for one that refuses what is wrong.
func TestServerThatRefusesEverything(t *testing.T) {
	t.Parallel()
	c := config(serve(t, http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(http.StatusUnauthorized)
		_, _ = w.Write([]byte(`{"message":"no"}`)) // the harness may have gone
	})))
	r := judge(t, c)
	require.Equal(t, []string{"PROV-101"}, with(report.Failed, r), tell(r))
	require.LessOrEqual(t, len(with(report.Passed, r)), 3, "what is said of a 401 can be judged, and that no secret "+
		"is repeated")
}
