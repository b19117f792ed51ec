package main

import (
	"cmp"
	"fmt"
	"os"
	"slices"
	"strings"
)

func median[T cmp.Ordered](values []T) T {
	slices.Sort(values)
	return values[len(values)/2]
}

// report prints the result, and writes it to a file if one is named.
func report(all []*contestant, file string) error {
	var out strings.Builder
	fmt.Fprintln(&out, "| server | creates a second | processor time a create | flows a second | processor time a flow | start to first 200 | resident at rest |")
	fmt.Fprintln(&out, "|---|---:|---:|---:|---:|---:|---:|")
	bare := all[0]
	for _, c := range all {
		fmt.Fprintf(&out, "| %s | %.0f (%.2f) | %.1f µs | %s | %.1f ms | %.1f MB |\n", c.name,
			median(c.perSec), median(c.perSec)/median(bare.perSec), median(c.cpu), c.flowCells(bare),
			float64(median(c.starts).Microseconds())/1000, median(c.rest))
	}
	fmt.Print(out.String())
	if file == "" {
		return nil
	}
	const head = "# The last run of `make bench`\n\n" +
		"Medians, on a machine with other work to do: look at the ratios to the bare program, in brackets. A create is\n" +
		"validated and answered; a flow is a create, the payment, its callback to a receiver, and that one's GET.\n\n"
	return os.WriteFile(file, []byte(head+out.String()), 0o644)
}

// flowCells are the two cells about flows, which not everybody makes.
func (c *contestant) flowCells(bare *contestant) string {
	if len(c.flows) == 0 {
		return "– | –"
	}
	return fmt.Sprintf("%.0f (%.2f) | %.1f µs", median(c.flows), median(c.flows)/median(bare.flows), median(c.flowCPU))
}
