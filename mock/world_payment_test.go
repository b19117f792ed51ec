package mock_test

import (
	"net/url"
	"regexp"
	"strings"

	"github.com/payporter-mock/payporter-mock/payment"
	"github.com/payporter-mock/payporter-mock/scenarios"
)

const bankPage = "/three-d-secure/"

// byAPI is a merchant that takes cards itself: a payment and its refund, a pre-authorization with its capture and the
// cancel of that, a payment with 3-D Secure, and three days until everything that follows is over.
func (w *world) byAPI() {
	w.begin()
	w.do("POST", "/api/installment-options", `{"bin": "542119", "amount": 100.50, "currency": "TRY"}`)
	if sale := w.charged("/api/payment", "ORD-1"); sale != "" {
		w.advance("10m")
		w.do("GET", "/api/payment/"+sale, "")
		w.once("transactionType=REFUND", "/api/payment/"+sale+"/refund", part("10"))
	}
	if reserved := w.charged("/api/pre-authorization", "ORD-2"); reserved != "" {
		w.advance("10m")
		w.once("transactionType=CAPTURE", "/api/pre-authorization/"+reserved+"/capture", part("60"))
	}
	if captured := w.made("transactionType=CAPTURE"); captured != "" {
		w.once("transactionType=CANCEL", "/api/payment/"+captured+"/cancel", "")
	}
	if authenticated := w.charged("/api/3ds", "ORD-3", "pan", `"`+askedCard+`"`, "cvv", `"123"`,
		"successUrl", `"https://shop.example/ok"`, "failureUrl", `"https://shop.example/no"`); authenticated != "" {
		w.throughTheBank(authenticated)
	}
	w.advance("80h")
}

// charged charges a card for the order, and answers the payment's id; empty: the scenario refuses it for good. A
// merchant whose request came to nothing asks again, unless the payment was made.
func (w *world) charged(path, orderID string, extra ...string) (id string) {
	w.t.Helper()
	for range 6 {
		w.send("POST", path, charge(orderID, extra...))
		w.ended()
		if id = w.made("orderId=" + orderID); id != "" {
			break
		}
	}
	return id
}

var securityKey = regexp.MustCompile(`name="securityKey" value="([^"]*)"`)

// throughTheBank is the customer at the bank, and the merchant who completes what the customer brings back.
func (w *world) throughTheBank(id string) {
	w.t.Helper()
	w.do("POST", bankPage+id, "")
	if w.scenario.ThreeDSecure == nil || w.scenario.ThreeDSecure.Outcome != scenarios.Left {
		w.do("POST", bankPage+id, url.Values{"code": {payment.BankCode}}.Encode())
	}
	key := securityKey.FindStringSubmatch(w.do("GET", bankPage+id, ""))
	if key == nil {
		return
	}
	w.do("POST", "/api/3ds/"+id+"/complete", `{"securityKey": "`+key[1]+`"}`)
	w.advance("10m")
	w.do("GET", "/api/payment/"+id, "")
}

// once asks for a payment that there is one of, as the query says.
func (w *world) once(query, path, body string) {
	w.t.Helper()
	for range 3 {
		w.send("POST", path, body)
		if !w.ended() || w.made(query) != "" {
			return
		}
	}
}

// made is the id of the newest payment that the query finds; empty: there is none.
func (w *world) made(query string) string {
	_, rest, _ := strings.Cut(w.do("GET", "/_mock/payments?"+query, ""), `"paymentId":"`)
	return rest[:min(36, len(rest))]
}
