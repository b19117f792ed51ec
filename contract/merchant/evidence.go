package merchant

import (
	"slices"
	"strings"

	"github.com/payporter-mock/payporter-mock/contract/report"
	"github.com/payporter-mock/payporter-mock/contract/shop"
	"github.com/payporter-mock/payporter-mock/internal/exchange"
)

// How many exchanges a report has of a rule.
const (
	mostShown  = 40 // that did not pass
	mostPassed = 6  // that passed
)

// evidence is what shows a verdict, and which of it decided.
func (t *trial) evidence(result report.Result) ([]exchange.Exchange, []report.Deciding) {
	calls := t.withoutRepeatedLooks(t.relevant(result))
	decisive := t.decisive(calls)
	most := mostShown
	if result == report.Passed {
		most = mostPassed
	}

	all, decided := []exchange.Exchange{}, []report.Deciding{}
	for _, n := range keptOf(len(calls), most, decisive) {
		differs := t.differs(calls[n])
		all = append(all, t.harness.Reported(calls[n], differs...))
		if result == report.Failed && slices.Contains(decisive, n) {
			decided = append(decided, report.Deciding{Exchange: len(all), Differs: differs})
		}
	}
	return all, decided
}

// relevant are the calls that the judge chose, or those of the order that failed, or everything of the trial.
func (t *trial) relevant(result report.Result) []shop.Call {
	calls := t.shown
	if len(calls) == 0 {
		calls = t.watch.Exchanges()
	}
	if result != report.Failed || len(t.about) == 0 {
		return calls
	}

	others := t.requests(func(c *shop.Call) bool {
		return slices.ContainsFunc(t.watch.Orders, func(o *shop.Purchase) bool {
			return !slices.Contains(t.about, o) && c.OfLocked(o)
		})
	})
	return slices.DeleteFunc(slices.Clone(calls), func(c shop.Call) bool { return others[c.Request] })
}

// requests are the requests of the calls that fit; a call is known again by its request.
func (t *trial) requests(fits func(*shop.Call) bool) map[*exchange.Message]bool {
	found := map[*exchange.Message]bool{}
	for _, c := range t.watch.Find(fits) {
		found[c.Request] = true
	}
	return found
}

// withoutRepeatedLooks leaves out the looks at the state that said nothing new, but not the last one.
func (t *trial) withoutRepeatedLooks(calls []shop.Call) []shop.Call {
	var all []shop.Call
	said, last := map[*shop.Purchase]string{}, lastWhere(calls, isLook)
	for i, c := range calls {
		if isLook(c) {
			body := string(c.Answer().Body)
			if c.Over && said[c.Order] == body && i != last {
				continue
			}
			said[c.Order] = body
		}
		all = append(all, c)
	}
	return all
}

func isLook(c shop.Call) bool { return c.Title == "state" }

// lastWhere is the place of the last call that fits; -1: there is none.
func lastWhere(calls []shop.Call, fits func(shop.Call) bool) int {
	for i, c := range slices.Backward(calls) {
		if fits(c) {
			return i
		}
	}
	return -1
}

// subject is the order that the verdict is about, as far as that is known; nil: it is not.
func (t *trial) subject(calls []shop.Call) *shop.Purchase {
	switch {
	case len(t.about) > 0:
		return t.about[0]
	case len(t.shown) > 0:
		return t.shown[len(t.shown)-1].Order
	}
	if n := lastWhere(calls, isLook); n >= 0 {
		return calls[n].Order
	}
	return nil
}

// decisive are the places of the calls that decided: what the shop was told last about the order, and what it then
// believed; or what the judge chose.
func (t *trial) decisive(calls []shop.Call) []int {
	o := t.subject(calls)
	looked := lastWhere(calls, func(c shop.Call) bool { return isLook(c) && c.Order == o })
	switch {
	case len(calls) == 0:
		return nil
	case looked >= 0:
		if told := t.told(calls[:looked], o); told >= 0 {
			return []int{told, looked}
		}
		return []int{looked}
	case len(t.shown) > 0 && len(calls) <= 2:
		return []int{0, len(calls) - 1}
	}
	return []int{len(calls) - 1}
}

// told is the last answer to a question about the order, or else the last callback about it, or its create; -1: none.
func (t *trial) told(calls []shop.Call, o *shop.Purchase) int {
	asked := t.requests(func(c *shop.Call) bool { return o != nil && o.HasQuestion(c) })
	for _, fits := range []func(shop.Call) bool{
		func(c shop.Call) bool { return asked[c.Request] },
		func(c shop.Call) bool {
			return c.Order == o && c.To == shop.Merchant &&
				(strings.Contains(c.Title, "callback") || c.Title == "webhook")
		},
		func(c shop.Call) bool { return c.Order == o && c.IsCreate() },
	} {
		if n := lastWhere(calls, fits); n >= 0 {
			return n
		}
	}
	return -1
}

// keptOf are the places to keep when there are more than so many: the first and the last ones, and those that decided.
func keptOf(all, most int, decisive []int) []int {
	var kept []int
	for n := range all {
		if n < most/2 || n >= all-most/2 || slices.Contains(decisive, n) {
			kept = append(kept, n)
		}
	}
	return kept
}
