package main

import (
	"context"

	"github.com/urfave/cli/v3"

	"github.com/payporter-mock/payporter-mock/contract"
)

func verifySchemaCommand() *cli.Command {
	return &cli.Command{
		Name:  "schema",
		Usage: "print the JSON Schema of configs of verify merchant, for editors",

		Action: func(_ context.Context, c *cli.Command) error {
			if err := noArguments(c); err != nil {
				return err
			}
			_, err := c.Root().Writer.Write(contract.ConfigSchema())
			return err
		},
	}
}
