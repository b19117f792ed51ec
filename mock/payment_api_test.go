package mock_test

import (
	"encoding/json"
	"fmt"
	"log/slog"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/payporter-mock/payporter-mock/mock"
)

// charge is a body of POST /api/payment and its like; extra fields come in pairs of name and JSON value.
func charge(orderID string, extra ...string) string {
	fields := map[string]json.RawMessage{}
	all := append([]string{
		"orderId", `"` + orderID + `"`, "amount", "100.50", "currency", `"TRY"`, "cardHolderName", `"AYSE YILMAZ"`,
		"pan", `"` + goodCard + `"`, "expiryMonth", `"04"`, "expiryYear", `"48"`, "cvv", `"916"`,
		"requestIp", `"203.0.113.7"`, "requestPort", "49152",
	}, extra...)
	for i := 0; i+1 < len(all); i += 2 {
		delete(fields, all[i])
		if all[i+1] != "" {
			fields[all[i]] = json.RawMessage(all[i+1])
		}
	}
	body, _ := json.Marshal(fields)
	return string(body)
}

// pays makes a payment by the API and answers its id.
func (c *client) pays(path, orderID string, extra ...string) string {
	c.t.Helper()
	r := c.post(path, charge(orderID, extra...))
	require.Equal(c.t, http.StatusOK, r.status, "%s", r.raw)
	return r.text("paymentId")
}

func (c *client) payment(id string) reply {
	c.t.Helper()
	r := c.get("/api/payment/" + id)
	require.Equal(c.t, http.StatusOK, r.status, "%s", r.raw)
	return r
}

// part is a body of a capture or a refund.
func part(amount string) string { return fmt.Sprintf(`{"amount": %s, "currency": "TRY"}`, amount) }

func TestDirectPaymentIsDecidedByTheCard(t *testing.T) {
	t.Parallel()
	c := clientOf(t, start(t, mock.Config{}))
	paid := c.post("/api/payment", charge("ORD-1", "customerId", `"customer-42"`))
	require.Equal(t, http.StatusOK, paid.status, paid.raw)
	for field, want := range map[string]string{
		"orderId": "ORD-1", "currency": "TRY", "status": "SUCCESS", "transactionType": "SALE",
		"cardHolderName": "AYSE YILMAZ",
		"pan":            "542119******0656", "domInt": "DOM", "cardScheme": "MASTERCARD", "cardType": "CREDIT",
		"loyaltyCode": "WORLD",
		"resultCode":  "SUCCESS", "resultMessage": "Successful", "customerId": "customer-42",
	} {
		require.Equal(t, want, paid.text(field), field)
	}
	require.Contains(t, paid.raw, `"amount":100.50,"installmentCount":1`)
	require.Equal(t, paid.raw, c.payment(paid.text("paymentId")).raw, "the status is what was answered")

	declined := c.post("/api/payment", charge("ORD-2", "pan", `"`+declinedCard+`"`))
	require.Equal(t, [3]string{"FAILED", "51", ""}, [3]string{
		declined.text("status"), declined.text("resultCode"),
		declined.text("authCode"),
	})
	require.NotEqual(t, paid.text("paymentId"), declined.text("paymentId"))
}

func TestPaymentOfACheckoutIsFoundByItsID(t *testing.T) {
	t.Parallel()
	srv := start(t, mock.Config{})
	c := clientOf(t, srv)
	id := c.create("ORD-1", nowhere, "customerId", `"customer-42"`)
	waiting := c.get("/api/checkout/" + id)
	require.Equal(t, waiting.raw, c.payment(waiting.text("paymentId")).raw)
	srv.Pay(id, declinedCard)
	first := c.get("/api/checkout/" + id)
	srv.Pay(id, goodCard)
	paid := c.get("/api/checkout/" + id)
	require.Equal(t, paid.raw, c.payment(paid.text("paymentId")).raw)
	require.Equal(t, first.raw, c.payment(first.text("paymentId")).raw, "an earlier try keeps its result")

	wrong := c.create("ORD-2-mock:status-wrong-amount", nowhere)
	srv.Pay(wrong, goodCard)
	asked := c.get("/api/checkout/" + wrong)
	require.Contains(t, asked.raw, `"amount":1.00`)
	require.Equal(t, asked.raw, c.payment(asked.text("paymentId")).raw, "what a scenario says of the checkout it says "+
		"of its payment")

	require.Equal(t, http.StatusNotFound, c.as("test_other").get("/api/payment/"+paid.text("paymentId")).status)
	unknown := c.get("/api/payment/123e4567-e89b-12d3-a456-426614174000")
	require.Equal(t, [2]string{"NOT_FOUND", "there is no payment with this id"}, [2]string{
		unknown.text("messageCode"),
		unknown.text("message"),
	})
	require.Equal(t, http.StatusBadRequest, c.get("/api/payment/ORD-1").status)
}

