package page

import (
	"embed"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"

	"github.com/payporter-mock/payporter-mock/payment"
)

//go:embed *.html
var templates embed.FS

// screen is what a customer sees: one of Form, Bank, Result, Return and Notice.
type screen struct {
	Title    string
	Form     *formScreen
	Bank     *bankScreen
	Back     *backToShop // nil: the server tells the shop
	Result   *resultScreen
	Notice   *notice
	Return   *notice // from the bank to the shop, by Back
	ResultAt string  // beside a notice: where what became of the link is said; may be empty
}

type formScreen struct {
	Order       []fact
	PayAt       string
	CancelAt    string
	Declined    *bankAnswer // of the last attempt, nil when there was none
	Month       string      // by the merchant's clock, such as 2026-11: cards before it have expired
	Fields      []field
	Choice      *choice     // nil when there is nothing to choose
	Pay         string      // on the button
	Cards       []cardGroup // to try
	CardsText   string
	OtherFaults []string // of no field that the form has
}

// field is one line of the form.
type field struct {
	ID, Name                string
	Label, Value            string
	Autocomplete, InputMode string
	MaxLength               int
	Says                    fieldWords
	Schemes                 []scheme // that the script recognises in it
	Mistyped                string   // what the script says of a number that does not add up
	Fault                   string   // empty when there is none
	Focus                   bool     // the first faulty field has it
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
func (p *page) write(w io.Writer, x *call, s screen) error {
	other := p.other(x.words)
	return p.layout.ExecuteTemplate(w, "page", struct {
		screen
		Words, Other *words
		OtherAt      string
		Stylesheet   string
		Script       string
	}{s, x.words, other, x.inLanguage(other), x.to(p.stylesheet.URL()), x.to(p.script.URL())})
}

// inLanguage is the address of the language switch. A POST has no page of its own to come back to,
// and an unknown address is not repeated: people paste card numbers anywhere.
func (x *call) inLanguage(w *words) string {
	query := "?lang=" + w.Code
	switch {
	case x.merchant == nil:
		return query
	case x.payment.ID != "":
		return x.to(bankPath+x.payment.ID) + query
	case x.at("/result"), x.at("/bank"):
		return x.to(x.request.URL.EscapedPath()) + query
	}
	return x.to(linkPath+x.checkout.ID) + query
}

func say(status int, n notice) answer {
	return answer{status: status, screen: screen{Title: n.Title, Notice: &n}}
}

// form shows the form with what the customer typed, but never the number and the CVV.
func (x *call) form(status int, f form, faults []payment.FieldError) answer {
	s := &formScreen{
		Order: x.order(x.checkout.Amount), PayAt: x.path(""), CancelAt: x.path("/cancel"),
		Month: x.merchant.Clock().Now().UTC().Format("2006-01"), Fields: x.fields(f), Choice: x.choice(f), Cards: x.cards(),
		// on one line
		CardsText: fmt.Sprintf(x.words.TestCardsText, strings.ReplaceAll(inGroups(payment.DefaultTestCard()), " ", "\u00a0")),
	}
	s.Pay = x.words.pay(s.Choice, x.checkout.Amount)
	if len(faults) == 0 {
		s.Declined = declined(x.checkout)
	}

	s.mark(f, faults)
	a := answer{status: status, screen: screen{Title: x.words.Heading, Form: s}}
	if s.Declined != nil {
		a.screen.Back = x.back()
	}

	return a
}

func (x *call) fields(f form) []field {
	w := x.words
	all := []field{
		{
			ID: "pan", Name: fieldPAN, Says: w.PAN, Autocomplete: "cc-number", InputMode: "numeric", MaxLength: 32,
			Schemes: schemes(), Mistyped: w.Mistyped,
		},
		{
			ID: "card-holder-name", Name: fieldHolder, Says: w.Holder, Value: f.holder, Autocomplete: "cc-name",
			InputMode: "text", MaxLength: 100,
		},
		{
			ID: "expiry", Name: fieldExpiry, Says: w.Expiry, Value: f.expiry, Autocomplete: "cc-exp", InputMode: "numeric",
			MaxLength: 9,
		},
		{ID: "cvv", Name: fieldCVV, Says: w.CVV, Autocomplete: "cc-csc", InputMode: "numeric", MaxLength: 4},
	}
	for i := range all {
		all[i].Label = all[i].Says.Label
	}

	if f.ofTestCard {
		all[0].Value, all[3].Value = f.number.Reveal(), f.cvv.Reveal()
	}

	return all
}

// mark puts every fault at its field.
func (s *formScreen) mark(f form, faults []payment.FieldError) {
	for _, fault := range faults {
		if at := s.field(fault.Field); at != nil {
			at.Fault = f.sentence(fault.Field, at.Says)
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
func (x *call) outcome() answer {
	says := x.words.States[x.checkout.State].Result
	refresh := 0
	if x.checkout.State == payment.Processing {
		refresh = 2 // whoever waits for a slow bank finds out without doing anything
	}

	return answer{status: http.StatusOK, refresh: refresh, screen: screen{
		Title: says.Title, Back: x.back(),
		Result: &resultScreen{
			State: x.checkout.State, Status: x.checkout.Payment.Status, Says: says,
			Answer: declined(x.checkout), Facts: x.facts(),
		},
	}}
}

// declined is the bank's answer to the last attempt, nil unless the bank declined it.
func declined(c payment.Checkout) *bankAnswer {
	if s := c.Payment.Status; s != payment.Failed && s != payment.Rejected {
		return nil
	}
	return &bankAnswer{Code: c.Payment.ResultCode, Message: c.Payment.ResultMessage}
}

// order is what the customer pays for.
func (x *call) order(amount payment.Amount) []fact {
	w, c := x.words, x.checkout
	return known([]fact{
		{"amount", w.Amount, w.amount(amount)},
		{"order-id", w.OrderID, c.OrderID},
		{"description", w.Description, c.Description},
	})
}

// facts is the order and what is known of its payment.
func (x *call) facts() []fact {
	w, p, parts := x.words, x.checkout.Payment, ""
	if way, ok := x.way(p); ok && way.Count > 1 {
		parts = w.way(way)
	}

	return append(x.order(x.charged(p)), known([]fact{
		{"installments", w.PaidIn, parts},
		{"masked-pan", w.Card, p.PAN},
		{"auth-code", w.AuthCode, p.AuthCode},
		{"payment-date", w.PaidAt, p.Date.UTC().Format(w.Time)},
		{"payment-id", w.PaymentID, p.ID},
	})...)
}

// way is how the customer chose to pay; not ok when nobody has.
func (x *call) way(p payment.Payment) (payment.Installment, bool) {
	ways := x.checkout.Installments()
	if p.InstallmentCount < 1 || p.InstallmentCount > len(ways) {
		return payment.Installment{}, false
	}
	return ways[p.InstallmentCount-1], true
}

// charged is the amount with any interest that the customer pays.
func (x *call) charged(p payment.Payment) payment.Amount {
	return x.checkout.Charged(p.InstallmentCount)
}

// known leaves out what nothing is known of.
func known(facts []fact) []fact {
	return slices.DeleteFunc(facts, func(f fact) bool { return f.Value == "" })
}
