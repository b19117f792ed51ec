package report

import (
	_ "embed"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
	"sync"

	strict "github.com/go-json-experiment/json"
	"github.com/santhosh-tekuri/jsonschema/v6"
	"golang.org/x/text/language"
	"golang.org/x/text/message"
)

//go:embed schema.json
var schema string

// Schema is the JSON Schema (draft 2020-12) of what WriteJSON writes and Read takes.
func Schema() []byte { return []byte(schema) }

// WriteJSON writes the report as Schema describes it.
func (r *Report) WriteJSON(w io.Writer) error {
	e := json.NewEncoder(w)
	e.SetEscapeHTML(false) // so that addresses stay readable
	e.SetIndent("", "  ")
	return e.Encode(r.Redacted())
}

// Read takes a report that WriteJSON wrote. It is strict: what the schema does not allow, a name that
// comes twice, anything behind the report, and counts that are not those of the rules are errors that
// say where.
func Read(from io.Reader) (*Report, error) {
	text, err := io.ReadAll(from)
	if err != nil {
		return nil, fmt.Errorf("read report: %w", err)
	}

	var any any
	if err := strict.Unmarshal(text, &any); err != nil {
		return nil, fmt.Errorf("read report: %w", err)
	}
	if err := validate(any); err != nil {
		return nil, fmt.Errorf("read report: %w", err)
	}

	var r Report
	if err := strict.Unmarshal(text, &r); err != nil {
		return nil, fmt.Errorf("read report: %w", err)
	}

	var counts Summary
	counts.Rules = len(r.Rules)
	for i := range r.Rules {
		counts.count(&r.Rules[i])
	}
	if counts != r.Summary {
		return nil, fmt.Errorf("read report: /summary does not count the rules: it says %+v, and they are %+v", r.Summary,
			counts)
	}

	return &r, nil
}

// compiled is made when the first report is read.
var compiled = sync.OnceValues(func() (*jsonschema.Schema, error) {
	document, err := jsonschema.UnmarshalJSON(strings.NewReader(schema))
	if err != nil {
		return nil, err
	}
	compiler := jsonschema.NewCompiler()
	compiler.AssertFormat()
	if err := compiler.AddResource("report.json", document); err != nil {
		return nil, err
	}
	return compiler.Compile("report.json")
})

func validate(value any) error {
	schema, err := compiled()
	if err != nil {
		return err
	}
	var invalid *jsonschema.ValidationError
	if err := schema.Validate(value); errors.As(err, &invalid) {
		return located(invalid)
	}
	return err
}

// located is the innermost cause, with the place it is at.
func located(e *jsonschema.ValidationError) error {
	for len(e.Causes) > 0 {
		e = e.Causes[0]
	}
	place := "/" + strings.Join(e.InstanceLocation, "/")
	return fmt.Errorf("%s: %s", place, e.ErrorKind.LocalizedString(message.NewPrinter(language.English)))
}
