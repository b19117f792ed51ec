package openapi

import (
	"cmp"
	"slices"
	"strings"
)

// Body is a request body that was read.
type Body struct {
	// Values are the properties as sent; numbers are json.Number with their digits. It is nil if the body is no object.
	// A null that the document allows is a nil: treat it as absent.
	Values map[string]any
	// Unknown lists the properties that the document does not name, as dotted names in order. Names that are very long
	// or look like a card number are masked.
	Unknown []string
}

// CheckBody reads a JSON body strictly and judges it. Without violations the body is as the document wants it. An
// operation whose document has no JSON body takes anything, and reads nothing.
func (o *Operation) CheckBody(data []byte) (Body, []Violation) {
	return o.CheckBodyIn(nil, data)
}

// CheckBodyIn is CheckBody that puts the properties of the body into an empty map; nil: into a new one. Whoever reads
// one body after the other can clear it and use it again, once nobody looks at the body's Values any more.
func (o *Operation) CheckBodyIn(room map[string]any, data []byte) (Body, []Violation) {
	if o.body == nil || o.body.json == nil {
		return Body{}, nil
	}

	s := o.body.json
	read, f := readJSON(data, s.names, room)
	if f.rule == "empty" {
		if !o.bodyNeeded {
			return Body{}, nil
		}
		f.wants += "; send " + typeWords(s.source.Type, "a JSON ")
	}
	if f.rule != "" {
		return Body{}, violations([]fault{f})
	}

	values, _ := read.value.(map[string]any)
	body := Body{Values: values, Unknown: s.tree.unknown(read.value)}
	return body, o.rules.judge(s, inBody, read)
}

// judge tells every fault of a value.
func (r *rules) judge(s *schema, in string, read reading) []Violation {
	exact := !read.inexact
	if exact && len(read.repeated) == 0 && s.approval.of(read.value) {
		return nil
	}

	w := walk{rules: r, in: in}
	for _, name := range read.repeated {
		w.tell(fault{field: name, rule: "duplicate", wants: "appears twice"})
	}

	w.visit(s.tree, read.value, "")
	// Nothing may slip through a gap between the walk and kin-openapi, which knows every keyword.
	if len(w.faults) == 0 && exact && s.source.VisitJSON(read.value, r.full...) != nil {
		w.tell(fault{rule: "form", wants: "does not have the documented form"})
	}
	w.sort(s.tree)
	return violations(w.faults)
}

// sort tells the whole first, then the properties in the document's order, then the others.
func (w *walk) sort(root *node) {
	rank := make(map[string]int, len(root.names)+1)
	for i, name := range root.names {
		rank[name] = i + 1
	}

	rankOf := func(f fault) int {
		name := f.field
		if end := strings.IndexAny(name, ".["); end >= 0 {
			name = name[:end]
		}
		if at, ok := rank[name]; ok || name == "" {
			return at
		}
		return len(rank) + 1
	}
	slices.SortStableFunc(w.faults, func(a, b fault) int { return cmp.Compare(rankOf(a), rankOf(b)) })
}

// unknown lists what the document does not name.
func (n *node) unknown(value any) []string {
	var names []string
	n.eachUnknown(value, "", func(name string) { names = append(names, name) })
	slices.Sort(names)
	return names
}

func (n *node) eachUnknown(value any, at string, found func(string)) {
	switch value := value.(type) {
	case map[string]any:
		if n.extra != nil || len(n.properties) == 0 && !n.hasParts() {
			return // a map: its names are data
		}
		for name, part := range value {
			if property, ok := n.properties[name]; ok {
				if hasParts(part) {
					property.eachUnknown(part, join(at, name), found)
				}
			} else if !n.namedByPart(name) {
				found(join(at, name))
			}
		}
	case []any:
		for i, part := range value {
			if n.items != nil {
				n.items.eachUnknown(part, index(at, i), found)
			}
		}
	}
}

// hasParts reports whether there are values in a value.
func hasParts(value any) bool {
	switch value.(type) {
	case map[string]any, []any:
		return true
	}
	return false
}

// namedByPart says whether an allOf, anyOf or oneOf names the property.
func (n *node) namedByPart(name string) bool {
	for _, parts := range [][]*node{n.all, n.any, n.one} {
		for _, part := range parts {
			if part.properties[name] != nil || part.namedByPart(name) {
				return true
			}
		}
	}
	return false
}
