package mock

import (
	"context"
	"errors"
	"sync/atomic"

	"github.com/payporter-mock/payporter-mock/mock/store"
	"github.com/payporter-mock/payporter-mock/scenarios"
)

// scenes are the scenarios that the config names, and why a later reading of them failed. Every
// merchant looks at them at every create, so looking takes no lock.
type scenes struct {
	set   atomic.Pointer[scenarios.Set]
	fault atomic.Pointer[string]
}

func (s *scenes) put(set *scenarios.Set) {
	s.set.Store(set)
	s.fault.Store(nil)
}

func (s *scenes) fail(err error) {
	why := err.Error()
	s.fault.Store(&why)
}

func (s *scenes) inForce() *scenarios.Set { return s.set.Load() }

// whyNot says why changed files are not in force; empty: they are.
func (s *scenes) whyNot() string {
	if why := s.fault.Load(); why != nil {
		return *why
	}
	return ""
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
	if shared, ok := s.config.Store.(store.Shared); ok { // those that start later have read the new files, too
		return shared.PutSetting(context.Background(), scenariosSetting, set.Digest())
	}
	return nil
}
