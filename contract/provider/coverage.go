package provider

import (
	"cmp"
	"maps"
	"slices"
	"strconv"

	"github.com/payporter-mock/payporter-mock/contract/report"
)

// coverage counts what of the contract the run has been through: the operations and the answers that the document
// names, those that never came among them.
func (r *run) coverage() *report.Coverage {
	type item struct{ kind, name string }
	counts := make(map[item]int)
	for _, op := range r.operations {
		counts[item{"operation", op.ID}] = 0
		for _, status := range op.Answers() {
			counts[item{"answer", op.ID + " " + status}] = 0
		}
	}

	for _, x := range r.seen() {
		if x.op == nil {
			continue
		}
		counts[item{"operation", x.op.ID}]++
		answer := item{"answer", x.op.ID + " " + strconv.Itoa(x.Answer().Status)}
		if _, named := counts[answer]; named && x.err == nil {
			counts[answer]++
		}
	}
	items := slices.SortedFunc(maps.Keys(counts), func(a, b item) int {
		return cmp.Or(-cmp.Compare(a.kind, b.kind), cmp.Compare(a.name, b.name))
	})
	covered := &report.Coverage{}
	for _, i := range items {
		covered.Items = append(covered.Items, report.CoverageItem{Kind: i.kind, Name: i.name, Count: counts[i]})
	}
	return covered
}
