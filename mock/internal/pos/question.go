package pos

import (
	"github.com/payporter-mock/payporter-mock/payment"
	"github.com/payporter-mock/payporter-mock/scenarios"
)

// Answer is what a question about a checkout finds besides the checkout: what its scenario does to this GET, and the
// fields that are laid over its payment.
type Answer struct {
	Step   scenarios.Step
	Fields scenarios.Fields
	Run    *scenarios.Run // after the GET; nil: the run is as it was
}

// Named is the answer of a GET that names a scenario: its first step, which takes none of the checkout's or the
// payment's own.
func Named(s *scenarios.Scenario) (a Answer) {
	a.Step, _ = s.StepAt(1)
	return a
}

// Question answers a GET of the checkout. Fields are laid over a payment, so a step that has nothing else waits until
// somebody has tried to pay.
func (p POS) Question(s Sale) (a Answer) {
	if s.Run == nil {
		return a
	}
	scenario, c := s.Scenario(), s.Checkout
	if scenario == nil {
		return a
	}
	if said, ok := scenario.Payment.Attempt(s.Run.Attempt); ok && s.Run.Overlaid && c.Payment.Status != payment.Enrolled {
		a.Fields = said.Fields
	}

	step, _ := scenario.StepAt(s.Run.Answered + 1)
	if c.Attempts == 0 && c.Payable() && onlyFields(step) {
		return a
	}
	a.Step = step
	if len(scenario.Status) > 0 {
		run := *s.Run
		run.Answered++
		a.Run = &run
	}
	return a
}

func onlyFields(s scenarios.Step) bool {
	return len(s.Fields) > 0 && s.Respond == nil && s.Fault == "" && s.Delay.Max == 0
}

// PaymentQuestion answers a GET of a payment that is none of a checkout. Fields are laid over a result, so a step that
// has nothing else waits until there is one.
func (p POS) PaymentQuestion(r Related) (a Answer) {
	scenario := r.Scenario()
	if scenario == nil {
		return a
	}
	open := r.Payment.Status == payment.Enrolled
	if said, ok := scenario.Payment.Attempt(1); ok && r.Run.Overlaid && !open {
		a.Fields = said.Fields
	}

	step, _ := scenario.StepAt(r.Run.Answered + 1)
	if open && onlyFields(step) {
		return a
	}
	a.Step = step
	if len(scenario.Status) > 0 {
		run := *r.Run
		run.Answered++
		a.Run = &run
	}
	return a
}
