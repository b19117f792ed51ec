package main

import "github.com/urfave/cli/v3"

func verifyCommand(env environment) *cli.Command {
	return &cli.Command{
		Name:  "verify",
		Usage: "judge an integration: exit 0 if it passed, 1 if it did not",

		Action: helpOfGroup,

		Commands: []*cli.Command{
			verifyMerchantCommand(env), verifyClientCommand(env), verifyProviderCommand(env),
			verifyRulesCommand(), verifyExplainCommand(), verifySchemaCommand(),
		},
	}
}
