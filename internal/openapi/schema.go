package openapi

import (
	"cmp"
	"slices"
	"strconv"

	"github.com/getkin/kin-openapi/openapi3"
)

// schema is a schema made ready for use: most values are approved of at once, and only for the others the tree is
// walked to tell every fault.
type schema struct {
	approval *approval
	source   *openapi3.Schema
	tree     *node
	names    map[string]string // property names by their JSON text, quotes included, to read them without a copy
}

// node is one schema of the tree, with its parts apart from each other.
type node struct {
	source *openapi3.Schema
	alone  *openapi3.Schema // only what concerns the value itself: no parts, no alternatives, no bounds of numbers

	required   []string
	names      []string // the properties: the required ones as the document orders them, then the others by name
	properties map[string]*node
	items      *node
	extra      *node // what properties without a name in the document must be, nil for anything
	closed     bool  // whether there may be none of them

	all, any, one []*node
	not           *node

	expects  string
	decimals *decimals // nil: no number has a limit that another property decides
}

// compiler makes schemas ready. A schema that is used twice, or that contains itself, is made ready once.
type compiler struct {
	approvals map[*openapi3.Schema]*approval
	nodes     map[*openapi3.Schema]*node
	patterns  *patterns
	rules     *rules
	fault     error // what is wrong with an extension of ours; nil: nothing
}

func newCompiler(p *patterns) *compiler {
	return &compiler{
		approvals: make(map[*openapi3.Schema]*approval),
		nodes:     make(map[*openapi3.Schema]*node),
		patterns:  p,
		rules:     newRules(p),
	}
}

func (c *compiler) schema(source *openapi3.Schema) *schema {
	s := &schema{approval: c.approval(source), source: source, tree: c.node(source), names: make(map[string]string)}
	s.tree.collectNames(s.names, make(map[*node]bool))
	return s
}

func (n *node) collectNames(names map[string]string, seen map[*node]bool) {
	if n == nil || seen[n] {
		return
	}

	seen[n] = true
	for name, property := range n.properties {
		names[strconv.Quote(name)] = name
		property.collectNames(names, seen)
	}

	n.items.collectNames(names, seen)
	n.extra.collectNames(names, seen)
	for _, part := range slices.Concat(n.all, n.any, n.one) {
		part.collectNames(names, seen)
	}
}

func (c *compiler) node(source *openapi3.Schema) *node {
	if n, ok := c.nodes[source]; ok {
		return n
	}

	n := &node{source: source, alone: alone(source), required: source.Required}
	c.nodes[source] = n // before its parts: they may contain it
	n.expects, _ = source.Extensions["x-payporter-expects"].(string)
	n.decimals = c.decimals(source)
	n.properties = make(map[string]*node, len(source.Properties))
	for name, ref := range source.Properties {
		n.properties[name] = c.node(ref.Value)
	}

	n.names = inOrder(source)
	n.items = c.nodeOf(source.Items)
	n.extra = c.nodeOf(source.AdditionalProperties.Schema)
	n.closed = source.AdditionalProperties.Has != nil && !*source.AdditionalProperties.Has
	n.all, n.any, n.one = c.nodesOf(source.AllOf), c.nodesOf(source.AnyOf), c.nodesOf(source.OneOf)
	n.not = c.nodeOf(source.Not)
	return n
}

// decimals reads the rule of a schema. A faulty one is kept for whoever reads the document.
func (c *compiler) decimals(source *openapi3.Schema) *decimals {
	r, err := decimalsOf(source)
	c.fault = cmp.Or(c.fault, err)
	return r
}

func (c *compiler) nodeOf(ref *openapi3.SchemaRef) *node {
	if ref == nil {
		return nil
	}
	return c.node(ref.Value)
}

func (c *compiler) nodesOf(refs openapi3.SchemaRefs) []*node {
	var nodes []*node
	for _, ref := range refs {
		nodes = append(nodes, c.node(ref.Value))
	}
	return nodes
}

// inOrder lists the properties in the order in which faults are told.
func inOrder(source *openapi3.Schema) []string {
	var names []string
	for _, name := range source.Required {
		if source.Properties[name] != nil {
			names = append(names, name)
		}
	}

	for _, name := range sortedKeys(source.Properties) {
		if !slices.Contains(source.Required, name) {
			names = append(names, name)
		}
	}
	return names
}

// alone leaves out what the walk over the tree looks at by itself. Numbers are among it, because kin-openapi rounds
// them to a float64 before it compares them.
func alone(source *openapi3.Schema) *openapi3.Schema {
	s := *source
	s.Properties, s.Required, s.AdditionalProperties, s.Items = nil, nil, openapi3.AdditionalProperties{}, nil
	s.AllOf, s.AnyOf, s.OneOf, s.Not = nil, nil, nil, nil
	s.Min, s.Max = nil, nil
	s.ExclusiveMin, s.ExclusiveMax = openapi3.ExclusiveBound{}, openapi3.ExclusiveBound{}
	if _, ok := powerOfTen(s.MultipleOf); ok {
		s.MultipleOf = nil
	}
	return &s
}
