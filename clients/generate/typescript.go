package main

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"text/template"

	"github.com/getkin/kin-openapi/openapi3"
)

var typeScriptFile = template.Must(template.New("").Funcs(template.FuncMap{
	"parameters": typeScriptParameters, "type": typeOf, "comment": comment,
}).Parse(`// Generated from the control API's description by: go generate ./clients/generate

import { Caller } from './caller.js';
{{range .Types}}
{{comment "" .Schema.Value.Description ""}}export type {{.Name}} = {{type .Schema ""}};
{{end}}
/** The calls that concern the whole sandbox. */
export class SandboxVerbs extends Caller {
{{- range .Verbs}}{{if .Shared}}
{{comment "  " .Title .Description}}  {{.Name}}({{parameters .}}): Promise<{{type .Answer "  "}}>;
{{end}}{{end}}}

/** The calls that concern one merchant. */
export class MerchantVerbs extends Caller {
{{- range .Verbs}}{{if not .Shared}}
{{comment "  " .Title .Description}}  {{.Name}}({{parameters .}}): Promise<{{type .Answer "  "}}>;
{{end}}{{end}}}
`))

// named is a type with a name.
type named struct {
	Name   string
	Schema *openapi3.SchemaRef
}

// typeScript is what the verbs take and answer.
func typeScript(spec *openapi3.T, verbs []verb) (string, error) {
	var b strings.Builder
	err := typeScriptFile.Execute(&b, map[string]any{"Types": typesOf(spec), "Verbs": verbs})
	return b.String(), err
}

// typesOf lists the named schemas, and the schemas that stand in a named answer, in the order of their names.
func typesOf(spec *openapi3.T) []named {
	all := map[string]*openapi3.SchemaRef{}
	for name, schema := range spec.Components.Schemas {
		all[name] = schema
	}
	for name, answer := range spec.Components.Responses {
		if schema := answer.Value.Content.Get("application/json").Schema; schema.Ref == "" {
			all[name] = schema
		}
	}

	var types []named
	for _, name := range slices.Sorted(maps.Keys(all)) {
		types = append(types, named{name, &openapi3.SchemaRef{Value: all[name].Value}})
	}
	return types
}

func typeScriptParameters(v verb) string {
	var all []string
	for _, id := range v.IDs {
		all = append(all, id+": string")
	}
	switch {
	case v.Sends == file:
		all = append(all, v.Args[0].Name+": string | "+refName(v.Args[0].Schema.Ref))
	case v.required():
		all = append(all, "options: "+fields(v.Args, "  "))
	case v.Sends != nothing:
		all = append(all, "options?: "+fields(v.Args, "  "))
	}
	return strings.Join(all, ", ")
}

// manyValues is how many values of a text are no longer worth a list.
const manyValues = 20

// typeOf is a schema in TypeScript.
func typeOf(ref *openapi3.SchemaRef, indent string) string {
	if ref.Ref != "" {
		return refName(ref.Ref)
	}
	s := ref.Value
	switch {
	case len(s.AllOf) > 0:
		var parts []string
		for _, part := range s.AllOf {
			parts = append(parts, typeOf(part, indent))
		}
		return strings.Join(parts, " & ")
	case len(s.Enum) > 0 && len(s.Enum) < manyValues:
		return literals(s.Enum)
	case s.Type.Is("array"):
		return "Array<" + typeOf(s.Items, indent) + ">"
	case s.Type.Is("object"):
		return objectType(s, indent)
	case s.Type.Is("integer"):
		return "number"
	}
	return s.Type.Slice()[0] // string, number and boolean are called so in TypeScript, too
}

func literals(values []any) string {
	var all []string
	for _, value := range values {
		if text, ok := value.(string); ok {
			value = "'" + text + "'"
		}
		all = append(all, fmt.Sprint(value))
	}
	if line := strings.Join(all, " | "); len(line) < width-20 {
		return line
	}
	return "\n  | " + strings.Join(all, "\n  | ")
}

func objectType(s *openapi3.Schema, indent string) string {
	open := s.AdditionalProperties.Has != nil && *s.AdditionalProperties.Has
	switch {
	case s.AdditionalProperties.Schema != nil:
		return "Record<string, " + typeOf(s.AdditionalProperties.Schema, indent) + ">"
	case len(s.Properties) == 0:
		return "Record<string, unknown>"
	case open:
		return fields(argsOf(s), indent) + " & Record<string, unknown>"
	}
	return fields(argsOf(s), indent)
}

// fields is an object with these properties.
func fields(args []arg, indent string) string {
	var b strings.Builder
	b.WriteString("{\n")
	for _, a := range args {
		mark := "?"
		if a.Required {
			mark = ""
		}
		b.WriteString(comment(indent+"  ", a.Doc, ""))
		fmt.Fprintf(&b, "%s  %s%s: %s;\n", indent, a.Name, mark, typeOf(a.Schema, indent+"  "))
	}
	b.WriteString(indent + "}")
	return b.String()
}

// comment is a documentation comment above what stands in the next line; empty without a title.
func comment(indent, title, more string) string {
	title, more = strings.TrimSpace(title), strings.TrimSpace(more)
	if title == "" {
		return ""
	}
	if more == "" && !strings.Contains(title, "\n") && len(indent+title) < width {
		return indent + "/** " + title + " */\n"
	}

	text := title
	if more != "" {
		text += "\n\n" + more
	}
	return indent + "/**\n" + wrapped(text, indent+" * ") + "\n" + indent + " */\n"
}
