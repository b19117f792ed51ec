package shop

import (
	"fmt"
	"strings"
)

// ConfigReference is every key of config files as Markdown, for people. It is made of the table by which they are read.
func ConfigReference() string {
	var b strings.Builder
	for _, o := range objects() {
		fmt.Fprintf(&b, "\n### %s\n\n| key | value | without it | what it is | example |\n|---|---|---|---|---|\n", o.title())
		for _, k := range o.keys {
			b.WriteString(k.row())
		}
	}
	return b.String() + "\n"
}

// title is what the keys of an object stand in.
func (o *object) title() string {
	switch o {
	case configKeys:
		return "The file"
	case stepKeys:
		return "A step, one of the requests under `before`"
	case requestKeys:
		return "A request"
	case placeKeys:
		return "A place in an answer"
	case conditionKeys:
		return "A condition"
	}
	return "`" + o.name + "`"
}

// row is a key as a row of its object's table.
func (k key) row() string {
	without := k.byItself
	if k.needed {
		without = "must be there"
	}
	example := k.example
	if example != "" {
		example = "`" + example + "`"
	}

	cells := []string{"`" + k.name + "`", k.valueInWords(), without, k.means, example}
	for i := range cells {
		cells[i] = strings.ReplaceAll(cells[i], "|", `\|`)
	}
	return "| " + strings.Join(cells, " | ") + " |\n"
}

// valueInWords says what the value is.
func (k key) valueInWords() string {
	switch {
	case k.of == nil:
		return string(k.kind)
	case k.many:
		return "list of " + k.of.name + "s"
	case k.named:
		return "names and " + k.of.name + "s"
	}
	return k.of.name
}
