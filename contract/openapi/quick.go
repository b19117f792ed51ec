package openapi

import (
	"maps"

	"github.com/getkin/kin-openapi/openapi3"
)

// longEnum is from where on a list of strings is looked up in a map: kin-openapi compares it value by value, and with
// reflection, which for the currencies takes longer than all the rest.
const longEnum = 8

// quicken copies a schema, with long lists of strings and with decimals checked by formats of our own.
func (c *compiler) quicken(source *openapi3.Schema) *openapi3.Schema {
	if s, ok := c.quick[source]; ok {
		return s
	}
	s := *source
	c.quick[source] = &s
	s.Properties = maps.Clone(source.Properties)
	for name, ref := range s.Properties {
		s.Properties[name] = c.quickenRef(ref)
	}
	s.Items, s.Not = c.quickenRef(source.Items), c.quickenRef(source.Not)
	s.AdditionalProperties.Schema = c.quickenRef(source.AdditionalProperties.Schema)
	s.AllOf, s.AnyOf, s.OneOf = c.quickenRefs(source.AllOf), c.quickenRefs(source.AnyOf), c.quickenRefs(source.OneOf)
	c.quickenEnum(&s)
	c.quickenNot(&s, source.Not)
	c.quickenDecimals(&s)
	return &s
}

func (c *compiler) quickenRef(ref *openapi3.SchemaRef) *openapi3.SchemaRef {
	if ref == nil {
		return nil
	}
	return openapi3.NewSchemaRef(ref.Ref, c.quicken(ref.Value))
}

func (c *compiler) quickenRefs(refs openapi3.SchemaRefs) openapi3.SchemaRefs {
	var copies openapi3.SchemaRefs
	for _, ref := range refs {
		copies = append(copies, c.quickenRef(ref))
	}
	return copies
}

func (c *compiler) quickenEnum(s *openapi3.Schema) {
	known, ok := textSet(s.Enum)
	onlyText := s.Type == nil || s.Type.Is(openapi3.TypeString)
	if !ok || !onlyText || s.Format != "" || len(known) < longEnum {
		return
	}
	// A list of strings takes nothing else, which a format alone would.
	s.Type = &openapi3.Types{openapi3.TypeString}
	s.Enum, s.Format = nil, c.rules.addText(func(text string) bool { return known[text] })
}

// quickenNot spares kin-openapi from making an error of each value that is not on a list of forbidden ones.
func (c *compiler) quickenNot(s *openapi3.Schema, source *openapi3.SchemaRef) {
	if source == nil || s.Format != "" {
		return
	}
	known, ok := textSet(source.Value.Enum)
	rest := *source.Value
	rest.Enum = nil
	if ok && rest.IsEmpty() {
		s.Not, s.Format = nil, c.rules.addText(func(text string) bool { return !known[text] })
	}
}

// textSet makes a set of a list of strings.
func textSet(values []any) (map[string]bool, bool) {
	set := make(map[string]bool, len(values))
	for _, value := range values {
		text, ok := value.(string)
		if !ok {
			return nil, false
		}
		set[text] = true
	}
	return set, len(set) > 0
}

func (c *compiler) quickenDecimals(s *openapi3.Schema) {
	decimals, ok := powerOfTen(s.MultipleOf)
	if !ok || s.Format != "" || s.Type.Is(openapi3.TypeInteger) {
		return
	}
	s.MultipleOf, s.Format = nil, c.rules.addDecimals(decimals)
}
