package ui

import (
	"context"
	"encoding/json"
	"errors"
	"regexp"
	"slices"
	"strconv"
	"strings"

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
	if err != nil {
		set, err = scenarios.Parse("", []byte(withoutFaulty(text, faults)))
	}
	if err == nil {
		warnings := set.Lint()
		for _, warning := range warnings[:min(len(warnings), mostRemarks)] {
			words := strings.TrimPrefix(warning.String(), warning.Place.String()+": ")
			l.Warnings = append(l.Warnings, remark{warning.Place.Line, warning.Place.Column, words})
		}
	}

	body, err := json.Marshal(l)
	return answer{body: body, mime: "application/json"}, err
}

// item begins a scenario of the list, or a value of another list.
var item = regexp.MustCompile(`^( *)- `)

// withoutFaulty is the text in which the scenarios with a fault are empty lines, so that the others keep their places
// and what there is to say about them stays while somebody types.
func withoutFaulty(text string, faults scenarios.Errors) string {
	lines := strings.Split(text, "\n")
	begins, indent := []int{}, ""
	for i, line := range lines {
		found := item.FindStringSubmatch(line)
		if found == nil || len(begins) > 0 && found[1] != indent {
			continue
		}
		begins, indent = append(begins, i), found[1]
	}

	for n, from := range begins {
		to := len(lines)
		if n+1 < len(begins) {
			to = begins[n+1]
		}
		in := func(e scenarios.Error) bool { return from < e.Place.Line && e.Place.Line <= to }
		if slices.ContainsFunc([]scenarios.Error(faults), in) {
			clear(lines[from:to])
		}
	}
	return strings.Join(lines, "\n")
}
