package ui

import (
	"slices"

	"github.com/payporter-mock/payporter-mock/internal/sequence"
	"github.com/payporter-mock/payporter-mock/mock/store"
)

// DiagramOf draws all that a session file tells of, but for the calls of the control API.
func DiagramOf(session []byte) (sequence.Diagram, error) {
	s, err := readSaved(session)
	if err != nil {
		return sequence.Diagram{}, err
	}
	own := func(e store.Entry) bool { return e.Kind != store.EntryControl }
	l := s.lifeOf(own)
	l.entries = slices.DeleteFunc(l.entries, func(e store.Entry) bool { return !own(e) })
	return l.unlinked(), nil
}
