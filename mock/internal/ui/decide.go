package ui

import (
	"net/http"
	"net/url"
)

// decideForm is the administrator's decision on a refund, by the name of its call.
func decideForm(name, id string) form {
	button := "Approve"
	if name == "reject" {
		button = "Reject"
	}
	return form{
		Action: name, Slot: name + "-" + id, Button: button, Live: true,
		Fields: []field{hidden("paymentId", id)},
		build:  func(v url.Values) action { return call(http.MethodPost, "payments", v.Get("paymentId"), name) },
	}
}

// resultForm is what the bank says to a payment.
func resultForm(id string) form {
	f := outcomeForm("")
	f.Action, f.Title = "result", "Force the result of this payment"
	f.Text = "The bank says what you say: to a payment that waits for its answer, or to a refund that waits for approval."
	f.Fields[0] = hidden("paymentId", id)
	f.build = func(v url.Values) action {
		return call(http.MethodPost, "payments", v.Get("paymentId"), "outcome").with(property{"status", v.Get("status")},
			property{"resultCode", v.Get("resultCode")}, property{"resultMessage", v.Get("resultMessage")})
	}
	return f
}
