package report_test

import (
	"bytes"
	"testing"

	"github.com/payporter-mock/payporter-mock/contract/report"
)

func TestForms(t *testing.T) {
	t.Parallel()
	for name, r := range map[string]*report.Report{
		"sample": sample(), "hostile": hostile(), "client": client(),
		"nothing": nothing(),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			for file, form := range everyForm(r) {
				golden(t, name+file, write(t, form))
			}
		})
	}
}

func everyForm(r *report.Report) map[string]func(*bytes.Buffer) error {
	return map[string]func(*bytes.Buffer) error{
		".txt":         func(b *bytes.Buffer) error { return r.WriteTerminal(b, report.Terminal{}) },
		".colour.txt":  func(b *bytes.Buffer) error { return r.WriteTerminal(b, coloured) },
		".json":        func(b *bytes.Buffer) error { return r.WriteJSON(b) },
		".junit.xml":   func(b *bytes.Buffer) error { return r.WriteJUnit(b) },
		".html":        func(b *bytes.Buffer) error { return r.WriteHTML(b) },
		".annotations": func(b *bytes.Buffer) error { return r.WriteAnnotations(b) },
		".md":          func(b *bytes.Buffer) error { return r.WriteStepSummary(b) },
	}
}

var coloured = report.Terminal{Width: 72, Colour: true, Verbose: true}
