// Package sequence draws who told whom what: a sequence diagram as SVG, for people, and as Mermaid
// text, for a bug report. It is pure: the same diagram always gives the same bytes.
package sequence

import "time"

// Diagram is a sequence of arrows between actors.
type Diagram struct {
	Title  string
	Actors []Actor // from left to right
	Arrows []Arrow // from top to bottom
}

// Actor is one who takes part.
type Actor struct {
	ID   string // what arrows name
	Name string // what is shown
}

// Arrow is one thing that was told, or will be.
type Arrow struct {
	From, To string        // actors; the same one is a note to itself
	Label    string        // what, such as POST /api/checkout
	Answer   string        // what came back on the same line of life, such as 200; empty: nothing did
	At       time.Time     // when it was sent, or will be
	Latency  time.Duration // until the answer
	Planned  bool          // it has not happened yet: drawn dashed
	Fault    bool          // it went wrong: drawn in red
	Link     string        // where a click leads; empty: nowhere
	ID       string        // of the element in the SVG; empty: none
}
