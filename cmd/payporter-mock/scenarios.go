package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"text/tabwriter"

	"github.com/urfave/cli/v3"

	"github.com/payporter-mock/payporter-mock/internal/decimal"
	"github.com/payporter-mock/payporter-mock/internal/wording"
	"github.com/payporter-mock/payporter-mock/payment"
	"github.com/payporter-mock/payporter-mock/scenarios"
)

func scenariosCommand() *cli.Command {
	return &cli.Command{
		Name:  "scenarios",
		Usage: "list, show, make, check and explain scenarios",

		Action: helpOfGroup,

		Commands: []*cli.Command{
			listScenariosCommand(), showScenarioCommand(), newScenarioCommand(), lintScenariosCommand(), explainCommand(),
			scenariosSchemaCommand(),
		},
	}
}

func listScenariosCommand() *cli.Command {
	return &cli.Command{
		Name: "list", ArgsUsage: "[FILE | FOLDER | builtin:NAME]...",
		Usage:  "list the scenarios that are shipped, or those of the files",
		Action: func(_ context.Context, c *cli.Command) error { return listScenarios(c.Root().Writer, c.Args().Slice()) },
	}
}

func lintScenariosCommand() *cli.Command {
	return &cli.Command{
		Name: "lint", ArgsUsage: "FILE | FOLDER | builtin:NAME ...",
		Usage:  "check scenario files: exit 2 if one is faulty, 0 with warnings of what was hardly meant",
		Action: func(_ context.Context, c *cli.Command) error { return lintScenarios(c.Root().Writer, c.Args().Slice()) },
	}
}

func scenariosSchemaCommand() *cli.Command {
	return &cli.Command{
		Name: "schema", Usage: "print the JSON Schema of scenario files, for editors",
		Action: func(_ context.Context, c *cli.Command) error {
			if err := noArguments(c); err != nil {
				return err
			}
			_, err := c.Root().Writer.Write(scenarios.Schema())
			return err
		},
	}
}

func listScenarios(w io.Writer, paths []string) error {
	set := scenarios.Library()
	if len(paths) > 0 {
		var err error
		if set, err = scenarios.Load(paths); err != nil {
			return err
		}
	}

	table := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	for _, s := range set.Scenarios() {
		fmt.Fprintf(table, "%s\t%s\n", s.Name, s.Description)
	}
	if len(paths) == 0 {
		fmt.Fprintf(table, "%s\t%s\n", "builtin:magic-amounts", "The amount's last two digits are the bank's code: 10.51 "+
			"is declined for lack of funds. For a whole set only: --scenarios builtin:magic-amounts.")
	}

	return table.Flush()
}

func lintScenarios(w io.Writer, paths []string) error {
	if len(paths) == 0 {
		return errors.New("lint wants the files to check")
	}

	set, err := scenarios.Load(paths)
	if err != nil {
		return err
	}

	warnings := set.Lint()
	for _, warning := range warnings {
		fmt.Fprintln(w, warning)
	}
	_, err = fmt.Fprintf(w, "%s, %s\n", wording.Plural(len(set.Scenarios()), "scenario"), wording.Plural(len(warnings),
		"warning"))
	return err
}

func explainCommand() *cli.Command {
	return &cli.Command{
		Name: "explain", ArgsUsage: "FILE | FOLDER | builtin:NAME ...",
		Usage: "say which scenario an order gets and why not the others",
		Flags: []cli.Flag{
			&cli.StringFlag{Name: "header", Usage: "the request's header X-Mock-Scenario"},
			&cli.StringFlag{Name: "next", Usage: "the scenario that POST /_mock/scenarios/next has ordered"},
			&cli.StringFlag{Name: "order", Required: true, Usage: `the order as JSON: {"orderId": "ORD-1", "amount": 100.50, ` +
				`"currency": "TRY"}; with "card", "installmentCount", "attempt" it is being paid; "operation" and ` +
				`"transactionType" are for payments by the API`},
		},

		Action: func(_ context.Context, c *cli.Command) error {
			return explainScenarios(c.Root().Writer, c.Args().Slice(), c.String("order"), c.String("header"), c.String("next"))
		},
	}
}

// explained is the order of `scenarios explain`.
type explained struct {
	OrderID          string      `json:"orderId"`
	CustomerID       string      `json:"customerId"`
	Description      string      `json:"description"`
	Amount           json.Number `json:"amount"`
	Currency         string      `json:"currency"`
	Card             string      `json:"card"`
	InstallmentCount json.Number `json:"installmentCount"`
	Attempt          json.Number `json:"attempt"`

	Operation       scenarios.Operation     `json:"operation"`
	TransactionType payment.TransactionType `json:"transactionType"`
}

