package scenarios

import (
	"regexp/syntax"
	"strconv"
)

// Bounds of a set, over all of its files. They are far from what people write, and keep what the largest set holds
// below 64 MiB, and what choosing a scenario takes below a second.
const (
	mostBytes        = 16 << 20 // of the files
	mostScenarios    = 5_000
	mostValues       = 100_000 // keys, texts, numbers and lists, each as often as an alias brings it up
	mostPatternBytes = 100_000 // of the patterns, each way through its {...} on its own, and 16 for each
	mostExpressions  = 200
	mostRegexpSteps  = 10_000 // of the regular expressions after matches
)

// size is what is bounded of a set.
type size struct {
	bytes, scenarios, values, patterns, expressions, steps int // steps: of regular expressions
}

// plus is the size of two sets in one.
func (s size) plus(other size) size {
	return size{
		s.bytes + other.bytes, s.scenarios + other.scenarios, s.values + other.values, s.patterns + other.patterns,
		s.expressions + other.expressions, s.steps + other.steps,
	}
}

// excess says which bound the size is beyond, and what to do; empty: none.
func (s size) excess() (message, hint string) {
	for _, one := range []struct {
		is, most   int
		what, hint string
	}{
		{s.bytes, mostBytes, "bytes", ""},
		{s.scenarios, mostScenarios, "scenarios", ""},
		{s.values, mostValues, "values once its aliases are put in", ""},
		{
			s.patterns, mostPatternBytes, "characters of patterns, counting each way through {...} on its own and 16 " +
				"more for it",
			"use fewer or shorter patterns",
		},
		{s.expressions, mostExpressions, "expressions", "say it with the other keys of when, which cost less"},
		{s.steps, mostRegexpSteps, "steps of regular expressions", "use fewer of them, or smaller {...} in them"},
	} {
		if one.is > one.most {
			return "a set of scenarios must not have more than " + strconv.Itoa(one.most) + " " + one.what, one.hint
		}
	}
	return "", ""
}

// grow counts what is at a place towards the bounds of a set. It reports false beyond one of them, where reading ends.
func (r *reader) grow(at Place, by size) bool {
	r.size = r.size.plus(by)
	if message, hint := r.size.excess(); message != "" {
		r.fault(at, message, hint)
		r.yaml.Ended = true
	}
	return !r.yaml.Ended
}

// costOfPattern is what a pattern counts, whose ways these are.
func costOfPattern(ways []string) int {
	cost := 0
	for _, way := range ways {
		cost += 16 + len(way)
	}
	return cost
}

// stepsOf is about how many steps a regular expression has once it is compiled, without compiling it. One that cannot
// be read has none.
func stepsOf(pattern string) int {
	parsed, err := syntax.Parse(pattern, syntax.Perl)
	if err != nil {
		return 0
	}
	return stepsOfNode(parsed)
}

func stepsOfNode(n *syntax.Regexp) int {
	steps := 1
	switch n.Op {
	case syntax.OpLiteral:
		steps = len(n.Rune)
	case syntax.OpCharClass:
		steps += len(n.Rune) / 10
	}

	for _, part := range n.Sub {
		steps += stepsOfNode(part)
	}

	if n.Op == syntax.OpRepeat {
		steps *= max(n.Min+1, n.Max)
	}
	return steps
}
