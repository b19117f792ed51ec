package merchant

import (
	"regexp"
	"slices"
	"strings"

	"github.com/payporter-mock/payporter-mock/contract/shop"
	"github.com/payporter-mock/payporter-mock/internal/decimal"
)

// differs is what of a call's bodies decides: a field of PayPorter's answer or of a create that is not the order's, or
// where the shop says what it believes.
func (t *trial) differs(c shop.Call) []string {
	switch body := string(c.Answer().Body); {
	case isLook(c):
		return t.harness.Config.State.Places(c.Answer())
	case c.IsCreate():
		return t.wrongInCreate(c)
	case c.ToPayPorter() && c.Answer().Status != 0:
		return t.wrongInAnswer(c, body)
	case c.From == shop.Attacker:
		return liesIn(string(c.Request.Body))
	}
	return nil
}

// lied is what a forged form or JSON says besides the checkout. Each match has one of lieMarks in it.
var (
	lied     = regexp.MustCompile(`\b(?:status|paymentStatus|paid)=[^&]*|"(?:status|paid)":"[^"]*"`)
	lieMarks = []string{"tatus=", "paid=", `tatus":"`, `paid":"`}
)

// liesIn is what lied finds. Most forged bodies lie in another way, and some are long: a search for plain text is a
// hundred times quicker than one for the expression.
func liesIn(body string) []string {
	if !slices.ContainsFunc(lieMarks, func(mark string) bool { return strings.Contains(body, mark) }) {
		return nil
	}
	return lied.FindAllString(body, -1)
}

func (t *trial) wrongInCreate(c shop.Call) []string {
	if c.Order == nil {
		return nil
	}
	sent := string(c.Request.Body)
	switch amount := strings.Trim(string(c.Sent("amount")), `"`); {
	case t.rule.ID == "REQ-003", c.Order.Amount != "" && amount != "" && !decimal.Same(amount, c.Order.Amount):
		return member(sent, "amount")
	case c.SentText("currency") != c.Order.Currency:
		return member(sent, "currency")
	case t.rule.ID == "REQ-006", t.rule.ID == "REQ-008":
		return member(sent, "callback")
	}
	return nil
}

// wrongInAnswer is what of an answer is not as it is when the order has been paid; its status when nothing is.
func (t *trial) wrongInAnswer(c shop.Call, body string) []string {
	o := t.asked(c)
	if o == nil {
		return member(body, "status")
	}

	var wrong []string
	for _, field := range []struct{ name, right string }{
		{"status", "SUCCESS"}, {"amount", t.watch.Asked(o)}, {"currency", o.Currency}, {"orderId", t.watch.SentID(o)},
	} {
		said, err := shop.FindJSON(c.Answer().Body, "$."+field.name)
		if err == nil && said != field.right && !decimal.Same(said, field.right) {
			wrong = append(wrong, member(body, field.name)...)
		}
	}
	if len(wrong) == 0 {
		return member(body, "status")
	}
	return wrong
}

// asked is the order that the shop asks about with a call; nil: it asks about none.
func (t *trial) asked(c shop.Call) (o *shop.Purchase) {
	t.watch.Find(func(other *shop.Call) bool {
		if other.Request == c.Request {
			for _, one := range t.watch.Orders {
				if one.HasQuestion(other) {
					o = one
				}
			}
		}
		return false
	})
	return o
}

// member is a property of a JSON object as it stands in the text; nil: it is not there.
func member(body, name string) []string {
	if found := shop.Member(body, name); found != "" {
		return []string{found}
	}
	return nil
}