func TestFaultyCharge(t *testing.T) {
	t.Parallel()
	c := clientOf(t, start(t, mock.Config{}))
	for name, tc := range map[string]struct {
		extra []string
		want  []string
	}{
		"a real card": {[]string{"pan", `"` + realCard + `"`}, []string{"pan: is not a test card of this sandbox; " +
			"never enter a real card here"}},
		"a short number": {[]string{"pan", `"12345"`}, []string{"pan: must be a card number of 12 to 19 digits"}},
		"no holder":      {[]string{"cardHolderName", ""}, []string{"cardHolderName: is required"}},
		"a past year":    {[]string{"expiryYear", `"20"`}, []string{"expiryYear: is in the past"}},
		"month 13": {[]string{"expiryMonth", `"13"`}, []string{"expiryMonth: must be a month of two digits such " +
			"as 04, got \"13\""}},
		"a cvv of letters": {[]string{"cvv", `"9x6"`}, []string{"cvv: must be 3 or 4 digits"}},
		"a long cvv":       {[]string{"cvv", `"9166"`}, []string{"cvv: must have 3 digits"}},
		"no address": {[]string{"requestIp", `"localhost"`}, []string{"requestIp: must be an IP address such as " +
			"203.0.113.7"}},
		"port 0":  {[]string{"requestPort", "0"}, []string{"requestPort: must be at least 1, got 0"}},
		"nothing": {[]string{"amount", "0"}, []string{"amount: must be greater than 0, got 0"}},
		"half a kurus": {[]string{"amount", "1.005"}, []string{"amount: must have at most 2 decimals for " +
			"TRY, got 1.005"}},
		"TL": {[]string{"currency", `"TL"`}, []string{"currency: must be a known ISO 4217 currency code " +
			"such as TRY, got \"TL\""}},
		"several": {[]string{"orderId", `""`, "pan", `"` + realCard + `"`, "requestIp", `"x.y"`}, []string{
			"orderId: must not be empty", "requestIp: must be an IP address such as 203.0.113.7",
			"pan: is not a test card of this sandbox; never send a real card here",
		}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := c.at(t)
			for _, path := range []string{"/api/payment", "/api/pre-authorization", "/api/3ds"} {
				extra := append([]string{"successUrl", `"https://shop.example/ok"`, "failureUrl", `"https://shop.example/no"`},
					tc.extra...)
				got := c.post(path, charge("ORD-1", extra...))
				require.Equal(t, http.StatusBadRequest, got.status, "%s: %s", path, got.raw)
				require.Equal(t, tc.want, got.faults(), path)
			}
		})
	}
}

func TestACardOfTheAPIIsKeptNowhere(t *testing.T) {
	t.Parallel()
	log := &logged{}
	c := clientOf(t, start(t, mock.Config{Logger: slog.New(slog.NewTextHandler(log, nil))}))
	const cvv = "917"
	id := c.pays("/api/payment", "ORD-1", "cvv", `"`+cvv+`"`)
	for _, pan := range []string{realCard, "4242424242424241", "42424242"} {
		refused := c.post("/api/payment", charge("ORD-2", "pan", `"`+pan+`"`, "cvv", `"9x7"`))
		require.Equal(t, http.StatusBadRequest, refused.status)
		require.NotContains(t, refused.raw, pan)
		require.NotContains(t, refused.raw, "9x7")
		listed := c.post("/api/installment-options", `{"amount": 1, "currency": "TRY", "pan": "`+pan+`"}`)
		require.Equal(t, http.StatusBadRequest, listed.status)
		require.NotContains(t, listed.raw, pan)
	}
	shown := c.get("/_mock/journal").raw + c.get("/_mock/payments").raw + c.payment(id).raw +
		c.get("/_mock/strangers").raw + log.String()
	for _, secret := range []string{goodCard, realCard, "42424242", `"917"`, `\"917\"`, "9x7"} {
		require.NotContains(t, shown, secret)
	}
	require.Contains(t, shown, "AYSE YILMAZ")
}

