package scenarios_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/payporter-mock/payporter-mock/scenarios"
)

func TestLint(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name, first, second string
		shadowed            bool
	}{
		{"always", `{name: a}`, `{name: b}`, true},
		{"with a limit", `{name: a, limit: 5}`, `{name: b}`, false},
		{"the same", `{name: a, when: {orderId: "A*", amount: {gte: 5}, expr: amount > 6}}`, `{name: b, when: {orderId: ` +
			`"A*", amount: {gte: 5}, expr: amount > 6}}`, true},
		{"narrower range", `{name: a, when: {amount: {gte: 5}}}`, `{name: b, when: {amount: {gt: 5, lt: 7}}}`, true},
		{"wider range", `{name: a, when: {amount: {gt: 5}}}`, `{name: b, when: {amount: {gte: 5}}}`, false},
		{"other side", `{name: a, when: {amount: {gte: 5}}}`, `{name: b, when: {amount: {lte: 7}}}`, false},
		{"number in range", `{name: a, when: {amount: {gte: 5}}}`, `{name: b, when: {amount: [5, 6.0]}}`, true},
		{"number in list", `{name: a, when: {amount: [5, 6]}}`, `{name: b, when: {amount: {eq: 6.00}}}`, true},
		{"number not in list", `{name: a, when: {amount: [5, 6]}}`, `{name: b, when: {amount: [5, 7]}}`, false},
		{"prefix", `{name: a, when: {orderId: "A*"}}`, `{name: b, when: {orderId: ["AB-?", ABC]}}`, true},
		{"other prefix", `{name: a, when: {orderId: "A*"}}`, `{name: b, when: {orderId: ["AB", "B*"]}}`, false},
		{"star", `{name: a, when: {customerId: "*"}}`, `{name: b}`, true},
		{"more asked", `{name: a, when: {orderId: "A*"}}`, `{name: b}`, false},
		{"until paying", `{name: a, when: {attempt: 1}}`, `{name: b}`, false},
		{"paying later", `{name: a}`, `{name: b, when: {attempt: 1}}`, true},
		{"other expression", `{name: a, when: {expr: amount > 5}}`, `{name: b, when: {expr: amount > 6}}`, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			warnings := parse(t, "version: 1\nscenarios:\n  - "+c.first+"\n  - "+c.second+"\n").Lint()
			require.Equal(t, c.shadowed, len(warnings) > 0, "%v", warnings)
			if c.shadowed {
				require.Equal(t, `test.yaml:4:5: warning: scenario "b" can only be used by name: "a" at test.yaml:3:5 comes first and `+
					`matches whatever it would`,
					warnings[0].String())
			}
		})
	}
}

func TestLintKnowsTheTestCards(t *testing.T) {
	t.Parallel()
	warnings := parse(t, `version: 1
scenarios:
  - {name: good, when: {orderId: A}, payer: {card: "5528 7900 0000 0008"}}
  - {name: real, when: {orderId: B}, payer: {card: "4242424242424242"}}
  - {name: nobody, when: {card: "4242*"}}
`).Lint()
	require.Equal(t, []scenarios.Warning{
		{scenarios.Place{File: "test.yaml", Line: 4, Column: 5}, "real", "cannot pay: payer.card 424242******4242 is not " +
			"a test card of this sandbox"},
		{scenarios.Place{File: "test.yaml", Line: 5, Column: 5}, "nobody", `never matches: no test card's number is "4242*"`},
	}, warnings)
}

// The example of the promise loads, and Lint says what of it happens only by name.
func TestPromisedExampleLoads(t *testing.T) {
	t.Parallel()
	set, err := scenarios.Load([]string{"testdata/good/promise.yaml"})
	require.NoError(t, err)
	warnings := set.Lint()
	require.Len(t, warnings, 1)
	require.Equal(t, "does create and payer and callback.deliveries.beforeResponse only when it is used by name: "+
		"card, installmentCount and attempt are not known until the customer pays", warnings[0].Message)
}

// What can be written, but is hardly what was meant.
func TestLintWarnsOfUnlikelyValues(t *testing.T) {
	t.Parallel()
	const isPattern = ", which is a pattern: * stands for any text, ? for one character, [0-9] for a digit"
	for scenario, want := range map[string]string{
		`when: {orderId: "^ORD-.*$"}`: `has a regular expression in when.orderId, "^ORD-.*$"` + isPattern +
			`; did you mean "ORD-*"?`,
		`when: {customerId: ['VIP', 'C-\d\d']}`: `has a regular expression in when.customerId, "C-\\d\\d"` + isPattern +
			`; did you mean "C-[0-9][0-9]"?`,
		`when: {description: "(gift|present)"}`: `has a regular expression in when.description, "(gift|present)"` + isPattern,
		`when: {orderId: "4111[0-9]+"}`: `has a regular expression in when.orderId, "4111[0-9]+"` + isPattern +
			`; did you mean "4111*"?`,
		`when: {installmentCount: [3, 24]}`:  "waits for 24 instalments, and there are at most 12",
		`when: {installmentCount: {gt: 12}}`: "waits for > 12 instalments, and there are at most 12",
		`payer: {installmentCount: 13}`:      "cannot pay: payer.installmentCount is 13, and there are at most 12",
		`payment: {status: SUCCESS, resultCode: "51"}`: "has status SUCCESS with resultCode 51, by which a bank " +
			"declines",
		`payment: [{status: FAILED, resultCode: "51"}, {status: FAILED, resultCode: SUCCESS}]`: "has status FAILED with " +
			"resultCode SUCCESS, by which a bank approves",

		`when: {orderId: "[AB]*", customerId: "v1.?", description: "{a,b}$1", installmentCount: {gte: 12}}`: "",
		`payer: {installmentCount: 12}`:                          "",
		`payment: {status: SUCCESS, resultCode: "00"}`:           "",
		`payment: {status: SUCCESS, resultCode: SUCCESS}`:        "",
		`payment: {status: FAILED, resultCode: "51", delay: 1s}`: "",
	} {
		warnings := parse(t, "version: 1\nscenarios:\n  - {name: a, "+scenario+"}\n").Lint()
		if want == "" {
			require.Empty(t, warnings, scenario)
			continue
		}
		require.Len(t, warnings, 1, scenario)
		require.Equal(t, want, warnings[0].Message, scenario)
	}
}
