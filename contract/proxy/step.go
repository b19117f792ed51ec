package proxy

import (
	"slices"

	"github.com/payporter-mock/payporter-mock/internal/decimal"
)

// steps are what questions were answered until the answers stayed what the payment came to. While it was open, the
// sandbox answers that by itself: such questions count only beside errors, because errors are counted from the first.
func (r *run) steps() (steps []any) {
	asked := slices.Clone(r.asked)
	for len(asked) > 0 && r.isLast(asked[len(asked)-1]) {
		asked = asked[:len(asked)-1]
	}
	failed := slices.ContainsFunc(asked, func(one told) bool { return one.refused != nil })

	var step object
	var before string
	times := 0
	flush := func() {
		if times > 0 {
			steps = append(steps, append(step, property{"times", times}))
		}
	}
	for _, one := range asked {
		next, counts := r.step(one, failed)
		if !counts {
			continue
		}
		if sign := inline(next); times == 0 || sign != before {
			flush()
			step, before, times = next, sign, 0
		}
		times += one.times
	}
	flush()
	return steps
}

// isLast reports whether an answer is what the payment came to.
func (r *run) isLast(one told) bool {
	return one.refused == nil && one.facts.Status == r.final.Status && decimal.Same(one.facts.Amount, r.final.Amount)
}

// step is one answer as a step of a scenario; counts is false where the sandbox answers it by itself.
func (r *run) step(one told, failed bool) (step object, counts bool) {
	switch {
	case one.refused != nil:
		return one.refused.phase(0), true
	case one.facts.Status == "ENROLLED" || r.isLast(one):
		return object{}, failed
	}
	fields := r.overlay(one.facts)
	for _, of := range [][2]string{
		{"status", one.facts.Status},
		{"resultCode", one.facts.ResultCode},
		{"resultMessage", one.facts.ResultMessage},
	} {
		if of[1] != "" {
			fields = append(fields, property{of[0], r.mask.Text(of[1])})
		}
	}
	return object{{"fields", fields}}, true
}
