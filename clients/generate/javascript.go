package main

import (
	"regexp"
	"strings"
	"text/template"

	"github.com/getkin/kin-openapi/openapi3"
)

var javaScriptFile = template.Must(template.New("").Funcs(template.FuncMap{
	"path": javaScriptPath, "parameters": javaScriptParameters, "given": javaScriptGiven,
}).Parse(`// Generated from the control API's description by: go generate ./clients/generate
'use strict';

const { Caller } = require('./caller.js');

/** The calls that concern the whole sandbox. */
class SandboxVerbs extends Caller {
{{- range .}}{{if .Shared}}
  {{.Name}}({{parameters .}}) {
    return this.call('{{.Method}}', {{path .}}{{given .}});
  }
{{end}}{{end}}}

/** The calls that concern one merchant. */
class MerchantVerbs extends Caller {
{{- range .}}{{if not .Shared}}
  {{.Name}}({{parameters .}}) {
    return this.call('{{.Method}}', {{path .}}{{given .}});
  }
{{end}}{{end}}}

exports.SandboxVerbs = SandboxVerbs;
exports.MerchantVerbs = MerchantVerbs;
`))

// javaScript is the methods themselves. What they take and answer stands beside them, in typeScript's file.
func javaScript(_ *openapi3.T, verbs []verb) (string, error) {
	var b strings.Builder
	err := javaScriptFile.Execute(&b, verbs)
	return b.String(), err
}

// placeholder is a parameter in a path.
var placeholder = regexp.MustCompile(`\{(\w+)\}`)

func javaScriptPath(v verb) string {
	if len(v.IDs) == 0 {
		return "'" + v.Path + "'"
	}
	return "`" + placeholder.ReplaceAllString(v.Path, "$${encodeURIComponent($1)}") + "`"
}

func javaScriptParameters(v verb) string {
	all := append([]string{}, v.IDs...)
	switch v.Sends {
	case query, body:
		all = append(all, "options")
	case file:
		all = append(all, v.Args[0].Name)
	}
	return strings.Join(all, ", ")
}

func javaScriptGiven(v verb) string {
	switch v.Sends {
	case query:
		return ", { query: options }"
	case body:
		return ", { body: options }"
	case file:
		return ", { body: " + v.Args[0].Name + " }"
	}
	return ""
}
