package scenarios

import (
	"strings"

	"github.com/payporter-mock/payporter-mock/payment"
)

// Warning is something in a set that works, but probably not as it was meant.
type Warning struct {
	Place
	Scenario string
	Message  string // without the place and the name
}

// String is the whole sentence.
func (w Warning) String() string {
	return w.Place.String() + ": warning: scenario " + quoted(w.Scenario) + " " + w.Message
}

// Lint finds scenarios that can never be matched, cards that the hosted page will refuse, and values that are
// hardly what was meant.
func (s *Set) Lint() []Warning {
	var all []Warning
	for i, one := range s.Scenarios() {
		warn := func(message string) { all = append(all, Warning{one.Place, one.Name, message}) }

		if first := shadow(s.all[:i], one); first != nil {
			warn("can only be used by name: " + quoted(first.Name) + " at " + first.Place.String() + " comes first and " +
				"matches whatever it would")
		}
		if !someCard(one.When.Card) {
			warn("never matches: no test card's number is " + one.When.Card.String())
		}
		if late := one.knownTooLate(); late != "" {
			warn("does " + late + " only when it is used by name: card, installmentCount and attempt are not known until the " +
				"customer pays")
		}
		for _, value := range one.unlikely() {
			warn(value)
		}

		if one.Payer == nil || one.Payer.Card == "" {
			continue
		}
		if _, known := payment.FindTestCard(one.Payer.Card); !known {
			warn("cannot pay: payer.card " + one.Payer.Card.Masked() + " is not a test card of this sandbox")
		}
	}

	return all
}

// knownTooLate names what of the scenario would have to happen before its conditions are known.
func (s *Scenario) knownTooLate() string {
	if !s.When.Paying() || !s.When.takesOperation(OpCheckout) {
		return "" // whoever pays by the API sends the card at once
	}

	var late []string
	if s.Create != nil {
		late = append(late, "create")
	}
	if s.Payer != nil {
		late = append(late, "payer")
	}
	if s.Callback.beforeResponse() {
		late = append(late, "callback.deliveries.beforeResponse")
	}
	return strings.Join(late, " and ")
}

// shadow is the first scenario without a limit that surely matches whatever s would.
func shadow(before []*Scenario, s *Scenario) *Scenario {
	for _, earlier := range before {
		if earlier.Limit == 0 && earlier.When.covers(&s.When) {
			return earlier
		}
	}
	return nil
}

// someCard reports whether a test card matches. Others cannot be paid with.
func someCard(cards Globs) bool {
	if cards.Any() {
		return true
	}
	for _, card := range payment.TestCards() {
		if cards.take(card.PAN.Digits()) {
			return true
		}
	}
	return false
}
