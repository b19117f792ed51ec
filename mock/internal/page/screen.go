package page

import (
	"embed"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strconv"

	"github.com/payporter-mock/payporter-mock/mock/payment"
)

//go:embed *.html
var templates embed.FS

// screen is what a customer sees: one of Form, Result and Notice.
type screen struct {
	Title  string
	Form   *formScreen
	Back   *backToShop // nil: the server tells the shop
	Result *resultScreen
	Notice *notice
}

type formScreen struct {
	Order       []fact
	PayAt       string
	CancelAt    string
	Declined    *bankAnswer // of the last attempt, nil when there was none
	Fields      []field
	Choice      *choice  // nil when there is nothing to choose
	OtherFaults []string // of no field that the form has
}

// field is one line of the form.
type field struct {
	ID, Name                string
	Label, Value            string
	Autocomplete, InputMode string
	MaxLength               int
	Fault                   string // empty when there is none
	Focus                   bool   // the first faulty field has it
}

// choice is the select of instalments.
type choice struct {
	field
	Options []option
}

type option struct {
	Count  int
	Text   string
	Chosen bool
}

type resultScreen struct {
	State  payment.State
	Status payment.Status
	Says   notice
	Answer *bankAnswer // nil when the bank did not decline
	Facts  []fact
}

// bankAnswer is in English, whatever the customer speaks.
type bankAnswer struct{ Code, Message string }

// fact is something known about the order or its payment.
type fact struct{ ID, Label, Value string }

// write fills in the template.
func (p *page) write(w io.Writer, x *exchange, s screen) error {
	other := p.other(x.words)
	return p.layout.ExecuteTemplate(w, "page", struct {
		screen
		Words, Other *words
		OtherAt      string
		Stylesheet   string
	}{s, x.words, other, x.inLanguage(other), p.stylesheet.URL()})
}

// inLanguage is the address of the language switch. A POST has no page of its own to come back to,
// and an unknown address is not repeated: people paste card numbers anywhere.
func (x *exchange) inLanguage(w *words) string {
	query := "?lang=" + w.Code
	switch {
	case x.merchant == nil:
		return query
	case x.request.URL.Path == linkPath+x.checkout.ID+"/result":
		return x.request.URL.Path + query
	}
	return linkPath + x.checkout.ID + query
}

func say(status int, n notice) answer {
	return answer{status: status, screen: screen{Title: n.Title, Notice: &n}}
}

// form shows the form with what the customer typed, but never the number and the CVV.
func (x *exchange) form(status int, f form, faults []payment.FieldError) answer {
	s := &formScreen{
		Order: x.order(x.checkout.Amount), PayAt: x.path(""), CancelAt: x.path("/cancel"),
		Fields: x.fields(f), Choice: x.choice(f),
	}
	if len(faults) == 0 {
		s.Declined = declined(x.checkout)
	}
	s.mark(f, x.words, faults)
	a := answer{status: status, screen: screen{Title: x.words.Heading, Form: s}}
	if s.Declined != nil {
		a.screen.Back = x.back()
	}
	return a
}

func (x *exchange) fields(f form) []field {
	w := x.words
	return []field{
		{ID: "pan", Name: fieldPAN, Label: w.PAN.Label, Autocomplete: "cc-number", InputMode: "numeric", MaxLength: 32},
		{ID: "card-holder-name", Name: fieldHolder, Label: w.Holder.Label, Value: f.holder, Autocomplete: "cc-name", InputMode: "text", MaxLength: 100},
		{ID: "expiry", Name: fieldExpiry, Label: w.Expiry.Label, Value: f.expiry, Autocomplete: "cc-exp", InputMode: "numeric", MaxLength: 9},
		{ID: "cvv", Name: fieldCVV, Label: w.CVV.Label, Autocomplete: "cc-csc", InputMode: "numeric", MaxLength: 4},
	}
}

