package main

import (
	"context"
	"errors"

	"github.com/urfave/cli/v3"
)

func verifyExplainCommand() *cli.Command {
	return &cli.Command{
		Name:      "explain",
		Usage:     "print a rule: what it expects and how to mend it; for a merchant also how it is judged and what PayPorter plays",
		ArgsUsage: "RULE",

		Action: func(_ context.Context, c *cli.Command) error {
			if c.Args().Len() != 1 {
				return errors.New("explain wants one rule, such as TRUST-001; verify rules lists them")
			}
			return explainRule(c.Root().Writer, c.Args().First())
		},
	}
}
