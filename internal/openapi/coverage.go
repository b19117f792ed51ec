package openapi

import (
	"cmp"
	"math"
	"slices"

	"github.com/go-json-experiment/json/jsontext"
)

// Kind says what sort of thing a Point is.
type Kind string

// The kinds of points that a document has. Whoever counts may add others.
const (
	OperationKind Kind = "operation" // an operation answered with a status
	FieldKind     Kind = "field"     // a field of a request was sent
	BoundaryKind  Kind = "boundary"  // an allowed value at the edge of what is allowed was sent
	AnswerKind    Kind = "answer"    // a form that an answer can have was answered
)

// Point is one thing of a document that can be exercised. Its name is stable and made for people:
// "POST /api/checkout amount at maximum".
type Point struct {
	Kind Kind
	Name string
}

// Plan is everything of a document that can be exercised. It never changes, so that any number of
// Coverages count by it at once.
type Plan struct {
	points     []Point
	numbers    map[Point]int
	operations map[*Operation]*operationPlan
}

// Plan lists what of the document can be exercised: each operation with each of its statuses, each
// field of a request, the edges of what each field may be, and the forms of each successful answer.
// Edges are counted on the allowed side only: nobody should have to send faults to cover a document.
func (d *Document) Plan(s ...PlanOption) *Plan {
	m := &planner{leftOut: map[Point]bool{}}
	for _, option := range s {
		option(m)
	}

	p := &Plan{numbers: map[Point]int{}, operations: map[*Operation]*operationPlan{}}
	m.plan = p
	for _, op := range d.operations {
		p.operations[op] = m.operation(op)
	}

	for _, point := range m.extra {
		m.add(point.Kind, point.Name)
	}
	return p
}

// PlanOption changes what a Plan lists.
type PlanOption func(*planner)

// With adds points that the document does not know. Coverage.Mark counts them.
func With(points ...Point) PlanOption {
	return func(m *planner) { m.extra = append(m.extra, points...) }
}

// Without leaves points out, such as what a server never answers although the document allows it.
func Without(points ...Point) PlanOption {
	return func(m *planner) {
		for _, p := range points {
			m.leftOut[p] = true
		}
	}
}

// Points lists all that the plan counts: the operations in the document's order, each with its
// statuses, fields and answers.
func (p *Plan) Points() []Point { return slices.Clone(p.points) }

// Items lists every point of the plan, in the order of Points, with how often it was exercised.
func (p *Plan) Items(count func(Point) uint64) []Item {
	items := make([]Item, len(p.points))
	for i, point := range p.points {
		items[i] = Item{Kind: point.Kind, Name: point.Name, Count: count(point)}
	}
	return items
}

// NewCoverage finds points of the plan.
func (p *Plan) NewCoverage() *Coverage { return &Coverage{plan: p} }

// Coverage is what of a document some exchanges have exercised. It is not safe for concurrent use.
type Coverage struct {
	plan    *Plan
	numbers []int
	said    []jsontext.Value // room that is used again
}

// Begin makes the coverage that of no exchange yet, by the plan. It uses the room of an earlier one again.
func (c *Coverage) Begin(p *Plan) { c.plan, c.numbers = p, c.numbers[:0] }

// Numbers are the exercised points, as indexes of Plan.Points, one for each time.
func (c *Coverage) Numbers() []int { return c.numbers }

// Request counts the fields and the edges of a request that the document allows: call it only with
// one that CheckParams and CheckBody have no violation of.
func (c *Coverage) Request(op *Operation, path map[string]string, body Body) {
	o := c.plan.operations[op]
	if o == nil {
		return
	}

	for name, number := range o.parameters {
		if _, ok := path[name]; ok {
			c.count(number)
		}
	}
	if body.Values == nil {
		return
	}

	for i := range o.fields {
		o.fields[i].request(c, body.Values)
	}
	c.count(o.kindOf(body.Values))
}

// Answer counts the status of an answer, and the forms of a successful one.
func (c *Coverage) Answer(op *Operation, status int, body []byte) {
	o := c.plan.operations[op]
	if o == nil {
		return
	}

	key := op.answerKey(status)
	if number, ok := o.statuses[key]; ok {
		c.count(number)
	}

	forms := o.forms[key]
	if len(forms) == 0 {
		return
	}
	said, ok := c.saidOf(forms, body)
	defer clear(said) // so that the answer is not held
	if !ok {
		return
	}
	for i := range forms {
		forms[i].answer(c, said[i])
	}
}

// saidOf is what an answer says about each of the forms, as it is written; nil: nothing. It is not ok when the answer
// is no JSON object.
func (c *Coverage) saidOf(forms []fieldPlan, body []byte) (said []jsontext.Value, ok bool) {
	said = slices.Grow(c.said[:0], len(forms))[:len(forms)]
	clear(said)
	c.said = said
	err := readMembers(body, func(name, value jsontext.Value) {
		for i := range forms {
			if forms[i].isNamed(name) {
				said[i] = value
			}
		}
	})
	return said, err == nil
}

// Mark counts a point by its name. One that the plan does not have is not counted.
func (c *Coverage) Mark(p Point) {
	if number, ok := c.plan.numbers[p]; ok {
		c.count(number)
	}
}

// none is the number of a point that does not exist.
const none = -1

func (c *Coverage) count(number int) {
	if number != none {
		c.numbers = append(c.numbers, number)
	}
}

// Item is a point with how often it was exercised.
type Item struct {
	Kind  Kind   `json:"kind"`
	Name  string `json:"name"`
	Count uint64 `json:"count"` // zero: never
}

// Items lists every point with its count, in the order of Plan.Points.
func (c *Coverage) Items() []Item {
	counts := map[Point]uint64{}
	for _, number := range c.numbers {
		counts[c.plan.points[number]]++
	}
	return c.plan.Items(func(p Point) uint64 { return counts[p] })
}

// Share is how much of some points has been exercised at least once.
type Share struct {
	Kind    Kind    `json:"kind"`
	Covered int     `json:"covered"`
	Total   int     `json:"total"`
	Percent float64 `json:"percent"` // with one decimal, rounded down, so that 100 means all
}

// AllKinds is the kind of the share of everything.
const AllKinds Kind = "all"

// Shares sums items up: everything first, then each kind in the order of its first item.
func Shares(items []Item) []Share {
	shares := []Share{{Kind: AllKinds}}
	for _, item := range items {
		at := slices.IndexFunc(shares, func(s Share) bool { return s.Kind == item.Kind })
		if at < 0 {
			at = len(shares)
			shares = append(shares, Share{Kind: item.Kind})
		}
		for _, s := range []*Share{&shares[0], &shares[at]} {
			s.Total++
			s.Covered += int(min(item.Count, 1))
		}
	}

	for i := range shares {
		shares[i].Percent = percent(shares[i].Covered, cmp.Or(shares[i].Total, 1))
	}

	return shares
}

func percent(covered, total int) float64 {
	return math.Floor(1000*float64(covered)/float64(total)) / 10
}
