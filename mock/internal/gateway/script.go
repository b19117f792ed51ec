package gateway

import (
	"log/slog"
	"maps"
	"sync"

	"github.com/payporter-mock/payporter-mock/payment"
	"github.com/payporter-mock/payporter-mock/scenarios"
)

// script is what a merchant's scenarios do: which are in force, how often each was used, and which
// one each checkout follows. Whoever asks it twice at once is answered one after the other, so a
// limit is never overrun.
type script struct {
	log      *slog.Logger
	defaults func() *scenarios.Set // in force unless the merchant has its own
	fallback string                // the name of the scenario for checkouts that nothing else is meant for; empty: none

	mu     sync.Mutex // guards all below
	own    *scenarios.Set
	last   *scenarios.Set // in force when it was last looked
	next   []upcoming
	used   map[string]int
	seen   map[string]uint64   // how many checkouts followed each scenario, whatever set was in force
	orders map[string]*opening // by order id: those whose create is being kept from the merchant
	runs   map[string]*run     // by checkout id: those that follow a scenario, or may come to
}

// Choice says how a scenario came to be chosen.
type Choice = scenarios.Choice

// The five ways to choose a scenario, in their order.
const (
	ByHeader  = scenarios.ByHeader
	ByNext    = scenarios.ByNext
	ByToken   = scenarios.ByToken
	ByFile    = scenarios.ByFile
	ByDefault = scenarios.ByDefault
)

// opening is a create on its way: the scenario it got, and the how-manieth request of its order it is.
type opening struct {
	choice   Choice
	scenario *scenarios.Scenario // nil: none
	set      *scenarios.Set      // in force when it was chosen
	request  int
}

// run is a checkout on its way through its scenario.
type run struct {
	opening
	opened  opening // as it was chosen before the customer paid
	early   bool    // its callbacks are being told before the create is answered
	facts   scenarios.Facts
	used    map[string]int  // as it was when the scenario was chosen
	claimed map[string]bool // the scenarios that count this checkout as one of theirs
	gets    int             // GETs answered since the scenario was chosen
	fields  scenarios.Fields
	pending *payment.Payment // the result that the bank has not told yet
}

func newScript(c *Config, log *slog.Logger) *script {
	s := &script{log: log, defaults: c.Scenarios, fallback: c.Scenario}
	if s.defaults == nil {
		s.defaults = func() *scenarios.Set { return nil }
	}
	s.resetLocked()
	return s
}

func (s *script) resetLocked() {
	s.next, s.used, s.seen = nil, map[string]int{}, map[string]uint64{}
	s.orders, s.runs = map[string]*opening{}, map[string]*run{}
}

// reset forgets what the checkouts did, and with it the merchant's own set unless that is kept.
func (s *script) reset(keepSet bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.resetLocked()
	if !keepSet {
		s.own = nil
	}
}

// setLocked is the set in force. With a new one, counts begin anew.
func (s *script) setLocked() *scenarios.Set {
	set := s.own
	if set == nil {
		set = s.defaults()
	}
	if set != s.last {
		s.last, s.used, s.orders = set, map[string]int{}, map[string]*opening{}
		for _, gone := range s.renameNextLocked(set) {
			s.log.Warn("cancelled what was forced for the next checkouts: no scenario has this name any more",
				"scenario", gone.Scenario, "checkouts", gone.Times)
		}
	}
	return set
}

// open chooses the scenario of a create. A request for an order whose earlier ones were kept from
// the merchant goes on with theirs. A name that no scenario has is an *payment.Error.
func (s *script) open(o payment.Order, header string) (opening, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	set := s.setLocked()
	if before := s.orders[o.OrderID]; before != nil {
		goesOn, err := before.goesOn(set, header)
		if err != nil {
			return opening{}, err
		}
		if goesOn {
			before.request++
			return *before, nil
		}
	}
	chosen, err := s.chooseLocked(set, o, header)
	if err != nil || chosen.scenario == nil {
		return chosen, err
	}
	s.used[chosen.scenario.Name]++
	s.seen[chosen.scenario.Name]++
	if c := chosen.scenario.Create; c != nil && c.Times > 0 {
		kept := chosen
		s.orders[o.OrderID] = &kept
	}
	return chosen, nil
}

// goesOn reports whether a repeated request of the order goes on with its scenario. Only a header
// that names another one makes it begin anew.
func (o *opening) goesOn(set *scenarios.Set, header string) (bool, error) {
	if header == "" {
		return true, nil
	}
	named, err := scenarios.NamedIn(scenarios.HeaderName, header, set)
	return named == o.scenario, err
}

func (s *script) chooseLocked(set *scenarios.Set, o payment.Order, header string) (opening, error) {
	names := scenarios.Names{Header: header, Default: s.fallback}
	if len(s.next) > 0 {
		names.Next = s.next[0].scenario
	}
	found, choice, err := set.Choose(factsOf(o), names, s.usedLocked)
	if err == nil && choice == ByNext {
		s.takeNextLocked()
	}
	return opening{set: set, request: 1, choice: choice, scenario: found}, err
}

func (s *script) usedLocked(name string) int { return s.used[name] }

func factsOf(o payment.Order) scenarios.Facts {
	return scenarios.Facts{OrderID: o.OrderID, CustomerID: o.CustomerID, Description: o.Description, Amount: o.Amount}
}