// choice offers the ways to pay, unless there is but one.
func (x *exchange) choice(f form) *choice {
	ways := x.checkout.Installments()
	if len(ways) < 2 {
		return nil
	}
	c := &choice{field: field{ID: "installments", Name: fieldInstallments, Label: x.words.Installments.Label}}
	for _, way := range ways {
		c.Options = append(c.Options, option{
			Count: way.Count, Text: x.words.way(way), Chosen: f.installments == strconv.Itoa(way.Count),
		})
	}
	return c
}

func (w *words) way(i payment.Installment) string {
	if i.Count == 1 {
		return fmt.Sprintf(w.SinglePayment, w.amount(i.Total))
	}
	return fmt.Sprintf(w.InParts, i.Count, w.amount(i.Each), w.amount(i.Total))
}

// mark puts every fault at its field.
func (s *formScreen) mark(f form, w *words, faults []payment.FieldError) {
	sayings := map[string]fieldWords{
		fieldPAN: w.PAN, fieldHolder: w.Holder, fieldExpiry: w.Expiry, fieldCVV: w.CVV, fieldInstallments: w.Installments,
	}
	for _, fault := range faults {
		if at := s.field(fault.Field); at != nil {
			at.Fault = f.sentence(fault.Field, sayings[fault.Field])
		} else {
			s.OtherFaults = append(s.OtherFaults, fault.Message)
		}
	}
	if faulty := s.Faulty(); len(faulty) > 0 {
		s.field(faulty[0].Name).Focus = true
	}
}

// field is the field of the form with the name, nil when the form has none.
func (s *formScreen) field(name string) *field {
	if i := slices.IndexFunc(s.Fields, func(f field) bool { return f.Name == name }); i >= 0 {
		return &s.Fields[i]
	}
	if s.Choice != nil && s.Choice.Name == name {
		return &s.Choice.field
	}
	return nil
}

// Faulty lists the faulty fields in the order of the form.
func (s *formScreen) Faulty() []field {
	all := s.Fields
	if s.Choice != nil {
		all = append(slices.Clone(all), s.Choice.field)
	}
	var faulty []field
	for _, f := range all {
		if f.Fault != "" {
			faulty = append(faulty, f)
		}
	}
	return faulty
}

// outcome is the page of the result.
func (x *exchange) outcome() answer {
	says := x.words.States[x.checkout.State].Result
	// Whoever waits for a slow bank finds out without doing anything.
	waits := x.checkout.State == payment.Processing
	return answer{status: http.StatusOK, refresh: waits, screen: screen{Title: says.Title, Back: x.back(), Result: &resultScreen{
		State: x.checkout.State, Status: x.checkout.Payment.Status, Says: says,
		Answer: declined(x.checkout), Facts: x.facts(),
	}}}
}

// declined is the bank's answer to the last attempt, nil unless the bank declined it.
func declined(c payment.Checkout) *bankAnswer {
	if s := c.Payment.Status; s != payment.Failed && s != payment.Rejected {
		return nil
	}
	return &bankAnswer{Code: c.Payment.ResultCode, Message: c.Payment.ResultMessage}
}

// order is what the customer pays for.
func (x *exchange) order(amount payment.Amount) []fact {
	w, c := x.words, x.checkout
	return known([]fact{
		{"amount", w.Amount, w.amount(amount)},
		{"order-id", w.OrderID, c.OrderID},
		{"description", w.Description, c.Description},
	})
}

// facts is the order and what is known of its payment.
func (x *exchange) facts() []fact {
	w, c, p := x.words, x.checkout, x.checkout.Payment
	amount, parts := c.Amount, ""
	if ways := c.Installments(); p.InstallmentCount > 1 && p.InstallmentCount <= len(ways) {
		way := ways[p.InstallmentCount-1]
		amount, parts = way.Total, w.way(way)
	}
	return append(x.order(amount), known([]fact{
		{"installments", w.PaidIn, parts},
		{"masked-pan", w.Card, p.PAN},
		{"auth-code", w.AuthCode, p.AuthCode},
		{"payment-date", w.PaidAt, p.Date.UTC().Format(w.Time)},
		{"payment-id", w.PaymentID, p.ID},
	})...)
}

// known leaves out what nothing is known of.
func known(facts []fact) []fact {
	return slices.DeleteFunc(facts, func(f fact) bool { return f.Value == "" })
}
