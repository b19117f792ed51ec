// Command bench measures the sandbox beside a bare net/http program and beside Prism, in one run:
//
//   - validated creates: POST /api/checkout, answered 200;
//   - whole flows: create, the sandbox pays by itself, its callback to a receiver, which asks by GET before it answers;
//   - advances over 48 hours with 10,000 pending retries, and how late attempts begin, beside a receiver that hangs, too;
//   - what a create costs in a sandbox of many merchants and of many checkouts;
//   - creates and an advance in sandboxes on SQLite and PostgreSQL, and a start on a file of many checkouts;
//   - the time from the start to the first 200, and the resident memory then at rest.
//
// Run it as
//
//	make bench
//
// It prints ratios, because the machine it runs on may be busy with other things. Every server is a process of its own;
// the rounds alternate between them, and what is told is the median. Nothing leaves the machine.
package main

import (
	"errors"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"
)

// plan is how much is measured.
type plan struct {
	rounds      int
	length      time.Duration // of one round
	connections int           // that send creates at once
	flows       int           // that are under way at once
	starts      int
	sizes       []size // of sandboxes

	keptConnections int // that send creates at once to sandboxes whose books outlive them
	keptCheckouts   int // in a file that is started with
}

func main() {
	bare := flag.String("bare", "", "serve the bare program on this address (the bench calls itself so)")
	webhook := flag.String("webhook", "", "where the bare program sends webhooks")
	rounds := flag.Int("rounds", 5, "how often each server is measured")
	seconds := flag.Float64("seconds", 2, "how long one round is")
	connections := flag.Int("connections", 8, "how many connections send creates")
	flows := flag.Int("flows", 16, "how many flows are under way at once")
	keptConnections := flag.Int("kept-connections", 32, "how many connections send creates to a sandbox on a store")
	many := flag.Int("many", 1_000_000, "how many checkouts a full sandbox has")
	prism := flag.String("prism", "", "Prism's command line program; left out if empty")
	out := flag.String("out", "", "a file to write the result to, too")
	skip := flag.String("skip", "", "what is left out, with commas: deliveries, sizes, stores")
	flag.Parse()
	if *bare != "" {
		exit(serveBare(*bare, *webhook))
	}
	length := time.Duration(*seconds * float64(time.Second))
	exit(run(plan{
		rounds: *rounds, length: length, connections: *connections, flows: *flows, starts: 15,
		sizes: []size{
			{merchants: 1}, {merchants: 1000}, {merchants: 1, checkouts: *many / 10}, {merchants: 1, checkouts: *many},
		},
		keptConnections: *keptConnections, keptCheckouts: *many,
	}, *prism, &report{file: *out, skipped: strings.Split(*skip, ",")}))
}

func exit(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
	os.Exit(0)
}

func run(p plan, prism string, r *report) error {
	dir, err := os.MkdirTemp("", "bench")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	all, err := contestants(dir, prism)
	if err != nil {
		return err
	}
	for _, c := range all {
		if err := c.startups(p.starts); err != nil {
			return err
		}
	}
	if err := creates(all, p); err != nil {
		return err
	}
	if err := flows(all, p); err != nil {
		return err
	}
	if err := payments(all, p); err != nil {
		return err
	}
	if err := r.add(func(out *strings.Builder) { writeServers(out, all) }); err != nil {
		return err
	}
	return r.addRest(all, dir, p)
}

// addRest measures what is about the sandbox alone.
func (r *report) addRest(all []*contestant, dir string, p plan) error {
	bare, sandbox := all[0], all[1]
	if !r.skips("deliveries") {
		told, err := measureDeliveries(sandbox)
		if err != nil {
			return err
		}
		if err := r.add(told.write); err != nil {
			return err
		}
	}
	if !r.skips("sizes") {
		sizes, err := flat(sandbox, p.sizes)
		if err != nil {
			return err
		}
		if err := r.add(func(out *strings.Builder) { writeSizes(out, sizes) }); err != nil {
			return err
		}
	}
	if r.skips("stores") {
		return nil
	}
	books, err := measureKept(sandbox, dir, p)
	if books != nil { // some of it has been measured, whatever came then
		err = errors.Join(err, r.add(func(out *strings.Builder) { books.write(out, bare) }))
	}
	return err
}

// contestants are the bare program, which all others are compared with, the sandbox, and Prism.
func contestants(dir, prism string) ([]*contestant, error) {
	sandbox := filepath.Join(dir, "payporter-mock")
	build := exec.Command("go", "build", "-trimpath", "-ldflags=-s -w", "-o", sandbox, "./cmd/payporter-mock")
	if out, err := build.CombinedOutput(); err != nil {
		return nil, fmt.Errorf("build: %w\n%s", err, out)
	}
	self, err := os.Executable()
	if err != nil {
		return nil, err
	}
	all := []*contestant{
		{
			name: "bare net/http program", addr: "127.0.0.1:18931",
			command: []string{self, "-bare", "127.0.0.1:18931"}, paying: []string{}, telling: []string{"-webhook", hookURL},
		},
		{
			name: "payporter-mock serve", addr: "127.0.0.1:18932",
			command: []string{sandbox, "serve", "--addr", "127.0.0.1:18932"}, paying: []string{"--payer", "auto"},
			telling: []string{"--webhook-url", hookURL, "--webhook-secret", "a secret of the bench"},
		},
	}
	if prism == "" {
		return all, nil
	}
	description, err := withoutCallbacks(dir)
	if err != nil {
		return nil, err
	}
	return append(all, &contestant{
		name: "Prism (keeps no state)", addr: "127.0.0.1:18933", slow: true,
		command: []string{prism, "mock", "--host", "127.0.0.1", "--port", "18933", description},
	}), nil
}
