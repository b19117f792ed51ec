package page

import (
	"fmt"
	"strconv"

	"github.com/payporter-mock/payporter-mock/payment"
)

// choice is the select of instalments, and the table of what each way costs.
type choice struct {
	field
	Caption  string
	Heads    wayWords
	Interest bool // the customer pays it
	Long     bool // the numbers do not fit into columns, however wide the page is
	Options  []option
}

// option is one way to pay, as the select says it, as the table does, and as the button does. A select on a phone has
// no room for the whole text: browsers show Way there.
type option struct {
	Count                      int
	Text                       string
	Way, Each, Interest, Total string
	Pay                        string
	Chosen                     bool
}

// choice offers the ways to pay, unless there is but one.
func (x *call) choice(f form) *choice {
	ways, w := x.checkout.Installments(), x.words
	if len(ways) < 2 {
		return nil
	}

	c := &choice{
		field:   field{ID: "installments", Name: fieldInstallments, Label: w.Installments.Label, Says: w.Installments},
		Caption: fmt.Sprintf(w.WaysToPay, w.currency(x.checkout.Amount)), Heads: w.Ways,
		Interest: x.checkout.InterestPaidByCustomer,
	}
	for _, way := range ways {
		o := option{
			Count: way.Count, Text: w.way(way), Way: w.parts(way), Each: w.number(way.Each), Interest: "–",
			Total: w.number(way.Total),
			Pay:   fmt.Sprintf(w.PayAmount, w.amount(way.Total)), Chosen: f.installments == strconv.Itoa(way.Count),
		}
		if interest, ok := difference(way.Total, x.checkout.Amount); ok {
			o.Interest = w.number(interest)
		}
		c.Long = c.Long || max(len(o.Each), len(o.Total)) > longestColumn
		c.Options = append(c.Options, o)
	}

	return c
}

// longestColumn is how many characters of a number fit into a column of the table.
const longestColumn = len("999,999.99")

// way is a way to pay in a sentence.
func (w *words) way(i payment.Installment) string {
	if i.Count == 1 {
		return fmt.Sprintf(w.SinglePayment, w.amount(i.Total))
	}
	return fmt.Sprintf(w.InParts, i.Count, w.amount(i.Each), w.amount(i.Total))
}

// parts is a way to pay in a word or two.
func (w *words) parts(i payment.Installment) string {
	if i.Count == 1 {
		return w.AtOnce
	}
	return fmt.Sprintf(w.Parts, i.Count)
}

// pay is what stands on the button. Where the amount depends on a choice that can still change, only
// the script can say it.
func (w *words) pay(c *choice, amount payment.Amount) string {
	if c != nil && c.Interest {
		return w.Pay
	}
	return fmt.Sprintf(w.PayAmount, w.amount(amount))
}

// difference is what the larger amount has more than the smaller one of the same currency; not ok
// when that is nothing.
func difference(larger, smaller payment.Amount) (payment.Amount, bool) {
	decimals, _ := payment.MinorDigits(larger.Currency())
	number := fmt.Sprintf("%de-%d", larger.Minor()-smaller.Minor(), decimals)
	more, err := payment.ParseAmount(number, larger.Currency())
	return more, err == nil
}
