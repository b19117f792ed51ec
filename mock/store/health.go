package store

import "context"

// Healthy are books that say how they are. Others are taken to be well.
type Healthy interface {
	// Health answers how the books are now. What could not be used before is tried again, so it may wait for the medium.
	Health(ctx context.Context) Health
}

// Health is what books are kept in, and whether that can be used.
type Health struct {
	Kind  string `json:"kind"`            // such as memory, sqlite or postgres
	Fault string `json:"fault,omitempty"` // why they cannot be used at the moment, in words; empty: they can
}

// HealthOf is how the books are.
func HealthOf(ctx context.Context, b Books) Health {
	if known, ok := b.(Healthy); ok {
		return known.Health(ctx)
	}
	return Health{Kind: "custom"}
}
