package mock

import (
	"context"
	"time"
)

// WithWall gives a sandbox another real time, by which its merchants are idle.
func WithWall(c Config, wall func() time.Time) Config {
	c.wall = wall
	return c
}

// WithJournalBytes bounds what the journals of a sandbox hold together.
func WithJournalBytes(c Config, bytes int64) Config {
	c.journalBytes = bytes
	return c
}

// LongestEnd is how long a sandbox takes to end at most.
const LongestEnd = gracePeriod + lastWords + lastAttempts + lastSpans

// Settled reports whether nothing is under way for the configured merchant, and nothing due.
func Settled(s *Server) (settled bool) {
	m, _ := s.gateway.Known(s.APIKey)
	queue := m.Queue()
	_ = queue.Quiet(func() error {
		due, ok, err := queue.NextDue(context.Background())
		settled = err != nil || !ok || due.After(queue.Clock.Now())
		return nil
	})
	return settled
}

// SettingsOf are the settings in which processes on the same store must agree.
func SettingsOf(c Config) map[string]string { return c.withDefaults().settings() }
