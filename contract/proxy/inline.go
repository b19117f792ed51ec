package proxy

import (
	"bytes"
	"encoding/json"
	"slices"
	"strconv"
	"strings"

	"github.com/payporter-mock/payporter-mock/internal/exchange"
)

// property is a name with its value, and object is some in their order.
type (
	property struct {
		name  string
		value any
	}
	object []property
)

// MarshalJSON writes the properties in their order.
func (o object) MarshalJSON() ([]byte, error) { return []byte(inline(o)), nil }

// inline is a value as JSON on one line, with a space behind each separator, as people write YAML.
func inline(value any) string {
	switch v := value.(type) {
	case object:
		var parts []string
		for _, p := range v {
			parts = append(parts, inlineName(p.name)+": "+inline(p.value))
		}
		return "{" + strings.Join(parts, ", ") + "}"
	case []any:
		var parts []string
		for _, one := range v {
			parts = append(parts, inline(one))
		}
		return "[" + strings.Join(parts, ", ") + "]"
	}

	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	_ = e.Encode(value) // texts, numbers and JSON always can be
	return strings.TrimSpace(b.String())
}

// inlineName is the name of a property, in quotes where it is not plain.
func inlineName(name string) string {
	plain := name != "" && strings.IndexFunc(name, func(c rune) bool {
		return (c < 'a' || c > 'z') && (c < 'A' || c > 'Z')
	}) < 0
	if plain && !slices.Contains([]string{"true", "false", "null", "yes", "no", "on", "off"}, strings.ToLower(name)) {
		return name
	}
	return strconv.Quote(name)
}

func sortedNames(fields map[string]json.RawMessage) []string {
	names := make([]string, 0, len(fields))
	for name := range fields {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}

// patternOf is a pattern that takes an order's id. What must not be shown of it takes any text.
func patternOf(mask exchange.Masker, orderID string) string {
	escape := strings.NewReplacer(`\`, `\\`, "*", `\*`, "?", `\?`, "[", `\[`, "]", `\]`, "{", `\{`, "}", `\}`)
	shown := mask.Text(orderID)
	if shown != orderID {
		escape = strings.NewReplacer(`\`, "?", "[", "?", "]", "?", "{", "?", "}", "?")
	}
	pattern := escape.Replace(shown)
	if len(pattern) > longestPattern {
		pattern = strings.TrimRight(strings.ToValidUTF8(pattern[:longestPattern], ""), `\`) + "*"
	}
	return pattern
}

// longestPattern is how many bytes a pattern may have.
const longestPattern = 250