// begin says that a checkout was made of the opening. Those for which no scenario can ever matter
// are not kept.
func (s *script) begin(id string, opened Opening) {
	s.mu.Lock()
	defer s.mu.Unlock()
	o, orderID := opened.opening, opened.Order.OrderID
	if before := s.orders[orderID]; before != nil && !before.scenario.Create.Applies(before.request) {
		delete(s.orders, orderID)
	}
	if o.scenario == nil && o.set.Empty() {
		return
	}
	r := &run{opening: o, opened: o, facts: factsOf(opened.Order), used: maps.Clone(s.used), claimed: map[string]bool{}}
	if o.scenario != nil {
		r.claimed[o.scenario.Name] = true
		r.used[o.scenario.Name]-- // as it was before this checkout
	}
	s.runs[id] = r
}

// takeBack says that a create was refused although its scenario had been chosen.
func (s *script) takeBack(o Opening) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if o.scenario == nil {
		return
	}
	before := s.orders[o.Order.OrderID]
	if o.request > 1 { // a repeated request, which had not counted
		if before != nil && before.request == o.request {
			before.request--
		}
		return
	}
	if s.used[o.scenario.Name] > 0 && s.seen[o.scenario.Name] > 0 { // else they have begun anew meanwhile
		s.used[o.scenario.Name]--
		s.seen[o.scenario.Name]--
	}
	if before != nil && before.scenario == o.scenario {
		delete(s.orders, o.Order.OrderID)
	}
}

// drop says that the checkout was not made after all: its scenario was not used.
func (s *script) drop(checkoutID string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	r := s.runs[checkoutID]
	if r == nil {
		return
	}
	if r.scenario != nil && r.request == 1 { // a repeated request had not counted
		s.used[r.scenario.Name]--
	}
	delete(s.runs, checkoutID)
}

// forget drops what checkouts left behind.
func (s *script) forget(checkoutIDs []string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, id := range checkoutIDs {
		delete(s.runs, id)
	}
}

// of is the scenario that the checkout follows, nil if it follows none.
func (s *script) of(checkoutID string) *scenarios.Scenario {
	s.mu.Lock()
	defer s.mu.Unlock()
	if r := s.runs[checkoutID]; r != nil {
		return r.scenario
	}
	return nil
}

// paying chooses the scenario of an attempt to pay, now that the card is known. One that was chosen
// by name stays.
func (s *script) paying(checkoutID string, card payment.PAN, installments, attempt int) *scenarios.Scenario {
	s.mu.Lock()
	defer s.mu.Unlock()
	r := s.runs[checkoutID]
	if r == nil {
		return nil
	}
	if r.choice != ByFile && r.choice != ByDefault {
		return r.scenario
	}
	r.facts.Paying, r.facts.Card, r.facts.InstallmentCount, r.facts.Attempt = true, card, installments, attempt
	used := func(name string) int {
		if r.claimed[name] {
			return s.used[name] - 1 // this checkout is no rival of itself
		}
		return s.used[name]
	}
	chosen := r.opened // what was chosen without the card needs no card, so it still holds
	if found := r.set.Match(r.facts, used); found != nil {
		chosen.choice, chosen.scenario = ByFile, found
	}
	if chosen.scenario != r.scenario {
		r.used, r.opening, r.gets = maps.Clone(s.used), chosen, 0
		s.claimLocked(r)
	}
	return r.scenario
}

// claimLocked counts the checkout as one of its scenario's, once.
func (s *script) claimLocked(r *run) {
	if r.scenario != nil && !r.claimed[r.scenario.Name] {
		r.claimed[r.scenario.Name] = true
		s.used[r.scenario.Name]++
		s.seen[r.scenario.Name]++
	}
}

// tellEarly says that the checkout's callbacks are being told before its create is answered, or that
// they have been.
func (s *script) tellEarly(checkoutID string, early bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if r := s.runs[checkoutID]; r != nil {
		r.early = early
	}
}

// toldEarly reports whether what comes before the answer is being told now.
func (s *script) toldEarly(checkoutID string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	r := s.runs[checkoutID]
	return r != nil && r.early
}

// bank keeps the fields that an attempt to pay lays over the answers, and forgets any result that a
// bank has not told yet.
func (s *script) bank(checkoutID string, fields scenarios.Fields) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if r := s.runs[checkoutID]; r != nil {
		r.fields, r.pending = fields, nil
	}
}

// await keeps a result that the bank has not told yet.
func (s *script) await(checkoutID string, pending *payment.Payment) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if r := s.runs[checkoutID]; r != nil {
		r.pending = pending
	}
}

// told takes the result that the bank has not told yet.
func (s *script) told(checkoutID string) (payment.Payment, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	r := s.runs[checkoutID]
	if r == nil || r.pending == nil {
		return payment.Payment{}, false
	}
	p := *r.pending
	r.pending = nil
	return p, true
}

// asked answers what the scenario of the checkout does to a GET of it, which is counted if it counts. Fields are laid
// over a payment, so a step that has nothing else waits until somebody has tried to pay.
func (s *script) asked(c payment.Checkout, counts bool) (step scenarios.Step, fields scenarios.Fields) {
	s.mu.Lock()
	defer s.mu.Unlock()
	r := s.runs[c.ID]
	if r == nil {
		return step, nil
	}
	if c.Payment.Status != payment.Enrolled {
		fields = r.fields
	}
	if r.scenario == nil {
		return step, fields
	}
	step, _ = r.scenario.StepAt(r.gets + 1)
	if c.Attempts == 0 && c.Payable() && onlyFields(step) {
		return scenarios.Step{}, fields
	}
	if counts {
		r.gets++
	}
	return step, fields
}

func onlyFields(s scenarios.Step) bool {
	return len(s.Fields) > 0 && s.Respond == nil && s.Fault == "" && s.Delay.Max == 0
}
