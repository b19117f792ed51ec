package openapi

import (
	"fmt"
	"strings"
)

// alternatives looks at anyOf, oneOf and not.
func (w *walk) alternatives(n *node, value any, at string) {
	if len(n.any) > 0 {
		w.oneAtLeast(n, n.any, value, at)
	}

	if len(n.one) > 0 {
		if fits := w.oneAtLeast(n, n.one, value, at); fits > 1 {
			wants := fmt.Sprintf("must fit one of the documented forms, but fits %d of them", fits)
			w.tell(fault{field: at, rule: "oneOf", wants: wants})
		}
	}
	if n.not != nil && len(w.try(n.not, value, at)) == 0 {
		w.tell(fault{field: at, rule: "not", wants: "must be another value", seen: echo(value)})
	}
}

// oneAtLeast says how many alternatives fit, and tells what is wrong if none does.
func (w *walk) oneAtLeast(n *node, alternatives []*node, value any, at string) (fits int) {
	tries, fits := w.tryAll(alternatives, value, at)
	if fits == 0 {
		for _, f := range nearest(tries, at) {
			w.tell(f)
		}
	}
	return fits
}

func (w *walk) tryAll(alternatives []*node, value any, at string) (tries [][]fault, fits int) {
	for _, alternative := range alternatives {
		faults := w.try(alternative, value, at)
		if len(faults) == 0 {
			fits++
		}
		tries = append(tries, faults)
	}
	return tries, fits
}

func (w *walk) try(n *node, value any, at string) []fault {
	inner := walk{rules: w.rules, in: w.in}
	inner.visit(n, value, at)
	return inner.faults
}

// nearest chooses the faults to tell among those of each alternative.
func nearest(tries [][]fault, at string) []fault {
	if f, ok := together(tries, at); ok {
		return []fault{f}
	}
	best := tries[0]
	for _, faults := range tries[1:] {
		if len(faults) < len(best) {
			best = faults
		}
	}
	return best
}

// together joins alternatives that are each broken by one fault of the same kind into one sentence.
func together(tries [][]fault, at string) (fault, bool) {
	first := tries[0][0]
	var words []string
	for _, faults := range tries {
		f := faults[0]
		same := len(faults) == 1 && f.rule == first.rule
		switch {
		case same && f.rule == "required":
			words = append(words, strings.TrimPrefix(strings.TrimPrefix(f.field, at), "."))
		case same && f.rule == "type" && f.field == first.field:
			words = append(words, strings.TrimPrefix(f.wants, "must be "))
		default:
			return fault{}, false
		}
	}

	if first.rule == "required" {
		return fault{in: first.in, field: at, rule: "required", wants: "needs " + orList(words)}, true
	}

	first.wants = "must be " + orList(words)
	return first, true
}
