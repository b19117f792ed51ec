package openapi

import (
	"encoding/json"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/getkin/kin-openapi/openapi3"

	"github.com/payporter-mock/payporter-mock/internal/wording"
)

// fewValues is how many allowed values are listed.
const fewValues = 12

// sentence says what a rule of this schema wants and what it got. It never shows the schema.
func (n *node) sentence(rule string, value any) fault {
	f := fault{seen: echo(value)}
	switch rule {
	case "type":
		f.wants, f.seen = "must be "+typeWords(n.source.Type, ""), n.echoTyped(value)
	case "enum", "pattern", "format":
		f.wants = n.formWords(rule)
	case "minLength":
		f.wants, f.seen = atLeast(n.source.MinLength, "character"), lengthOf(value)
	case "maxLength":
		f.wants, f.seen = atMost(n.source.MaxLength, "character"), lengthOf(value)
	case "minItems":
		f.wants, f.seen = atLeast(n.source.MinItems, "item"), lengthOf(value)
	case "maxItems":
		f.wants, f.seen = atMost(n.source.MaxItems, "item"), lengthOf(value)
	case "minProperties":
		f.wants, f.seen = atLeast(n.source.MinProps, "key"), lengthOf(value)
	case "maxProperties":
		f.wants, f.seen = atMost(n.source.MaxProps, "key"), lengthOf(value)
	case "uniqueItems":
		f.wants, f.seen = "must not have an item twice", ""
	case "multipleOf":
		f.wants = "must be a multiple of " + plain(*n.source.MultipleOf)
	default:
		f.wants, f.seen = "does not have the documented form", ""
	}

	// Nothing at all is not worth counting.
	if f.seen == "0" {
		f.wants, f.seen = "must not be empty", ""
	}
	if n.source.Format == "password" { // a secret is not shown, however wrong it is
		f.seen = ""
	}

	return f
}

// formWords says what a value must look like, in the document's own words if it has any.
func (n *node) formWords(rule string) string {
	switch {
	case n.expects != "":
		return "must be " + n.expects
	case rule == "enum":
		return "must be " + enumWords(n.source.Enum)
	case rule == "format":
		return "must be " + formatWords(n.source.Format)
	}
	return "must have the documented form"
}

func enumWords(values []any) string {
	var words []string
	for _, value := range values {
		words = append(words, fmt.Sprint(value))
	}

	switch {
	case len(words) == 1:
		return words[0]
	case len(words) > fewValues:
		return fmt.Sprintf("one of the %d documented values", len(words))
	}
	return "one of " + strings.Join(words, ", ")
}

func formatWords(format string) string {
	switch format {
	case "uuid":
		return "a UUID"
	case "uri":
		return "an absolute URL"
	case "date-time":
		return "a time such as 2006-01-02T15:04:05Z"
	case "date":
		return "a date such as 2006-01-02"
	case "int32":
		return fmt.Sprintf("between %d and %d", math.MinInt32, math.MaxInt32)
	case "int64":
		return fmt.Sprintf("between %d and %d", math.MinInt64, math.MaxInt64)
	}
	return "a valid " + format
}

// typeWords names what a value may be; kind goes before "object" and "list" ("a JSON object").
func typeWords(types *openapi3.Types, kind string) string {
	var words []string
	for _, name := range types.Slice() {
		words = append(words, typeWord(name, kind))
	}
	if len(words) == 0 {
		return "a JSON value"
	}
	return orList(words)
}

func typeWord(name, kind string) string {
	switch {
	case name == openapi3.TypeObject && kind != "":
		return kind + "object"
	case name == openapi3.TypeArray && kind != "":
		return kind + "list"
	case name == openapi3.TypeObject:
		return "an object"
	case name == openapi3.TypeArray:
		return "a list"
	case name == openapi3.TypeInteger:
		return "a whole number"
	case name == openapi3.TypeNumber:
		return "a number"
	case name == openapi3.TypeBoolean:
		return "true or false"
	}
	return "text"
}

func lowWords(bound float64, strict bool) string {
	if strict {
		return "must be greater than " + plain(bound)
	}
	return "must be at least " + plain(bound)
}

func highWords(bound float64, strict bool) string {
	if strict {
		return "must be less than " + plain(bound)
	}
	return "must be at most " + plain(bound)
}

func decimalWords(decimals int) string {
	if decimals == 0 {
		return "must be a whole number"
	}
	return "must have at most " + wording.Plural(decimals, "decimal")
}

// forWords adds who decided: " for TRY". It keeps to short words, which are right values of a list.
func forWords(value any) string {
	if word, ok := value.(string); ok && isPlainName(word) && len(word) <= 10 {
		return " for " + word
	}
	return ""
}

func unknownWords(name string, known []string) string {
	if hint := wording.Hint(name, known); hint != "" {
		return "unknown key, " + hint
	}
	return "unknown key"
}

func atLeast(count uint64, noun string) string {
	return "must have at least " + wording.Plural(int(count), noun)
}

func atMost(count *uint64, noun string) string {
	return "must have at most " + wording.Plural(int(*count), noun)
}

// lengthOf counts as the document's limits do.
func lengthOf(value any) string {
	switch value := value.(type) {
	case string:
		return strconv.Itoa(utf8.RuneCountInString(value))
	case []any:
		return strconv.Itoa(len(value))
	case map[string]any:
		return strconv.Itoa(len(value))
	}
	return ""
}

// plain writes a bound as people do: 9999999999.99, not 9.99999999999e+09.
func plain(bound float64) string { return strconv.FormatFloat(bound, 'f', -1, 64) }

// orList joins words, each said once: "a, b or c".
func orList(words []string) string { return wording.Or(slices.Compact(slices.Clone(words))) }

// join names a property of a part: "a.b".
func join(at, name string) string {
	if at == "" {
		return safeName(name)
	}
	return at + "." + safeName(name)
}

// index names an item of a list: "errors[0]".
func index(at string, i int) string { return at + "[" + strconv.Itoa(i) + "]" }

// textPrefix tells that a value is text where another type is wanted.
const textPrefix = "the text "

// echoTyped shows a value with its type: the text "12".
func (n *node) echoTyped(value any) string {
	switch value.(type) {
	case string:
		return textPrefix + echo(value)
	case json.Number:
		if !n.source.Type.Is(openapi3.TypeInteger) {
			return "the number " + echo(value)
		}
	}
	return echo(value)
}
