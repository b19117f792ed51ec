// Command payporter-mock runs a sandbox of PayPorter's hosted checkout.
//
// Exit codes: 0 passed or help; 1 a check failed or the run went wrong; 2 wrong usage or an invalid
// file. Every flag has an environment variable PAYPORTER_MOCK_<FLAG>; a flag beats the variable, the
// variable beats the file of serve --config, the file beats the default, and an empty variable counts as none.
package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"regexp"
	"syscall"

	"github.com/urfave/cli/v3"

	"github.com/payporter-mock/payporter-mock/scenarios"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	context.AfterFunc(ctx, stop) // a second signal ends the program at once
	os.Exit(run(ctx, os.Args, os.LookupEnv, os.Stdin, os.Stdout, os.Stderr))
}

// The exit codes.
const (
	exitPassed = 0
	exitFailed = 1
	exitUsage  = 2
)

// environment looks up a variable, as os.LookupEnv does.
type environment func(name string) (value string, ok bool)

// run is the program as a function of what it is given. It answers the exit code.
func run(ctx context.Context, args []string, env environment, stdin io.Reader, stdout, stderr io.Writer) int {
	command := root(env)
	var unknown error // a command whose help was asked for
	tellUsageOnce(command, &unknown)
	command.Reader, command.Writer, command.ErrWriter = stdin, stdout, stderr
	err := cmp.Or(command.Run(ctx, args), unknown)
	var went *failure
	var faults scenarios.Errors
	switch {
	case err == nil:
		return exitPassed
	case !errors.As(err, &went) && (errors.As(err, &faults) || beginsWithPlace.MatchString(err.Error())):
		_ = say(stderr, err.Error()+"\n") // each line begins with its place, for editors and CI
		return exitUsage
	case errors.As(err, &went):
		_ = say(stderr, fmt.Sprintf("payporter-mock: %v\n", err)) // the exit code says it, too
		return exitFailed
	}

	said := fmt.Sprintf("payporter-mock: %v\n", err)
	if errors.As(err, &misuse{}) {
		said += "Run payporter-mock help, or any command with --help.\n"
	}
	_ = say(stderr, said)
	return exitUsage
}

// beginsWithPlace finds what is said of a file: its first line begins with file:line:column.
var beginsWithPlace = regexp.MustCompile(`^[^\n:]+:[0-9]+:[0-9]+: `)

func root(env environment) *cli.Command {
	return &cli.Command{
		Name:                  "payporter-mock",
		Usage:                 "a sandbox of PayPorter's hosted checkout, to test shops against",
		Suggest:               true,
		EnableShellCompletion: true,

		ConfigureShellCompletionCommand: func(c *cli.Command) {
			c.Hidden = false
			c.Usage = "print the completion script of a shell: bash, zsh, fish or pwsh"
		},

		HideVersion: true,
		Flags:       []cli.Flag{&cli.BoolFlag{Name: "version", Usage: "print the version", Local: true}},

		ExitErrHandler: func(context.Context, *cli.Command, error) {}, // run decides
		Action:         helpOrUnknown,
		Commands: []*cli.Command{
			serveCommand(env), proxyCommand(env), initCommand(env), verifyCommand(env), scenariosCommand(), showCommand(),
			healthcheckCommand(env), storeCommand(env),
			versionCommand(),
		},
	}
}

// tellUsageOnce leaves every error of usage to run, which says it once and on stderr. The library has no other way to
// tell of a command whose help it does not find than unknown. Commands do not inherit this from the root.
func tellUsageOnce(c *cli.Command, unknown *error) {
	c.OnUsageError = func(_ context.Context, c *cli.Command, err error, _ bool) error { return usageError(c, err) }
	c.CommandNotFound = func(_ context.Context, c *cli.Command, name string) { *unknown = unknownCommand(c, name) }
	for _, sub := range c.Commands {
		tellUsageOnce(sub, unknown)
	}
}

// helpOrUnknown runs when no command was recognised.
func helpOrUnknown(ctx context.Context, c *cli.Command) error {
	if c.Bool("version") {
		return c.Command("version").Run(ctx, []string{"version"})
	}
	if name := c.Args().First(); name != "" {
		return unknownCommand(c, name)
	}
	return cli.ShowRootCommandHelp(c)
}

// helpOfGroup is the action of a command that has commands: its help, unless it is given one that there is not.
func helpOfGroup(_ context.Context, c *cli.Command) error {
	if name := c.Args().First(); name != "" {
		return unknownCommand(c, name)
	}
	return cli.ShowSubcommandHelp(c)
}

// noArguments refuses what a command does not take, instead of ignoring it.
func noArguments(c *cli.Command) error {
	if c.Args().Present() {
		return fmt.Errorf("%s takes no argument, got %q", c.Name, c.Args().First())
	}
	return nil
}

// failure is an error of the run itself. Any other error is one of usage.
type failure struct{ err error }

func (f *failure) Error() string { return f.err.Error() }
func (f *failure) Unwrap() error { return f.err }
