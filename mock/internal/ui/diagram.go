package ui

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/payporter-mock/payporter-mock/contract/sequence"
	"github.com/payporter-mock/payporter-mock/mock/internal/journal"
	"github.com/payporter-mock/payporter-mock/mock/payment"
)

// Who takes part in a payment.
const (
	shop     = "merchant"
	sandbox  = "payporter"
	customer = "customer"
	bank     = "bank"
)

// diagram draws the life of a checkout: what happened as the journal has it, and what will.
func (l life) diagram() sequence.Diagram {
	d := sequence.Diagram{
		Title: "Checkout of order " + payment.MaskSecrets(l.checkout.OrderID),
		Actors: []sequence.Actor{
			{ID: shop, Name: "Merchant"}, {ID: sandbox, Name: "PayPorter"}, {ID: customer, Name: "Customer"}, {ID: bank, Name: "Bank"},
		},
	}
	for _, e := range l.entries {
		d.Arrows = append(d.Arrows, arrowOf(e))
	}
	// An exchange is recorded when it is over, but it is told from when it began.
	slices.SortStableFunc(d.Arrows, func(a, b sequence.Arrow) int { return a.At.Compare(b.At) })
	d.Arrows = append(d.Arrows, l.ahead()...)
	return d
}

// unlinked is the diagram for a file, in which there is nothing to click on.
func (l life) unlinked() sequence.Diagram {
	d := l.diagram()
	for i := range d.Arrows {
		d.Arrows[i].Link, d.Arrows[i].ID = "", ""
	}
	return d
}

// drawnAhead is how many attempts of a delivery are drawn ahead; the last one stands for the rest.
const drawnAhead = 4

// ahead are the arrows of what is planned.
func (l life) ahead() []sequence.Arrow {
	var all []sequence.Arrow
	for _, one := range l.deliveries {
		next := l.next[one.ID]
		for i, at := range next[:min(len(next), drawnAhead)] {
			label := "callback, try " + strconv.Itoa(len(one.Attempts)+i+1)
			switch {
			case i == drawnAhead-1 && len(next) > drawnAhead:
				label = fmt.Sprintf("callback, tries %d to %d from here on", len(one.Attempts)+i+1, len(one.Attempts)+len(next))
			case i > 0:
				label += ", unless taken before"
			}
			all = append(all, sequence.Arrow{From: sandbox, To: shop, Label: label, At: at, Planned: true, Link: "#callback-" + one.ID})
		}
	}
	for _, p := range l.coming {
		all = append(all, sequence.Arrow{From: sandbox, To: sandbox, Label: p.Words, At: p.At, Planned: true})
	}
	slices.SortStableFunc(all, func(a, b sequence.Arrow) int { return a.At.Compare(b.At) })
	return all
}

// arrowOf draws an entry of the journal.
func arrowOf(e journal.Entry) sequence.Arrow {
	number := strconv.FormatUint(e.Seq, 10)
	a := sequence.Arrow{
		From: shop, To: sandbox, Label: requestLine(e), At: e.Time, Latency: time.Duration(e.LatencyMS * float64(time.Millisecond)),
		Link: "#entry-" + number, ID: "arrow-" + number,
	}
	if e.Response != nil && e.Response.Status > 0 {
		a.Answer, a.Fault = strconv.Itoa(e.Response.Status), e.Response.Status >= 400
	}
	switch e.Kind {
	case journal.Page:
		a.From = customer
	case journal.Bank:
		a.From, a.To = customer, bank
	case journal.Payment:
		a.From, a.To, a.Label = decidedBy(e), sandbox, e.Status+": "+e.Note
		if e.Note == "paid by card" {
			a.Label = e.Status
		}
	case journal.Callback:
		a.From, a.To, a.Label = sandbox, shop, "callback, try "+strconv.Itoa(e.Attempt)
	case journal.Forge:
		a.From, a.To, a.Label = sandbox, shop, "forged callback"
	case journal.Control:
		a.From, a.To, a.Answer, a.Label = sandbox, sandbox, "", "control: "+e.Note
	}
	if e.Error != "" {
		a.Fault = true
		if a.Answer == "" {
			a.Answer = e.Error
		}
	}
	return a
}

// decidedBy is whose word a result is: the bank's if a card was charged, else nobody's but the sandbox's.
func decidedBy(e journal.Entry) string {
	if strings.HasPrefix(e.Note, "paid by card") || strings.HasPrefix(e.Note, "the bank") || strings.Contains(e.Note, "code") {
		return bank
	}
	return sandbox
}

// requestLine is what was asked, without what the diagram says already.
func requestLine(e journal.Entry) string {
	if e.Request == nil {
		return cmp.Or(e.Note, string(e.Kind))
	}
	path, _, _ := strings.Cut(e.Request.URL, "?")
	if e.CheckoutID != "" {
		path = strings.Replace(path, e.CheckoutID, "{checkoutId}", 1)
	}
	return strings.TrimSpace(e.Request.Method + " " + path)
}