func TestInstallmentOptions(t *testing.T) {
	t.Parallel()
	c := clientOf(t, start(t, mock.Config{}))
	list := func(pan, further string) string {
		r := c.post("/api/installment-options", `{"amount": 1000.00, "currency": "TRY", "pan": "`+pan+`"`+further+`}`)
		require.Equal(t, http.StatusOK, r.status, r.raw)
		return r.raw
	}
	const once = `{"installmentCount":1,"installmentAmount":1000.00,"currency":"TRY","interestAmount":0.00,"totalAmount":1000.00}`
	documented := `{"options":[` + once +
		`,{"installmentCount":2,"installmentAmount":510.00,"currency":"TRY","interestAmount":20.00,"totalAmount":1020.00}` +
		`,{"installmentCount":3,"installmentAmount":345.00,"currency":"TRY","interestAmount":35.00,"totalAmount":1035.00}]}`
	require.Equal(t, documented, list("542119", `, "maxInstallmentCount": 3, "interestPaidByCustomer": true`))
	require.Equal(t, documented, list(goodCard, `, "maxInstallmentCount": 3, "interestPaidByCustomer": true`))
	require.Equal(t, `{"options":[`+once+`,{"installmentCount":2,"installmentAmount":500.00,"currency":"TRY","interestAmount":0.00,"totalAmount":1000.00}]}`,
		list("542119", `, "maxInstallmentCount": 2`))
	require.Equal(t, 12, strings.Count(list("123456", ""), "installmentCount"), "an unknown BIN is that of a domestic "+
		"credit card")
	for name, pan := range map[string]string{
		"debit": "589004", "a whole debit card": "5890040000000016",
		"foreign": "540001",
	} {
		require.Equal(t, `{"options":[`+once+`]}`, list(pan, ""), name)
	}
	require.Equal(t, []string{"pan: must be the first six digits of a card number, or all 12 to 19"},
		c.post("/api/installment-options", `{"amount": 1, "currency": "TRY", "pan": "54211"}`).faults())
	debit := c.post("/api/3ds", charge("ORD-1", "pan", `"5890040000000016"`, "cvv", `"123"`, "installmentCount", "2",
		"successUrl", `"https://shop.example/ok"`, "failureUrl", `"https://shop.example/no"`))
	require.Equal(t, []string{"installmentCount: must be 1: a debit card and a foreign card cannot pay in instalments"},
		debit.faults())
}

// fault is the status and the code of an answer.
func fault(r reply) string { return fmt.Sprint(r.status, " ", r.text("messageCode")) }

