package openapi

import (
	"slices"

	"github.com/getkin/kin-openapi/openapi3"
)

// Property is what the document says about one property of a JSON request body, for those who make requests from it.
type Property struct {
	Name      string
	Type      string // string, number, integer, boolean, object or array
	Required  bool
	Nullable  bool
	Assumed   []string // the keywords that x-payporter-assumed names
	MinLength int
	MaxLength int      // 0: no limit
	Minimum   *float64 // nil: no limit
	Maximum   *float64 // nil: no limit
	Above     bool     // the minimum itself is too low
	Enum      []string // nil: any value
	Pattern   string
}

// Properties lists what a JSON request body may have: the required ones as the document orders them, then the others
// by name. It is empty for an operation without such a body.
func (o *Operation) Properties() []Property {
	if o.body == nil || o.body.json == nil {
		return nil
	}

	root := o.body.json.tree
	list := make([]Property, 0, len(root.names))
	for _, name := range root.names {
		p := newProperty(root.properties[name].source)
		p.Name, p.Required = name, slices.Contains(root.required, name)
		list = append(list, p)
	}
	return list
}

func newProperty(s *openapi3.Schema) Property {
	p := Property{
		Nullable: s.Nullable, MinLength: int(s.MinLength), Minimum: s.Min, Maximum: s.Max,
		Above: s.ExclusiveMin.IsTrue(), Pattern: s.Pattern, Assumed: textList(s.Extensions["x-payporter-assumed"]),
		Enum: textList(any(s.Enum)),
	}
	if types := s.Type.Slice(); len(types) > 0 {
		p.Type = types[0]
	}

	if s.MaxLength != nil {
		p.MaxLength = int(*s.MaxLength)
	}
	return p
}

// textList reads a list of texts and leaves out whatever else is in it.
func textList(values any) []string {
	list, _ := values.([]any)
	var texts []string
	for _, value := range list {
		if text, ok := value.(string); ok {
			texts = append(texts, text)
		}
	}
	return texts
}
