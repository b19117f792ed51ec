package provider_test

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/payporter-mock/payporter-mock/contract/report"
	"github.com/payporter-mock/payporter-mock/mock"
)

// alsoFail are the rules that cannot hold where another one does not: what has no id cannot be asked for.
var alsoFail = map[string][]string{
	"PROV-702": {"PROV-716", "PROV-741", "PROV-821", "PROV-841"},
	"PROV-772": {"PROV-783"},
	"PROV-802": {"PROV-811"},
	"PROV-889": {"PROV-891"}, // what comes twice looks like a retry of the same time
}

func status(value string) func(a *answer) { return func(a *answer) { a.body["status"] = value } }

func inPlace(a *answer) { a.body["paymentId"] = a.body["parentPaymentId"] }

func withCard(masked string) func(a *answer) bool {
	return func(a *answer) bool {
		return a.body["pan"] == masked && a.body["status"] == "SUCCESS" && a.body["transactionType"] == "SALE"
	}
}

var isDeclined = isNow("FAILED", "")

func ofParent(a *answer) bool {
	return a.body["transactionType"] == "SALE" && a.body["status"] == "SUCCESS"
}

// The wrong providers of payments: each is right but for one fact.
var wrongPayments = append([]wrong{
	{"PROV-701", "has no direct payment", refuses(func(a asked) bool { return a.at(onPay) }, 404, `{"message":"no"}`)},
	{"PROV-702", "has payments that are no UUIDs", writesWhere(onPay, ofParent, "paymentId", "42")},
	{"PROV-703", "stays at CAPTURED", writesWhere(onPay, ofParent, "status", "CAPTURED")},
	{"PROV-704", "does not know that it sells", writes(onPay, "transactionType", "REFUND")},
	{"PROV-705", "answers another order", writes(onPay, "orderId", "ORD-1")},
	{"PROV-706", "answers minor units", writes(onPay, "amount", json.Number("10050"))},
	{"PROV-707", "answers its own currency", writes(onPay, "currency", "USD")},
	{"PROV-708", "forgets the customer", writes(onPay, "customerId", nil)},
	{"PROV-709", "shows whole card numbers", writesWhere(onPay, ofParent, "loyaltyCode", "5421 1901 2209 0656")},
	{"PROV-709", "stars too much", writesWhere(onPay, ofParent, "pan", "************0656")},
	{"PROV-710", "keeps the cvv", writesWhere(onPay, ofParent, "cvv", "916")},
	{"PROV-711", "has another code for success", writesWhere(onPay, ofParent, "resultCode", "00")},
	{"PROV-712", "has other words for success", writesWhere(onPay, ofParent, "resultMessage", "OK")},
	{"PROV-713", "writes dates as people do", writesWhere(onPay, ofParent, "paymentDate", "01.05.2023 14:30")},
	{"PROV-714", "says SUCCESS whatever the bank says", writesWhere(onPay, isDeclined, "status", "SUCCESS")},
	{"PROV-715", "has the result SUCCESS for a decline", writesWhere(onPay, isDeclined, "resultCode", "SUCCESS")},
	{"PROV-716", "has one id for two payments", sharesPayments},
	{"PROV-717", "charges for nobody", takes(onPay, func(a *answer) bool { return ofNobody(a) && a.to.sent.Get("X-Api-Key") == "" })},
	{"PROV-718", "charges for a wrong secret", takes(onPay, func(a *answer) bool {
		return ofNobody(a) && a.to.sent.Get("X-Api-Key") != ""
	})},
	{"PROV-719", "charges nothing", takes(onPay, refusedField("amount", "greater"))},
	{"PROV-730", "takes any number", takes(onPay, refusedField("pan", "must"))},
	{"PROV-731", "takes any month", takes(onPay, refusedField("expiryMonth", "must"))},
	{"PROV-741", "cannot find a payment", refuses(func(a asked) bool { return a.at(onRead) && a.Header.Get("X-Api-Secret") != "" },
		500, `{"message":"no"}`)},
	{"PROV-742", "finds another payment", writesWhere(onRead, withCard("542119******0656"), "paymentId", uuid.NewString())},
	{"PROV-743", "forgets that it was paid", writesWhere(onRead, withCard("542119******0656"), "status", "FAILED")},
	{"PROV-744", "loses cents", writesWhere(onRead, withCard("542119******0656"), "amount", json.Number("100"))},
	{"PROV-745", "finds another order", writesWhere(onRead, withCard("542119******0656"), "orderId", "ORD-1")},
	{"PROV-746", "pays what was declined", writesWhere(onRead, isDeclined, "status", "CAPTURED")},
	{"PROV-747", "makes up payments", takes(onRead, ofUnknown)},
	{"PROV-748", "does not say that there is no payment", answers(func(a *answer) {
		if a.to.at(onRead) && a.status == http.StatusNotFound {
			a.body = map[string]any{}
		}
	})},
	{"PROV-749", "shows every merchant every payment", takes(onRead, ofStranger)},
	{"PROV-750", "shows payments to anybody", takes(onRead, ofNobody)},

	{"PROV-751", "has no instalments", refuses(func(a asked) bool { return a.at(onOptions) }, 500, `{"message":"no"}`)},
	{"PROV-752", "offers nothing", bad(onOptions, forInterest, func(a *answer) { a.body["options"] = []any{} })},
	{"PROV-753", "offers more than was asked for", bad(onOptions, forInterest, func(a *answer) {
		a.body["options"] = []any{json.RawMessage(`{"installmentCount":4,"installmentAmount":250,"currency":"TRY","interestAmount":0,"totalAmount":1000}`)}
	})},
	{"PROV-754", "forgets the interest", option(forInterest, "interestAmount", json.Number("7"))},
	{"PROV-755", "divides wrongly", option(forInterest, "installmentAmount", json.Number("1"))},
	{"PROV-756", "offers another currency", option(forInterest, "currency", "USD")},
	{"PROV-757", "offers one twice", bad(onOptions, forInterest, func(a *answer) {
		list := a.body["options"].([]any)
		a.body["options"] = append(list, list[0])
	})},
	{"PROV-758", "offers more than twelve", option(func(a *answer) bool { return a.to.body["maxInstallmentCount"] == nil }, "installmentCount", json.Number("13"))},
	{"PROV-759", "takes interest from those who pay none", option(func(a *answer) bool { return a.to.body["interestPaidByCustomer"] == false },
		"totalAmount", json.Number("1010"))},
	{"PROV-760", "knows six digits only", refuses(func(a asked) bool { return a.at(onOptions) && a.body["pan"] == "5421190122090656" }, 400, `{"message":"no"}`)},
	{"PROV-761", "offers to anybody", takes(onOptions, ofNobody)},

	{"PROV-771", "has no pre-authorization", refuses(func(a asked) bool { return a.at(onReserve) }, 500, `{"message":"no"}`)},
	{"PROV-772", "has pre-authorizations that are no UUIDs", writesWhere(onReserve, isNow("SUCCESS", ""), "paymentId", "42")},
	{"PROV-773", "calls reserving a sale", writes(onReserve, "transactionType", "SALE")},
	{"PROV-774", "reserves minor units", writes(onReserve, "amount", json.Number("10050"))},
	{"PROV-775", "reserves for another order", writes(onReserve, "orderId", "ORD-1")},
	{"PROV-776", "takes at once", writesWhere(onReserve, isNow("SUCCESS", ""), "status", "CAPTURED")},
	{"PROV-777", "shows the card", writesWhere(onReserve, isNow("SUCCESS", ""), "pan", "5421190122090656")},
	{"PROV-778", "reserves what was declined", writesWhere(onReserve, isDeclined, "status", "SUCCESS")},
	{"PROV-779", "reserves for anybody", takes(onReserve, ofNobody)},
	{"PROV-780", "reserves without a card", takes(onReserve, refusedField("pan", "required"))},
	{"PROV-781", "captures more than was reserved", takes(onCapture, refusedFor("AMOUNT_EXCEEDS_RESERVED"))},
	{"PROV-782", "captures another currency", takes(onCapture, refusedFor("CURRENCY_MISMATCH"))},
	{"PROV-783", "has no capture", answers(func(a *answer) {
		if a.to.at(onCapture) && a.status == http.StatusOK {
			a.status = http.StatusInternalServerError
		}
	})},
	{"PROV-784", "captures all", writes(onCapture, "amount", json.Number("100.50"))},
	{"PROV-785", "captures its own currency", writes(onCapture, "currency", "USD")},
	{"PROV-786", "forgets what it captured", writes(onCapture, "parentPaymentId", nil)},
	{"PROV-787", "calls a capture a sale", writes(onCapture, "transactionType", "SALE")},
	{"PROV-788", "does not note the capture", writesWhere(onRead, isNow("CAPTURED", ""), "status", "SUCCESS")},
	{"PROV-789", "captures twice", takes(onCapture, refusedFor("ALREADY_CAPTURED"))},
	{"PROV-790", "captures a sale", takes(onCapture, refusedFor("NOT_CAPTURABLE"))},
	{"PROV-791", "captures what nobody knows", takes(onCapture, ofUnknown)},
	{"PROV-792", "captures for anybody", takes(onCapture, ofNobody)},
	{"PROV-793", "captures for strangers", takes(onCapture, ofStranger)},

	{"PROV-801", "has no 3-D Secure", refuses(func(a asked) bool { return a.at(onStart) }, 500, `{"message":"no"}`)},
	{"PROV-802", "has starts that are no UUIDs", writes(onStart, "paymentId", "42")},
	{"PROV-803", "writes success as text", writes(onStart, "success", "true")},
	{"PROV-804", "has a form that waits", bad(onStart, anyAnswer, func(a *answer) {
		page, _ := a.body["htmlContent"].(string)
		a.body["htmlContent"] = strings.ReplaceAll(page, "submit", "wait")
	})},
	{"PROV-805", "shows the card in the form", bad(onStart, anyAnswer, func(a *answer) {
		page, _ := a.body["htmlContent"].(string)
		a.body["htmlContent"] = page + "<!-- 4000002760003184 -->"
	})},
	{"PROV-806", "has another word for waiting", nth(onRead, isNow("ENROLLED", ""), 1, status("PENDING_APPROVAL"))},
	{"PROV-807", "starts for anybody", takes(onStart, ofNobody)},
	{"PROV-810", "sends who has paid to failureUrl", pages("/ok-", "/no-")},
	{"PROV-811", "brings no key", pages(`name="securityKey"`, `name="key"`)},
	{"PROV-812", "settles by itself", nth(onRead, isNow("ENROLLED", ""), 2, status("SUCCESS"))},
	{"PROV-818", "forgets a completion", writesWhere(onRead, withCard("400000******3184"), "status", "FAILED")},
	{"PROV-819", "sends who has not paid to successUrl", pages("/no-", "/ok-")},
	{"PROV-820", "is paid by anybody", nth(onRead, isNow("ENROLLED", ""), 3, status("SUCCESS"))},
	{"PROV-813", "takes any key", takes(onComplete, refusedFor("WRONG_SECURITY_KEY"))},
	{"PROV-814", "takes no key", takes(onComplete, refusedField("securityKey", "required"))},
	{"PROV-815", "does not settle", writes(onComplete, "status", "ENROLLED")},
	{"PROV-816", "settles another amount", writes(onComplete, "amount", json.Number("1"))},
	{"PROV-817", "settles another payment", writes(onComplete, "paymentId", uuid.NewString())},

	{"PROV-821", "has no cancel", refuses(func(a asked) bool { return a.at(onCancel) }, 500, `{"message":"no"}`)},
	{"PROV-822", "cancels in place", bad(onCancel, anyAnswer, inPlace)},
	{"PROV-823", "forgets what it cancelled", writes(onCancel, "parentPaymentId", nil)},
	{"PROV-824", "calls a cancel a refund", writes(onCancel, "transactionType", "REFUND")},
	{"PROV-825", "cancels a part", writes(onCancel, "amount", json.Number("1"))},
	{"PROV-826", "cancels another currency", writes(onCancel, "currency", "USD")},
	{"PROV-827", "finds another cancel", writesWhere(onRead, isNow("SUCCESS", "CANCEL"), "paymentId", uuid.NewString())},
	{"PROV-828", "cancels twice", takes(onCancel, refusedFor("ALREADY_CANCELLED"))},
	{"PROV-829", "cancels what was declined", takes(onCancel, refusedFor("NOT_CANCELLABLE"))},
	{"PROV-830", "cancels what nobody knows", takes(onCancel, ofUnknown)},
	{"PROV-831", "cancels for anybody", takes(onCancel, ofNobody)},
	{"PROV-832", "cancels for strangers", takes(onCancel, ofStranger)},

	{"PROV-841", "has no refund", refuses(func(a asked) bool { return a.at(onRefund) }, 500, `{"message":"no"}`)},
	{"PROV-842", "refunds in place", nth(onRefund, anyAnswer, 1, inPlace)},
	{"PROV-852", "refunds once", nth(onRefund, anyAnswer, 2, says500)},
	{"PROV-861", "counts what it rejected", nth(onRefund, anyAnswer, 3, says500)},
	{"PROV-843", "forgets what it refunded", writes(onRefund, "parentPaymentId", nil)},
	{"PROV-844", "calls a refund a cancel", writes(onRefund, "transactionType", "CANCEL")},
	{"PROV-845", "approves by itself", writesWhere(onRefund, partly, "status", "SUCCESS")},
	{"PROV-846", "has the result of a payment", writes(onRefund, "resultCode", "SUCCESS")},
	{"PROV-847", "says something else", writes(onRefund, "resultMessage", "Queued")},
	{"PROV-848", "refunds all", writes(onRefund, "amount", json.Number("100.50"))},
	{"PROV-849", "refunds another currency", writes(onRefund, "currency", "USD")},
	{"PROV-850", "finds another refund", writesWhere(onRead, isNow("PENDING_APPROVAL", "REFUND"), "paymentId", uuid.NewString())},
	{"PROV-851", "refunds more than was paid", takes(onRefund, refusedFor("AMOUNT_EXCEEDS_REFUNDABLE"))},
	{"PROV-853", "refunds what was declined", takes(onRefund, refusedFor("NOT_REFUNDABLE"))},
	{"PROV-854", "refunds any currency", takes(onRefund, refusedFor("CURRENCY_MISMATCH"))},
	{"PROV-855", "refunds nothing", takes(onRefund, refusedField("amount", "greater"))},
	{"PROV-856", "refunds what nobody knows", takes(onRefund, ofUnknown)},
	{"PROV-857", "refunds for anybody", takes(onRefund, ofNobody)},
	{"PROV-858", "refunds for strangers", takes(onRefund, ofStranger)},
	{"PROV-859", "leaves an approved refund", writesWhere(onRead, isNow("SUCCESS", "REFUND"), "status", "PENDING_APPROVAL")},
	{"PROV-860", "leaves a rejected refund", writesWhere(onRead, isNow("REJECTED", ""), "status", "PENDING_APPROVAL")},

	{"PROV-871", "does not tell of success", hooks(func(h *hook) { h.lost = h.is("SUCCESS", "SALE") })},
	{"PROV-872", "does not tell of failure", hooks(func(h *hook) { h.lost = h.is("FAILED", "") })},
	{"PROV-873", "tells by PUT", hooks(func(h *hook) { h.method = http.MethodPut })},
	{"PROV-874", "tells in text", hooks(func(h *hook) { h.header.Set("Content-Type", "text/plain") })},
	{"PROV-875", "tells seconds", hooks(func(h *hook) {
		milliseconds := h.header.Get("X-Request-Time")
		h.header.Set("X-Request-Time", milliseconds[:len(milliseconds)-3])
	})},
	{"PROV-876", "signs in base64", hooks(func(h *hook) {
		if !h.again {
			h.header.Set("X-Request-Signature", "c2lnbmVk")
		}
	})},
	{"PROV-877", "counts events", hooks(func(h *hook) { h.header.Set("X-Event-Id", h.header.Get("X-Event-Id")[:8]) })},
	{"PROV-878", "has another type", hooks(func(h *hook) { h.header.Set("X-Event-Type", "payment") })},
	{"PROV-879", "tells before it books", hooks(func(h *hook) {
		if h.is("SUCCESS", "SALE") {
			h.put("status", "CAPTURED")
		}
	})},
	{"PROV-880", "tells another amount", hooks(func(h *hook) { h.put("amount", 1) })},
	{"PROV-881", "tells another order", hooks(func(h *hook) { h.put("orderId", "ORD-1") })},
	{"PROV-882", "tells the card", hooks(func(h *hook) { h.put("card", "5421190122090656") })},
	{"PROV-883", "tells the secret", hooks(func(h *hook) { h.put("secret", mock.DefaultAPISecret) })},
	{"PROV-884", "tells of a refund too soon", hooks(func(h *hook) {
		if h.is("SUCCESS", "REFUND") {
			h.put("status", "PENDING_APPROVAL")
		}
	})},
	{"PROV-885", "tells once", hooks(func(h *hook) { h.lost = h.again })},
	{"PROV-886", "makes an event of each attempt", hooks(func(h *hook) {
		if h.again {
			h.header.Set("X-Event-Id", uuid.NewString())
		}
	})},
	{"PROV-887", "signs the first attempt only", hooks(func(h *hook) {
		if h.again {
			h.header.Set("X-Request-Signature", "no")
		}
	})},
	{"PROV-888", "has one id for all events", hooks(func(h *hook) { h.header.Set("X-Event-Id", "123e4567-e89b-12d3-a456-426614174000") })},
	{"PROV-889", "tells twice", hooks(func(h *hook) { h.twice = h.is("SUCCESS", "SALE") })},
	{"PROV-890", "gives up after the second attempt", hooks(func(h *hook) { h.lost = h.third })},
	{"PROV-891", "sends old webhooks again", hooks(func(h *hook) {
		if h.again {
			h.header.Set("X-Request-Time", "1700000000000")
		}
	})},
}, withoutFields()...)

