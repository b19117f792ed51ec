package openapi

import (
	"fmt"
	"slices"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"

	"github.com/payporter-mock/payporter-mock/internal/decimal"
	"github.com/payporter-mock/payporter-mock/internal/wording"
)

// operationPlan is what of one operation can be exercised.
type operationPlan struct {
	statuses   map[string]int         // by the document's key: 200, 4XX or default
	parameters map[string]int         // of the path
	fields     []fieldPlan            // of the request body
	decimals   map[int]int            // by how many decimals a number of the body may have
	rule       *decimals              // that decides over it; nil: none
	forms      map[string][]fieldPlan // of the answers, by status; only successful ones have some
}

// fieldPlan is what of one property can be exercised. Numbers of points that do not exist are none.
type fieldPlan struct {
	name                     string
	sent, absent, null       int
	low, high                int
	empty, shortest, longest int
	values                   map[any]int // of booleans and of short lists
	source                   *openapi3.Schema
	min, max                 decimal.Decimal
	decimals                 *decimals // says how close above an exclusive minimum the number can be; nil: nothing does
}

// planner makes a Plan.
type planner struct {
	plan    *Plan
	extra   []Point
	leftOut map[Point]bool
}

// add takes a point into the plan and answers its number.
func (m *planner) add(kind Kind, name string) int {
	point := Point{kind, name}
	if m.leftOut[point] {
		return none
	}
	if number, ok := m.plan.numbers[point]; ok {
		return number
	}

	number := len(m.plan.points)
	m.plan.points = append(m.plan.points, point)
	m.plan.numbers[point] = number
	return number
}

func (m *planner) operation(op *Operation) *operationPlan {
	title := op.Title()
	o := &operationPlan{statuses: map[string]int{}, parameters: map[string]int{}, forms: map[string][]fieldPlan{}}
	for _, status := range op.Answers() {
		o.statuses[status] = m.add(OperationKind, title+" "+status)
	}

	for _, p := range op.parameters {
		if p.In == openapi3.ParameterInPath {
			o.parameters[p.Name] = m.add(FieldKind, title+" "+p.Name)
		}
	}
	if op.body != nil && op.body.json != nil {
		m.body(o, op, title)
	}

	for _, status := range op.Answers() {
		if content := op.answers[status].content; strings.HasPrefix(status, "2") && content != nil && content.json != nil {
			o.forms[status] = m.forms(content.json.tree, title+" "+status)
		}
	}

	return o
}

func (m *planner) body(o *operationPlan, op *Operation, title string) {
	s := op.body.json
	for _, name := range s.tree.names {
		sent := m.add(FieldKind, title+" "+name)
		f := m.edges(s.tree.properties[name].source, name, title+" "+name)
		f.sent = sent
		if !slices.Contains(s.tree.required, name) {
			f.absent = m.add(BoundaryKind, title+" "+name+" absent")
		}
		o.fields = append(o.fields, f)
	}
	m.decimals(o, s.tree.decimals, title)
}

// decimals gives each number of decimals that a body's number may have a point.
func (m *planner) decimals(o *operationPlan, rule *decimals, title string) {
	if rule == nil {
		return
	}

	o.rule, o.decimals = rule, map[int]int{}
	for _, count := range rule.counts() {
		o.decimals[count] = m.add(BoundaryKind, title+" with "+countWords(count))
	}

	for i := range o.fields {
		if o.fields[i].name == rule.property {
			o.fields[i].decimals = rule
		}
	}
}

// countWords names a number of decimals.
func countWords(count int) string {
	words := []string{"no decimals", "one decimal", "two decimals", "three decimals", "four decimals"}
	if count < len(words) {
		return words[count]
	}
	return wording.Plural(count, "decimal")
}

// kindOf is the number of the point that says how many decimals the body's number may have.
func (o *operationPlan) kindOf(values map[string]any) int {
	if o.rule == nil {
		return none
	}
	most, decided := o.rule.most(values)
	if number, ok := o.decimals[most]; ok && decided {
		return number
	}
	return none
}

// shortList is how many values a list may have for each of them to be worth a point.
const shortList = 12

// edges are the edges of what a property may be.
func (m *planner) edges(source *openapi3.Schema, name, title string) fieldPlan {
	f := unplanned(name, source)
	point := func(edge string) int { return m.add(BoundaryKind, title+" "+edge) }
	if source.PermitsNull() {
		f.null = point("null")
	}
	if source.Min != nil {
		f.min, f.low = decimal.OfFloat(*source.Min), point(lowEdge(source))
	}
	if source.Max != nil && !source.ExclusiveMax.IsTrue() {
		f.max, f.high = decimal.OfFloat(*source.Max), point("at maximum")
	}

	f.values = listed(source, point)
	if source.Type.Is(openapi3.TypeString) && len(source.Enum) == 0 {
		m.lengths(&f, source, point)
	}

	return f
}

func lowEdge(source *openapi3.Schema) string {
	if source.ExclusiveMin.IsTrue() {
		return "just above minimum"
	}
	return "at minimum"
}

// lengths are the edges of a text. How short it can be is decided by its pattern or its format, if it
// has one.
func (m *planner) lengths(f *fieldPlan, source *openapi3.Schema, point func(string) int) {
	free := source.Pattern == "" && source.Format == ""
	switch {
	case free && source.MinLength > 0:
		f.shortest = point("at minimum length")
	case free:
		f.empty = point("empty")
	}
	if source.MaxLength != nil {
		f.longest = point("at maximum length")
	}
}

// knownValuesKey is the extension that lists values of a text that can have others, too.
const knownValuesKey = "x-payporter-known-values"

// listed gives each value of a short list, and both values of a boolean, a point.
func listed(source *openapi3.Schema, point func(string) int) map[any]int {
	values := source.Enum
	if known, ok := source.Extensions[knownValuesKey].([]any); ok {
		values = known
	}
	if source.Type.Is(openapi3.TypeBoolean) && len(values) == 0 {
		values = []any{true, false}
	}
	if len(values) == 0 || len(values) > shortList {
		return nil
	}

	numbers := make(map[any]int, len(values))
	for _, value := range values {
		switch value.(type) {
		case string, bool: // what an answer is compared with; numbers have edges of their own
			numbers[value] = point(fmt.Sprint(value))
		}
	}

	return numbers
}

func unplanned(name string, source *openapi3.Schema) fieldPlan {
	return fieldPlan{
		name: name, source: source, sent: none, absent: none, null: none,
		low: none, high: none, empty: none, shortest: none, longest: none,
	}
}

// forms are the values that an answer lists, and whether what may be left out is there.
func (m *planner) forms(n *node, title string) []fieldPlan {
	var all []fieldPlan
	for _, name := range n.names {
		f := unplanned(name, n.properties[name].source)
		f.values = listed(f.source, func(value string) int { return m.add(AnswerKind, title+" "+name+" "+value) })
		if !slices.Contains(n.required, name) {
			f.sent = m.add(AnswerKind, title+" "+name+" present")
			f.absent = m.add(AnswerKind, title+" "+name+" absent")
		}
		if f.values != nil || f.absent != none || f.sent != none {
			all = append(all, f)
		}
	}
	return all
}
