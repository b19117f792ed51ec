package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"time"

	"github.com/urfave/cli/v3"

	"github.com/payporter-mock/payporter-mock/contract"
	"github.com/payporter-mock/payporter-mock/contract/report"
)

func verifyMerchantCommand(env environment) *cli.Command {
	return &cli.Command{
		Name:  "merchant",
		Usage: "judge a shop black box: order in it, play PayPorter, attack it, look at what it believes",
		Description: "The shop is started as the config says, with PAYPORTER_BASE_URL, PAYPORTER_API_KEY and " +
			"PAYPORTER_API_SECRET in its\n" +
			"environment, and stopped at the end. The report is on standard output, the progress on standard error.",
		Flags: verifyMerchantFlags(env),

		Action: func(ctx context.Context, c *cli.Command) error {
			if err := noArguments(c); err != nil {
				return err
			}
			run, err := newMerchantRun(env, c)
			if err != nil {
				return err
			}
			switch {
			case c.Bool("check"):
				return run.check(ctx)
			case c.Bool("watch"):
				return run.watch(ctx)
			}
			return run.verify(ctx)
		},
	}
}

func verifyMerchantFlags(env environment) []cli.Flag {
	text := func(name, value, usage string) cli.Flag {
		return &cli.StringFlag{Name: name, Value: value, Usage: usage, Sources: fromEnv(env, name)}
	}

	list := func(name, usage string) cli.Flag {
		return &cli.StringSliceFlag{Name: name, Usage: usage, Sources: fromEnv(env, name)}
	}
	return []cli.Flag{
		text("config", "", "how to order in the shop and how to see what it believes, a YAML file"),
		list("rules", "families and ids to judge, such as TRUST,FLOW-003 (default: all)"),
		list("report", "FORM=FILE, repeatable: the report as junit, json or html"),
		text("fail-on", string(report.Major), "the least severity that fails: critical, major, minor or advisory"),
		text("bundle", "payporter-verify-bundle.json", "where a run with a failed rule leaves what is needed to repeat "+
			"it; none: nowhere"),
		text("replay", "", "a bundle: judge again what failed, with the same seed"),
		&cli.Uint64Flag{Name: "seed", Usage: "what amounts and ids are drawn from", Value: 1, Sources: fromEnv(env, "seed")},
		&cli.DurationFlag{
			Name: "timeout", Usage: "when the run ends and fails, with a report of what was judged; 0: never",
			Value: 2 * time.Minute, Sources: fromEnv(env, "timeout"),
		},
		&cli.BoolFlag{
			Name: "thorough", Usage: "judge also what takes longer than all others, and look longer for races and for a " +
				"shop that asks by itself; --timeout is then 5m0s unless it is given", Sources: fromEnv(env, "thorough"),
		},
		&cli.BoolFlag{
			Name: "check", Usage: "order once, pay once, and say what of the config is right; no rule is judged",
			Sources: fromEnv(env, "check"),
		},
		&cli.BoolFlag{
			Name: "watch", Usage: "judge again whenever a file of the shop changes: what failed first, and everything once " +
				"that holds", Sources: fromEnv(env, "watch"),
		},
		&cli.BoolFlag{Name: "shop-log", Usage: "show what the shop writes", Sources: fromEnv(env, "shop-log")},
	}
}

// thoroughTimeout is when a thorough run ends for which no time is given.
const thoroughTimeout = 5 * time.Minute

// merchantRun is one run of verify merchant, its flags read.
type merchantRun struct {
	config         contract.Config
	file           string // of the config
	options        contract.Options
	outputs        []report.Output
	bundle         string           // where to leave it; empty: nowhere
	replayed       *contract.Bundle // the one that is judged again; nil: none
	replayedFrom   string           // its file
	env            environment
	stdout, stderr io.Writer
}

