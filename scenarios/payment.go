package scenarios

import "github.com/payporter-mock/payporter-mock/payment"

// Payment is what the bank says to a try to pay.
type Payment struct {
	Status        payment.Status // empty: what the card decides
	ResultCode    string         // empty: what goes with the status
	ResultMessage string         // empty: what goes with the result code
	Delay         Delay          // how long the bank takes; the payment is ENROLLED meanwhile
	Fields        Fields         // laid over the ApiPaymentResponse
}

// Payments are the payments of the first, second, ... attempt to pay one checkout.
type Payments []Payment

// Attempt is the payment of the n-th attempt, counted from 1; the last one is for all that follow.
// Not ok: the card decides.
func (p Payments) Attempt(n int) (Payment, bool) {
	if len(p) == 0 {
		return Payment{}, false
	}
	return p[min(max(n, 1), len(p))-1], true
}

// payments reads one payment, or a list with one for each attempt.
func (r *reader) payments(v value) Payments {
	var all Payments
	for _, one := range r.oneOrMore(v) {
		all = append(all, r.payment(one))
	}
	return all
}

func (r *reader) payment(v value) Payment {
	var p Payment
	r.mapping(v, keys{
		"status":        func(v value) { p.Status = choice(r, v, payment.Statuses()...) },
		"resultCode":    func(v value) { p.ResultCode, _ = r.text(v) },
		"resultMessage": func(v value) { p.ResultMessage, _ = r.text(v) },
		"delay":         func(v value) { p.Delay = r.delay(v) },
		"fields":        func(v value) { p.Fields = r.fields(v) },
	})
	return p
}
