package provider

import "sync"

// ledger counts what a run has sent, and keeps it.
type ledger struct {
	mu     sync.Mutex // guards all below
	sent   int
	log    []*call
	denied int // requests that were not made, or put off until patience ran out
	silent int // requests in a row that got no answer
}

// mostSilent is how many requests in a row may get no answer before the server counts as gone.
const mostSilent = 4

func (l *ledger) isGone() bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.silent >= mostSilent
}

// deny notes that a request did not get what it was sent for, through no fault that a rule is about.
func (l *ledger) deny() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.denied++
}

func (l *ledger) denials() int {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.denied
}

// spend takes one request from the budget.
func (l *ledger) spend() bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.sent == MostRequests {
		return false
	}
	l.sent++
	return true
}

func (l *ledger) remember(x *call) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.log = append(l.log, x)
	if x.err != nil && !x.begun {
		l.silent++
	} else {
		l.silent = 0
	}
}

// seen is every exchange so fal.
func (l *ledger) seen() []*call {
	l.mu.Lock()
	defer l.mu.Unlock()
	return append([]*call(nil), l.log...)
}
