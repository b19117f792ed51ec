package scenarios

import (
	"time"

	"github.com/payporter-mock/payporter-mock/payment"
)

// Payer is what the customer does.
type Payer struct {
	Action           Action        // never empty
	After            time.Duration // after POST /api/checkout has answered
	Card             payment.PAN   // empty: a card that is good for every payment
	InstallmentCount int           // zero: one payment
}

// Action is what a customer does with the hosted page.
type Action string

// The actions.
const (
	Pay     Action = "pay"     // pays with a card; the default
	Abandon Action = "abandon" // leaves: nothing happens until the link expires
	Wait    Action = "wait"    // does nothing by itself: somebody pays on the page or through the control API
	Cancel  Action = "cancel"  // presses Cancel
)

// payer reads what the customer does.
func (r *reader) payer(v value) *Payer {
	p := &Payer{Action: Pay}
	g := r.mapping(v, keys{
		"action":           func(v value) { p.Action = choice(r, v, Pay, Abandon, Wait, Cancel) },
		"after":            func(v value) { p.After = r.duration(v) },
		"card":             func(v value) { p.Card = r.card(v) },
		"installmentCount": func(v value) { p.InstallmentCount = r.whole(v, 1, manyTimes) },
	})
	if p.Action == Pay || p.Action == "" {
		return p
	}

	for _, key := range []string{"card", "installmentCount"} {
		if g.has(key) {
			r.fault(g[key], "payer."+key+" cannot go with action "+string(p.Action), "")
		}
	}

	if g.has("after") && p.Action == Wait {
		r.fault(g["after"], "payer.after cannot go with action wait, which does nothing", "")
	}

	return p
}

// card reads a card number. Whether it is a test card, Lint says.
func (r *reader) card(v value) payment.PAN {
	number, ok := r.text(v)
	if !ok {
		return ""
	}
	pan, ok := payment.ParsePAN(number)
	if !ok {
		r.want(v, "a card number of 12 to 19 digits", "")
	}
	return pan
}
