package main

import (
	"strconv"

	"github.com/urfave/cli/v3"
)

// flags makes flags that have an environment variable each.
type flags struct{ lookup environment }

func (f flags) env(name string) cli.ValueSourceChain { return fromEnv(f.lookup, name) }

func (f flags) text(name, value, usage string) cli.Flag {
	return &cli.StringFlag{Name: name, Value: value, Usage: usage, Sources: f.env(name)}
}

// textOr is text without a value; help says in words what holds then.
func (f flags) textOr(name, otherwise, usage string) cli.Flag {
	return &cli.StringFlag{Name: name, DefaultText: otherwise, Usage: usage, Sources: f.env(name)}
}

func (f flags) toggle(name string, value bool, usage string) cli.Flag {
	flag := &cli.BoolFlag{Name: name, Value: value, Usage: usage, Sources: f.env(name)}
	if value {
		flag.DefaultText = strconv.FormatBool(value) // help leaves the value of a toggle out
	}
	return flag
}

func (f flags) list(name string, value []string, usage string) cli.Flag {
	return &cli.StringSliceFlag{Name: name, Value: value, Usage: usage, Sources: f.env(name)}
}

// listOr is list without a value; help says in words what holds then.
func (f flags) listOr(name, otherwise, usage string) cli.Flag {
	return &cli.StringSliceFlag{Name: name, DefaultText: otherwise, Usage: usage, Sources: f.env(name)}
}
