package scenarios

import (
	"strconv"
	"strings"

	"go.yaml.in/yaml/v4"

	"github.com/payporter-mock/payporter-mock/payment"
)

func isMapping(n *yaml.Node) bool { return n.Kind == yaml.MappingNode }
func isList(n *yaml.Node) bool    { return n.Kind == yaml.SequenceNode }
func isNull(n *yaml.Node) bool    { return n.Kind == yaml.ScalarNode && n.ShortTag() == "!!null" }

// isText takes a date without quotes for the text that it was surely meant to be.
func isText(n *yaml.Node) bool {
	return n.Kind == yaml.ScalarNode && (n.ShortTag() == "!!str" || n.ShortTag() == "!!timestamp")
}

func isNumber(n *yaml.Node) bool {
	return n.Kind == yaml.ScalarNode && (n.ShortTag() == "!!int" || n.ShortTag() == "!!float")
}

// truthOf is true or false, or empty for anything else.
func truthOf(n *yaml.Node) string {
	word := strings.ToLower(n.Value)
	if n.Kind == yaml.ScalarNode && n.ShortTag() == "!!bool" && (word == "true" || word == "false") {
		return word
	}
	return ""
}

func isQuoted(n *yaml.Node) bool { return n.Style&(yaml.SingleQuotedStyle|yaml.DoubleQuotedStyle) != 0 }

// singleLine reports whether a text stands in the file as it is.
func singleLine(n *yaml.Node) bool { return n.Style&(yaml.LiteralStyle|yaml.FoldedStyle) == 0 }

// describe says in words what a value is.
func describe(n *yaml.Node) string {
	switch {
	case isMapping(n):
		return "a mapping"
	case isList(n):
		return "a list"
	case isText(n):
		return quoted(n.Value)
	case isNull(n):
		return "nothing"
	case n.Kind == yaml.AliasNode:
		return "an alias"
	}
	return shorten(n.Value)
}

// quoted shows a text of the file, shortened and without a card number in clear.
func quoted(s string) string { return strconv.Quote(shorten(s)) }

func shorten(s string) string {
	s = payment.MaskSecrets(s)
	if runes := []rune(s); len(runes) > 60 {
		return string(runes[:60]) + "..."
	}
	return s
}
