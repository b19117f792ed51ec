package notify

import "sync"

// slots are the hosts to which attempts are under way or wait. Its zero value has none.
type slots struct {
	mu     sync.Mutex // guards byHost and the users of each
	byHost map[string]*slot
}

// slot is one host.
type slot struct {
	taken chan struct{} // holds as many as may be under way
	users int           // those that have taken one, and those that wait
}

// come answers the host with one user more. Who is done with it must leave.
func (s *slots) come(host string) *slot {
	s.mu.Lock()
	defer s.mu.Unlock()
	one := s.byHost[host]
	if one == nil {
		if s.byHost == nil {
			s.byHost = map[string]*slot{}
		}
		one = &slot{taken: make(chan struct{}, concurrency)}
		s.byHost[host] = one
	}

	one.users++
	return one
}

// leave lets go of the host, which is kept no longer than somebody uses it.
func (s *slots) leave(host string, one *slot) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if one.users--; one.users == 0 {
		delete(s.byHost, host)
	}
}
