package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"text/tabwriter"

	"github.com/urfave/cli/v3"

	"github.com/payporter-mock/payporter-mock/contract"
	"github.com/payporter-mock/payporter-mock/contract/report"
)

func verifyRulesCommand() *cli.Command {
	return &cli.Command{
		Name:  "rules",
		Usage: "list the rules for a merchant",
		Flags: []cli.Flag{&cli.BoolFlag{Name: "json", Usage: "print them as JSON, with what is expected and how to mend it"}},

		Action: func(_ context.Context, c *cli.Command) error {
			if err := noArguments(c); err != nil {
				return err
			}
			if c.Bool("json") {
				return listRulesAsJSON(c.Root().Writer)
			}
			return listRules(c.Root().Writer)
		},
	}
}

func listRules(w io.Writer) error {
	table := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	for _, r := range contract.Rules() {
		fmt.Fprintf(table, "%s\t%s\t%s\n", r.ID, r.Severity, r.Title)
	}
	return table.Flush()
}

// listedRule is a rule of `verify rules --json`, in the words of the report.
type listedRule struct {
	ID       string          `json:"id"`
	Family   string          `json:"family"`
	Title    string          `json:"title"`
	Severity report.Severity `json:"severity"`
	Source   string          `json:"source"`
	Expected string          `json:"expected"`
	Advice   string          `json:"advice"`
}

func listRulesAsJSON(w io.Writer) error {
	all := []listedRule{}
	for _, r := range contract.Rules() {
		all = append(all, listedRule{r.ID, r.Family(), r.Title, r.Severity, r.Source, r.Expected, r.Advice})
	}
	encoder := json.NewEncoder(w)
	encoder.SetEscapeHTML(false)
	encoder.SetIndent("", "  ")
	return encoder.Encode(all)
}