func (h *hook) is(status, kind string) bool {
	return h.values["status"] == status && (kind == "" || h.values["transactionType"] == kind)
}

// withoutFields take requests without what is required.
func withoutFields() (all []wrong) {
	for place, fields := range map[string]map[string]string{
		onPay: {
			"PROV-720": "orderId", "PROV-721": "amount", "PROV-722": "currency", "PROV-723": "cardHolderName", "PROV-724": "pan",
			"PROV-725": "expiryMonth", "PROV-726": "expiryYear", "PROV-727": "cvv", "PROV-728": "requestIp", "PROV-729": "requestPort",
		},
		onOptions: {"PROV-762": "amount", "PROV-763": "currency", "PROV-764": "pan"},
		onStart:   {"PROV-808": "successUrl", "PROV-809": "failureUrl"},
	} {
		for rule, field := range fields {
			all = append(all, wrong{rule, "does without " + field, takes(place, refusedField(field, "required"))})
		}
	}
	return all
}

func forInterest(a *answer) bool {
	return a.to.body["interestPaidByCustomer"] == true && a.to.body["pan"] == "542119"
}

func partly(a *answer) bool { return a.to.body["amount"] == json.Number("50.25") }

// option changes the last option.
func option(which func(a *answer) bool, field string, value any) fault {
	return bad(onOptions, which, func(a *answer) {
		list := a.body["options"].([]any)
		list[len(list)-1].(map[string]any)[field] = value
	})
}

// TestWrongProvidersOfPayments asserts that every fault fails the rule that is meant for it, and no other one.
func TestWrongProvidersOfPayments(t *testing.T) {
	t.Parallel()
	for _, w := range some(wrongPayments) {
		t.Run(w.rule+" "+w.name, func(t *testing.T) {
			t.Parallel()
			c := w.start(t)
			c.Rules = []string{"PAYMENT", "INSTALMENT", "PREAUTH", "3DS", "CANCEL", "REFUND"}
			if w.rule > "PROV-870" {
				c.Rules = []string{"WEBHOOK"}
			}
			r := judge(t, c)
			want := append([]string{w.rule}, alsoFail[w.rule]...)
			require.Equal(t, want, with(report.Failed, r), tell(r))
		})
	}
}
