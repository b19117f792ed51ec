package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/urfave/cli/v3"

	"github.com/payporter-mock/payporter-mock/scenarios"
)

func showScenarioCommand() *cli.Command {
	return &cli.Command{
		Name: "show", ArgsUsage: "NAME",
		Usage: "print a scenario that is shipped, and the lines that make it happen",

		Action: func(_ context.Context, c *cli.Command) error {
			name, err := oneName(c, "show wants the name of a scenario")
			if err != nil {
				return err
			}
			return showScenario(c.Root().Writer, name)
		},
	}
}

func newScenarioCommand() *cli.Command {
	return &cli.Command{
		Name: "new", ArgsUsage: "NAME --from NAME",
		Usage: "write a file with a scenario of your own, made of one that is shipped",
		Flags: []cli.Flag{
			&cli.StringFlag{Name: "from", Value: "success", Usage: "the scenario to begin with; scenarios list lists them"},
			&cli.StringFlag{Name: "file", DefaultText: "NAME.yaml", Usage: "the file to write"},
		},

		Action: func(_ context.Context, c *cli.Command) error {
			name, err := oneName(c, "new wants the name of your scenario")
			if err != nil {
				return err
			}
			return newScenario(c, name)
		},
	}
}

// oneName is the one argument of a command.
func oneName(c *cli.Command, otherwise string) (string, error) {
	switch c.Args().Len() {
	case 0:
		return "", errors.New(otherwise + "; payporter-mock scenarios list lists those that are shipped")
	case 1:
		return strings.TrimPrefix(c.Args().First(), scenarios.BuiltinPrefix), nil
	}
	return "", fmt.Errorf("%s takes one name, got also %q", c.Name, c.Args().Get(1))
}

// shippedScenario is the text of a scenario of the library, and the set that it is.
func shippedScenario(name string) (text string, set *scenarios.Set, err error) {
	set, err = scenarios.Load([]string{scenarios.BuiltinPrefix + name})
	var faults scenarios.Errors
	if errors.As(err, &faults) {
		return "", nil, scenarios.Error{Message: faults[0].Message, Hint: faults[0].Hint}
	}
	if err != nil {
		return "", nil, err
	}
	return string(set.Sources()[0].Text), set, nil
}

// showScenario prints a scenario as a file that can be used as it is.
func showScenario(w io.Writer, name string) error {
	text, set, err := shippedScenario(name)
	if err != nil {
		return err
	}

	if all := set.Scenarios(); len(all) == 1 {
		fmt.Fprint(w, strings.ReplaceAll(howToUse, "NAME", name))
	}
	_, err = io.WriteString(w, text)
	return err
}

// howToUse stands above a scenario that is shown.
const howToUse = `# Make it happen by a header of the request, by a text of the order, or for all:
#   X-Mock-Scenario: NAME
#   "orderId": "ORD-1-mock:NAME"
#   payporter-mock serve --scenarios builtin:NAME
# Make your own of it:
#   payporter-mock scenarios new my-NAME --from NAME
`

// newScenario writes the file. One that exists is left alone.
func newScenario(c *cli.Command, name string) error {
	from, file := strings.TrimPrefix(c.String("from"), scenarios.BuiltinPrefix), c.String("file")
	if file == "" {
		file = name + ".yaml"
	}
	shipped, set, err := shippedScenario(from)
	if err != nil {
		return fmt.Errorf("from: %w", err)
	}
	if n := len(set.Scenarios()); n != 1 {
		return fmt.Errorf("from: %s is a set of %d scenarios; payporter-mock scenarios show %s prints it", from, n, from)
	}

	text := ownScenario(shipped, name, from, file)
	if _, err := scenarios.Parse(file, []byte(text)); err != nil {
		var faults scenarios.Errors
		errors.As(err, &faults)
		return fmt.Errorf("%s", faults[0].Message) // the name is all that is new
	}

	if err := writeNew(file, text); err != nil {
		return err
	}
	_, err = fmt.Fprintf(c.Root().Writer, "wrote %s: change it, and check it with payporter-mock scenarios lint %s\n",
		file, file)
	return err
}

// writeNew writes a file that does not exist yet.
func writeNew(file, text string) error {
	f, err := os.OpenFile(file, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o644)
	if errors.Is(err, os.ErrExist) {
		return fmt.Errorf("%s exists already: name another with --file, or remove it", file)
	}
	if err != nil {
		return &failure{fmt.Errorf("write the scenario: %w", err)}
	}

	_, err = f.WriteString(text)
	if err = errors.Join(err, f.Close()); err != nil {
		return &failure{fmt.Errorf("write the scenario: %w", err)}
	}
	return nil
}

// ownScenario is the text of a shipped scenario under another name, with what one may want to know beside it.
func ownScenario(shipped, name, from, file string) string {
	var b strings.Builder
	fmt.Fprintf(&b, `# yaml-language-server: $schema=payporter-mock.schema.json
# (payporter-mock scenarios schema > payporter-mock.schema.json: then an editor completes the keys)
#
# Made of the shipped scenario %s.
#   payporter-mock scenarios lint %s      is it right?
#   payporter-mock serve --scenarios %s   uses it; a changed file takes effect within a second
`, from, file, file)

	conditions := !strings.Contains(shipped, "\n    when:")
	for line := range strings.Lines(shipped) {
		if strings.HasPrefix(line, "  - name: ") {
			line = "  - name: " + name + "   # also X-Mock-Scenario: " + name + ", or mock:" + name + " in an orderId\n"
		}
		b.WriteString(line)
		if conditions && strings.HasPrefix(line, "    description: ") {
			b.WriteString(ownConditions)
		}
	}
	b.WriteString(ownPhases)
	return b.String()
}

// ownConditions say for which orders a scenario can be.
const ownConditions = `    # For which orders; all of it must hold. Without it: for all.
    # when:
    #   orderId: "ORD-*"         # * is any text, ? one character, [0-9] a digit
    #   amount: {gte: 100, lt: 5000}
    #   currency: [TRY, EUR]
    # limit: 3                   # at most so often
`

// ownPhases say what else a scenario can have.
const ownPhases = `    # What else it can say, each with keys of its own: create, payer, payment, threeDSecure,
    # callback, webhook, status, capture, cancel, refund. scenarios/README.md has them all.
`
