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

// report prints the result, and writes it to a file if one is named.
func report(all []*contestant, told deliveries, sizes []size, books *kept, file string) error {
	var out strings.Builder
	fmt.Fprintln(&out, "| server | creates a second | processor time a create | flows a second | processor time a flow | payments a second | processor time a payment | start to first 200 | resident at rest |")
	fmt.Fprintln(&out, "|---|---:|---:|---:|---:|---:|---:|---:|---:|")
	bare := all[0]
	for _, c := range all {
		fmt.Fprintf(&out, "| %s | %.0f (%.2f) | %.1f µs | %s | %s | %.1f ms | %.1f MB |\n", c.name,
			median(c.perSec), median(c.perSec)/median(bare.perSec), median(c.cpu),
			cells(c.flows, bare.flows, c.flowCPU), cells(c.pays, bare.pays, c.payCPU),
			float64(median(c.starts).Microseconds())/1000, median(c.rest))
	}
	told.write(&out)
	fmt.Fprint(&out, "\n| merchants | checkouts before | processor time a create | resident |\n|---:|---:|---:|---:|\n")
	for _, s := range sizes {
		out.WriteString(s.row())
	}
	books.write(&out, bare)
	fmt.Print(out.String())
	if file == "" {
		return nil
	}
	const head = "# The last run of `make bench`\n\n" +
		"Medians, on a machine with other work to do: look at the ratios to the bare program, in brackets. A create is\n" +
		"validated and answered; a flow is a create, the payment, its callback to a receiver, and that one's GET; a\n" +
		"payment is a direct one with its webhook, which the sandbox signs and the bare program does not. Sandboxes on a\n" +
		"store create over more connections and for more merchants; PostgreSQL runs on the same machine, as it is set by\n" +
		"default.\n\n"
	return os.WriteFile(file, []byte(head+out.String()), 0o644)
}

func (d deliveries) write(out *strings.Builder) {
	seconds := func(d time.Duration) string { return fmt.Sprintf("%.1f s", d.Seconds()) }
	millis := func(d time.Duration) string { return fmt.Sprintf("%.1f ms", float64(d.Microseconds())/1000) }
	fmt.Fprintf(out, "\nAn advance of 48 hours with %d pending retries: %s if all are taken at the next attempt, %s if none ever is (%d attempts).\n\n",
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