func TestCancelTakesAPaymentOfTodayBack(t *testing.T) {
	t.Parallel()
	srv := start(t, mock.Config{})
	c := clientOf(t, srv)
	c.stopAt(t, "2026-01-31T20:59:00Z") // 23:59 in Istanbul
	id := c.pays("/api/payment", "ORD-1", "customerId", `"customer-42"`)
	cancelled := c.post("/api/payment/"+id+"/cancel", "")
	require.Equal(t, http.StatusOK, cancelled.status, cancelled.raw)
	for field, want := range map[string]string{
		"parentPaymentId": id, "transactionType": "CANCEL", "status": "SUCCESS", "orderId": "ORD-1", "currency": "TRY",
		"customerId": "customer-42",
	} {
		require.Equal(t, want, cancelled.text(field), field)
	}
	require.Contains(t, cancelled.raw, `"amount":100.50`)
	require.Equal(t, cancelled.raw, c.payment(cancelled.text("paymentId")).raw)
	require.Equal(t, "SUCCESS", c.payment(id).text("status"), "SUCCESS is final")

	require.Equal(t, "406 ALREADY_CANCELLED", fault(c.post("/api/payment/"+id+"/cancel", "")))
	require.Equal(t, "406 ALREADY_CANCELLED", fault(c.post("/api/payment/"+id+"/refund", part("1"))))
	require.Equal(t, "406 NOT_CANCELLABLE", fault(c.post("/api/payment/"+cancelled.text("paymentId")+"/cancel", "")))
	require.Equal(t, "406 NOT_REFUNDABLE", fault(c.post("/api/payment/"+cancelled.text("paymentId")+"/refund", part("1"))))

	late := c.pays("/api/payment", "ORD-2")
	srv.Advance(time.Minute)
	require.Equal(t, "406 NOT_SAME_DAY", fault(c.post("/api/payment/"+late+"/cancel", "")), "it is midnight in Istanbul")
	require.Equal(t, http.StatusOK, c.post("/api/payment/"+late+"/refund", part("100.50")).status)

	declined := c.pays("/api/payment", "ORD-3", "pan", `"`+declinedCard+`"`)
	require.Equal(t, "406 NOT_CANCELLABLE", fault(c.post("/api/payment/"+declined+"/cancel", "")))
	require.Equal(t, "406 NOT_REFUNDABLE", fault(c.post("/api/payment/"+declined+"/refund", part("1"))))
	refunded := c.pays("/api/payment", "ORD-4")
	require.Equal(t, http.StatusOK, c.post("/api/payment/"+refunded+"/refund", part("1")).status)
	require.Equal(t, "406 ALREADY_REFUNDED", fault(c.post("/api/payment/"+refunded+"/cancel", "")))
	require.Equal(t, "404 NOT_FOUND", fault(c.as("test_other").post("/api/payment/"+refunded+"/cancel", "")))
}

// stopAt stops the clock at a time.
func (c *client) stopAt(t *testing.T, at string) {
	t.Helper()
	r := c.post("/_mock/clock", `{"freeze": true, "set": "`+at+`"}`)
	require.Equal(t, http.StatusOK, r.status, r.raw)
}

func TestTheDayOfACancelIsThatOfTheZone(t *testing.T) {
	t.Parallel()
	srv := start(t, mock.Config{DayZone: "UTC"})
	c := clientOf(t, srv)
	c.stopAt(t, "2026-01-31T20:59:00Z")
	id := c.pays("/api/payment", "ORD-1")
	srv.Advance(time.Hour)
	require.Equal(t, http.StatusOK, c.post("/api/payment/"+id+"/cancel", "").status)
	require.ErrorContains(t, mock.Config{DayZone: "Istanbul"}.Validate(), `day-zone "Istanbul": want a name of the tz `+
		`database such as Europe/Istanbul`)
	require.ErrorContains(t, mock.Config{SecurityKeyLifetime: -1}.Validate(), "security-key-lifetime -1ns: must not "+
		"be negative")
}

