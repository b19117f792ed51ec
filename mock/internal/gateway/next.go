package gateway

import "github.com/payporter-mock/payporter-mock/scenarios"

// Next is a scenario that was forced for the next checkouts.
type Next struct {
	Scenario string `json:"scenario"`
	Times    int    `json:"times"` // how many checkouts will still get it
}

// upcoming is a Next with the scenario that it names.
type upcoming struct {
	scenario *scenarios.Scenario
	left     int
}

func (u upcoming) shown() Next { return Next{Scenario: u.scenario.Name, Times: u.left} }

// NextScenario forces a scenario for the next checkouts, behind those that were forced before. A
// name that no scenario has is an *payment.Error.
func (m *Merchant) NextScenario(name string, times int) error {
	m.script.mu.Lock()
	defer m.script.mu.Unlock()
	found, err := scenarios.NamedIn("scenario", name, m.script.setLocked())
	if err == nil {
		m.script.next = append(m.script.next, upcoming{found, times})
	}
	return err
}

// NextScenarios lists what is forced for the next checkouts, in the order in which they get it.
func (m *Merchant) NextScenarios() []Next {
	m.script.mu.Lock()
	defer m.script.mu.Unlock()
	m.script.setLocked() // a scenario that is gone is forced no more
	return shown(m.script.next)
}

// CancelNext forgets what is forced for the next checkouts, and answers it.
func (m *Merchant) CancelNext() []Next {
	m.script.mu.Lock()
	defer m.script.mu.Unlock()
	cancelled := shown(m.script.next)
	m.script.next = nil
	return cancelled
}

func shown(all []upcoming) []Next {
	list := make([]Next, len(all))
	for i, u := range all {
		list[i] = u.shown()
	}
	return list
}

// takeNextLocked counts the first of what was forced as used.
func (s *script) takeNextLocked() {
	if s.next[0].left--; s.next[0].left == 0 {
		s.next = s.next[1:]
	}
}

// renameNextLocked looks the forced scenarios up in a set that has just come into force: whoever forced one
// asked for it by its name. What no scenario is called any more is forced no more.
func (s *script) renameNextLocked(set *scenarios.Set) (cancelled []Next) {
	var kept []upcoming
	for _, u := range s.next {
		found, err := scenarios.Named(u.scenario.Name, set)
		if err != nil {
			cancelled = append(cancelled, u.shown())
			continue
		}
		kept = append(kept, upcoming{found, u.left})
	}
	s.next = kept
	return cancelled
}
