package main

import (
	"fmt"
	"regexp"
	"strings"
	"text/template"

	"github.com/getkin/kin-openapi/openapi3"
)

var pythonFile = template.Must(template.New("").Funcs(template.FuncMap{
	"snake": snake, "path": pythonPath, "parameters": pythonParameters, "given": pythonGiven, "doc": pythonDoc,
}).Parse(`# Generated from the control API's description by: go generate ./clients/generate
"""A method for each call of the control API. Answers are as the sandbox sends them, in JSON."""
from __future__ import annotations

from typing import Any
from urllib.parse import quote

from .caller import Caller


class SandboxVerbs(Caller):
    """The calls that concern the whole sandbox."""
{{range .}}{{if .Shared}}
    def {{snake .Name}}({{parameters .}}) -> dict[str, Any]:
{{doc .}}
        return self.call("{{.Method}}", {{path .}}{{given .}})
{{end}}{{end}}

class MerchantVerbs(Caller):
    """The calls that concern one merchant."""
{{range .}}{{if not .Shared}}
    def {{snake .Name}}({{parameters .}}) -> dict[str, Any]:
{{doc .}}
        return self.call("{{.Method}}", {{path .}}{{given .}})
{{end}}{{end}}`))

// python is the methods, with what they take.
func python(_ *openapi3.T, verbs []verb) (string, error) {
	var b strings.Builder
	err := pythonFile.Execute(&b, verbs)
	return b.String(), err
}

var capital = regexp.MustCompile(`[A-Z]+`)

// snake is a name as Python writes it: waitFor is wait_for, checkoutId is checkout_id, and as, a word of Python's own,
// is as_.
func snake(name string) string {
	if name == "as" {
		return "as_"
	}
	return strings.ToLower(capital.ReplaceAllString(name, "_$0"))
}

func pythonPath(v verb) string {
	if len(v.IDs) == 0 {
		return `"` + v.Path + `"`
	}
	return `f"` + placeholder.ReplaceAllStringFunc(v.Path, func(id string) string {
		return "{quote(" + snake(strings.Trim(id, "{}")) + ", '')}"
	}) + `"`
}

// pythonParameters are the ids and what must be given, and by name whatever may be left out.
func pythonParameters(v verb) string {
	all := []string{"self"}
	for _, id := range v.IDs {
		all = append(all, snake(id)+": str")
	}
	optional := false
	for _, a := range v.Args {
		if a.Required {
			all = append(all, snake(a.Name)+": "+pythonType(a.Schema.Value))
			continue
		}
		if !optional {
			all, optional = append(all, "*"), true
		}
		all = append(all, snake(a.Name)+": "+pythonType(a.Schema.Value)+" | None = None")
	}

	line := strings.Join(all, ", ")
	if len(line) < 70 {
		return line
	}
	return "\n        " + strings.Join(all, ",\n        ") + ",\n    "
}

func pythonType(s *openapi3.Schema) string {
	switch {
	case s.Type.Is("object"):
		return "str | dict[str, Any]" // a file, which may be text
	case s.Type.Is("integer"):
		return "int"
	case s.Type.Is("boolean"):
		return "bool"
	}
	return "str"
}

func pythonGiven(v verb) string {
	if v.Sends == nothing {
		return ""
	}
	if v.Sends == file {
		return ", body=" + v.Args[0].Name
	}

	var pairs []string
	for _, a := range v.Args {
		pairs = append(pairs, fmt.Sprintf("%q: %s", a.Name, snake(a.Name)))
	}
	line := fmt.Sprintf(", %s={%s}", v.Sends, strings.Join(pairs, ", "))
	if len(line) < 60 {
		return line
	}
	return fmt.Sprintf(", %s={\n            %s,\n        }", v.Sends, strings.Join(pairs, ",\n            "))
}

// pythonDoc is the text under a method's name: what it does, and what each argument is.
func pythonDoc(v verb) string {
	text := v.Title
	if v.Description != "" {
		text += "\n\n" + v.Description
	}

	params := ""
	for _, a := range v.Args {
		if a.Doc != "" {
			params += "\n:param " + snake(a.Name) + ": " + strings.TrimSpace(a.Doc)
		}
	}
	if params != "" {
		text += "\n" + params
	}

	const indent = "        "
	if !strings.Contains(text, "\n") {
		return indent + `"""` + text + `"""`
	}
	return indent + `"""` + strings.TrimSpace(wrapped(text, indent)) + "\n" + indent + `"""`
}
