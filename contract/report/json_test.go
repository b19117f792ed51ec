package report_test

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"
	"github.com/stretchr/testify/require"

	"github.com/payporter-mock/payporter-mock/contract/report"
)

func TestReportsKeepToTheirSchema(t *testing.T) {
	t.Parallel()
	document, err := jsonschema.UnmarshalJSON(bytes.NewReader(report.Schema()))
	require.NoError(t, err)
	compiler := jsonschema.NewCompiler()
	compiler.AssertFormat()
	require.NoError(t, compiler.AddResource("schema.json", document))
	compiled, err := compiler.Compile("schema.json")
	require.NoError(t, err)
	for name, r := range map[string]*report.Report{
		"sample": sample(), "hostile": hostile(), "client": client(),
		"empty": empty(),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var b bytes.Buffer
			require.NoError(t, r.WriteJSON(&b))
			value, err := jsonschema.UnmarshalJSON(&b)
			require.NoError(t, err)
			require.NoError(t, compiled.Validate(value))
		})
	}
}

func empty() *report.Report {
	r := &report.Report{Kind: report.Provider}
	r.Conclude("")
	return r
}

// The schema says of everything what it is, so that nobody has to read our source.
func TestSchemaDescribesEverything(t *testing.T) {
	t.Parallel()
	var schema map[string]any
	require.NoError(t, json.Unmarshal(report.Schema(), &schema))
	require.Equal(t, "https://json-schema.org/draft/2020-12/schema", schema["$schema"])
	described(t, schema, schema, "")
}

func described(t *testing.T, root, node map[string]any, at string) {
	t.Helper()
	if at != "" || node["title"] == nil {
		_, own := node["description"]
		require.True(t, own || refers(root, node), "%s has no description", at)
	}
	for _, below := range []string{"properties", "$defs"} {
		children, _ := node[below].(map[string]any)
		for name, child := range children {
			described(t, root, child.(map[string]any), at+"/"+name)
		}
	}
}

// refers reports whether the node is a definition that has its own description.
func refers(root, node map[string]any) bool {
	ref, _ := node["$ref"].(string)
	definition, found := root["$defs"].(map[string]any)[strings.TrimPrefix(ref, "#/$defs/")].(map[string]any)
	_, told := definition["description"]
	return found && told
}

func TestReadTakesWhatWasWritten(t *testing.T) {
	t.Parallel()
	for _, r := range []*report.Report{sample(), client(), hostile(), empty()} {
		first := write(t, func(b *bytes.Buffer) error { return r.WriteJSON(b) })
		read, err := report.Read(strings.NewReader(first))
		require.NoError(t, err)
		require.Equal(t, first, write(t, func(b *bytes.Buffer) error { return read.WriteJSON(b) }))
	}
}

func TestReadIsStrict(t *testing.T) {
	t.Parallel()
	good := write(t, func(b *bytes.Buffer) error { return sample().WriteJSON(b) })
	for name, c := range map[string]struct{ old, new, want string }{
		"another version": {`"version": 1`, `"version": 2`, "read report: /version: value must be 1"},
		"unknown kind": {`"kind": "merchant"`, `"kind": "shop"`, "read report: /kind: value must be one of " +
			"'merchant', 'client', 'provider'"},
		"unknown result": {`"result": "skipped"`, `"result": "ok"`, "read report: /rules/10/result: value must be " +
			"one of 'passed', 'failed', 'not-evaluable', 'skipped'"},
		"unknown property": {`"tool":`, `"tools": 1, "tool":`, "read report: /: additional properties 'tools' " +
			"not allowed"},
		"a name twice": {
			`"kind": "merchant"`, `"kind": "client", "kind": "merchant"`,
			`duplicate object member name "kind"`,
		},
		"another letter case": {`"kind":`, `"Kind":`, "missing property 'kind'"},
		"no such time":        {`"2026-03-02T12:00:00Z"`, `"yesterday"`, "/at: 'yesterday' is not valid date-time"},
		"negative time":       {`"seconds": 31.24`, `"seconds": -1`, "read report: /seconds: minimum: got -1, want 0"},
		"wrong counts":        {`"passed": 3,`, `"passed": 4,`, "/summary does not count the rules"},
		"something behind":    {"\n}\n", "\n} {}", "invalid character '{' after top-level value"},
		"nothing":             {good, "", "EOF"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			bad := strings.Replace(good, c.old, c.new, 1)
			require.NotEqual(t, good, bad)
			_, err := report.Read(strings.NewReader(bad))
			require.ErrorContains(t, err, c.want)
		})
	}
}
