package ui

import (
	"context"
	"encoding/json"
	"errors"
	"strconv"

	"github.com/payporter-mock/payporter-mock/scenarios"
)

// looked is what the editor shows while somebody types.
type looked struct {
	Faults      []remark               `json:"faults"`
	Warnings    []remark               `json:"warnings"`
	Typed       int                    `json:"typed"` // bytes before the cursor that a completion replaces
	Completions []scenarios.Completion `json:"completions"`
}

// remark is about a place in what was typed. Line and column count from 1; zero: about the whole.
type remark struct {
	Line   int    `json:"line"`
	Column int    `json:"column"`
	Words  string `json:"words"`
}

// mostRemarks is how many are shown at a time. Who mends one sees the next.
const mostRemarks = 20

// check looks at a scenario file as it is being typed, and changes nothing.
func (d *dashboard) check(_ context.Context, x *exchange) (answer, error) {
	text := x.form.Get("yaml")
	at, err := strconv.Atoi(x.form.Get("at"))
	if err != nil {
		at = len(text)
	}

	l := looked{Faults: []remark{}, Warnings: []remark{}, Completions: []scenarios.Completion{}}
	if found, typed := scenarios.Complete(text, at); len(found) > 0 {
		l.Completions, l.Typed = found, typed
	}

	set, err := scenarios.Parse("", []byte(text))
	var faults scenarios.Errors
	errors.As(err, &faults)
	for _, fault := range faults[:min(len(faults), mostRemarks)] {
		words := fault.Message
		if fault.Hint != "" {
			words += ", " + fault.Hint
		}
		l.Faults = append(l.Faults, remark{fault.Place.Line, fault.Place.Column, words})
	}
	if err == nil {
		warnings := set.Lint()
		for _, warning := range warnings[:min(len(warnings), mostRemarks)] {
			l.Warnings = append(l.Warnings, remark{warning.Place.Line, warning.Place.Column, warning.Message})
		}
	}

	body, err := json.Marshal(l)
	return answer{body: body, mime: "application/json"}, err
}
