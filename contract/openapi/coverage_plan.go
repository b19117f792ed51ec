package openapi

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"
)

// operationPlan is what of one operation can be exercised.
type operationPlan struct {
	statuses     map[string]int // by the document's key: 200, 4XX or default
	parameters   map[string]int // of the path
	fields       []fieldPlan    // of the request body
	alternatives []alternative
	forms        map[string][]fieldPlan // of the answers, by status; only successful ones have some
}

// fieldPlan is what of one property can be exercised. Numbers of points that do not exist are none.
type fieldPlan struct {
	name                     string
	sent, absent, null       int
	low, high                int
	empty, shortest, longest int
	values                   map[any]int // of booleans and of short lists
	source                   *openapi3.Schema
	min, max                 decimal
	alternatives             []alternative // say how close above an exclusive minimum a number can be
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
	title := op.Method + " " + op.Path
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
	for i, ref := range s.source.AnyOf {
		a := m.alternative(ref.Value, i, title)
		a.approval, a.source, a.rules = s.approval.any[i], ref.Value, op.rules
		o.alternatives = append(o.alternatives, a)
	}
	for i := range o.fields {
		o.fields[i].alternatives = o.alternatives
	}
}

func (m *planner) alternative(source *openapi3.Schema, i int, title string) alternative {
	name := strings.ToLower(source.Title)
	if name == "" {
		name = "alternative " + strconv.Itoa(i+1)
	}
	a := alternative{number: m.add(BoundaryKind, title+" with "+name), steps: map[string]decimal{}}
	for property, ref := range source.Properties {
		if ref.Value.MultipleOf != nil {
			a.steps[property] = decimalOf(*ref.Value.MultipleOf)
		}
	}
	return a
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
		f.min, f.low = decimalOf(*source.Min), point(lowEdge(source))
	}
	if source.Max != nil && !source.ExclusiveMax.IsTrue() {
		f.max, f.high = decimalOf(*source.Max), point("at maximum")
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

// listed gives each value of a short list, and both values of a boolean, a point.
func listed(source *openapi3.Schema, point func(string) int) map[any]int {
	values := source.Enum
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
