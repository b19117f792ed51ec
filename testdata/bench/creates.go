package main

import "time"

// creates measures validated creates.
func creates(all []*contestant, p plan) error {
	command := func(c *contestant) []string { return c.command }
	return rounds(all, p.rounds, command, func(c *contestant, pid int, counts bool) error {
		before := processorTime(pid)
		n, err := load(c.addr, p.length, p.connections)
		if err != nil || !counts {
			return err
		}
		c.perSec = append(c.perSec, float64(n)/p.length.Seconds())
		c.cpu = append(c.cpu, perOne(processorTime(pid)-before, n))
		return nil
	})
}

// perOne is the processor time of one of n, in microseconds.
func perOne(spent time.Duration, n int) float64 {
	return float64(spent.Microseconds()) / float64(max(n, 1))
}