func TestRefundWaitsForApproval(t *testing.T) {
	t.Parallel()
	srv := start(t, mock.Config{})
	c := clientOf(t, srv)
	checkout := c.create("ORD-1", nowhere, "customerId", `"customer-42"`)
	srv.Pay(checkout, goodCard)
	id := c.get("/api/checkout/" + checkout).text("paymentId")

	asked := c.post("/api/payment/"+id+"/refund", part("50.25"))
	require.Equal(t, http.StatusOK, asked.status, asked.raw)
	for field, want := range map[string]string{
		"parentPaymentId": id, "transactionType": "REFUND", "status": "PENDING_APPROVAL", "resultCode": "PENDING_APPROVAL",
		"resultMessage": "Refund request queued for approval", "orderId": "ORD-1", "customerId": "customer-42",
		"authCode": "",
	} {
		require.Equal(t, want, asked.text(field), field)
	}
	refund := asked.text("paymentId")
	require.Equal(t, asked.raw, c.payment(refund).raw)
	require.Equal(t, "406 AMOUNT_EXCEEDS_REFUNDABLE", fault(c.post("/api/payment/"+id+"/refund", part("50.26"))),
		"a pending one counts")
	require.Equal(t, "amount: must be at most 50.25, which is what can still be refunded, got 50.26",
		c.post("/api/payment/"+id+"/refund", part("50.26")).text("message"))

	approved := c.post("/_mock/payments/"+refund+"/approve", "")
	require.Equal(t, http.StatusOK, approved.status, approved.raw)
	require.Equal(t, "SUCCESS", c.payment(refund).text("status"))
	require.Equal(t, "409 PAYMENT_NOT_DECIDABLE", fault(c.post("/_mock/payments/"+refund+"/reject", "")))

	rejected := c.post("/api/payment/"+id+"/refund", part("50.25")).text("paymentId")
	require.Equal(t, "REJECTED", c.post("/_mock/payments/"+rejected+"/reject", "").text("status"))
	failed := c.post("/api/payment/"+id+"/refund", part("50.25")).text("paymentId")
	forced := c.post("/_mock/payments/"+failed+"/outcome", `{"status": "FAILED", "resultCode": "51", `+
		`"resultMessage": "No"}`)
	require.Equal(t, [3]string{"FAILED", "51", "No"}, [3]string{
		forced.text("status"), forced.text("resultCode"),
		forced.text("resultMessage"),
	})
	require.Equal(t, http.StatusOK, c.post("/api/payment/"+id+"/refund", part("50.25")).status, "what came to nothing "+
		"can be asked again")

	require.Equal(t, "406 CURRENCY_MISMATCH",
		fault(c.post("/api/payment/"+id+"/refund", `{"amount": 1, "currency": "USD"}`)))
	require.Equal(t, "400 INVALID_REQUEST", fault(c.post("/api/payment/"+id+"/refund", part("0"))))
	require.Equal(t, "406 NOT_REFUNDABLE", fault(c.post("/api/payment/"+refund+"/refund", part("1"))),
		"a refund of a refund")
	require.Equal(t, "404 NOT_FOUND", fault(c.as("test_other").post("/api/payment/"+id+"/refund", part("1"))))
	require.Equal(t, "409 PAYMENT_NOT_DECIDABLE", fault(c.post("/_mock/payments/"+id+"/approve", "")))

	family := c.get("/_mock/payments?parentPaymentId=" + id)
	require.Len(t, family.body["payments"], 4, family.raw)
	require.Len(t, c.get("/_mock/payments?orderId=ORD-1&transactionType=REFUND&status=REJECTED").body["payments"], 1)
	require.Equal(t, checkout, c.get("/_mock/payments/"+id).text("checkoutId"))
	require.Len(t, entriesOf(c.get("/_mock/journal?kind=refund&orderId=ORD-1")), 8,
		"those that were refused by what the payment is, too")
}

func TestRefundsThatRaceNeverExceedThePayment(t *testing.T) {
	t.Parallel()
	c := clientOf(t, start(t, mock.Config{}))
	id := c.pays("/api/payment", "ORD-1", "amount", "100.00")
	made := atOnce(16, func() bool { return c.post("/api/payment/"+id+"/refund", part("30.00")).status == http.StatusOK })
	require.Equal(t, 3, made)

	both := c.pays("/api/payment", "ORD-2", "amount", "100.00")
	done := atOnce(16, func() bool {
		return c.post("/api/payment/"+both+"/cancel", "").status == http.StatusOK
	})
	require.Equal(t, 1, done)
}

// atOnce counts how many of n calls at the same time succeed.
func atOnce(n int, do func() bool) (succeeded int) {
	done := make(chan bool)
	for range n {
		go func() { done <- do() }()
	}
	for range n {
		if <-done {
			succeeded++
		}
	}
	return succeeded
}

