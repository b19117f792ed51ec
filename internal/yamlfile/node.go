package yamlfile

import (
	"strconv"
	"strings"

	"go.yaml.in/yaml/v4"

	"github.com/payporter-mock/payporter-mock/payment"
)

// IsMapping reports whether a value is a mapping.
func IsMapping(n *yaml.Node) bool { return n.Kind == yaml.MappingNode }

// IsList reports whether a value is a list.
func IsList(n *yaml.Node) bool { return n.Kind == yaml.SequenceNode }

// IsNull reports whether a value is null or was left empty.
func IsNull(n *yaml.Node) bool { return n.Kind == yaml.ScalarNode && n.ShortTag() == "!!null" }

// IsText reports whether a value is text. A date without quotes is, for it was surely meant to be.
func IsText(n *yaml.Node) bool {
	return n.Kind == yaml.ScalarNode && (n.ShortTag() == "!!str" || n.ShortTag() == "!!timestamp")
}

// IsNumber reports whether a value is a number, in any of the forms that YAML has.
func IsNumber(n *yaml.Node) bool {
	return n.Kind == yaml.ScalarNode && (n.ShortTag() == "!!int" || n.ShortTag() == "!!float")
}

// Truth is true or false, or empty for any other value.
func Truth(n *yaml.Node) string {
	word := strings.ToLower(n.Value)
	if n.Kind == yaml.ScalarNode && n.ShortTag() == "!!bool" && (word == "true" || word == "false") {
		return word
	}
	return ""
}

// IsQuoted reports whether a text stands in quotes.
func IsQuoted(n *yaml.Node) bool { return n.Style&(yaml.SingleQuotedStyle|yaml.DoubleQuotedStyle) != 0 }

// IsBlock reports whether a text is a block of lines, whose characters stand elsewhere than where it begins.
func IsBlock(n *yaml.Node) bool { return n.Style&(yaml.LiteralStyle|yaml.FoldedStyle) != 0 }

// Describe says in words what a value is.
func Describe(n *yaml.Node) string {
	switch {
	case IsMapping(n):
		return "a mapping"
	case IsList(n):
		return "a list"
	case IsText(n):
		return Quoted(n.Value)
	case IsNull(n):
		return "nothing"
	case n.Kind == yaml.AliasNode:
		return "an alias"
	}
	return Shorten(n.Value)
}

// Quoted is Shorten in quotes.
func Quoted(s string) string { return strconv.Quote(Shorten(s)) }

// Shorten shows a text of a file: at most 60 characters of it, without a card number or a secret in clear.
func Shorten(s string) string {
	s = payment.MaskSecrets(s)
	if runes := []rune(s); len(runes) > 60 {
		return string(runes[:60]) + "..."
	}
	return s
}
