package scenarios

// Step is what successive GETs of a checkout answer. Steps are used up in their order; after the
// last one the answer is the real one again.
type Step struct {
	Delay   Delay
	Respond *Respond // nil: the real answer
	Fault   Fault    // empty: none
	Fields  Fields   // laid over the real answer
	Times   int      // for so many GETs; zero: for all that follow
}

// StepAt is the step for the n-th GET of a checkout, counted from 1. Not ok: the real answer.
func (s *Scenario) StepAt(n int) (Step, bool) {
	for _, step := range s.Status {
		if step.Times == 0 || n <= step.Times {
			return step, true
		}
		n -= step.Times
	}
	return Step{}, false
}

// status reads what successive GETs answer.
func (r *reader) status(v value) []Step {
	var all []Step
	for _, one := range r.list(v) {
		if n := len(all); n > 0 && all[n-1].Times == 0 {
			r.fault(one.place, one.path+" can never be reached: the step before it has no times and lasts", "")
		}
		all = append(all, r.step(one))
	}
	return all
}

func (r *reader) step(v value) Step {
	var s Step
	var inner int
	g := r.mapping(v, keys{
		"respond": func(v value) { s.Respond, inner = r.respond(v) },
		"fault":   func(v value) { s.Fault = r.wireFault(v) },
		"delay":   func(v value) { s.Delay = r.delay(v) },
		"fields":  func(v value) { s.Fields = r.fields(v) },
		"times":   func(v value) { s.Times = r.whole(v, 1, manyTimes) },
	})
	s.Times = r.times(g, v.path, s.Times, inner)
	r.oneAnswer(g, v.path)
	switch {
	case g.has("respond", "fields"):
		r.fault(g["fields"], v.path+" cannot have both respond and fields: fields are laid over the real answer", "")
	case g.has("fields") && (s.Fault == Reset || s.Fault == Empty):
		r.fault(g["fields"], v.path+".fields cannot go with fault "+string(s.Fault)+", which answers nothing", "")
	}

	return s
}
