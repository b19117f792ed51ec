package openapi

import (
	"encoding/json"
	"math"
	"regexp"
	"slices"
	"strconv"
	"time"
	"unicode/utf16"

	"github.com/getkin/kin-openapi/openapi3"
)

// approval is a schema as plain Go, for the usual case that a value is right: kin-openapi takes ten times as long to
// find that out, and for a long list of texts a hundred times. It never approves of what kin-openapi would refuse; what
// it does not approve of can still be right, which is then for kin-openapi to say.
type approval struct {
	unsure   bool // a keyword, of this schema or of a part, is for kin-openapi alone
	nullable bool
	types    kinds

	in, out           map[string]bool // texts that it must be, and must not be; nil: any
	shortest, longest uint64          // of a text
	pattern           *regexp.Regexp  // nil: any
	usual             *regexp.Regexp  // what matches it matches the pattern, too; nil: none is known
	format            textRule        // nil: any

	low, high    *float64 // nil: no limit
	above, below bool     // the limit itself is out
	decimals     int      // the most that a number may have; none: any

	properties []approvalOf
	names      map[string]bool // of the properties
	items      *approval       // nil: any
	extra      *approval       // of properties without a name here; nil: any
	closed     bool            // there may be none of them
	rule       *decimals       // nil: none
	all, any   []*approval
}

// kinds are the kinds of values that a schema permits by its type.
type kinds struct{ text, number, integer, boolean, object, list bool }

// kindsOf reads the type of a schema. One without a type permits all of them.
func kindsOf(types *openapi3.Types) kinds {
	permits := func(name string) bool { return types == nil || types.Includes(name) }
	return kinds{
		text: permits(openapi3.TypeString), number: permits(openapi3.TypeNumber), integer: permits(openapi3.TypeInteger),
		boolean: permits(openapi3.TypeBoolean), object: permits(openapi3.TypeObject), list: permits(openapi3.TypeArray),
	}
}

// approvalOf is the approval of a property.
type approvalOf struct {
	name     string
	required bool
	approval *approval // nil: any, for one that is only required
}

// approval makes the schema ready. One that contains itself is unsure.
func (c *compiler) approval(source *openapi3.Schema) *approval {
	if a, ok := c.approvals[source]; ok {
		return a
	}

	a := &approval{
		unsure: true, nullable: source.PermitsNull(), types: kindsOf(source.Type),
		shortest: source.MinLength, longest: math.MaxUint64,
		low: source.Min, high: source.Max, above: source.ExclusiveMin.IsTrue(), below: source.ExclusiveMax.IsTrue(),
		decimals: none, names: make(map[string]bool, len(source.Properties)),
		closed: source.AdditionalProperties.Has != nil && !*source.AdditionalProperties.Has,
	}
	c.approvals[source] = a // before its parts: they may contain it, and then see that it is unsure
	for _, name := range sortedKeys(source.Properties) {
		a.names[name] = true
		required := slices.Contains(source.Required, name)
		a.properties = append(a.properties, approvalOf{name, required, c.approvalOf(source.Properties[name])})
	}

	for _, name := range source.Required {
		if !a.names[name] {
			a.properties = append(a.properties, approvalOf{name: name, required: true})
		}
	}

	a.items, a.extra = c.approvalOf(source.Items), c.approvalOf(source.AdditionalProperties.Schema)
	a.all, a.any = c.approvalsOf(source.AllOf), c.approvalsOf(source.AnyOf)
	a.rule, _ = decimalsOf(source) // a faulty one is told where the document is read
	a.unsure = !a.takeTexts(source, c.patterns) || !a.takeNumbers(source) || !onlyKnown(*source) || a.hasUnsure()
	return a
}

func (c *compiler) approvalOf(ref *openapi3.SchemaRef) *approval {
	if ref == nil {
		return nil
	}
	return c.approval(ref.Value)
}

func (c *compiler) approvalsOf(refs openapi3.SchemaRefs) []*approval {
	var all []*approval
	for _, ref := range refs {
		all = append(all, c.approval(ref.Value))
	}
	return all
}

// hasUnsure reports whether a part of the schema is for kin-openapi alone.
func (a *approval) hasUnsure() bool {
	parts := slices.Concat(a.all, a.any, []*approval{a.items, a.extra})
	for _, property := range a.properties {
		parts = append(parts, property.approval)
	}
	return slices.ContainsFunc(parts, func(part *approval) bool { return part != nil && part.unsure })
}

// onlyKnown reports whether nothing is left of the schema without what an approval looks at.
func onlyKnown(s openapi3.Schema) bool {
	s.Type, s.Nullable = nil, false
	s.Enum, s.Not, s.MinLength, s.MaxLength, s.Pattern, s.Format = nil, nil, 0, nil, "", ""
	s.Min, s.Max, s.ExclusiveMin, s.ExclusiveMax, s.MultipleOf = nil, nil, openapi3.ExclusiveBound{},
		openapi3.ExclusiveBound{}, nil
	s.Required, s.Properties, s.Items, s.AdditionalProperties = nil, nil, nil, openapi3.AdditionalProperties{}
	s.AllOf, s.AnyOf = nil, nil
	return s.IsEmpty()
}

