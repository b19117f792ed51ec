package mock

import (
	"errors"
	"sync"

	"github.com/payporter-mock/payporter-mock/scenarios"
)

// scenes are the scenarios that the config names, and why a later reading of them failed.
type scenes struct {
	mu    sync.Mutex // guards the two below
	set   *scenarios.Set
	fault string
}

func (s *scenes) put(set *scenarios.Set) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.set, s.fault = set, ""
}

func (s *scenes) fail(err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.fault = err.Error()
}

func (s *scenes) inForce() *scenarios.Set {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.set
}

func (s *scenes) whyNot() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.fault
}

// loadScenarios reads what the config names, and sees to it that its one scenario exists.
func loadScenarios(c Config) (*scenarios.Set, error) {
	set, err := scenarios.Load(c.Scenarios)
	if err != nil {
		return nil, err
	}
	if c.Scenario == "" {
		return set, nil
	}
	if _, err := scenarios.Named(c.Scenario, set); err != nil {
		return nil, err
	}
	return set, nil
}

// ReloadScenarios reads the scenario files of the config again. New checkouts follow what they say
// now; a fault leaves the old set in force, and health says so until the files are mended.
func (s *Server) ReloadScenarios() error {
	set, err := loadScenarios(s.config)
	if err != nil {
		s.scenes.fail(err)
		return errors.Join(errors.New("the old scenarios stay in force"), err)
	}
	s.scenes.put(set)
	return nil
}
