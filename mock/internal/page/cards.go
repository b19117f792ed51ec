package page

import (
	"fmt"
	"strings"
	"time"

	"github.com/payporter-mock/payporter-mock/payment"
)

// scheme is a card scheme as customers know it. The id names its drawing, too.
type scheme struct{ ID, Name string }

func schemes() []scheme {
	return []scheme{{"visa", "Visa"}, {"mastercard", "Mastercard"}, {"troy", "Troy"}, {"amex", "American Express"}}
}

// cardGroup is a group of test cards by what becomes of them.
type cardGroup struct {
	ID, Title string
	Cards     []cardLine
}

// cardLine is a test card to fill in by one click. Its number is no secret: gateways publish it.
type cardLine struct {
	At                          string // the form with the card filled in
	Digits, Number, Expiry, CVV string
	Scheme                      scheme
	Kind                        string
	Does, DoesIn                string // and its language where that is not the page's
}

// cards lists the test cards and what becomes of each when no scenario decides otherwise.
func (x *call) cards() []cardGroup {
	w := x.words
	groups := []cardGroup{
		{ID: "paid", Title: w.CardsPaid},
		{ID: "declined", Title: w.CardsDeclined},
		{ID: "3ds", Title: w.Cards3DS},
	}
	for _, card := range askedFirst(payment.TestCards()) {
		at := 0
		switch {
		case card.Challenged(x.threeDSecure) && card.Bank3DS != payment.NotAsked, card.Bank3DS == payment.Unasked:
			at = 2
		case card.Outcome.Status != payment.Success:
			at = 1
		}
		groups[at].Cards = append(groups[at].Cards, x.card(card))
	}

	return groups
}

// askedFirst puts the cards whose banks ask for a code before those that no code helps.
func askedFirst(cards []payment.TestCard) []payment.TestCard {
	var asked, others []payment.TestCard
	for _, c := range cards {
		if c.Bank3DS == payment.Challenges {
			asked = append(asked, c)
		} else {
			others = append(others, c)
		}
	}
	return append(asked, others...)
}

func (x *call) card(c payment.TestCard) cardLine {
	f := filledIn(c, x.merchant.Clock().Now())
	line := cardLine{
		At: x.path("", "card", c.PAN.Digits()) + "#card", Digits: c.PAN.Digits(),
		Number: f.number.Reveal(), Expiry: f.expiry, CVV: f.cvv.Reveal(), Kind: x.words.kind(c),
	}
	for _, s := range schemes() {
		if s.ID == strings.ToLower(c.Scheme) {
			line.Scheme = s
		}
	}

	line.Does, line.DoesIn = x.words.does(c, c.Challenged(x.threeDSecure))
	return line
}

// kind is such as "Akbank, credit card".
func (w *words) kind(c payment.TestCard) string {
	kind := w.Credit
	if c.Type == "DEBIT" {
		kind = w.Debit
	}

	bank := c.Bank
	if bank == "" && c.DomInt() == "INT" {
		bank = w.Foreign
	}
	if bank == "" {
		return kind
	}
	return bank + ", " + kind
}

// does says what becomes of a card, and nothing where the group has said it all. What this package has no words for is
// said as the bank says it, in English.
func (w *words) does(c payment.TestCard, challenged bool) (does, language string) {
	if o := c.Outcome; o.Status != payment.Success {
		reason, known := w.Reasons[o.ResultCode]
		if !known {
			reason, language = o.ResultMessage, "en"
		}
		does = fmt.Sprintf("%s (%s)", reason, o.ResultCode)
	}

	switch {
	case challenged && c.Bank3DS == payment.Hopeless:
		return w.NoCode, ""
	case challenged && does == "":
		return fmt.Sprintf(w.CodeFirst, w.CardPaid), ""
	case challenged:
		return fmt.Sprintf(w.CodeFirst, does), language
	}

	return does, language
}

// ofTestCard is the form with the test card that the address asks for; empty when it asks for none.
func (x *call) ofTestCard() form {
	pan, _ := payment.ParsePAN(x.request.URL.Query().Get("card"))
	card, ok := payment.FindTestCard(pan)
	if !ok {
		return form{}
	}
	f := filledIn(card, x.merchant.Clock().Now())
	f.holder, f.ofTestCard = x.words.TestHolder, true
	return f
}

// filledIn is a form with the number of a test card, and a date and a code that are good with it.
func filledIn(c payment.TestCard, now time.Time) form {
	f := form{number: payment.Secret(inGroups(c)), expiry: c.Expiry, cvv: c.CVV}
	if month, year := payment.ParseExpiry(f.expiry); !now.Before(time.Date(year, time.Month(month)+1, 1, 0, 0, 0, 0,
		time.UTC)) {
		f.expiry = fmt.Sprintf("12/%02d", (now.Year()+3)%100)
	}

	switch {
	case f.cvv != "":
	case c.Scheme == "AMEX":
		f.cvv = "1234"
	default:
		f.cvv = "123"
	}
	return f
}

// inGroups writes a number as it stands on the card.
func inGroups(c payment.TestCard) string {
	sizes := []int{4, 4, 4, 4}
	if c.Scheme == "AMEX" {
		sizes = []int{4, 6, 5}
	}
	digits, groups := c.PAN.Digits(), []string{}
	for _, size := range sizes {
		n := min(size, len(digits))
		groups, digits = append(groups, digits[:n]), digits[n:]
	}
	return strings.TrimSpace(strings.Join(groups, " ") + digits)
}
