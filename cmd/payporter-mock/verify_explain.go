package main

import (
	"context"
	"errors"
	"fmt"

	"github.com/urfave/cli/v3"

	"github.com/payporter-mock/payporter-mock/contract"
)

func verifyExplainCommand() *cli.Command {
	return &cli.Command{
		Name:      "explain",
		Usage:     "print a rule for a merchant: what it expects, how it is judged, what PayPorter plays, how to mend it",
		ArgsUsage: "RULE",

		Action: func(_ context.Context, c *cli.Command) error {
			if c.Args().Len() != 1 {
				return errors.New("explain wants one rule, such as TRUST-001; verify rules lists them")
			}
			text, err := contract.Explain(c.Args().First())
			if err == nil {
				_, err = fmt.Fprint(c.Root().Writer, text)
			}
			return err
		},
	}
}
