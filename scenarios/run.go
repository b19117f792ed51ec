package scenarios

import (
	"github.com/payporter-mock/payporter-mock/payment"
)

// Run is how far a checkout has come in its scenario. It is plain data: it names its set and its scenario and holds
// neither, so that it can be written down and read by another process.
type Run struct {
	Set string // the digest of the set it was chosen from; empty: the empty set
	Chosen
	Opened  Chosen // as it was chosen at the create, before the card was known
	Request int    // the number of the create request of its order, from 1

	Attempt          int    // the latest try to pay; zero: nobody has tried
	Card             string // the masked number of the test card of that try
	InstallmentCount int    // of that try

	Counted []string          // the scenarios that count this checkout as one of theirs
	Used    map[string]uint64 // how often those with a limit had been used before it

	Answered int  // how many GETs its status steps have answered
	Overlaid bool // the fields of its payment lie over the answers
	Early    bool // its first callbacks come before the create has been answered

	Pending *payment.Payment // the bank's answer that is still to come; nil: none
}

// Chosen is a scenario by its name, and why it was chosen.
type Chosen struct {
	Scenario string // empty: none
	Choice   Choice
}

// Counts reports whether the scenario counts the checkout as one of its own.
func (r *Run) Counts(scenario string) bool {
	for _, name := range r.Counted {
		if name == scenario {
			return true
		}
	}
	return false
}

// Of is the scenario that the run follows, from its set or from the library; nil: none.
func (c Chosen) Of(set *Set) *Scenario {
	if c.Scenario == "" {
		return nil
	}
	found, err := Named(c.Scenario, set)
	if err != nil {
		return nil // a library of another version has no such scenario any more
	}
	return found
}