// operation reads what the merchant asks of the API, and the type of the payment that is made.
func (o explained) operation(f *scenarios.Facts) error {
	if known := scenarios.Operations(); o.Operation != "" && !slices.Contains(known, o.Operation) {
		return fmt.Errorf("order: operation: must be one of %v, got %q", known, o.Operation)
	}
	if known := scenarios.TransactionTypes(); o.TransactionType != "" && !slices.Contains(known, o.TransactionType) {
		return fmt.Errorf("order: transactionType: must be one of %v, got %q", known, o.TransactionType)
	}
	f.Operation, f.TransactionType = o.Operation, o.TransactionType
	return nil
}

// facts reads the order. One with a card, instalments or an attempt is being paid.
func (o explained) facts() (scenarios.Facts, error) {
	if o.Currency == "" {
		o.Currency = "TRY"
	}

	amount, err := payment.ParseAmount(o.Amount.String(), o.Currency)
	if err != nil {
		return scenarios.Facts{}, fmt.Errorf("order: %w", err)
	}

	f := scenarios.Facts{OrderID: o.OrderID, CustomerID: o.CustomerID, Description: o.Description, Amount: amount}
	if err := o.operation(&f); err != nil {
		return f, err
	}
	if o.Card == "" && o.InstallmentCount == "" && o.Attempt == "" {
		return f, nil
	}

	f.Paying = true
	if f.InstallmentCount, err = countFrom1("installmentCount", o.InstallmentCount); err != nil {
		return f, err
	}
	if f.Attempt, err = countFrom1("attempt", o.Attempt); err != nil {
		return f, err
	}
	if o.Card != "" {
		pan, ok := payment.ParsePAN(o.Card)
		if !ok {
			return f, errors.New("order: card: must be a card number of 12 to 19 digits")
		}
		f.Card = pan
	}

	return f, nil
}

// countFrom1 reads a whole number from 1, however it is written; left out it is 1.
func countFrom1(field string, written json.Number) (int, error) {
	if written == "" {
		return 1, nil
	}
	d, _ := decimal.Parse(written.String())
	n, whole := d.Int()
	if !whole || n < 1 {
		return 0, fmt.Errorf("order: %s: must be a whole number from 1, got %s", field, written)
	}
	return n, nil
}

// explainScenarios chooses as the sandbox does. A name that no scenario has is an error, as it is a 400 there.
func explainScenarios(w io.Writer, paths []string, order, header, next string) error {
	if len(paths) == 0 {
		return errors.New("explain wants the files to look at")
	}

	set, err := scenarios.Load(paths)
	if err != nil {
		return err
	}

	var o explained
	decoder := json.NewDecoder(strings.NewReader(order))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(&o); err != nil {
		return fmt.Errorf(`order: must be a JSON object such as {"orderId": "ORD-1", "amount": 100.50, "currency": `+
			`"TRY"}, got %s`, order)
	}

	facts, err := o.facts()
	if err != nil {
		return err
	}
	names := scenarios.Names{Header: header}
	if next != "" {
		if names.Next, err = scenarios.NamedIn("next", next, set); err != nil {
			return err
		}
	}
	found, choice, err := set.Choose(facts, names, nil)
	if err != nil {
		return err
	}

	return writeExplanation(w, found, choice, set.Explain(facts, nil))
}

// named says what named a scenario, by the way it was chosen.
var named = map[scenarios.Choice]string{
	scenarios.ByHeader: "named by the header X-Mock-Scenario",
	scenarios.ByNext:   "ordered for the next checkout",
	scenarios.ByToken:  "named by a mock:NAME in the order's texts",
}

func writeExplanation(w io.Writer, found *scenarios.Scenario, choice scenarios.Choice, e scenarios.Explanation) error {
	switch {
	case found == nil:
		fmt.Fprintln(w, "no scenario: the card decides")
	case choice.Named():
		fmt.Fprintf(w, "%s: %s, so the files were not asked\n", found.Name, named[choice])
		e = e.Unasked()
	default:
		fmt.Fprintf(w, "%s\n", found.Name)
	}

	for _, v := range e.Verdicts {
		fmt.Fprintf(w, "  %-6s %s (%s)\n", v.Result, v.Name, v.Place)
		for _, m := range v.Failed {
			fmt.Fprintf(w, "         %s: want %s, got %s\n", m.Field, m.Want, m.Got)
		}
	}

	return nil
}
