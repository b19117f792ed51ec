package openapi

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strconv"

	"github.com/getkin/kin-openapi/openapi3"

	"github.com/payporter-mock/payporter-mock/internal/decimal"
)

// decimalsKey is the extension of an object's schema that says how many decimals one of its numbers may have.
//
// JSON Schema could say it with multipleOf: 0.01 only, which validators in JavaScript and Python reckon with in binary
// floating point: they refuse 0.07, 8.29 and 19.99.
const decimalsKey = "x-payporter-decimals"

// decimals is such a rule. Another property decides: an amount has no more decimals than its currency.
type decimals struct {
	property string         // the number
	by       string         // the property that decides
	usual    int            // for every value that is not among the others
	others   map[string]int // by value of the property that decides
}

// decimalsOf reads the extension of a schema; nil when there is none. An extension of another form is an error.
func decimalsOf(source *openapi3.Schema) (*decimals, error) {
	extension, there := source.Extensions[decimalsKey]
	if !there {
		return nil, nil
	}
	fields, _ := extension.(map[string]any)
	r := &decimals{others: map[string]int{}}
	var ok [4]bool
	r.property, ok[0] = fields["property"].(string)
	r.by, ok[1] = fields["by"].(string)
	r.usual, ok[2] = countOf(fields["usual"])
	ok[3] = r.takeOthers(fields["others"])

	if slices.Contains(ok[:], false) || source.Properties[r.property] == nil || source.Properties[r.by] == nil {
		return nil, fmt.Errorf(
			"%s: want property and by, two properties of the same object, usual, a number of decimals, and others, "+
				`lists of values by their number of decimals such as {"0": [JPY]}`, decimalsKey,
		)
	}
	return r, nil
}

// takeOthers reads lists of values by their number of decimals. None at all is fine.
func (r *decimals) takeOthers(extension any) (ok bool) {
	lists, isObject := extension.(map[string]any)
	for number, values := range lists {
		count, err := strconv.Atoi(number)
		if err != nil || count < 0 {
			return false
		}
		for _, value := range textList(values) {
			r.others[value] = count
		}
	}
	return isObject || extension == nil
}

// countOf reads a number of decimals.
func countOf(extension any) (count int, ok bool) {
	number, isNumber := extension.(float64)
	if !isNumber || number < 0 || number != float64(int(number)) {
		return 0, false
	}
	return int(number), true
}

// most is how many decimals the number may have; not ok when nothing decides.
func (r *decimals) most(values map[string]any) (most int, ok bool) {
	decider, ok := values[r.by].(string)
	if !ok {
		return 0, false
	}
	if most, other := r.others[decider]; other {
		return most, true
	}
	return r.usual, true
}

// kept reports whether the number has no more decimals than it may have. A number that is not there, or that nothing
// decides over, has none too many.
func (r *decimals) kept(values map[string]any) bool {
	number, isNumber := values[r.property].(json.Number)
	most, decided := r.most(values)
	return !isNumber || !decided || decimalsIn(string(number)) <= most
}

// counts lists the numbers of decimals that there are: the usual one first, then the others, ascending.
func (r *decimals) counts() []int {
	others := slices.Compact(slices.Sorted(maps.Values(r.others)))
	others = slices.DeleteFunc(others, func(count int) bool { return count == r.usual })
	return append([]int{r.usual}, others...)
}

var one = decimal.OfInt(1)

// least is the smallest number above zero with so many decimals.
func least(count int) decimal.Decimal { return one.Shift(-count) }

// decimals tells a number with too many decimals, if both it and what decides over it are right for themselves.
func (w *walk) decimals(n *node, values map[string]any, at string, told []fault) {
	r := n.decimals
	if r == nil || r.kept(values) {
		return
	}

	concerned := []string{join(at, r.property), join(at, r.by)}
	if slices.ContainsFunc(told, func(f fault) bool { return slices.Contains(concerned, f.field) }) {
		return
	}

	most, _ := r.most(values)
	w.tell(fault{
		field: join(at, r.property), rule: "decimals", wants: decimalWords(most) + forWords(values[r.by]),
		seen: echoAt(join(at, r.property), values[r.property]),
	})
}
