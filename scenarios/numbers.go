package scenarios

import (
	"math/big"
	"strings"

	"github.com/payporter-mock/payporter-mock/internal/wording"
)

// Numbers is a condition on a number: one of a list, or within bounds. Its zero value takes every
// number.
type Numbers struct {
	in     []number
	bounds []bound
}

// bound is one side of a range, or with eq both.
type bound struct {
	key   string // eq, gt, gte, lt or lte
	value number
}

// Any reports whether every number is taken.
func (n Numbers) Any() bool { return len(n.in) == 0 && len(n.bounds) == 0 }

// String says in words which numbers are taken, such as: >= 100 and < 5000.
func (n Numbers) String() string {
	var words []string
	for _, d := range n.in {
		words = append(words, d.text)
	}
	if len(words) > 0 {
		return wording.Or(words)
	}

	for _, b := range n.bounds {
		words = append(words, b.sign()+b.value.text)
	}
	return strings.Join(words, " and ")
}

func (b bound) sign() string {
	switch b.key {
	case "gt":
		return "> "
	case "gte":
		return ">= "
	case "lt":
		return "< "
	case "lte":
		return "<= "
	}
	return ""
}

func (n *Numbers) take(d number) bool {
	for _, one := range n.in {
		if one.Compare(d.Decimal) == 0 {
			return true
		}
	}

	for _, b := range n.bounds {
		if !b.takes(d) {
			return false
		}
	}
	return len(n.in) == 0
}

func (b bound) takes(d number) bool {
	order := d.Compare(b.value.Decimal)
	switch b.key {
	case "gt":
		return order > 0
	case "gte":
		return order >= 0
	case "lt":
		return order < 0
	case "lte":
		return order <= 0
	}
	return order == 0
}

// mostAmount is the largest amount that package payment can hold in any currency.
const mostAmount = "1000000000000000"

// each is the condition as several, of which one must hold.
func (n Numbers) each() []Numbers {
	if len(n.in) == 0 {
		return []Numbers{n}
	}
	all := make([]Numbers, len(n.in))
	for i, d := range n.in {
		all[i] = Numbers{bounds: []bound{{"eq", d}}}
	}
	return all
}

// possible reports whether a number above zero with at most so many decimals is within the bounds.
func (n Numbers) possible(decimals int) bool {
	least := big.NewInt(1)
	most, _ := numberOf(mostAmount).Units(decimals)
	for _, b := range n.bounds {
		from, to := b.units(decimals)
		if from != nil && from.Cmp(least) > 0 {
			least = from
		}
		if to != nil && to.Cmp(most) < 0 {
			most = to
		}
	}
	return least.Cmp(most) <= 0
}

// units are the first and the last number that the bound takes, in units of its last decimal; nil
// is without end.
func (b bound) units(decimals int) (from, to *big.Int) {
	below, exact := b.value.Units(decimals)
	above := new(big.Int).Add(below, big.NewInt(1))
	switch b.key {
	case "gt":
		return above, nil
	case "lte":
		return nil, below
	}

	first := above
	if exact {
		first = below
	}

	switch b.key {
	case "gte":
		return first, nil
	case "lt":
		return nil, new(big.Int).Sub(first, big.NewInt(1))
	}

	return first, below // eq
}

// covers reports whether every number that other takes is surely taken, too.
func (n Numbers) covers(other Numbers) bool {
	switch {
	case n.Any():
		return true
	case len(other.in) > 0:
		for _, d := range other.in {
			if !n.take(d) {
				return false
			}
		}
		return true
	case len(n.in) > 0:
		return other.single() && n.take(other.bounds[0].value)
	}

	for _, b := range n.bounds {
		if !other.within(b) {
			return false
		}
	}

	return true
}

// single reports whether one number at most is taken.
func (n Numbers) single() bool { return len(n.bounds) == 1 && n.bounds[0].key == "eq" }

// within reports whether one of the bounds alone keeps every number within b.
func (n Numbers) within(b bound) bool {
	for _, own := range n.bounds {
		if own.within(b) {
			return true
		}
	}
	return false
}

func (own bound) within(b bound) bool {
	if own.key == "eq" {
		return b.takes(own.value)
	}
	sameSide := own.key[0] == b.key[0] // g for a lower bound, l for an upper one
	open := len(own.key) == len("gt")
	return sameSide && (b.takes(own.value) || (open && own.value.Compare(b.value.Decimal) == 0))
}
