package main

import (
	"errors"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"

	"github.com/urfave/cli/v3"

	"github.com/payporter-mock/payporter-mock/internal/wording"
)

// undefined is how the library begins its words about a flag that there is not.
const undefined = "flag provided but not defined: -"

// elsewhere are flags that other programs have, with ours that does the same.
var elsewhere = map[string]string{
	"port": "addr", "host": "addr", "listen": "addr", "bind": "addr", "key": "api-key", "secret": "api-secret",
	"token": "admin-token", "database": "store", "db": "store",
}

// misuse is a command line that the program does not understand: its help says more.
type misuse struct{ error }

func (m misuse) Unwrap() error { return m.error }

// usageError says in words what the library says of a command line.
func usageError(c *cli.Command, err error) error {
	if name, unknown := strings.CutPrefix(err.Error(), undefined); unknown {
		return misuse{noFlag(c, strings.TrimLeft(name, "-"))}
	}
	if found := badValue.FindStringSubmatch(err.Error()); found != nil {
		return misuse{wrongValue(c, found[2], found[1], err)}
	}
	return misuse{err}
}

// noFlag names the flag that was probably meant in place of one that there is not.
func noFlag(c *cli.Command, name string) error {
	ours := map[string]string{} // by what people write
	for theirs, same := range elsewhere {
		if flagNamed(c.Flags, same) != nil {
			ours[theirs] = same
		}
	}
	for _, f := range c.Flags {
		for _, known := range f.Names() {
			ours[known] = known
		}
	}

	said := fmt.Sprintf("%s has no flag --%s", c.FullName(), name)
	if near := wording.Nearest(name, slices.Sorted(maps.Keys(ours))); len(near) > 0 {
		return fmt.Errorf("%s; did you mean --%s?", said, ours[near[0]])
	}
	return errors.New(said)
}

// badValue finds how the library speaks of the value of a flag: the value, and the flag.
var badValue = regexp.MustCompile(`(?s)^invalid value "(.*)" for flag -([A-Za-z0-9-]+): `)

// wrongValue says what the flag wants.
func wrongValue(c *cli.Command, name, value string, err error) error {
	f := flagNamed(c.Flags, name)
	if f == nil || kindOf(f).takes(value) {
		return err
	}
	kind := kindOf(f)
	said := fmt.Sprintf("%s %q: want %s", name, value, kind.words)
	if kind.hint != "" {
		said += "; " + kind.hint
	}
	return errors.New(said)
}
