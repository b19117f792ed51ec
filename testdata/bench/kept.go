package main

import (
	"fmt"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"
)

// kept is what can be said of sandboxes whose books outlive them.
type kept struct {
	rows        []*keptRow
	connections int           // that send creates at once
	checkouts   int           // in the file that is started with
	start       time.Duration // from there to the first 200
}

// keptRow is a store, and so many processes that use it.
type keptRow struct {
	name      string
	store     string // its address
	processes int
	addrs     []string

	perSec  []float64     // creates
	retries time.Duration // an advance of 48 h with many pending retries, which are all taken; zero: not measured
}

// keptMerchants are so many that those of different connections seldom wait for each other: transactions of one
// merchant run one after the other.
const keptMerchants = 16

// measureKept measures sandboxes on files and on a PostgreSQL, which is left out where it is not installed. With an error
// it answers what has been measured, or nil.
func measureKept(sandbox *contestant, dir string, p plan) (*kept, error) {
	file := func(name string) string { return "sqlite:" + filepath.Join(dir, name+".db") }
	k := &kept{connections: p.keptConnections, checkouts: p.keptCheckouts, rows: []*keptRow{
		{name: "SQLite, synchronous=normal", store: file("normal") + "?synchronous=normal", processes: 1},
		{name: "SQLite, synchronous=full", store: file("full"), processes: 1},
	}}
	database, err := startPostgreSQL()
	if err != nil {
		return nil, err
	}
	if database != nil {
		defer database.stop()
		for _, processes := range []int{1, 3} {
			store, err := database.schema("books" + strconv.Itoa(processes))
			if err != nil {
				return nil, err
			}
			k.rows = append(k.rows, &keptRow{name: "PostgreSQL", store: store, processes: processes})
		}
	}

	if err := k.creates(sandbox, p); err != nil {
		return nil, err
	}
	if k.start, err = startFull(sandbox, file("one"), file("many"), k.checkouts, p.starts); err != nil {
		return k, err
	}
	for _, row := range k.rows {
		if row.processes > 1 {
			continue
		}
		if err := row.tell(sandbox); err != nil {
			return k, fmt.Errorf("%s: %w", row.name, err)
		}
	}
	return k, nil
}

// creates starts all processes, and measures the rows in turn; the first round warms up.
func (k *kept) creates(sandbox *contestant, p plan) error {
	var running []*exec.Cmd
	defer func() {
		for _, one := range running {
			stop(one)
		}
	}()
	port := 18941
	for _, row := range k.rows {
		for range row.processes {
			addr := "127.0.0.1:" + strconv.Itoa(port)
			port++
			one, _, err := start(row.command(sandbox, addr), addr)
			if err != nil {
				return fmt.Errorf("%s: %w", row.name, err)
			}
			running, row.addrs = append(running, one), append(row.addrs, addr)
		}
	}

	for round := range p.rounds + 1 {
		for _, row := range k.rows {
			n, err := row.load(p)
			if err != nil {
				return fmt.Errorf("%s: %w", row.name, err)
			}
			if round > 0 {
				row.perSec = append(row.perSec, float64(n)/p.length.Seconds())
			}
		}
	}
	return nil
}

// command is how a sandbox is started on the store. All processes have the same settings.
func (r *keptRow) command(sandbox *contestant, addr string) []string {
	return []string{
		sandbox.command[0], "serve", "--addr", addr, "--store", r.store, "--seed", "1",
		"--public-url", "http://127.0.0.1:18941",
	}
}

// load has connections create for the length of a round, a merchant for each, and answers how many creates there were.
func (r *keptRow) load(p plan) (total int, err error) {
	deadline := time.Now().Add(p.length)
	counts, faults := make([]int, p.keptConnections), make([]error, p.keptConnections)
	var creating sync.WaitGroup
	for i := range counts {
		addr, key := r.addrs[i%len(r.addrs)], "test_"+strconv.Itoa(i%keptMerchants)
		creating.Go(func() {
			counts[i], faults[i] = sendCreates(addr, i, func(int) string { return key },
				func(int) bool { return time.Now().After(deadline) })
		})
	}
	creating.Wait()

	for i, fault := range faults {
		if fault != nil {
			return 0, fault
		}
		total += counts[i]
	}
	return total, nil
}

// tell measures an advance with many pending retries.
func (r *keptRow) tell(sandbox *contestant) error {
	p, _, err := start(r.command(sandbox, r.addrs[0]), r.addrs[0])
	if err != nil {
		return err
	}
	defer stop(p)
	r.retries, _, err = advance(r.addrs[0], "test_taken", true)
	return err
}

// write tells of it, beside the bare program.
func (k *kept) write(out *strings.Builder, bare *contestant) {
	fmt.Fprintf(out, "| store | processes | creates a second, %d merchants, %d connections | "+
		"advance of 48 hours, %d pending retries, all taken |\n|---|---:|---:|---:|\n",
		keptMerchants, k.connections, pendingRetries)
	for _, row := range k.rows {
		retries := "–"
		if row.retries > 0 {
			retries = fmt.Sprintf("%.1f s", row.retries.Seconds())
		}
		perSec := median(slices.Clone(row.perSec))
		fmt.Fprintf(out, "| %s | %d | %.0f (%.2f) | %s |\n", row.name, row.processes, perSec, perSec/median(bare.perSec),
			retries)
	}
	if k.start > 0 {
		fmt.Fprintf(out, "\nFrom the start on a file with %d checkouts to the first 200: %.1f ms.\n", k.checkouts,
			float64(k.start.Microseconds())/1000)
	}
}
