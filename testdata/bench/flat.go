package main

import (
	"fmt"
	"os/exec"
	"slices"
	"strconv"
)

// size is how much a sandbox holds when creates are measured.
type size struct {
	merchants, checkouts int
	cpu                  float64 // microseconds of processor time a create
	memory               float64 // megabytes
}

// flat measures what a create costs in sandboxes that hold little and much.
func flat(sandbox *contestant, all []size) ([]size, error) {
	for i := range all {
		if err := all[i].measure(sandbox); err != nil {
			return nil, err
		}
	}
	return all, nil
}

// measured is how many creates are measured at least, on each of several connections. In a full sandbox it is half as
// many as there are, so that the collector's rounds, which are rare and long there, count as often as they come.
const (
	measured    = 10_000
	connections = 8
)

func (s *size) measure(sandbox *contestant) error {
	command := append(slices.Clone(sandbox.command), "--keep-checkouts", "10000000", "--keep-merchants", "2000")
	p, _, err := start(command, sandbox.addr)
	if err != nil {
		return err
	}
	defer stop(p)
	if err := s.fill(sandbox.addr, s.merchants); err != nil { // every merchant there is
		return err
	}
	if err := s.fill(sandbox.addr, s.checkouts); err != nil {
		return err
	}
	s.memory = residentMB(p.Process.Pid)
	s.cpu, err = s.cost(p, sandbox.addr)
	return err
}

func (s *size) key(n int) string { return "test_" + strconv.Itoa(n%s.merchants) }

func (s *size) fill(addr string, checkouts int) error {
	_, err := send(addr, connections, s.key, func(n int) bool { return n >= checkouts/connections })
	return err
}

func (s *size) cost(p *exec.Cmd, addr string) (float64, error) {
	before := processorTime(p.Process.Pid)
	enough := max(measured, s.checkouts/connections/2)
	n, err := send(addr, connections, s.key, func(n int) bool { return n >= enough })
	return perOne(processorTime(p.Process.Pid)-before, n), err
}

func (s *size) row() string {
	return fmt.Sprintf("| %d | %d | %.1f µs | %.0f MB |\n", s.merchants, s.checkouts, s.cpu, s.memory)
}
