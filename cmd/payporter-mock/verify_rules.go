package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"text/tabwriter"

	"github.com/urfave/cli/v3"
)

func verifyRulesCommand() *cli.Command {
	return &cli.Command{
		Name:  "rules",
		Usage: "list the rules for a merchant, or for another side",
		Flags: []cli.Flag{
			&cli.StringFlag{Name: "about", Value: "merchant", Usage: "whose rules: merchant, client, provider or proxy"},
			&cli.BoolFlag{Name: "json", Usage: "print them as JSON, with what is expected and how to mend it"},
		},

		Action: func(_ context.Context, c *cli.Command) error {
			if err := noArguments(c); err != nil {
				return err
			}
			rules, err := rulesAbout(c.String("about"))
			if err != nil {
				return err
			}
			if c.Bool("json") {
				return listRulesAsJSON(c.Root().Writer, rules)
			}
			return listRules(c.Root().Writer, rules)
		},
	}
}

func listRules(w io.Writer, rules []listedRule) error {
	table := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	for _, r := range rules {
		fmt.Fprintf(table, "%s\t%s\t%s\n", r.ID, r.Severity, r.Title)
	}
	return table.Flush()
}

func listRulesAsJSON(w io.Writer, rules []listedRule) error {
	encoder := json.NewEncoder(w)
	encoder.SetEscapeHTML(false)
	encoder.SetIndent("", "  ")
	return encoder.Encode(rules)
}
