package main

import (
	"context"
	"fmt"
	"text/tabwriter"

	"github.com/payporter-mock/payporter-mock/contract"
	"github.com/payporter-mock/payporter-mock/internal/wording"
)

// check orders once, pays once, and says of each key of the config whether it is right.
func (r *merchantRun) check(ctx context.Context) error {
	if r.options.Within > 0 {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(ctx, r.options.Within)
		defer cancel()
	}

	table := tabwriter.NewWriter(r.stdout, 0, 0, 2, ' ', 0)
	var wrong []string
	for _, c := range contract.Check(ctx, r.config, r.options.ShopLog) {
		word := "right"
		if !c.OK {
			word, wrong = "WRONG", append(wrong, c.Key)
		}
		fmt.Fprintf(table, "%s\t%s\t%s\n", word, c.Key, c.Seen)
	}
	if err := table.Flush(); err != nil {
		return &failure{err}
	}

	if len(wrong) > 0 {
		return &failure{fmt.Errorf("verify merchant --check: %s: compare %s with what was seen: the lines above that begin with "+
			"WRONG say it", r.file, wording.And(wrong))}
	}
	_, err := fmt.Fprintf(r.stdout, "%s is right: payporter-mock verify merchant --config %s judges the shop\n", r.file,
		r.file)
	return err
}
