package scenarios

import (
	"strconv"
	"strings"

	"github.com/gobwas/glob"

	"github.com/payporter-mock/payporter-mock/internal/wording"
	"github.com/payporter-mock/payporter-mock/payment"
)

// Globs is a condition on a text: one of its patterns must match. Its zero value takes every text.
// In a pattern * stands for any text, ? for one character, [ab] for one of these and {ab,cd} for one
// of these texts; a backslash takes the meaning away.
type Globs struct {
	patterns []string
	compiled [][]*glob.Pattern // of each pattern, one for each way through its {...}
}

// Any reports whether every text is taken.
func (g Globs) Any() bool { return len(g.patterns) == 0 }

// String is the patterns, quoted. Card numbers in them are masked.
func (g Globs) String() string {
	words := make([]string, len(g.patterns))
	for i, p := range g.patterns {
		words[i] = strconv.Quote(payment.MaskText(p))
	}
	return wording.Or(words)
}

func (g *Globs) take(text string) bool {
	for _, ways := range g.compiled {
		if someMatch(ways, text) {
			return true
		}
	}
	return len(g.compiled) == 0
}

func someMatch(ways []*glob.Pattern, text string) bool {
	for _, way := range ways {
		if way.Match(text) {
			return true
		}
	}
	return false
}

// longestPattern is how many bytes a pattern may have.
const longestPattern = 256

// add compiles one more pattern, or says what is wrong with it. The library tries the ways through
// {...} one within the other, which takes for ever on an unlucky text, so each way is compiled as a
// pattern of its own. Affordable is asked before that.
func (g *Globs) add(pattern string, affordable func(cost int) bool) (fault, hint string) {
	switch {
	case pattern == "":
		return "an empty pattern takes no text", "leave the key out to take every text"
	case len(pattern) > longestPattern:
		return "a pattern must have at most 256 characters", ""
	}

	if _, err := glob.Compile(pattern); err != nil {
		return "pattern " + quoted(pattern) + " cannot be read: " + err.Error(), ""
	}

	ways, ok := expand(pattern)
	if !ok {
		return "a pattern must have at most " + strconv.Itoa(mostWays) + " ways through its {...}", "write a list of patterns"
	}
	if !affordable(costOfPattern(ways)) {
		return "", "" // that has been said
	}

	var compiled []*glob.Pattern
	for _, way := range ways {
		one, err := glob.Compile(way)
		if err != nil {
			return "pattern " + quoted(pattern) + " cannot be read: " + err.Error(), ""
		}
		compiled = append(compiled, one)
	}

	g.patterns, g.compiled = append(g.patterns, pattern), append(g.compiled, compiled)
	return "", ""
}

// literal reports whether a pattern matches nothing but itself.
func literal(pattern string) bool { return literalPrefix(pattern) == pattern }

// literalPrefix is what everything that the pattern matches begins with.
func literalPrefix(pattern string) string {
	if end := strings.IndexAny(pattern, `*?[]{}\`); end >= 0 {
		return pattern[:end]
	}
	return pattern
}

// covers reports whether every text that other takes is surely taken, too.
func (g Globs) covers(other Globs) bool {
	if g.Any() {
		return true
	}
	for _, p := range other.patterns {
		if !g.coversPattern(p) {
			return false
		}
	}
	return !other.Any() || g.coversPattern("*")
}

func (g Globs) coversPattern(pattern string) bool {
	for i, own := range g.patterns {
		prefix, open := strings.CutSuffix(own, "*")
		switch {
		case own == pattern,
			literal(pattern) && someMatch(g.compiled[i], pattern),
			open && literal(prefix) && strings.HasPrefix(literalPrefix(pattern), prefix):
			return true
		}
	}
	return false
}
