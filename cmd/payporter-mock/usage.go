package main

import (
	"fmt"
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

// usageError names the flag that was probably meant in place of one that there is not.
func usageError(c *cli.Command, err error) error {
	name, unknown := strings.CutPrefix(err.Error(), undefined)
	if !unknown {
		return err
	}

	name = strings.TrimLeft(name, "-")
	var known []string
	for _, f := range c.Flags {
		known = append(known, f.Names()...)
	}
	said := fmt.Sprintf("%s has no flag --%s", c.FullName(), name)
	for _, ours := range known {
		if ours == elsewhere[name] {
			return fmt.Errorf("%s; did you mean --%s?", said, ours)
		}
	}
	if near := wording.Nearest(name, known); len(near) > 0 {
		return fmt.Errorf("%s; did you mean --%s?", said, near[0])
	}
	return fmt.Errorf("%s", said)
}
