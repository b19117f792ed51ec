package ui

import (
	"crypto/sha256"
	"sync"
	"time"

	"github.com/payporter-mock/payporter-mock/mock/internal/clock"
)

// sessionLife is how long somebody stays logged in, and maxSessions how many are at a time.
const (
	sessionLife = 12 * time.Hour
	maxSessions = 256
)

// sessions are those who have shown the admin token. Only hashes of their ids are kept, and the id is
// all that a browser has: the token stays out of it.
type sessions struct {
	random func() string

	mu   sync.Mutex // guards ends
	ends map[[sha256.Size]byte]time.Time
}

func newSessions(random func() string) *sessions {
	return &sessions{random: random, ends: map[[sha256.Size]byte]time.Time{}}
}

// begin answers the id of a new session. Of too many, the one that would end first makes room.
func (s *sessions) begin() string {
	id, now := s.random(), clock.Wall()
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.ends) >= maxSessions {
		s.dropFirstLocked()
	}
	s.ends[sha256.Sum256([]byte(id))] = now.Add(sessionLife)
	return id
}

func (s *sessions) dropFirstLocked() {
	var first [sha256.Size]byte
	var when time.Time
	for key, end := range s.ends {
		if when.IsZero() || end.Before(when) {
			first, when = key, end
		}
	}
	delete(s.ends, first)
}

// valid reports whether the id is of somebody who is logged in.
func (s *sessions) valid(id string) bool {
	key := sha256.Sum256([]byte(id))
	s.mu.Lock()
	defer s.mu.Unlock()
	end, ok := s.ends[key]
	if ok && !clock.Wall().Before(end) {
		delete(s.ends, key)
		return false
	}
	return ok
}

func (s *sessions) end(id string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.ends, sha256.Sum256([]byte(id)))
}
