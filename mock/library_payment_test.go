package mock_test

import (
	"net/http"
	"net/url"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/payporter-mock/payporter-mock/payment"
)

// calls makes a call of the API that names the scenario, if the scene is for a header.
func (s *scene) calls(path, body string) *http.Request {
	s.t.Helper()
	req := s.request("POST", path, body)
	if s.way == byHeader {
		req.Header.Set("X-Mock-Scenario", s.scenario)
	}
	return req
}

// paidBy is a payment of the scenario: of a checkout, or by the API where a call names it.
func (s *scene) paidBy(path string) string {
	s.t.Helper()
	if path == "" {
		return s.status(s.paid()).text("paymentId")
	}
	body := charge("ORD-1")
	if s.way == byToken {
		body = charge("ORD-1", "customerId", `"c-mock:`+s.scenario+`"`)
	}
	r := s.send(s.request("POST", path, body))
	require.Equal(s.t, http.StatusOK, r.status, r.raw)
	return r.text("paymentId")
}

// refundDecided is a refund that waits for two hours, and then has a result.
func refundDecided(of, status, code string) func(*scene) {
	return func(s *scene) {
		id := s.paidBy(of)
		asked := s.send(s.calls("/api/payment/"+id+"/refund", part("50")))
		require.Equal(s.t, http.StatusOK, asked.status, asked.raw)
		refund := asked.text("paymentId")
		s.srv.Advance(2*time.Hour - time.Second)
		require.Equal(s.t, "PENDING_APPROVAL", s.payment(refund).text("status"))
		s.srv.Advance(time.Second)
		got := s.payment(refund)
		require.Equal(s.t, [2]string{status, code}, [2]string{got.text("status"), got.text("resultCode")})
		require.Equal(s.t, s.scenario, s.get("/_mock/payments/"+refund).text("scenario"))
	}
}

func refundStaysPending(s *scene) {
	id := s.paidBy("/api/payment")
	refund := s.send(s.calls("/api/payment/"+id+"/refund", part("50"))).text("paymentId")
	s.srv.Advance(30 * 24 * time.Hour)
	require.Equal(s.t, "PENDING_APPROVAL", s.payment(refund).text("status"))
	require.Equal(s.t, "SUCCESS", s.post("/_mock/payments/"+refund+"/approve", "").text("status"))
}

func refundMadeUnseen(s *scene) {
	id := s.paidBy("/api/payment")
	s.givesUp(s.calls("/api/payment/"+id+"/refund", part("60")), time.Second)
	refunds := "/_mock/payments?transactionType=REFUND"
	require.Len(s.t, s.get(refunds).body["payments"], 1, "it was queued, whatever the shop saw")
	again := s.send(s.calls("/api/payment/"+id+"/refund", part("60")))
	require.Equal(s.t, "406 AMOUNT_EXCEEDS_REFUNDABLE", fault(again), "a shop that asks again blindly asks for too much")
	require.Len(s.t, s.get(refunds).body["payments"], 1)
}

func cancelNextDay(s *scene) {
	id := s.paidBy("")
	require.Equal(s.t, "406 NOT_SAME_DAY", fault(s.send(s.calls("/api/payment/"+id+"/cancel", ""))))
	require.Empty(s.t, s.get("/_mock/payments?transactionType=CANCEL").body["payments"], "nothing was cancelled")
	require.Equal(s.t, http.StatusOK, s.post("/api/payment/"+id+"/refund", part("100.50")).status)
}

func captureTooMuch(s *scene) {
	id := s.paidBy("/api/pre-authorization")
	require.Equal(s.t, "406 AMOUNT_EXCEEDS_RESERVED", fault(s.send(s.calls("/api/pre-authorization/"+id+"/capture", part(
		"100.50")))))
	require.Equal(s.t, "SUCCESS", s.payment(id).text("status"), "nothing was captured")
}

func threeDSecureFails(s *scene) {
	shop := newReturns(s.t)
	id, action := s.start3DS(shop, s.scenario)
	s.visit(action, nil)
	require.Equal(s.t, "/no", shop.last(s.t).Get("at"))
	require.Equal(s.t, "FAILED", s.complete(id, shop.last(s.t).Get("securityKey")).text("status"))
}

func threeDSecureAbandoned(s *scene) {
	shop := newReturns(s.t)
	id, action := s.start3DS(shop, s.scenario)
	s.visit(action, nil)
	s.visit(action, url.Values{"code": {payment.BankCode}})
	s.srv.Advance(24 * time.Hour)
	require.Empty(s.t, shop.brought, "nobody came back")
	require.Equal(s.t, "406 NOT_AUTHENTICATED", fault(s.complete(id, "x")))
	require.Equal(s.t, "ENROLLED", s.payment(id).text("status"))
}

func threeDSecureWrongKey(s *scene) {
	shop := newReturns(s.t)
	id, action := s.start3DS(shop, s.scenario)
	s.visit(action, nil)
	brought := shop.last(s.t)
	require.Equal(s.t, [2]string{"/ok", id}, [2]string{brought.Get("at"), brought.Get("paymentId")})
	require.Equal(s.t, "406 WRONG_SECURITY_KEY", fault(s.complete(id, brought.Get("securityKey"))))
	require.Equal(s.t, "ENROLLED", s.payment(id).text("status"))
}

func paymentMadeUnseen(s *scene) {
	s.givesUp(s.calls("/api/payment", charge("ORD-1")), time.Second)
	made := s.get("/_mock/payments?orderId=ORD-1").body["payments"].([]any)
	require.Len(s.t, made, 1, "the card was charged, whatever the shop saw")
	id := made[0].(map[string]any)["paymentId"].(string)
	require.Equal(s.t, "SUCCESS", s.payment(id).text("status"))
	again := s.send(s.calls("/api/payment", charge("ORD-1")))
	require.Equal(s.t, http.StatusOK, again.status, "the shop that asks again charges again")
	require.NotEqual(s.t, id, again.text("paymentId"))
}