// usualPatternKey is the extension with a pattern of the usual texts, which is quicker to look at than the whole
// pattern.
const usualPatternKey = "x-payporter-usual-pattern"

// takeTexts makes the keywords about texts ready, and reports whether all of them could be.
func (a *approval) takeTexts(s *openapi3.Schema, p *patterns) (ok bool) {
	if s.MaxLength != nil {
		a.longest = *s.MaxLength
	}
	if len(s.Enum) > 0 {
		if a.in, ok = textSet(s.Enum); !ok {
			return false
		}
	}

	if s.Not != nil {
		rest := *s.Not.Value
		rest.Enum = nil
		if a.out, ok = textSet(s.Not.Value.Enum); !ok || !rest.IsEmpty() {
			return false
		}
	}

	if s.Pattern != "" {
		if a.pattern, ok = p.of(s.Pattern); !ok {
			return false
		}
		usual, _ := s.Extensions[usualPatternKey].(string)
		if a.usual, ok = p.of(usual); !ok {
			return false
		}
	}

	if s.Format == "" || slices.Contains(hints, s.Format) {
		return true
	}

	a.format, ok = formats[s.Format]
	return ok
}

// hints are formats that refuse nothing. double tells clients which type of theirs keeps all digits; password tells
// people's tools to hide a text.
var hints = []string{"double", "password"}

// formats are those that a text can be approved for.
var formats = map[string]textRule{
	"uuid":      isUUID,
	"uri":       isURL,
	"date-time": isDateTime,
}

// isDateTime takes a time as PayPorter writes it. There are other right ones.
func isDateTime(s string) bool {
	_, err := time.Parse("2006-01-02T15:04:05Z", s)
	return err == nil && len(s) == len("2006-01-02T15:04:05Z")
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

// takeNumbers makes the keywords about numbers ready, and reports whether all of them could be.
func (a *approval) takeNumbers(s *openapi3.Schema) (ok bool) {
	if s.MultipleOf == nil {
		return true
	}
	a.decimals, ok = powerOfTen(s.MultipleOf)
	return ok
}

// of says whether the value is right for sure.
func (a *approval) of(value any) bool {
	if value == nil {
		return a.nullable && !a.unsure
	}
	if a.unsure || !a.own(value) {
		return false
	}

	for _, part := range a.all {
		if !part.of(value) {
			return false
		}
	}
	return len(a.any) == 0 || slices.ContainsFunc(a.any, func(one *approval) bool { return one.of(value) })
}

func (a *approval) own(value any) bool {
	switch value := value.(type) {
	case string:
		return a.types.text && a.text(value)
	case json.Number:
		return a.in == nil && a.number(string(value))
	case bool:
		return a.in == nil && a.types.boolean
	case map[string]any:
		return a.in == nil && a.types.object && a.object(value)
	case []any:
		return a.in == nil && a.types.list && a.list(value)
	}
	return false
}

func (a *approval) text(s string) bool {
	return (a.in == nil || a.in[s]) && !a.out[s] && a.lengthFits(s) &&
		(a.pattern == nil || a.fitsPattern(s)) && (a.format == nil || a.format(s))
}

func (a *approval) fitsPattern(s string) bool {
	return a.usual != nil && a.usual.MatchString(s) || a.pattern.MatchString(s)
}

// lengthFits counts as JSON Schema does only where the bytes leave it open: one unit of UTF-16 has one to three.
func (a *approval) lengthFits(s string) bool {
	if n := uint64(len(s)); n <= a.longest && (n+2)/3 >= a.shortest {
		return true
	}
	var n uint64
	for _, char := range s {
		n += uint64(utf16.RuneLen(char))
	}
	return n >= a.shortest && n <= a.longest
}

func (a *approval) number(text string) bool {
	f, err := strconv.ParseFloat(text, 64)
	if err != nil || !a.types.number && !(a.types.integer && f == math.Trunc(f)) {
		return false
	}

	if low := a.low; low != nil && (f < *low || a.above && f == *low) {
		return false
	}
	if high := a.high; high != nil && (f > *high || a.below && f == *high) {
		return false
	}
	return a.decimals == none || decimalsIn(text) <= a.decimals
}

func (a *approval) object(values map[string]any) bool {
	for i := range a.properties {
		p := &a.properties[i]
		value, ok := values[p.name]
		if !ok && p.required || ok && p.approval != nil && !p.approval.of(value) {
			return false
		}
	}

	if a.rule != nil && !a.rule.kept(values) {
		return false
	}
	return !a.closed && a.extra == nil || a.others(values)
}

// others looks at the properties that have no name in the document.
func (a *approval) others(values map[string]any) bool {
	for name, value := range values {
		if !a.names[name] && (a.closed || !a.extra.of(value)) {
			return false
		}
	}
	return true
}

func (a *approval) list(values []any) bool {
	return a.items == nil || !slices.ContainsFunc(values, func(value any) bool { return !a.items.of(value) })
}
