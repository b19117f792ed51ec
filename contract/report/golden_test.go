package report_test

import (
	"bytes"
	"testing"

	"github.com/payporter-mock/payporter-mock/contract/report"
)

func TestForms(t *testing.T) {
	t.Parallel()
	for name, r := range map[string]func() *report.Report{"sample": sample, "hostile": hostile, "client": client} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			for file, form := range map[string]func(*bytes.Buffer) error{
				".txt": func(b *bytes.Buffer) error { return r().WriteTerminal(b, report.Terminal{}) },
				".colour.txt": func(b *bytes.Buffer) error {
					return r().WriteTerminal(b, report.Terminal{Width: 72, Colour: true, Verbose: true})
				},
				".json":      func(b *bytes.Buffer) error { return r().WriteJSON(b) },
				".junit.xml": func(b *bytes.Buffer) error { return r().WriteJUnit(b) },
			} {
				golden(t, name+file, write(t, form))
			}
		})
	}
}