// newMerchantRun reads the flags and the config, and reports everything that is wrong with them.
func newMerchantRun(env environment, c *cli.Command) (*merchantRun, error) {
	var faults []error
	note := func(err error) {
		if err != nil {
			faults = append(faults, err)
		}
	}
	r := &merchantRun{env: env, stdout: c.Root().Writer, stderr: c.Root().ErrWriter}
	note(r.readConfig(c))
	note(contract.CheckRules(r.config.Rules))
	r.options.Within = c.Duration("timeout")
	if r.config.Thorough && !c.IsSet("timeout") {
		r.options.Within = thoroughTimeout
	}
	if r.options.Within < 0 {
		note(fmt.Errorf("--timeout must not be negative, got %s: 0 is no limit", r.options.Within))
	}

	r.options.Tool = "payporter-mock " + version()
	var err error
	r.config.FailOn, err = report.ParseSeverity(c.String("fail-on"))
	note(err)
	r.outputs, err = report.ParseOutputs(c.StringSlice("report"))
	note(err)
	for _, output := range r.outputs {
		note(output.Check())
	}

	if c.Bool("check") && c.Bool("watch") {
		note(errors.New("--check orders once and --watch goes on: give one of them"))
	}
	if c.Bool("shop-log") {
		r.options.ShopLog = r.stderr
	}

	return r, errors.Join(faults...)
}

// readConfig reads the config, and what of it a bundle replaces.
func (r *merchantRun) readConfig(c *cli.Command) error {
	r.file, r.bundle = c.String("config"), c.String("bundle")
	rules, seed, thorough := c.StringSlice("rules"), c.Uint64("seed"), c.Bool("thorough")
	if replay := c.String("replay"); replay != "" {
		b, err := contract.ReadBundle(replay)
		if err != nil {
			return err
		}
		r.replayed, r.replayedFrom = &b, replay
		if r.file == "" {
			r.file = b.Config
		}
		if _, err := os.Stat(r.file); err != nil {
			return fmt.Errorf("bundle %s: its config %s is not there any more; name it with --config", replay, r.file)
		}
		if len(rules) == 0 {
			rules = b.IDs()
		}
		seed, r.bundle = b.Seed, none // the bundle at hand stays as it is
		thorough = thorough || b.Thorough
	}

	if r.bundle == none {
		r.bundle = ""
	}
	if r.file == "" {
		return errors.New("merchant wants --config FILE: how to order in the shop and how to see what it believes; " +
			"payporter-mock init writes one")
	}

	config, err := contract.LoadConfig(r.file)
	r.config = config
	r.config.Rules, r.config.Seed, r.config.Thorough = rules, seed, thorough
	return err
}

// none switches a file off.
const none = "none"

// verify judges the shop, tells of it, and answers an error if it has failed.
func (r *merchantRun) verify(ctx context.Context) error {
	_, err := r.judge(ctx)
	return err
}

// judge is verify, with what was found.
func (r *merchantRun) judge(ctx context.Context) (contract.Judgement, error) {
	progress := report.NewProgress(r.stderr, report.TerminalOf(r.stderr, report.Env(r.env)), len(contract.Rules()))
	r.options.Progress = progress
	judged, err := contract.Verify(ctx, r.config, r.options)
	progress.Close()
	if err != nil {
		return judged, &failure{err}
	}

	err = r.tell(judged)
	if judged.Verdict == report.NotOK {
		err = errors.Join(err, fmt.Errorf("verify merchant: %s", judged.Reason))
	}
	if err != nil {
		return judged, &failure{err}
	}

	return judged, nil
}

// tell writes the bundle and the reports. A bundle that cannot be written is a warning: it was not asked for by
// name, and the verdict is what counts.
func (r *merchantRun) tell(judged contract.Judgement) error {
	if judged.Replay != nil && r.bundle != "" {
		if err := judged.Replay.Write(r.bundle, r.file); err != nil {
			fmt.Fprintf(r.stderr, "warning: %s; name a file that can be written with --bundle, or --bundle none\n", err)
		} else {
			judged.Bundle = r.bundle
			fmt.Fprintf(r.stderr, "to judge again what failed: payporter-mock verify merchant --replay %s\n", r.bundle)
		}
	}

	if r.replayed != nil {
		fmt.Fprintf(r.stdout, "Replay of %s with seed %d\n", r.replayedFrom, r.replayed.Seed)
		for _, line := range r.replayed.Replayed(judged.Report) {
			fmt.Fprintf(r.stdout, "  %s\n", line)
		}
		fmt.Fprintln(r.stdout)
	}

	return errors.Join(
		report.Write(&judged.Report, r.outputs),
		judged.WriteGitHub(r.stdout, report.Env(r.env)),
		judged.WriteTerminal(r.stdout, report.TerminalOf(r.stdout, report.Env(r.env))),
	)
}
