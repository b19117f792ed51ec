package main

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"strings"
	"time"

	"github.com/urfave/cli/v3"

	"github.com/payporter-mock/payporter-mock/contract/client"
	"github.com/payporter-mock/payporter-mock/contract/report"
	"github.com/payporter-mock/payporter-mock/internal/input"
	"github.com/payporter-mock/payporter-mock/mock"
	"github.com/payporter-mock/payporter-mock/payment"
)

func verifyClientCommand(env environment) *cli.Command {
	afterTheProgram := 1 // what follows the program's name is the program's
	return &cli.Command{
		Name:      "client",
		Usage:     "run an SDK's or app's own tests against a fresh sandbox, and judge what they sent",
		ArgsUsage: "-- CMD [ARGS...]",
		Description: "The command finds PAYPORTER_BASE_URL, PAYPORTER_API_KEY and PAYPORTER_API_SECRET in its " +
			"environment; PAYPORTER_MOCK_URL\n" +
			"is where the control API is: $PAYPORTER_MOCK_URL/_mock/. Keys that begin with test_ are judged, too. Its " +
			"streams are\n" +
			"passed through, but a terminal is not its standard input. What it has started ends with it.\n\n" +
			"Fails (exit 1) if the command failed, a rule is broken, a bar is missed, or a critical rule could not be judged " +
			"(--strict);\n" +
			"the report says which.",
		Flags:           verifyClientFlags(env),
		StopOnNthArg:    &afterTheProgram,
		HideHelpCommand: true,

		Action: func(ctx context.Context, c *cli.Command) error {
			run, err := newClientRun(env, c)
			if err != nil {
				return err
			}
			return run.verify(ctx)
		},
	}
}

func verifyClientFlags(env environment) []cli.Flag {
	f := flags{env}
	return []cli.Flag{
		f.list("require", nil, "NAME>=PERCENT of the coverage, repeatable; names: operations, fields, boundaries, answers, "+
			"scenarios, all"),
		f.text("baseline", "", "file of violations that are known and accepted, as --write-baseline makes it"),
		f.text("write-baseline", "", "write the violations of this run to a file that --baseline takes"),

		f.list("report", nil, "FORM=FILE, repeatable: the report as junit, json, ..."),
		f.text("fail-on", string(report.Major), "the least severity that fails: critical, major, minor or advisory"),
		&cli.BoolFlag{
			Name: "strict", Value: true, Usage: "fail also when a critical rule could not be judged; --strict=false " +
				"lets that pass", DefaultText: "true", Sources: fromEnv(env, "strict"),
		},

		f.list("scenarios", nil, "scenario file, folder or builtin:NAME, repeatable"),
		f.text("payer", string(mock.PayerPage), "who pays: page (a person or a browser) or auto (the sandbox itself)"),
		&cli.DurationFlag{
			Name: "timeout", Value: 10 * time.Minute, Usage: "how long the command may take",
			Sources: fromEnv(env, "timeout"),
		},
	}
}

// clientRun is one run of verify client, its flags read.
type clientRun struct {
	command       client.Command
	config        mock.Config
	judged        client.Run
	writeBaseline string
	outputs       []report.Output
	stdout        io.Writer
	env           environment
}