func TestPreAuthorizationIsCapturedOnce(t *testing.T) {
	t.Parallel()
	c := clientOf(t, start(t, mock.Config{}))
	id := c.pays("/api/pre-authorization", "ORD-1")
	require.Equal(t, [2]string{"PRE_AUTH", "SUCCESS"}, [2]string{
		c.payment(id).text("transactionType"),
		c.payment(id).text("status"),
	})
	require.Equal(t, "406 NOT_REFUNDABLE", fault(c.post("/api/payment/"+id+"/refund", part("1"))), "nothing was taken")
	require.Equal(t, "406 AMOUNT_EXCEEDS_RESERVED", fault(c.post("/api/pre-authorization/"+id+"/capture", part("100.51"))))
	require.Equal(t, "406 CURRENCY_MISMATCH", fault(c.post("/api/pre-authorization/"+id+"/capture",
		`{"amount": 1, "currency": "EUR"}`)))

	captured := c.post("/api/pre-authorization/"+id+"/capture", part("60.00"))
	require.Equal(t, http.StatusOK, captured.status, captured.raw)
	require.Equal(t, [3]string{id, "CAPTURE", "SUCCESS"}, [3]string{
		captured.text("parentPaymentId"),
		captured.text("transactionType"), captured.text("status"),
	})
	require.Contains(t, captured.raw, `"amount":60.00`)
	require.Equal(t, "CAPTURED", c.payment(id).text("status"))
	require.Equal(t, "406 ALREADY_CAPTURED", fault(c.post("/api/pre-authorization/"+id+"/capture", part("1"))))
	require.Equal(t, "406 NOT_CANCELLABLE", fault(c.post("/api/payment/"+id+"/cancel", "")))

	require.Equal(t, http.StatusOK, c.post("/api/payment/"+id+"/refund", part("40")).status)
	require.Equal(t, "406 AMOUNT_EXCEEDS_REFUNDABLE", fault(c.post("/api/payment/"+captured.text("paymentId")+"/refund",
		part("20.01"))),
		"what was captured is given back once, whichever payment is named")
	require.Equal(t, http.StatusOK, c.post("/api/payment/"+captured.text("paymentId")+"/refund", part("20")).status)

	sale := c.pays("/api/payment", "ORD-2")
	require.Equal(t, "406 NOT_CAPTURABLE", fault(c.post("/api/pre-authorization/"+sale+"/capture", part("1"))))
	require.Equal(t, 1, func() int {
		raced := c.pays("/api/pre-authorization", "ORD-3")
		return atOnce(8, func() bool {
			return c.post("/api/pre-authorization/"+raced+"/capture", part("10")).status == http.StatusOK
		})
	}())
}

func TestOpenPreAuthorizationCanBeCancelledOnAnyDay(t *testing.T) {
	t.Parallel()
	srv := start(t, mock.Config{NoPartialCapture: true})
	c := clientOf(t, srv)
	id := c.pays("/api/pre-authorization", "ORD-1")
	require.Equal(t, "406 PARTIAL_CAPTURE", fault(c.post("/api/pre-authorization/"+id+"/capture", part("100.49"))))
	srv.Advance(48 * time.Hour)
	cancelled := c.post("/api/payment/"+id+"/cancel", "")
	require.Equal(t, [2]string{"CANCEL", "SUCCESS"}, [2]string{
		cancelled.text("transactionType"),
		cancelled.text("status"),
	})
	require.Equal(t, "CANCELLED", c.payment(id).text("status"))
	require.Equal(t, "406 NOT_CAPTURABLE", fault(c.post("/api/pre-authorization/"+id+"/capture", part("100.50"))))
	require.Equal(t, "406 ALREADY_CANCELLED", fault(c.post("/api/payment/"+id+"/cancel", "")))
	declined := c.pays("/api/pre-authorization", "ORD-2", "pan", `"`+declinedCard+`"`)
	require.Equal(t, "406 NOT_CAPTURABLE", fault(c.post("/api/pre-authorization/"+declined+"/capture", part("1"))))
}

// The bank of this card takes the money and gives nothing back.
func TestACardWhoseBankRefusesWhatFollows(t *testing.T) {
	t.Parallel()
	c := clientOf(t, start(t, mock.Config{}))
	card := []string{"pan", `"5406670000000009"`, "cvv", `"123"`}
	id := c.pays("/api/payment", "ORD-1", card...)
	require.Equal(t, "FAILED", c.post("/api/payment/"+id+"/cancel", "").text("status"))
	refund := c.post("/api/payment/"+id+"/refund", part("1")).text("paymentId")
	require.Equal(t, "FAILED", c.post("/_mock/payments/"+refund+"/approve", "").text("status"))
	reserved := c.pays("/api/pre-authorization", "ORD-2", card...)
	require.Equal(t, "FAILED", c.post("/api/pre-authorization/"+reserved+"/capture", part("1")).text("status"))
	require.Equal(t, "SUCCESS", c.payment(reserved).text("status"))
}
