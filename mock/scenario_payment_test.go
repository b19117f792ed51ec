package mock_test

import (
	"net/http"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/payporter-mock/payporter-mock/mock"
	"github.com/payporter-mock/payporter-mock/payment"
)

// named sends a request that names a scenario.
func (c *client) named(scenario, method, path, body string) reply {
	c.t.Helper()
	req := c.request(method, path, body)
	req.Header.Set("X-Mock-Scenario", scenario)
	return c.send(req)
}

func TestScenariosAreForTheirOperations(t *testing.T) {
	t.Parallel()
	srv := start(t, mock.Config{})
	c := clientOf(t, srv)
	c.put(`
version: 1
scenarios:
  - {name: checkouts, payment: {status: FAILED, resultCode: "96"}}
  - {name: sales, when: {operation: payment}, payment: {status: FAILED, resultCode: "41"}}
  - {name: reservations, when: {operation: pre-authorization, amount: {gte: 500}}, payment: {status: FAILED, resultCode: "43"}}
  - {name: big-refunds, when: {operation: refund, amount: {gte: 50}}, refund: {respond: {status: 503, times: 1}}}
  - {name: cancels, when: {transactionType: CANCEL, operation: [cancel, refund]}, cancel: {respond: {status: 406, messageCode: NOT_CANCELLABLE}}}
  - {name: lists, when: {operation: installment-options}, create: {respond: {status: 500}}}
`)
	checkout := c.create("ORD-1", nowhere)
	srv.Pay(checkout, goodCard)
	require.Equal(t, "96", c.get("/api/checkout/"+checkout).text("resultCode"))
	require.Equal(t, "41", c.post("/api/payment", charge("ORD-1")).text("resultCode"))
	require.Equal(t, "43", c.post("/api/pre-authorization", charge("ORD-1", "amount", "500")).text("resultCode"))
	require.Equal(t, "500 INTERNAL_ERROR", fault(c.post("/api/installment-options", `{"amount": 1, "currency": "TRY", `+
		`"pan": "542119"}`)))

	reserved := c.pays("/api/pre-authorization", "ORD-2")
	captured := c.post("/api/pre-authorization/"+reserved+"/capture", part("100.50")).text("paymentId")
	require.Equal(t, http.StatusOK, c.post("/api/payment/"+captured+"/refund", part("49")).status)
	require.Equal(t, "503 SERVICE_UNAVAILABLE", fault(c.post("/api/payment/"+captured+"/refund", part("50"))))
	require.Equal(t, http.StatusOK, c.post("/api/payment/"+captured+"/refund", part("50")).status,
		"the second request is taken")
	require.Equal(t, "406 NOT_CANCELLABLE", fault(c.post("/api/payment/"+captured+"/cancel", "")))

	items, _ := c.counts()
	require.Equal(t, 1.0, items["scenario big-refunds"])
	require.Equal(t, "big-refunds", entriesOf(c.get("/_mock/journal?kind=refund&status=503"))[0]["scenario"])
}

func TestEveryRequestCanNameItsScenario(t *testing.T) {
	t.Parallel()
	c := clientOf(t, start(t, mock.Config{}))
	require.Equal(t, "51", c.named("insufficient-funds", "POST", "/api/payment", charge("ORD-1")).text("resultCode"))
	require.Equal(t, "05", c.named("do-not-honour", "POST", "/api/pre-authorization", charge("ORD-2")).text("resultCode"))
	reserved := c.pays("/api/pre-authorization", "ORD-3")
	sale := c.pays("/api/payment", "ORD-4")
	for path, body := range map[string]string{
		"/api/payment": charge("ORD-5"), "/api/pre-authorization": charge("ORD-5"), "/api/pre-authorization/" + reserved +
			"/capture": part("1"),
		"/api/payment/" + sale + "/cancel": "", "/api/payment/" + sale + "/refund": part("1"), "/api/3ds/" + sale +
			"/complete": `{"securityKey": "x"}`,
		"/api/installment-options": `{"amount": 1, "currency": "TRY", "pan": "542119"}`,
		"/api/3ds": charge("ORD-5", "successUrl", `"https://shop.example/ok"`, "failureUrl",
			`"https://shop.example/no"`),
	} {
		unknown := c.named("insuficient-funds", "POST", path, body)
		require.Equal(t, "400 INVALID_REQUEST", fault(unknown), path)
		require.Contains(t, unknown.text("message"), "did you mean insufficient-funds", path)
	}
	require.Len(t, c.get("/_mock/payments").body["payments"], 4, "what was refused left nothing behind")
	require.Equal(t, "41", c.post("/api/payment", charge("ORD-6-mock:lost-card")).text("resultCode"), "by token")
	c.post("/_mock/scenarios/next", `{"scenario": "stolen-card"}`)
	require.Equal(t, "43", c.post("/api/payment", charge("ORD-7")).text("resultCode"))
	require.Equal(t, "SUCCESS", c.post("/api/payment", charge("ORD-8")).text("status"), "it was for one")
}