// newClientRun reads the flags and reports everything that is wrong with them together.
func newClientRun(env environment, c *cli.Command) (*clientRun, error) {
	if !c.Args().Present() {
		return nil, errors.New("client wants the command to run: payporter-mock verify client -- npm test")
	}

	var faults []error
	note := func(err error) {
		if err != nil {
			faults = append(faults, err)
		}
	}
	r := &clientRun{
		command: client.Command{
			Args: c.Args().Slice(), Stdin: notATerminal(c.Root().Reader), Stdout: c.Root().Writer, Stderr: c.Root().ErrWriter,
			Timeout: c.Duration("timeout"),
		},
		config: mock.Config{
			Addr: "127.0.0.1:0", APIKey: "test_" + strings.ToLower(rand.Text()), APISecret: payment.Secret(rand.Text()),
			Scenarios: c.StringSlice("scenarios"), Payer: mock.Payer(c.String("payer")), Version: version(),
		},
		writeBaseline: c.String("write-baseline"), stdout: c.Root().Writer, env: env,
	}
	note(r.config.Validate())
	if r.command.Timeout <= 0 {
		note(fmt.Errorf("timeout %s: must be greater than 0", r.command.Timeout))
	}

	for _, text := range c.StringSlice("require") {
		bar, err := client.ParseBar(text)
		note(err)
		r.judged.Bars = append(r.judged.Bars, bar)
	}

	failOn, err := report.ParseSeverity(c.String("fail-on"))
	if err != nil {
		note(fmt.Errorf("fail-on: %w", err))
	}

	outputs, err := report.ParseOutputs(c.StringSlice("report"))
	note(err)
	for _, output := range outputs {
		note(output.Check())
	}

	r.judged.FailOn, r.judged.Lenient, r.outputs = failOn, !c.Bool("strict"), outputs
	baseline, err := readBaseline(c.String("baseline"))
	note(err)
	r.judged.Baseline = baseline
	return r, errors.Join(faults...)
}

// notATerminal keeps a terminal from the command, which runs in a process group of its own: the
// terminal would stop it as soon as it reads.
func notATerminal(stdin io.Reader) io.Reader {
	file, ok := stdin.(*os.File)
	if !ok {
		return stdin
	}
	if info, err := file.Stat(); err != nil || info.Mode()&os.ModeCharDevice != 0 {
		return nil
	}
	return file
}

func readBaseline(file string) (*client.Baseline, error) {
	if file == "" {
		return nil, nil
	}

	source, err := input.ReadFile(file)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("baseline: %w; --write-baseline %s makes one", err, file)
	}
	if err != nil {
		return nil, fmt.Errorf("baseline: %w", err)
	}

	b, err := client.ParseBaseline(source)
	if err != nil {
		return nil, fmt.Errorf("baseline %s: %w; --write-baseline makes one", file, err)
	}
	return b, nil
}

// verify runs the command against a sandbox of its own and judges what was sent.
func (r *clientRun) verify(ctx context.Context) error {
	record, ended, err := r.observe(ctx)
	if err != nil {
		return &failure{err}
	}
	r.judged.Record, r.judged.Ended, r.judged.Secret = record, &ended, r.config.APISecret
	r.judged.Tool, r.judged.Target = "payporter-mock "+version(), strings.Join(r.command.Args, " ")
	return r.tell(r.judged.Judge())
}

// observe runs the command, and answers what it did to the sandbox and how it ended.
func (r *clientRun) observe(ctx context.Context) (client.Record, client.Ended, error) {
	var observer *client.Observer
	r.config.BeforeReset = func(merchant string) { observer.BeforeReset(merchant) }
	server, err := mock.New(r.config)
	if err != nil {
		return client.Record{}, client.Ended{}, err
	}
	if err := server.Listen(); err != nil {
		return client.Record{}, client.Ended{}, err
	}

	observer = client.Observe(server.URL)
	served := make(chan error, 1)
	go func() { served <- server.Serve(context.WithoutCancel(ctx)) }()
	defer func() {
		server.Close()
		<-served
	}()

	r.command.Env = []string{
		"PAYPORTER_BASE_URL=" + server.URL, "PAYPORTER_API_KEY=" + server.APIKey, "PAYPORTER_API_SECRET=" + server.APISecret,
		"PAYPORTER_MOCK_URL=" + server.URL,
	}
	r.judged.StartedAt = time.Now()
	ended, err := r.command.Run(ctx)
	r.judged.Seconds = time.Since(r.judged.StartedAt).Seconds()
	if err != nil {
		return client.Record{}, client.Ended{}, err
	}

	record, err := observer.Record(context.WithoutCancel(ctx))
	return record, ended, err
}
