package mock

import "time"

// WithWall gives a sandbox another real time, by which its merchants are idle.
func WithWall(c Config, wall func() time.Time) Config {
	c.wall = wall
	return c
}
