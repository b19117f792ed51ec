package mock

import "time"

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
