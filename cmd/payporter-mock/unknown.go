package main

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/urfave/cli/v3"

	"github.com/payporter-mock/payporter-mock/internal/wording"
)

// likeOurs are commands that other programs have, with ours that does the same.
var likeOurs = map[string]string{
	"start": "serve", "run": "serve", "up": "serve", "server": "serve", "test": "verify", "check": "verify",
}

// unknownCommand is the error for a name that is no command of c. It names the one that was probably meant, or all of
// a group.
func unknownCommand(c *cli.Command, name string) error {
	var known []string
	for _, command := range c.VisibleCommands() {
		if command.Name != "help" {
			known = append(known, command.Name)
		}
	}
	if c == c.Root() {
		return misuse{fmt.Errorf("there is no command %q%s", name, didYouMean(known, name))}
	}

	group := strings.TrimPrefix(c.FullName(), c.Root().Name+" ")
	return misuse{fmt.Errorf("there is no command %q; there are %s", group+" "+name, wording.And(known))}
}

func didYouMean(known []string, name string) string {
	ours := maps.Clone(likeOurs)
	for _, command := range known {
		ours[command] = command
	}
	if near := wording.Nearest(name, slices.Sorted(maps.Keys(ours))); len(near) > 0 {
		return fmt.Sprintf("; did you mean %q?", ours[near[0]])
	}
	return ""
}
