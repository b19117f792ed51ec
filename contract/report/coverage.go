package report

// kindCoverage is the coverage of one kind of things.
type kindCoverage struct {
	Name    string
	Items   []CoverageItem
	Covered int
}

// Percent is rounded down: only what is whole shows 100.
func (k kindCoverage) Percent() int {
	if len(k.Items) == 0 {
		return 0
	}
	return k.Covered * 100 / len(k.Items)
}

func (k kindCoverage) missing() []string {
	var names []string
	for _, item := range k.Items {
		if item.Count <= 0 {
			names = append(names, item.Name)
		}
	}
	return names
}

// kinds are in the order in which they come up.
func (c *Coverage) kinds() []kindCoverage {
	if c == nil {
		return nil
	}

	var kinds []kindCoverage
	at := map[string]int{}
	for _, item := range c.Items {
		i, known := at[item.Kind]
		if !known {
			i = len(kinds)
			at[item.Kind] = i
			kinds = append(kinds, kindCoverage{Name: item.Kind})
		}
		kinds[i].Items = append(kinds[i].Items, item)
		if item.Count > 0 {
			kinds[i].Covered++
		}
	}

	return kinds
}

// Missing and Met are the two halves of a kind.
func (k kindCoverage) Missing() []CoverageItem { return k.half(false) }
func (k kindCoverage) Met() []CoverageItem     { return k.half(true) }

func (k kindCoverage) half(met bool) []CoverageItem {
	var items []CoverageItem
	for _, item := range k.Items {
		if item.Count > 0 == met {
			item.Name = oneLine(item.Name)
			items = append(items, item)
		}
	}
	return items
}

// Label is the kind as a heading.
func (k kindCoverage) Label() string { return oneLine(k.Name) }

// Whole is how much of the bar is full, in thousandths.
func (k kindCoverage) Whole() int { return k.Covered * 1000 / max(1, len(k.Items)) }
