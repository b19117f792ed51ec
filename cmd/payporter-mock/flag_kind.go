package main

import (
	"strconv"
	"time"

	"github.com/urfave/cli/v3"
)

// flagKind is what values a flag takes.
type flagKind struct {
	words  string                 // such as: a whole number
	hint   string                 // how to mend a value of another kind
	takes  func(text string) bool // whether it is a value of this kind
	many   bool                   // it may be given several times
	schema map[string]any         // of one value in a config file
}

// fromVariable is what a value looks like that a variable has a part in.
const fromVariable = `\$\{`

// kindOf is the kind of a flag of serve.
func kindOf(f cli.Flag) flagKind {
	switch f.(type) {
	case *cli.BoolFlag:
		return flagKind{
			words: "true or false", takes: func(text string) bool { return text == "true" || text == "false" },
			schema: orText("boolean", "^(true|false)$|"+fromVariable),
		}
	case *cli.IntFlag, *cli.Int64Flag, *cli.Uint64Flag:
		whole := orText("integer", "^[0-9]+$|"+fromVariable)
		whole["minimum"] = 0
		return flagKind{words: "a whole number from 0", takes: isWhole, schema: whole}

	case *cli.DurationFlag:
		return flagKind{
			words: "a duration such as 500ms, 30s or 24h", hint: "a number needs its unit", takes: isDuration,
			schema: map[string]any{"type": "string", "pattern": `^([0-9]+(\.[0-9]+)?(ns|us|µs|ms|s|m|h))+$|` + fromVariable},
		}
	case *cli.StringSliceFlag:
		return flagKind{words: "a text or a list of texts", takes: isText, many: true, schema: listOrText()}
	}
	return flagKind{words: "a text", takes: isText, schema: text()}
}

func isText(string) bool { return true }

func isWhole(text string) bool {
	_, err := strconv.ParseUint(text, 10, 64)
	return err == nil
}

func isDuration(text string) bool {
	_, err := time.ParseDuration(text)
	return err == nil
}

func text() map[string]any { return map[string]any{"type": []string{"string", "number", "boolean"}} }

func listOrText() map[string]any {
	return map[string]any{"anyOf": []any{text(), map[string]any{"type": "array", "minItems": 1, "items": text()}}}
}

// orText is a value of a type, or a text that becomes one.
func orText(kind, pattern string) map[string]any {
	return map[string]any{"type": []string{kind, "string"}, "pattern": pattern}
}
