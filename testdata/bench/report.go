package main

import (
	"cmp"
	"fmt"
	"os"
	"slices"
	"strings"
	"time"
)

func median[T cmp.Ordered](values []T) T {
	slices.Sort(values)
	return values[len(values)/2]
}

// report is what has been measured so far.
type report struct {
	file    string   // where it is written to, too; empty: nowhere
	skipped []string // the parts that are left out
	text    strings.Builder
}

func (r *report) skips(part string) bool { return slices.Contains(r.skipped, part) }

const head = "# The last run of `make bench`\n\n" +
	"Medians, on a machine with other work to do: look at the ratios to the bare program, in brackets. A create is\n" +
	"validated and answered; a flow is a create, the payment, its callback to a receiver, and that one's GET; a\n" +
	"payment is a direct one with its webhook, which the sandbox signs and the bare program does not. Sandboxes on a\n" +
	"store create over more connections and for more merchants; PostgreSQL runs on the same machine, as it is set by\n" +
	"default.\n\n"

// add prints a part of the report, and writes the file with all parts so far.
func (r *report) add(write func(*strings.Builder)) error {
	var part strings.Builder
	if r.text.Len() > 0 {
		part.WriteString("\n")
	}
	write(&part)
	fmt.Print(part.String())
	r.text.WriteString(part.String())
	if r.file == "" {
		return nil
	}
	return os.WriteFile(r.file, []byte(head+r.text.String()), 0o644)
}

func writeServers(out *strings.Builder, all []*contestant) {
	fmt.Fprintln(out, "| server | creates a second | processor time a create | flows a second | processor time a flow "+
		"| payments a second | processor time a payment | start to first 200 | resident at rest |")
	fmt.Fprintln(out, "|---|---:|---:|---:|---:|---:|---:|---:|---:|")
	bare := all[0]
	for _, c := range all {
		fmt.Fprintf(out, "| %s | %.0f (%.2f) | %.1f µs | %s | %s | %.1f ms | %.1f MB |\n", c.name,
			median(c.perSec), median(c.perSec)/median(bare.perSec), median(c.cpu),
			cells(c.flows, bare.flows, c.flowCPU), cells(c.pays, bare.pays, c.payCPU),
			float64(median(c.starts).Microseconds())/1000, median(c.rest))
	}
}

func writeSizes(out *strings.Builder, sizes []size) {
	fmt.Fprint(out, "| merchants | checkouts before | processor time a create | resident |\n|---:|---:|---:|---:|\n")
	for _, s := range sizes {
		out.WriteString(s.row())
	}
}

func (d deliveries) write(out *strings.Builder) {
	seconds := func(d time.Duration) string { return fmt.Sprintf("%.1f s", d.Seconds()) }
	millis := func(d time.Duration) string { return fmt.Sprintf("%.1f ms", float64(d.Microseconds())/1000) }
	fmt.Fprintf(out, "An advance of 48 hours with %d pending retries: %s if all are taken at the next attempt, %s if none ever is (%d attempts).\n\n",
		d.pending, seconds(d.taken), seconds(d.refused), d.attempts)
	fmt.Fprint(out, "| first attempts, 200 payments a second | p50 late | p99 late | latest |\n|---|---:|---:|---:|\n")
	fmt.Fprintf(out, "| %d | %s | %s | %s |\n", d.usual.n, millis(d.usual.p50), millis(d.usual.p99), millis(d.usual.max))
	fmt.Fprintf(out, "| %d, while 500 callbacks wait for a receiver that hangs | %s | %s | %s |\n", d.beside.n, millis(d.beside.p50), millis(d.beside.p99), millis(d.beside.max))
}

// cells are the two cells about something that not everybody does: how often a second, beside the bare program, and
// its processor time.
func cells(perSec, bare, cpu []float64) string {
	if len(perSec) == 0 {
		return "– | –"
	}
	return fmt.Sprintf("%.0f (%.2f) | %.1f µs", median(perSec), median(perSec)/median(bare), median(cpu))
}
