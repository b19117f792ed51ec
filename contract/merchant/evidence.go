package merchant

import (
	"slices"

	"github.com/payporter-mock/payporter-mock/contract/report"
	"github.com/payporter-mock/payporter-mock/contract/shop"
	"github.com/payporter-mock/payporter-mock/internal/exchange"
)

// mostShown bounds how many exchanges a rule shows.
const mostShown = 40

// evidence is what shows a verdict: what the judge chose, or everything of the trial but the looks at
// the state that said nothing new.
func (t *trial) evidence(result report.Result) []exchange.Exchange {
	calls := t.shown
	if len(calls) == 0 {
		calls = t.watch.Exchanges()
	}

	all := []exchange.Exchange{}
	lastState := ""
	last := lastLook(calls)
	for i, c := range calls {
		if c.Title == "state" {
			if said := string(c.Answer().Body); c.Over && said == lastState && i != last {
				continue
			}
			lastState = string(c.Answer().Body)
		}
		all = append(all, t.harness.Reported(c))
	}

	if len(all) > mostShown {
		all = append(all[:mostShown/2:mostShown/2], all[len(all)-mostShown/2:]...)
	}

	return all
}

// lastLook is the place of the last look at the state, on which a verdict rests; -1: there is none.
func lastLook(calls []shop.Call) int {
	for i, c := range slices.Backward(calls) {
		if c.Title == "state" {
			return i
		}
	}
	return -1
}