func TestScenarioShapesThePaymentAndItsStatus(t *testing.T) {
	t.Parallel()
	srv := start(t, mock.Config{})
	srv.Freeze()
	c := clientOf(t, srv)
	c.put(`
version: 1
scenarios:
  - name: shaped
    when: {operation: [payment, 3ds]}
    payment: {status: SUCCESS, delay: 1m, fields: {domInt: INT, extra: 1}}
    status:
      - {respond: {status: 500}, times: 1}
      - {fields: {amount: 1.00}, times: 1}
`)
	paid := c.post("/api/payment", charge("ORD-1"))
	require.Equal(t, "ENROLLED", paid.text("status"), paid.raw)
	require.NotContains(t, paid.raw, "extra")
	id := paid.text("paymentId")
	require.Equal(t, http.StatusInternalServerError, c.get("/api/payment/"+id).status)
	require.Equal(t, "ENROLLED", c.payment(id).text("status"), "fields wait until there is a result")
	srv.Advance(time.Minute)
	first, second := c.payment(id), c.payment(id)
	require.Equal(t, [2]string{"SUCCESS", "INT"}, [2]string{first.text("status"), first.text("domInt")})
	require.Contains(t, first.raw, `"amount":1.00`)
	require.Contains(t, first.raw, `"extra":1`)
	require.Contains(t, second.raw, `"amount":100.50`)
	require.Equal(t, http.StatusOK, c.post("/api/payment/"+id+"/refund", part("100.50")).status,
		"the books have the real amount")
}

// A business fault that PayPorter documents can be had at any time.
func TestEveryBusinessFaultCanBeForced(t *testing.T) {
	t.Parallel()
	c := clientOf(t, start(t, mock.Config{}))
	sale := c.pays("/api/payment", "ORD-1")
	for _, code := range businessCodes() {
		c.put(`{version: 1, scenarios: [{name: forced, when: {operation: refund}, refund: {respond: {status: 406, ` +
			`messageCode: ` + code + `}}}]}`)
		require.Equal(t, "406 "+code, fault(c.post("/api/payment/"+sale+"/refund", part("1"))))
	}
}

func businessCodes() (all []string) {
	for _, code := range payment.BusinessCodes() {
		all = append(all, string(code))
	}
	return all
}

func TestScenarioOfAPaymentIsExplained(t *testing.T) {
	t.Parallel()
	c := clientOf(t, start(t, mock.Config{}))
	c.put(`
version: 1
scenarios:
  - {name: checkouts, payment: {status: FAILED}}
  - {name: big-refunds, when: {operation: refund, amount: {gte: 50}}, refund: {decision: wait}}
  - {name: small-refunds, when: {operation: refund}, refund: {decision: wait}}
`)
	sale := c.pays("/api/payment", "ORD-1")
	refund := c.post("/api/payment/"+sale+"/refund", part("10")).text("paymentId")
	explained := c.get("/_mock/scenarios/explain?paymentId=" + refund)
	require.Equal(t, [2]string{"small-refunds", "file"}, [2]string{explained.text("winner"), explained.text("choice")},
		explained.raw)
	require.Contains(t, explained.raw, `{"field":"operation","want":"checkout","got":"refund"}`)
	require.Contains(t, explained.raw, `"got":"10"}`)
	require.Equal(t, "default", c.get("/_mock/scenarios/explain?paymentId="+sale).text("choice"))
	for _, query := range []string{"", "?checkoutId=" + sale + "&paymentId=" + sale} {
		require.Equal(t, http.StatusNotFound, c.get("/_mock/scenarios/explain"+query).status, "%s", query)
	}
	checkout := c.create("ORD-2", "http://127.0.0.1:1/")
	require.Equal(t, "checkouts", c.get("/_mock/scenarios/explain").text("winner"), "the newest checkout")
	require.Equal(t, "checkouts", c.get("/_mock/scenarios/explain?checkoutId="+checkout).text("winner"))
	require.Equal(t, http.StatusNotFound, c.as("test_other").get("/_mock/scenarios/explain?paymentId="+sale).status)
}

func TestQuestionsCanNameTheirScenario(t *testing.T) {
	t.Parallel()
	srv := start(t, mock.Config{})
	c := clientOf(t, srv)
	checkout := c.create("ORD-1", nowhere)
	srv.Pay(checkout, goodCard)
	for _, path := range []string{"/api/payment/" + c.pays("/api/payment", "ORD-2"), "/api/checkout/" + checkout} {
		require.Equal(t, "500 INTERNAL_ERROR", fault(c.named("status-500-then-ok", "GET", path, "")))
		require.Equal(t, "500 INTERNAL_ERROR", fault(c.named("status-500-then-ok", "GET", path, "")), "each names it anew")
		wrong := c.named("status-wrong-amount", "GET", path, "")
		require.Contains(t, wrong.raw, `"amount":1.00`)
		require.Equal(t, "status-wrong-amount", entriesOf(c.get("/_mock/journal?kind=status"))[2]["scenario"])
		require.Contains(t, c.get(path).raw, `"amount":100.50`, "the next one does not")
		require.Equal(t, http.StatusBadRequest, c.named("status-500", "GET", path, "").status)
	}
}
