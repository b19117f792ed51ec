package scenarios

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
)

// Place is where in a file something is, counted from 1. Without a line it is the whole file.
type Place struct {
	File   string `json:"file,omitempty"` // a path, or builtin:NAME; empty for a text without one
	Line   int    `json:"line"`
	Column int    `json:"column"`
}

// String is file:line:column.
func (p Place) String() string {
	switch {
	case p.Line == 0:
		return p.File
	case p.File == "":
		return fmt.Sprintf("line %d, column %d", p.Line, p.Column)
	}
	return fmt.Sprintf("%s:%d:%d", p.File, p.Line, p.Column)
}

// Error is one fault of a scenario file.
type Error struct {
	Place
	Message string // without the place, such as: unknown key "paymnt"
	Hint    string // how to mend it, such as: did you mean "payment"? Empty where nothing is to be guessed
}

// Error is the whole line: where, what, and how to mend it. Editors and CI find the place at its beginning.
func (e Error) Error() string {
	sentence := e.Message
	if place := e.Place.String(); place != "" {
		sentence = place + ": " + sentence
	}
	if e.Hint != "" {
		sentence += ", " + e.Hint
	}
	return sentence
}

// Errors are all the faults of a file or of several, in the order of their places.
type Errors []Error

// Error is one line a fault.
func (e Errors) Error() string {
	lines := make([]string, len(e))
	for i, fault := range e {
		lines[i] = fault.Error()
	}
	return strings.Join(lines, "\n")
}

// Unwrap is the single faults.
func (e Errors) Unwrap() []error {
	all := make([]error, len(e))
	for i, fault := range e {
		all[i] = fault
	}
	return all
}

// sorted orders the faults of one file by their places; a file that an alias makes be read twice
// has each fault once.
func (e Errors) sorted() Errors {
	slices.SortStableFunc(e, func(a, b Error) int {
		return cmp.Or(cmp.Compare(a.Line, b.Line), cmp.Compare(a.Column, b.Column))
	})
	return slices.Compact(e)
}

// asError is nil when there are no faults.
func (e Errors) asError() error {
	if len(e) == 0 {
		return nil
	}
	return e
}
