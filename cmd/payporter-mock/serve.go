package main

import (
	"context"
	"log/slog"
	"os/signal"
	"runtime/debug"
	"sync"
	"syscall"

	"github.com/urfave/cli/v3"

	"github.com/payporter-mock/payporter-mock/mock"
)

func serveCommand(env environment) *cli.Command {
	return &cli.Command{
		Name:  "serve",
		Usage: "run the sandbox", UsageText: "payporter-mock serve [options]",
		Description: "Listens until it gets SIGINT or SIGTERM; then it finishes what is in flight.\n" +
			"The flags marked (assumed) stand for what PayPorter's pages do not say.",
		Flags:           serveFlags(env),
		Commands:        []*cli.Command{serveSchemaCommand()},
		HideHelpCommand: true,

		Action: func(ctx context.Context, c *cli.Command) error {
			if err := noArguments(c); err != nil {
				return err
			}
			given, err := readConfigFile(c, env)
			if err != nil {
				return err
			}
			return given.explain(serve(ctx, c, env))
		},
	}
}

// serve runs the sandbox until ctx ends.
func serve(ctx context.Context, c *cli.Command, env environment) error {
	// The start needs little memory, and is a tenth quicker with fewer collections.
	debug.SetGCPercent(400)
	// Whoever reads standard output or the log may leave: nobody's payment waits for them.
	signal.Ignore(syscall.SIGPIPE)

	out := newLogOutput(c.Root().ErrWriter)
	defer out.Close() // after everything that logs
	out.screen = screenOf(c.Root().ErrWriter, env)
	out.screen.usual = c.String("api-key")
	signals := listen()
	defer signal.Stop(signals.signals)
	started, ok := starting(ctx, func() start { return newStart(c, out) }, start.close)
	if !ok {
		return nil // it was told to end before it listened
	}
	if started.err != nil {
		return started.err
	}

	server, config := started.server, started.config
	if addr := c.String("pprof"); addr != "" {
		closer, url, err := servePprof(addr, config.Logger)
		if err != nil {
			server.Close()
			return err
		}
		defer closer()
		config.Logger.Info("profiles", "url", url)
	}

	sayWhere(ctx, c, started, screenOf(c.Root().Writer, env), out)

	// From here on most of the memory is checkouts, which live long: looking them over half as often is
	// worth more than the room it takes.
	debug.SetGCPercent(200)

	var following sync.WaitGroup
	defer following.Wait()
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	following.Go(func() { followFiles(ctx, server, config.Scenarios, started.seen, config.Logger) })

	signals.watch(server)
	err := server.Serve(ctx)
	if signals.stop() {
		err = errHurried
	}
	if err != nil {
		return &failure{err}
	}
	return nil
}

// sayWhere says where the sandbox listens, and how it is used.
func sayWhere(ctx context.Context, c *cli.Command, s start, to screen, out *logOutput) {
	said := announced(ctx, s.server, s.config, c.String("store"), c.String("admin-token") == "")
	if err := said.announce(c.Root().Writer, c.String("log-format"), to); err != nil {
		s.config.Logger.Warn("standard output does not take where it listens", "url", s.server.URL, "error", err.Error())
	}
	if ca := s.server.CACert(); ca != nil && c.String("log-format") == "text" {
		_, _ = out.Write(ca) // for people to copy; never an error
	}
	if !to.terminal || c.String("log-format") == "json" { // else it has been said
		s.config.Logger.Info("dashboard", "url", said.public+"/_mock/ui/")
	}
}

// start is a sandbox that listens, or why there is none.
type start struct {
	server *mock.Server
	config mock.Config
	seen   string // the state of the scenario files before they were read, so that no change is missed
	err    error
}

// newStart reads the flags and the files that they name, and takes the address.
func newStart(c *cli.Command, out *logOutput) start {
	config, err := serveConfig(c, out)
	if err != nil {
		return start{err: err}
	}
	// What the standard library logs must not wait for a reader either. None of it is for people.
	slog.SetLogLoggerLevel(slog.LevelDebug)
	slog.SetDefault(config.Logger)

	seen := stateOf(config.Scenarios)
	config.Store = openStore(c.String("store"))
	server, err := mock.New(config)
	if err != nil {
		return start{err: &failure{err}} // the config is right: what it names cannot be used
	}
	if err := server.Listen(); err != nil {
		return start{err: &failure{err}}
	}
	return start{server: server, config: config, seen: seen}
}

// close gives the address back.
func (s start) close() {
	if s.server != nil {
		s.server.Close()
	}
}
