// Package sequence draws who told whom what: a sequence diagram as SVG, for people, and as Mermaid
// text, for a bug report. It is pure: the same diagram always gives the same bytes. Names, labels and
// answers may come from strangers: they are shown as text, and nothing in them acts.
package sequence

import (
	"fmt"
	"strings"
	"time"
)

// Diagram is a sequence of arrows between actors. It can be kept as JSON.
type Diagram struct {
	Title  string  `json:"title,omitempty"`
	Actors []Actor `json:"actors"` // from left to right
	Arrows []Arrow `json:"arrows"` // from top to bottom, unless their Start and End say otherwise
}

// Actor is one who takes part.
type Actor struct {
	ID   string `json:"id"`             // what arrows name
	Name string `json:"name,omitempty"` // what is shown; empty: the ID
}

// Arrow is one thing that was told, or will be.
type Arrow struct {
	From   string `json:"from"`             // an actor
	To     string `json:"to"`               // an actor; the same one is a note to itself
	Label  string `json:"label,omitempty"`  // what, such as POST /api/checkout
	Answer string `json:"answer,omitempty"` // what came back, such as 200, or why nothing did; empty: nothing is known
	Broken bool   `json:"broken,omitempty"` // no answer came: its line breaks off where the exchange ended
	Start  uint64 `json:"start,omitempty"`  // its place among all starts and ends; zero: it follows the arrow before it
	End    uint64 `json:"end,omitempty"`    // the place of its answer; zero: the answer follows at once
	// when it was sent, or will be; zero: not known. All are shown in the zone of the first
	At      time.Time     `json:"at,omitzero"`
	Latency time.Duration `json:"latency,omitempty"` // until the answer, in nanoseconds; zero: not known
	Planned bool          `json:"planned,omitempty"` // it has not happened yet: drawn dashed
	Fault   bool          `json:"fault,omitempty"`   // it went wrong: drawn in red, with a cross where it did
	Link    string        `json:"link,omitempty"`    // where a click leads: #fragment, relative, http or https; else nowhere
	ID      string        `json:"id,omitempty"`      // of the element in the SVG; empty: none. The second with one goes without
}

func (a Actor) shown() string {
	if name := clean(a.Name); name != "" {
		return name
	}
	return clean(a.ID)
}

// places says where each actor stands, from left to right, and which arrow names nobody.
func (d Diagram) places() (map[string]int, error) {
	at := make(map[string]int, len(d.Actors))
	for i, actor := range d.Actors {
		if _, twice := at[actor.ID]; twice {
			return nil, fmt.Errorf("actor %q is listed twice: give each an ID of its own", actor.ID)
		}
		at[actor.ID] = i
	}

	for i, arrow := range d.Arrows {
		for _, id := range []string{arrow.From, arrow.To} {
			if _, known := at[id]; !known {
				return nil, fmt.Errorf("arrow %d (%q) names the actor %q, who is not listed: list them (listed: %s)", i+1,
					shorten(clean(arrow.Label), labelSize, widestText), id, d.listed())
			}
		}
	}

	return at, nil
}

func (d Diagram) listed() string {
	if len(d.Actors) == 0 {
		return "nobody"
	}
	ids := make([]string, len(d.Actors))
	for i, actor := range d.Actors {
		ids[i] = fmt.Sprintf("%q", actor.ID)
	}
	return strings.Join(ids, ", ")
}
