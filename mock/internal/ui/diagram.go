package ui

import (
	"bytes"
	"cmp"
	"fmt"
	"html/template"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/payporter-mock/payporter-mock/internal/sequence"
	"github.com/payporter-mock/payporter-mock/mock/store"
)

// Who takes part in a payment.
const (
	shop     = "merchant"
	sandbox  = "payporter"
	tester   = "tester" // calls the control API
	customer = "customer"
	bank     = "bank"
)

// drawn is a diagram as a page shows it.
func drawn(d sequence.Diagram) (template.HTML, error) {
	var svg bytes.Buffer
	err := d.WriteSVG(&svg)
	return template.HTML(svg.String()), err
}

// diagram draws the life of a checkout: what happened as the journal has it, and what will.
func (l life) diagram() sequence.Diagram {
	d := sequence.Diagram{Title: l.title}

	// An exchange is recorded when it is over, and drawn from when it began.
	began := slices.Clone(l.entries)
	slices.SortStableFunc(began, func(a, b store.Entry) int { return cmp.Compare(a.StartSeq, b.StartSeq) })
	for _, e := range began {
		d.Arrows = append(d.Arrows, l.arrowOf(e))
	}
	d.Arrows = append(d.Arrows, l.ahead()...)
	d.Actors = actorsOf(d.Arrows)
	return d
}

// actorsOf are the merchant, PayPorter, and who else takes part.
func actorsOf(arrows []sequence.Arrow) []sequence.Actor {
	return slices.DeleteFunc([]sequence.Actor{
		{ID: shop, Name: "Merchant"},
		{ID: sandbox, Name: "PayPorter"},
		{ID: tester, Name: "Tester"},
		{ID: customer, Name: "Customer"},
		{ID: bank, Name: "Bank"},
	}, func(one sequence.Actor) bool {
		return one.ID != shop && one.ID != sandbox &&
			!slices.ContainsFunc(arrows, func(a sequence.Arrow) bool { return a.From == one.ID || a.To == one.ID })
	})
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
			name, made := l.nameOf(one), len(one.Attempts)
			label := fmt.Sprintf("%s, try %d", name, made+i+1)
			switch {
			case i == drawnAhead-1 && len(next) > drawnAhead:
				label = fmt.Sprintf("%s, tries %d to %d from here on", name, made+i+1, made+len(next))
			case i > 0:
				label += ", unless taken before"
			}
			all = append(all, sequence.Arrow{From: sandbox, To: shop, Label: label, At: at, Planned: true, Link: "#callback-" +
				one.ID})
		}
	}

	for _, p := range l.coming {
		all = append(all, sequence.Arrow{From: sandbox, To: sandbox, Label: p.Words, At: p.At, Planned: true})
	}

	slices.SortStableFunc(all, func(a, b sequence.Arrow) int { return a.At.Compare(b.At) })
	return all
}

// nameOf is what a delivery is called: several of its kind are told apart by their numbers.
func (l life) nameOf(one store.Delivery) string {
	number, count := 0, 0
	for _, d := range l.deliveries {
		if d.Kind != one.Kind {
			continue
		}
		if count++; d.ID == one.ID {
			number = count
		}
	}

	if count < 2 || number == 0 {
		return string(one.Kind)
	}
	return string(one.Kind) + " " + strconv.Itoa(number)
}

// arrowOf draws an entry of the journal.
func (l life) arrowOf(e store.Entry) sequence.Arrow {
	number := strconv.FormatUint(e.Seq, 10)
	a := sequence.Arrow{
		From: shop, To: sandbox, Label: l.requestLine(e), At: e.Time, Latency: e.EndedAt.Sub(e.Time),
		Start: uint64(e.StartSeq), End: uint64(e.EndSeq), Link: "#entry-" + number, ID: "arrow-" + number,
	}
	a.Answer, a.Fault, a.Broken = l.answerTo(e)

	switch e.Kind {
	case store.EntryCreate: // so that an answer with another amount stands out
		a.Label += " " + l.amounts[e.CheckoutID]
	case store.EntrySale, store.EntryThreeDSecure, store.EntryPreAuthorization, store.EntryCapture, store.EntryCancel,
		store.EntryRefund:
		if e.Status != "" { // else nothing was made
			a.Label = strings.TrimSpace(a.Label + " " + l.amounts[e.PaymentID])
		}
	case store.EntryPage:
		a.From = customer
	case store.EntryBank:
		a.From, a.To = customer, bank
	case store.EntryPayment:
		a.From, a.To, a.Label = decidedBy(e), sandbox, e.Status+": "+e.Note
		if e.Note == paidByCard {
			a.Label = e.Status
		} else if why, ok := strings.CutPrefix(e.Note, declinedAs); ok {
			a.Label = e.Status + ": " + why
		}
	case store.EntryCallback, store.EntryWebhook:
		delivery := store.Delivery{ID: e.DeliveryID, Kind: store.DeliveryKind(e.Kind)}
		a.From, a.To, a.Label = sandbox, shop, l.nameOf(delivery)+", try "+strconv.Itoa(e.Attempt)
	case store.EntryForge:
		a.From, a.To, a.Label = sandbox, shop, "forged "+string(forgedKind(e))
	case store.EntryControl:
		a.From = tester
	}
	if l.orders && e.OrderID != "" {
		a.Label = strings.TrimSpace(a.Label) + ", order " + e.OrderID
	}
	return a
}

// What the journal says of a card that was charged.
const (
	paidByCard = "paid by card"
	declinedAs = "declined: "
)

// decidedBy is whose word a result is: the bank's if a card was charged, else nobody's but the sandbox's.
func decidedBy(e store.Entry) string {
	if e.Note == paidByCard || strings.HasPrefix(e.Note, declinedAs) || strings.HasPrefix(e.Note, "the bank") || strings.Contains(e.Note,
		"code") {
		return bank
	}
	return sandbox
}

// forgedKind is what somebody forged: only a webhook names a payment.
func forgedKind(e store.Entry) store.DeliveryKind {
	if e.PaymentID != "" {
		return store.KindWebhook
	}
	return store.KindCallback
}

// requestLine is what was asked, without what the diagram says already.
func (l life) requestLine(e store.Entry) string {
	if e.Request == nil {
		return cmp.Or(e.Note, string(e.Kind))
	}
	path, _, _ := strings.Cut(e.Request.URL, "?")
	path = anyID.ReplaceAllStringFunc(path, func(id string) string { return cmp.Or(l.names[id], "{callbackId}") })
	return strings.TrimSpace(e.Request.Method + " " + path)
}

// anyID is an id in a path. One that the life does not name is that of a callback: the control API has no other.
var anyID = regexp.MustCompile(`[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}`)
