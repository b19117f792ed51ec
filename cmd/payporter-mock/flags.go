package main

import "github.com/urfave/cli/v3"

// flags makes flags that have an environment variable each.
type flags struct{ lookup environment }

func (f flags) env(name string) cli.ValueSourceChain { return fromEnv(f.lookup, name) }

func (f flags) text(name, value, usage string) cli.Flag {
	return &cli.StringFlag{Name: name, Value: value, Usage: usage, Sources: f.env(name)}
}

func (f flags) toggle(name string, value bool, usage string) cli.Flag {
	return &cli.BoolFlag{Name: name, Value: value, Usage: usage, Sources: f.env(name)}
}

func (f flags) list(name string, value []string, usage string) cli.Flag {
	return &cli.StringSliceFlag{Name: name, Value: value, Usage: usage, Sources: f.env(name)}
}
