package main

import (
	"fmt"
	"strings"
	"time"
)

// mostShown is how many faults of a check are told.
const mostShown = 5

func (b *books) report(length time.Duration, seed uint64, merchants int) string {
	var out strings.Builder
	fmt.Fprintf(&out, "# The last run of `go run ./testdata/soak -for %s -seed %d -merchants %d`\n\n", length, seed, merchants)
	fmt.Fprintf(&out, "%d merchants lived %d days of %.0f hours in all, made %d orders and began anew %d times. Their shops died and returned %d times. In the books, balanced each time:\n"+
		"%d checkouts, %d deliveries, %d attempts; %d payments, %d webhooks. Resident memory: %.0f MB at half-time, %.0f MB at the end.\n\n",
		b.merchants, b.days, b.hours, b.orders, b.resets, b.died, b.checkouts, b.deliveries, b.attempts, b.payments, b.webhooks, b.memoryAtHalf, b.memoryAtEnd)
	fmt.Fprintln(&out, "| must hold | looked at | did not |\n|---|---:|---:|")
	for _, c := range b.checks {
		fmt.Fprintf(&out, "| %s | %d | %d |\n", c.name, c.looked, len(c.faults))
	}
	for _, c := range b.checks {
		for i, f := range c.faults {
			if i == mostShown {
				fmt.Fprintf(&out, "... and %d more\n", len(c.faults)-mostShown)
				break
			}
			fmt.Fprintf(&out, "\n%s: %s\n", c.name, f)
		}
	}
	failed := b.failed()
	fmt.Fprintf(&out, "\n%d passed, %d failed\n", len(b.checks)-failed, failed)
	return out.String()
}
