package scenarios

import (
	"encoding/json"
	"slices"
	"strings"
	"sync"
)

// Completion is something that can stand at a place of a scenario file.
type Completion struct {
	Text string `json:"text"` // a key or a value, as it is listed
	Adds string `json:"adds"` // what is put in place of what was typed of it
}

// Complete lists what can stand at an offset of a scenario file, in bytes, as the file's schema has it. Typed is how
// many bytes before the offset the completion replaces. The file may be unfinished. Beyond what it understands it
// answers nothing.
func Complete(file string, at int) (found []Completion, typed int) {
	lines := strings.Split(file[:max(0, min(at, len(file)))], "\n")
	spot := spotOf(lines)
	nodes := reach(schemaRoot(), spot.path)

	var all []Completion
	if spot.value {
		all = valuesOf(nodes)
	} else {
		all = keysOf(nodes, spot)
	}
	all = slices.DeleteFunc(all, func(c Completion) bool { return !strings.HasPrefix(c.Text, spot.typed) })
	slices.SortFunc(all, func(a, b Completion) int { return strings.Compare(a.Text, b.Text) })
	return slices.Compact(all), len(spot.typed)
}

// item stands in a path for an entry of a list.
const item = "[]"

// spot is where in a file somebody types.
type spot struct {
	path   []string // the keys that lead there; item is an entry of a list
	typed  string   // of the key or the value, before the cursor
	value  bool     // it is a value
	flow   bool     // within braces or brackets
	indent int      // of the keys beside it, if not
}

// nowhere ends the path to a place where anything, or nothing, can stand.
const nowhere = "?"

// spotOf looks where the last line ends.
func spotOf(lines []string) spot {
	last := lines[len(lines)-1]
	indent := keyIndent(last)
	l := line{text: last[min(indent, len(last)):], spot: spot{
		indent: indent, path: above(lines[:len(lines)-1], dashIndent(last), indent),
	}}
	return l.read()
}

// keyIndent is where the key of a line begins, behind the dash of an entry.
func keyIndent(line string) int {
	indent := len(line) - len(strings.TrimLeft(line, " "))
	if rest := line[indent:]; strings.HasPrefix(rest, "- ") {
		return indent + 1 + keyIndent(rest[1:])
	}
	return indent
}

// dashIndent is where the dash of a line stands that begins an entry of a list; -1: it has none.
func dashIndent(line string) int {
	indent := len(line) - len(strings.TrimLeft(line, " "))
	if strings.HasPrefix(line[indent:], "- ") {
		return indent
	}
	return -1
}

// above is the path to the keys with the indent that stand below the lines. Dash is that of their own line.
func above(lines []string, dash, indent int) (path []string) {
	if dash >= 0 {
		path, indent = append(path, item), dash+1
	}
	for i := len(lines) - 1; i >= 0 && indent > 0; i-- {
		line := lines[i]
		text := strings.TrimSpace(line)
		key, _, isKey := strings.Cut(strings.TrimPrefix(text, "- "), ":")
		if !isKey || strings.HasPrefix(text, "#") {
			continue
		}

		at, mark := keyIndent(line), dashIndent(line)
		if at < indent {
			path = append(path, strings.TrimSpace(key))
		}
		if mark >= 0 && mark < indent && at <= indent {
			path, indent = append(path, item), mark+1
		} else if at < indent {
			indent = at
		}
	}
	slices.Reverse(path)
	return path
}

// node is a part of the schema.
type node struct {
	Ref        string          `json:"$ref"`
	Properties map[string]node `json:"properties"`
	Items      *node           `json:"items"`
	AnyOf      []node          `json:"anyOf"`
	OneOf      []node          `json:"oneOf"`
	Enum       []string        `json:"enum"`
	Const      json.RawMessage `json:"const"`
	Type       json.RawMessage `json:"type"`
	Defs       map[string]node `json:"$defs"`
}

var schemaRoot = sync.OnceValue(func() (root node) {
	if err := json.Unmarshal(Schema(), &root); err != nil {
		panic("embedded schema: " + err.Error())
	}
	return root
})

// plain are the nodes that a node stands for.
func (n node) plain() (all []node) {
	if name, ok := strings.CutPrefix(n.Ref, "#/$defs/"); ok {
		return schemaRoot().Defs[name].plain()
	}
	all = []node{n}
	for _, one := range slices.Concat(n.AnyOf, n.OneOf) {
		all = append(all, one.plain()...)
	}
	return all
}

// reach are the nodes at the end of a path.
func reach(root node, path []string) []node {
	nodes := root.plain()
	for _, step := range path {
		var next []node
		for _, n := range nodes {
			if step == item && n.Items != nil {
				next = append(next, n.Items.plain()...)
			} else if child, ok := n.Properties[step]; ok {
				next = append(next, child.plain()...)
			}
		}
		nodes = next
	}
	return nodes
}

func valuesOf(nodes []node) (all []Completion) {
	for _, n := range nodes {
		for _, value := range n.Enum {
			all = append(all, Completion{value, value})
		}
		if string(n.Type) == `"boolean"` {
			all = append(all, Completion{"true", "true"}, Completion{"false", "false"})
		}
		if len(n.Const) > 0 {
			all = append(all, Completion{string(n.Const), string(n.Const)})
		}
	}
	return all
}

func keysOf(nodes []node, s spot) (all []Completion) {
	for _, n := range nodes {
		for key, child := range n.Properties {
			all = append(all, Completion{key, key + opening(child, s)})
		}
	}
	return all
}

// opening is what follows a key before its value can be typed.
func opening(child node, s spot) string {
	below := "\n" + strings.Repeat(" ", s.indent+2)
	first := child.plain()
	shape := first[0]
	if len(first) > 1 && string(shape.Type) == "" {
		shape = first[1]
	}
	switch {
	case shape.Properties != nil && s.flow:
		return ": {"
	case shape.Properties != nil:
		return ":" + below
	case shape.Items != nil && s.flow:
		return ": ["
	case shape.Items != nil:
		return ":" + below + "- "
	}
	return ": "
}
