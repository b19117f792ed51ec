package main

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/urfave/cli/v3"

	"github.com/payporter-mock/payporter-mock/contract/provider"
	"github.com/payporter-mock/payporter-mock/contract/report"
	"github.com/payporter-mock/payporter-mock/internal/wording"
	"github.com/payporter-mock/payporter-mock/mock"
	"github.com/payporter-mock/payporter-mock/payment"
)

func verifyProviderCommand(env environment) *cli.Command {
	return &cli.Command{
		Name:  "provider",
		Usage: "judge a server that claims to be PayPorter",
		Description: fmt.Sprintf("Sends at most %d requests, to the base URL and nowhere else; most of them create "+
			"checkouts that nobody pays.\n", provider.MostRequests) +
			"What needs a paid checkout is judged with --pay-hook: a command that pays the checkout CHECKOUT_ID at " +
			"REDIRECT_URL so that\n" +
			"it ends as OUTCOME (success or failure) says, or control, for a payporter-mock at the base URL. Callbacks are " +
			"received on\n" +
			"--listen; a server elsewhere reaches it through the address that --callback-url announces.\n\n" +
			"The report is on standard output, the progress on standard error.",
		Flags: verifyProviderFlags(env),

		Action: func(ctx context.Context, c *cli.Command) error {
			if err := noArguments(c); err != nil {
				return err
			}
			config, outputs, err := providerConfig(c)
			if err != nil {
				return err
			}
			return verifyProvider(ctx, c, env, config, outputs)
		},
	}
}

func verifyProviderFlags(env environment) []cli.Flag {
	f := flags{env}
	return []cli.Flag{
		f.text("base-url", "", "the server: what comes before /api/checkout"),
		f.text("api-key", mock.DefaultAPIKey, "the merchant to act as"),
		f.text("api-secret", mock.DefaultAPISecret, "its secret"),
		f.text("other-api-key", "", "a second merchant, who must see nothing of the first"),
		f.text("other-api-secret", "", "its secret"),

		f.text("pay-hook", "", "how a checkout is paid: a command line, or control"),
		f.text("admin-token", "", "what the control API wants, with --pay-hook control"),
		f.text("listen", provider.DefaultListen, "where to receive callbacks; port 0 picks a free one"),
		f.textOr("callback-url", "the address itself", "a public address that leads to --listen"),

		f.text("webhook-retry-time", string(provider.Refresh), "the time of a webhook that is sent again: refresh or keep"),
		&cli.DurationFlag{
			Name: "webhook-retries-within", Value: provider.DefaultRetriesWithin, Usage: "how long after an event its webhook " +
				"is waited for, by the server's time", Sources: fromEnv(env, "webhook-retries-within"),
		},

		f.list("report", nil, "KIND=FILE, repeatable"),
		f.listOr("rules", "all", "ids and families to judge, repeatable"),
		f.text("fail-on", string(report.Major), "the least severity that fails: critical, major, minor or advisory"),
		&cli.BoolFlag{
			Name: "strict", Usage: "fail also when a rule of that severity could not be judged, such as for want of a " +
				"--pay-hook", Sources: fromEnv(env, "strict"),
		},
		&cli.DurationFlag{Name: "timeout", Value: provider.DefaultTimeout, Usage: "how long to wait for one answer or " +
			"one callback", Sources: fromEnv(env, "timeout")},
	}
}

// control is the pay hook that is no command.
const control = "control"

// providerConfig reads the flags and reports everything that is wrong with them together.
func providerConfig(c *cli.Command) (provider.Config, []report.Output, error) {
	var faults []error
	failOn, err := report.ParseSeverity(c.String("fail-on"))
	if err != nil {
		faults = append(faults, fmt.Errorf("fail-on: %w", err))
	}

	outputs, err := report.ParseOutputs(c.StringSlice("report"))
	faults = append(faults, err)
	for _, name := range []string{"timeout", "webhook-retries-within"} {
		if c.Duration(name) == 0 {
			faults = append(faults, errors.New(name+" 0: must be greater than 0"))
		}
	}

	config := provider.Config{
		BaseURL: c.String("base-url"), APIKey: c.String("api-key"), APISecret: c.String("api-secret"),
		OtherKey: c.String("other-api-key"), OtherSecret: c.String("other-api-secret"), AdminToken: c.String("admin-token"),
		Listen: c.String("listen"), CallbackURL: c.String("callback-url"), Rules: c.StringSlice("rules"),
		Timeout: c.Duration("timeout"), FailOn: failOn, Strict: c.Bool("strict"),
		RetryTime: provider.RetryTime(c.String("webhook-retry-time")), RetriesWithin: c.Duration("webhook-retries-within"),
		Tool: "payporter-mock " + version(),
	}
	switch hook := c.String("pay-hook"); hook {
	case "":
	case control:
		config.Sandbox = true
	default:
		config.Pay = provider.CommandHook(hook, c.Root().ErrWriter)
	}

	return config, outputs, errors.Join(append(faults, config.Validate())...)
}

// verifyProvider judges the server, tells of it, and answers an error if it has failed.
func verifyProvider(ctx context.Context, c *cli.Command, env environment, config provider.Config,
	outputs []report.Output,
) error {
	stderr := c.Root().ErrWriter
	for _, output := range outputs {
		if err := output.Check(); err != nil {
			return err
		}
	}

	progress := report.NewProgress(stderr, report.TerminalOf(stderr, report.Env(env)), len(provider.Rules()),
		payment.Secret(config.APISecret), payment.Secret(config.OtherSecret), payment.Secret(config.AdminToken))
	config.Progress = progress
	config.Waiting = func(d time.Duration) { fmt.Fprintf(stderr, "the server asks for patience: waiting %s\n", d) }
	judged, err := provider.Run(ctx, config)
	progress.Close()
	if err != nil {
		return &failure{err}
	}

	fmt.Fprintf(stderr, "%s were made, of at most %d\n", wording.Plural(judged.Requests, "request"), provider.MostRequests)
	err = tellProvider(c, env, &judged.Report, outputs)
	if judged.Verdict == report.NotOK {
		err = errors.Join(err, fmt.Errorf("verify provider: %s", judged.Reason))
	}
	if err != nil {
		return &failure{err}
	}

	return nil
}

// tellProvider writes the report wherever it is wanted; the verdict comes last.
func tellProvider(c *cli.Command, env environment, judged *report.Report, outputs []report.Output) error {
	stdout := c.Root().Writer
	return errors.Join(
		report.Write(judged, outputs),
		judged.WriteGitHub(stdout, report.Env(env)),
		judged.WriteTerminal(stdout, report.TerminalOf(stdout, report.Env(env))),
	)
}
