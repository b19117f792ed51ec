package main

import (
	"context"
	"fmt"

	"github.com/urfave/cli/v3"
)

func verifyCommand(env environment) *cli.Command {
	return &cli.Command{
		Name:  "verify",
		Usage: "judge an integration: exit 0 if it passed, 1 if it did not",

		Action: func(_ context.Context, c *cli.Command) error {
			if name := c.Args().First(); name != "" {
				return misuse{fmt.Errorf("there is no command %q; there are merchant, client, provider, rules, explain and schema",
					"verify "+name)}
			}
			return cli.ShowSubcommandHelp(c)
		},

		Commands: []*cli.Command{
			verifyMerchantCommand(env), verifyClientCommand(env), verifyProviderCommand(env),
			verifyRulesCommand(), verifyExplainCommand(), verifySchemaCommand(),
		},
	}
}
