package yamlfile

import (
	"regexp"
	"strings"
)

// lineBreak is all that ends a line for YAML.
var lineBreak = regexp.MustCompile("\r\n|[\r\n\u0085\u2028\u2029]")

// linesOf are the lines of a text, as the parser counts them.
func linesOf(source []byte) []string { return lineBreak.Split(string(source), -1) }

// isText reports whether a line is neither empty nor a comment.
func isText(line string) bool {
	line = strings.TrimSpace(line)
	return line != "" && line[0] != '#'
}

func indent(line string) int { return len(line) - len(strings.TrimLeft(line, " ")) }
