package shop

import (
	"encoding/json"
	"net/http"
	"strings"
)

// ConfigSchema is the JSON Schema of config files, for editors. It is made of the table by which they are read.
func ConfigSchema() []byte {
	definitions := map[string]any{}
	for _, o := range objects()[1:] {
		definitions[o.name] = o.schema()
	}

	root := configKeys.schema()
	root["$schema"] = "https://json-schema.org/draft/2020-12/schema"
	root["title"] = "A config of payporter-mock verify merchant"
	root["$defs"] = definitions
	text, _ := json.MarshalIndent(root, "", "  ") // it is made of plain values
	return append(text, '\n')
}

// schema is a mapping with these keys and no others.
func (o *object) schema() map[string]any {
	properties, needed := map[string]any{}, []string{}
	for _, k := range o.keys {
		properties[k.name] = k.schema()
		if k.needed {
			needed = append(needed, k.name)
		}
	}

	s := map[string]any{
		"type": "object", "properties": properties, "required": needed, "additionalProperties": false,
	}
	o.restrict(s)
	return s
}

// restrict says which keys go together.
func (o *object) restrict(s map[string]any) {
	switch o {
	case payporterKeys:
		s["dependentRequired"] = map[string]any{"apiKey": []string{"apiSecret"}, "apiSecret": []string{"apiKey"}}
	case requestKeys, stepKeys:
		s["not"] = anyOf(together("json", "form"), together("json", "body"), together("form", "body"))
	case placeKeys:
		s["anyOf"] = []any{together("json"), together("header"), together("regexp")}
		s["not"] = anyOf(together("json", "header"), together("json", "regexp"))
	case conditionKeys:
		s["anyOf"] = []any{together("json"), together("header"), together("regexp"), together("status")}
		s["not"] = anyOf(together("json", "header"), together("json", "regexp"))
	}
}

func together(names ...string) map[string]any { return map[string]any{"required": names} }

func anyOf(schemas ...any) map[string]any { return map[string]any{"anyOf": schemas} }

func (k key) schema() map[string]any {
	s := k.value()
	switch {
	case k.many:
		s = map[string]any{"type": "array", "minItems": 1, "items": s}
	case k.named:
		s = map[string]any{
			"type": "object", "minProperties": 1, "additionalProperties": s,
			"propertyNames": map[string]any{"pattern": takenName.String()},
		}
	}

	s["description"] = k.means
	if k.byItself != "" {
		s["description"] = k.means + " (without it: " + k.byItself + ")"
	}
	return s
}

// value is the schema of a value of the key.
func (k key) value() map[string]any {
	if k.of != nil {
		return map[string]any{"$ref": "#/$defs/" + k.of.name}
	}

	scalar := map[string]any{"type": []string{"string", "number", "boolean"}}
	switch k.kind {
	case aURL:
		return map[string]any{"type": "string", "pattern": `^(https?://|\{\{ *shop *\}\})`}
	case aDuration:
		return map[string]any{"type": "string", "pattern": `^([0-9]+(\.[0-9]+)?(ns|us|µs|ms|s|m|h))+$`}
	case anAmount:
		return map[string]any{"type": []string{"string", "number"}}
	case aCurrency:
		return map[string]any{"type": "string", "pattern": currencyCode.String()}
	case someCurrencies:
		code := map[string]any{"type": "string", "pattern": currencyCode.String()}
		return map[string]any{"type": "array", "minItems": 1, "items": code}
	case aMethod:
		return map[string]any{"enum": methods()}
	case aPath:
		return map[string]any{"type": "string", "pattern": `^\$`}
	case aPattern:
		return map[string]any{"type": "string", "format": "regex"}
	case aStatus:
		return map[string]any{"type": "integer", "minimum": 200, "maximum": 599}
	case someTexts:
		return map[string]any{"type": "array", "minItems": 1, "items": scalar}
	case oneOrMore:
		return anyOf(scalar, map[string]any{"type": "array", "items": scalar})
	case aMap:
		return map[string]any{"type": "object", "additionalProperties": scalar}
	case anything:
		return map[string]any{}
	}
	return map[string]any{"type": "string"}
}

// methods are those that a request may have, in either case.
func methods() []string {
	all := []string{http.MethodGet, http.MethodPost, http.MethodPut, http.MethodPatch, http.MethodDelete}
	for _, name := range all {
		all = append(all, strings.ToLower(name))
	}
	return all
}
