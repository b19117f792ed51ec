package rule

import "slices"

// Select says which rules of a table are asked for by their names or their families' names: all, if none is. The names
// that the table does not know are answered, too.
func Select[J any](table []Rule[J], names []string) (chosen func(Rule[J]) bool, unknown []string) {
	for _, name := range names {
		if !slices.ContainsFunc(table, func(r Rule[J]) bool { return r.Is(name) }) {
			unknown = append(unknown, name)
		}
	}
	return func(r Rule[J]) bool { return len(names) == 0 || slices.ContainsFunc(names, r.Is) }, unknown
}
