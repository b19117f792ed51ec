package scenarios_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/payporter-mock/payporter-mock/scenarios"
)

// The cursor stands where | is. What is wanted is what completions there are, and what the first one makes of the
// file.
func TestCompletionsFollowTheSchema(t *testing.T) {
	t.Parallel()
	const head = "version: 1\nscenarios:\n  - name: a\n"
	for name, test := range map[string]struct {
		file, want, makes string
	}{
		"top":                   {"ver|", "version", "version: "},
		"top, lists":            {"version: 1\nsc|", "scenarios", "version: 1\nscenarios:\n  - "},
		"a constant":            {"version: |", "1", "version: 1"},
		"first key of an entry": {"version: 1\nscenarios:\n  - na|", "name", "version: 1\nscenarios:\n  - name: "},
		"a key of an entry":     {head + "    pay|", "payer payment", head + "    payer:\n      "},
		"a value": {
			head + "    payer:\n      action: |",
			"abandon cancel pay wait",
			head + "    payer:\n      action: abandon",
		},
		"a begun value": {
			head + "    payment:\n      status: SU|",
			"SUCCESS",
			head + "    payment:\n      status: SUCCESS",
		},
		"in braces": {
			head + "    payment: {res|",
			"resultCode resultMessage",
			head + "    payment: {resultCode: ",
		},
		"second in braces": {
			head + "    payment: {status: FAILED, resultC|",
			"resultCode",
			head + "    payment: {status: FAILED, resultCode: ",
		},
		"a value in braces": {head + "    payment: {status: F|", "FAILED", head + "    payment: {status: FAILED"},
		"braces in braces": {
			head + "    create: {respond: {retry|", "retryAfter", head + "    create: {respond: {retryAfter: ",
		},
		"behind braces in braces": {
			head + "    create: {respond: {status: 503}, ti|",
			"times",
			head + "    create: {respond: {status: 503}, times: ",
		},
		"an entry in a list": {
			head + "    callback:\n      deliveries:\n        - check|", "checkoutId",
			head + "    callback:\n      deliveries:\n        - checkoutId: ",
		},
		"an entry in braces": {
			head + "    callback:\n      deliveries:\n        - {after: 1s, as: |", "form json query",
			head + "    callback:\n      deliveries:\n        - {after: 1s, as: form",
		},
		"a list in brackets": {
			head + "    when: {operation: [checkout, re|",
			"refund",
			head + "    when: {operation: [checkout, refund",
		},
		"a second entry in brackets": {
			head + "    status: [{fault: empty}, {ti|",
			"times",
			head + "    status: [{fault: empty}, {times: ",
		},
		"a third entry in brackets": {
			head + "    status: [{fault: empty}, {respond: {status: 500}}, {fau|",
			"fault",
			head + "    status: [{fault: empty}, {respond: {status: 500}}, {fault: ",
		},
		"a second entry in brackets in braces": {
			head + "    callback: {deliveries: [{after: 0s}, {check|",
			"checkoutId",
			head + "    callback: {deliveries: [{after: 0s}, {checkoutId: ",
		},
		"a value of a second entry": {
			head + "    callback: {deliveries: [{after: 0s}, {after: 1s, as: |",
			"form json query",
			head + "    callback: {deliveries: [{after: 0s}, {after: 1s, as: form",
		},
		"behind brackets in braces": {
			head + "    callback: {deliveries: [{after: 0s}], v|",
			"via",
			head + "    callback: {deliveries: [{after: 0s}], via: ",
		},
		"behind a list of values": {
			head + "    when: {operation: [checkout], am|",
			"amount",
			head + "    when: {operation: [checkout], amount: ",
		},
		"behind a quote within a word": {
			head + "    payment: {resultMessage: it's so, st|",
			"status",
			head + "    payment: {resultMessage: it's so, status: ",
		},
		"behind quotes within quotes": {
			head + "    payment: {resultCode: 'it''s, {so', resultMessage: \"a\\\", [b\", st|",
			"status",
			head + "    payment: {resultCode: 'it''s, {so', resultMessage: \"a\\\", [b\", status: ",
		},
		"behind a bracket within a word": {
			head + "    payment: {resultMessage: a[b, st|",
			"status",
			head + "    payment: {resultMessage: a[b, status: ",
		},
		"where a comma is missing":           {head + "    payment: {status: FAILED} |", "", ""},
		"where a comma is missing in a list": {head + "    when: {operation: [checkout] |", "", ""},
		"behind all braces":                  {head + "    callback: {deliveries: [{after: 0s}]} |", "", ""},
		"behind a comma in a text":           {head + "    payment:\n      status: a, SU|", "", ""},
		"a second entry": {
			head + "    payer:\n      action: pay\n  - name: b\n    refu|",
			"refund",
			head + "    payer:\n      action: pay\n  - name: b\n    refund:\n      ",
		},
		"a list that is not indented": {
			"version: 1\nscenarios:\n- name: a\n  lim|",
			"limit",
			"version: 1\nscenarios:\n- name: a\n  limit: ",
		},
		"true or false": {
			head + "    create:\n      created: t|",
			"true",
			head + "    create:\n      created: true",
		},
		"behind a comment": {
			head + "    # pay\n    web|",
			"webhook",
			head + "    # pay\n    webhook:\n      ",
		},
		"in a text":       {head + "    description: \"pa|", "", ""},
		"in a comment":    {head + "    # pa|", "", ""},
		"what is free":    {head + "    description: pa|", "", ""},
		"what is unknown": {head + "    paymnt:\n      st|", "", ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			before, _, _ := strings.Cut(test.file, "|")
			found, typed := scenarios.Complete(before+"\n# more", len(before))
			var texts []string
			for _, one := range found {
				texts = append(texts, one.Text)
			}
			require.Equal(t, test.want, strings.Join(texts, " "))
			if test.want != "" {
				require.Equal(t, test.makes, before[:len(before)-typed]+found[0].Adds)
			}
		})
	}
}

// Whatever stands in a file and wherever the cursor is, there is an answer.
func FuzzComplete(f *testing.F) {
	f.Add("version: 1\nscenarios:\n  - name: a\n    create: {respond: {status: 503}, ti", 60)
	f.Add("- - - {[}]: ,: '\"", 9)
	f.Fuzz(func(t *testing.T, file string, at int) {
		found, typed := scenarios.Complete(file, at)
		if typed > len(file) || typed < 0 {
			t.Fatalf("%d bytes of %d are replaced", typed, len(file))
		}
		for _, one := range found {
			if !strings.HasPrefix(one.Adds, one.Text) {
				t.Fatalf("%q adds %q", one.Text, one.Adds)
			}
		}
	})
}
