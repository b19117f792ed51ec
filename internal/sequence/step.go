package sequence

import (
	"cmp"
	"slices"
	"time"
)

// part is how much of an arrow a step is.
type part int

// The parts. An arrow whose answer follows at once is one step, any other is two.
const (
	whole part = iota
	start
	end
)

// step is a start, an answer, or both, in their order from top to bottom.
type step struct {
	arrow int // its index
	part  part
}

// answers reports whether something stands at the end of the arrow.
func (a Arrow) answers() bool { return a.From != a.To && (a.Answer != "" || a.Broken) }

// steps puts the starts and the answers of the arrows into their order.
func (d Diagram) steps() []step {
	type event struct {
		step
		place uint64
	}
	events := make([]event, 0, 2*len(d.Arrows))
	last := uint64(0) // the greatest place so far, which an arrow without one follows
	for i, a := range d.Arrows {
		from := cmp.Or(a.Start, last)
		until := max(from, a.End)
		events = append(events, event{step{i, start}, from})
		if last = max(last, from); a.answers() {
			events, last = append(events, event{step{i, end}, until}), max(last, until)
		}
	}
	slices.SortStableFunc(events, func(a, b event) int { return cmp.Compare(a.place, b.place) })

	steps := make([]step, 0, len(events))
	for i := 0; i < len(events); i++ {
		s := events[i].step
		if i+1 < len(events) && events[i+1].arrow == s.arrow || s.part == start && !d.Arrows[s.arrow].answers() {
			s.part = whole
		}
		if steps = append(steps, s); s.part == whole && d.Arrows[s.arrow].answers() {
			i++ // its answer
		}
	}
	return steps
}

// ByTime is the diagram with the starts and the answers of its arrows in the order of their times: one that was
// answered while another was under way lies inside it. An arrow without a time follows the one before it.
func (d Diagram) ByTime() Diagram {
	type event struct {
		arrow int
		at    time.Time
		place func(*Arrow) *uint64
	}
	var events []event
	for i, a := range d.Arrows {
		if !a.At.IsZero() {
			events = append(events,
				event{i, a.At, func(a *Arrow) *uint64 { return &a.Start }},
				event{i, a.ended(), func(a *Arrow) *uint64 { return &a.End }})
		}
	}
	slices.SortStableFunc(events, func(a, b event) int { return a.at.Compare(b.at) })

	d.Arrows = slices.Clone(d.Arrows)
	for i, e := range events {
		*e.place(&d.Arrows[e.arrow]) = uint64(i) + 1
	}
	return d
}

// ended is when the answer came, or when it was clear that none comes; zero: not known.
func (a Arrow) ended() time.Time {
	if a.At.IsZero() {
		return time.Time{}
	}
	return a.At.Add(max(a.Latency, 0))
}
