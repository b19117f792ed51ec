package ui

import (
	"encoding/json"
	"fmt"
	"html/template"
	"slices"
	"strings"
	"time"

	"github.com/payporter-mock/payporter-mock/mock/internal/control"
	"github.com/payporter-mock/payporter-mock/mock/store"
	"github.com/payporter-mock/payporter-mock/payment"
)

// saved is what the dashboard reads of a session file: GET /_mock/session answers it.
type saved struct {
	Format   int    `json:"payporterMockSession"`
	Version  string `json:"version"`
	Merchant string `json:"merchant"`
	Clock    struct {
		Now    time.Time `json:"now"`
		Frozen bool      `json:"frozen"`
	} `json:"clock"`
	Scenarios  string           `json:"scenarios"`
	Checkouts  []savedCheckout  `json:"checkouts"`
	Payments   []savedPayment   `json:"payments"`
	Deliveries []store.Delivery `json:"deliveries"`
	Journal    []store.Entry    `json:"journal"`
}

type savedCheckout struct {
	ID       string      `json:"checkoutId"`
	OrderID  string      `json:"orderId"`
	Amount   json.Number `json:"amount"`
	Currency string      `json:"currency"`
	State    string      `json:"state"`
	Status   string      `json:"status"`
	Scenario string      `json:"scenario"`
}

type savedPayment struct {
	ID         string      `json:"paymentId"`
	CheckoutID string      `json:"checkoutId"`
	OrderID    string      `json:"orderId"`
	Amount     json.Number `json:"amount"`
	Currency   string      `json:"currency"`
	Status     string      `json:"status"`
}

// readSaved reads a session file. Whoever wrote it: what looks like a secret or a card number in it is masked.
func readSaved(file []byte) (s saved, err error) {
	if err := json.Unmarshal([]byte(payment.MaskSecrets(string(file))), &s); err != nil {
		return s, notSaved("it is not JSON: " + err.Error())
	}
	switch {
	case s.Format == 0:
		return s, notSaved("it has no payporterMockSession")
	case s.Format != control.SessionFormat:
		return s, notSaved(fmt.Sprintf("its form is version %d, and this program knows version %d", s.Format,
			control.SessionFormat))
	}
	return s, nil
}

func notSaved(why string) error {
	return &payment.Error{
		Code: payment.InvalidRequest, Message: "This is no session file that can be opened: " + payment.MaskSecrets(why) +
			". Save one with GET /_mock/session.",
	}
}

// chapter is what happened to one checkout, or to one order that was paid without a checkout.
type chapter struct {
	Title   string // the order's id
	Facts   string // amount, status, scenario
	Diagram template.HTML
	life    life
}

// chapters are the lives in the session, the oldest first.
func (s saved) chapters() (all []chapter, err error) {
	for _, c := range s.Checkouts {
		l := s.lifeOf(func(e store.Entry) bool { return e.CheckoutID == c.ID })
		facts := fmt.Sprintf("%s %s, %s, checkout %s", c.Amount, c.Currency, c.Status, c.State)
		if c.Scenario != "" {
			facts += ", scenario " + c.Scenario
		}
		all = append(all, chapter{Title: c.OrderID, Facts: facts, life: l})
	}

	seen := map[string]bool{}
	for _, p := range s.Payments {
		if p.CheckoutID != "" || seen[p.OrderID] {
			continue
		}
		seen[p.OrderID] = true
		l := s.lifeOf(func(e store.Entry) bool { return e.CheckoutID == "" && e.OrderID == p.OrderID })
		all = append(all, chapter{Title: p.OrderID, Facts: fmt.Sprintf("%s %s, %s", p.Amount, p.Currency, p.Status), life: l})
	}

	for i := range all {
		diagram, err := drawn(all[i].life.diagram())
		if err != nil {
			return nil, err
		}
		all[i].Diagram = diagram
	}
	return all, nil
}

// lifeOf is the life of the entries that fit, with the moves of the clock that made some of it happen.
func (s saved) lifeOf(fits func(store.Entry) bool) life {
	l := life{names: map[string]string{}, amounts: map[string]string{}}
	for _, c := range s.Checkouts {
		l.names[c.ID], l.amounts[c.ID] = "{checkoutId}", string(c.Amount)+" "+c.Currency
	}
	for _, p := range s.Payments {
		l.names[p.ID], l.amounts[p.ID] = "{paymentId}", string(p.Amount)+" "+p.Currency
	}

	causes := map[store.Moment]bool{}
	for _, e := range s.Journal {
		if fits(e) {
			causes[e.Cause] = true
		}
	}
	for _, e := range s.Journal {
		if fits(e) || e.Kind == store.EntryControl && e.StartSeq != 0 && causes[e.StartSeq] {
			l.entries = append(l.entries, e)
		}
	}

	l.deliveries = slices.Clone(s.Deliveries)
	slices.Reverse(l.deliveries) // a file has the newest first
	l.deliveries = slices.DeleteFunc(l.deliveries, func(d store.Delivery) bool {
		return !slices.ContainsFunc(l.entries, func(e store.Entry) bool { return e.DeliveryID == d.ID })
	})
	slices.SortStableFunc(l.deliveries, func(a, b store.Delivery) int { return a.CreatedAt.Compare(b.CreatedAt) })
	return l
}

// text is the session for a terminal or a bug report.
func (s saved) text(all []chapter) string {
	var out strings.Builder
	clock := "running"
	if s.Clock.Frozen {
		clock = "frozen"
	}
	fmt.Fprintf(&out, "Merchant %s, its clock %s at %s UTC, saved by payporter-mock %s\n", s.Merchant, clock,
		stamp(s.Clock.Now), s.Version)
	if len(all) == 0 {
		out.WriteString("\nNo checkout and no payment.\n")
	}
	if others := s.others(all); len(others.life.entries) > 0 {
		all = append(slices.Clone(all), others)
	}

	for _, c := range all {
		fmt.Fprintf(&out, "\n%s: %s\n", c.Title, c.Facts)
		for _, a := range c.life.unlinked().Arrows {
			line := fmt.Sprintf("  %s %s  %-9s > %-9s  %s", day(a.At), timeOnly(a.At), a.From, a.To, strings.TrimSpace(a.Label))
			if a.Answer != "" {
				line += ": " + a.Answer
			}
			out.WriteString(line + "\n")
		}
	}
	return plain(out.String())
}

// others are the requests that none of the chapters tells, such as those that were refused. A page shows them in its
// journal.
func (s saved) others(all []chapter) chapter {
	told := map[uint64]bool{}
	for _, c := range all {
		for _, e := range c.life.entries {
			told[e.Seq] = true
		}
	}

	l := life{names: map[string]string{}, orders: true}
	for _, e := range s.Journal {
		if told[e.Seq] || e.Request == nil || e.Kind == store.EntryControl {
			continue
		}
		for _, id := range anyID.FindAllString(e.Request.URL, -1) {
			l.names[id] = id // it is of no checkout, so the id itself tells most
		}
		l.entries = append(l.entries, e)
	}
	return chapter{Title: "Other requests", Facts: "they belong to no checkout and no payment above", life: l}
}

// plain leaves out what would move a terminal's cursor or colour it.
func plain(s string) string {
	return strings.Map(func(r rune) rune {
		if r < ' ' && r != '\n' || r == 0x7f || r >= 0x80 && r < 0xa0 {
			return -1
		}
		return r
	}, s)
}
