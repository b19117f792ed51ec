package provider

import (
	"encoding/json"

	"github.com/payporter-mock/payporter-mock/contract/report"
	"github.com/payporter-mock/payporter-mock/internal/decimal"
)

func amountIsNumber(m *made) finding {
	value, there := m.status.values()["amount"]
	if !there {
		return unjudged("there is no amount to look at").by(m.status)
	}
	if _, ok := value.(json.Number); !ok {
		return fail("it is another JSON type").by(m.status)
	}
	return pass("a number").by(m.status)
}

// sameAmount compares as decimals, so that 100.5 is 100.50.
func sameAmount(x *call, o order) finding {
	got, ok := x.number("amount")
	if !ok {
		return unjudged("there is no amount to compare").by(x)
	}
	want, _ := o["amount"].(json.Number)
	if !decimal.Same(string(want), string(got)) {
		return fail("%s instead of %s", got, want).by(x)
	}
	return pass("%s", got).by(x)
}

func sameAmounts(p *probe) finding {
	m, reason := p.unpaidStatus()
	if reason != "" {
		return unjudged("%s", reason)
	}

	found := sameAmount(m.status, m.order)
	if found.Result != report.Passed {
		return found
	}
	var all []*made
	if small, reason := p.made.unpaid(); reason == "" {
		all = append(all, small)
	}

	for _, amount := range []string{"0.07", "1249.90"} {
		one, reason := p.made.looked(p.made.make(p.like(m).with("amount", json.Number(amount)), "with the amount "+amount))
		if reason == "" {
			all = append(all, one)
		}
	}

	for _, one := range all {
		if f := sameAmount(one.status, one.order); f.Result == report.Failed {
			return f.by(one.created)
		}
		found = found.by(one.status)
	}

	return found
}

// same compares a text of the answer with the order's.
func same(x *call, o order, field string) finding {
	got, ok := x.values()[field].(string)
	if !ok {
		return unjudged("there is no %s to compare", field).by(x)
	}
	if want := o.text(field); got != want {
		return fail("%q instead of %q", cut(got), cut(want)).by(x)
	}
	return pass("%s", cut(got)).by(x)
}

func beforeSame(field string) check {
	return before(func(m *made) finding { return same(m.status, m.order, field) })
}

// foreignLetters are what order numbers are made of elsewhere.
const foreignLetters = " Sipariş İıĞğ <&> Ω"

func sameOrderID(p *probe) finding {
	m, reason := p.unpaidStatus()
	if reason != "" {
		return unjudged("%s", reason)
	}
	if plain := same(m.status, m.order, "orderId"); plain.Result != report.Passed {
		return plain
	}

	o := p.like(m)
	other, reason := p.made.looked(p.made.make(o.with("orderId", o.text("orderId")+foreignLetters),
		"with letters of other alphabets"))
	if reason = noStatus(other, reason); reason != "" {
		return fail("an orderId with letters of other alphabets: %s", reason).by(other.created, other.status)
	}
	return same(other.status, other.order, "orderId").by(other.created)
}

// like is a new order with the same fields as one that was taken.
func (p *probe) like(m *made) order {
	fresh := p.run.order()
	return m.order.with("orderId", fresh["orderId"]).with("callback", fresh["callback"])
}

func sameCustomerID(p *probe) finding {
	m, reason := p.made.whole()
	if reason = noStatus(m, reason); reason != "" {
		return unjudged("%s", reason)
	}
	if m.status.text("customerId") == "" {
		return fail("there is none").by(m.created, m.status)
	}
	return same(m.status, m.order, "customerId")
}
