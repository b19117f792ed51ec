package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/urfave/cli/v3"

	"github.com/payporter-mock/payporter-mock/internal/wording"
	"github.com/payporter-mock/payporter-mock/mock/store"
)

func storeCommand(env environment) *cli.Command {
	return &cli.Command{
		Name:  "store",
		Usage: "export, import and migrate what serve --store keeps",

		Action: helpOfGroup,

		Commands: []*cli.Command{storeExportCommand(env), storeImportCommand(env), storeMigrateCommand(env)},
	}
}

func storeExportCommand(env environment) *cli.Command {
	f := flags{env}
	return &cli.Command{
		Name:  "export",
		Usage: "write the books of all API keys, or of some, to standard output as JSON Lines, masked",
		Description: "No sandbox may use a SQLite file meanwhile. PostgreSQL answers one state of the books, whatever the\n" +
			"sandboxes on it do meanwhile. Secrets of webhooks and card numbers are not in the export.",
		Flags: []cli.Flag{storeFlag(f), f.listOr("key", "all", "an API key whose books are wanted (repeatable)")},

		Action: func(ctx context.Context, c *cli.Command) error {
			if err := noArguments(c); err != nil {
				return err
			}
			kept, err := keptIn(c.String("store"))
			if err != nil {
				return err
			}
			return exportStore(ctx, kept, c.Root().Writer, c.Root().ErrWriter, c.StringSlice("key"))
		},
	}
}

func exportStore(ctx context.Context, kept keeper, out, words io.Writer, keys []string) error {
	to := bufio.NewWriter(out)
	done, err := kept.export(ctx, to, version(), keys...)
	if err == nil {
		err = to.Flush()
	}
	if err != nil {
		return &failure{err}
	}

	line := fmt.Sprintf("exported %s of %s\n", wording.Plural(done.Records, "record"), merchantsOf(done.Merchants))
	if done.Masked > 0 {
		line += fmt.Sprintf("in %s something was masked, which no import brings back\n",
			wording.Plural(done.Masked, "record"))
	}
	return say(words, line)
}

func storeImportCommand(env environment) *cli.Command {
	f := flags{env}
	return &cli.Command{
		Name: "import", ArgsUsage: "FILE",
		Usage: "put what store export has written into a store: all of it or, with an error, nothing",
		Description: "FILE may be - for standard input. No sandbox may use the store meanwhile. A SQLite file is made\n" +
			"where there is none.",
		Flags: []cli.Flag{
			storeFlag(f),
			f.toggle("replace", false, "drop what the store has of the API keys in the file; else they are refused"),
		},

		Action: func(ctx context.Context, c *cli.Command) error {
			if c.Args().Len() != 1 {
				return fmt.Errorf("store import takes one file that store export has written, or - for standard input, got %d",
					c.Args().Len())
			}
			kept, err := keptIn(c.String("store"))
			if err != nil {
				return err
			}
			return importStore(ctx, kept, c, c.Args().First())
		},
	}
}

func importStore(ctx context.Context, kept keeper, c *cli.Command, name string) error {
	from, err := importFile(c, &name)
	if err != nil {
		return err
	}
	defer from.Close()

	done, err := kept.take(ctx, name, from, c.Bool("replace"))
	var line *store.LineError
	switch {
	case errors.As(err, &line):
		return err // the file is at fault
	case err != nil:
		return &failure{err}
	}

	text := fmt.Sprintf("imported %s of %s\n", wording.Plural(done.Records, "record"), merchantsOf(done.Merchants))
	if len(done.Webhooks) > 0 {
		text += fmt.Sprintf("no export has the secrets of webhooks; where one was given, give it again "+
			"(PUT /_mock/webhook, serve --webhook-secret): %s\n", strings.Join(done.Webhooks, ", "))
	}
	return say(c.Root().ErrWriter, text)
}

// importFile opens the file with the name, which is another one for standard input.
func importFile(c *cli.Command, name *string) (io.ReadCloser, error) {
	if *name == "-" {
		*name = "stdin"
		return io.NopCloser(c.Root().Reader), nil
	}

	file, err := os.Open(*name)
	if err != nil {
		return nil, err
	}
	if info, err := file.Stat(); err == nil && info.IsDir() {
		return nil, errors.Join(fmt.Errorf("%s: is a folder: name a file that store export has written", *name), file.Close())
	}
	return file, nil
}

func storeMigrateCommand(env environment) *cli.Command {
	return &cli.Command{
		Name:  "migrate",
		Usage: "bring a store to the version of this program without serving",
		Description: "serve does it, too. Before, a copy of a SQLite file is put beside it; of a database you make it\n" +
			"yourself. A store that there is not yet is made.",
		Flags: []cli.Flag{storeFlag(flags{env})},

		Action: func(ctx context.Context, c *cli.Command) error {
			if err := noArguments(c); err != nil {
				return err
			}
			kept, err := keptIn(c.String("store"))
			if err != nil {
				return err
			}
			done, err := kept.migrate(ctx)
			if err != nil {
				return &failure{err}
			}
			return say(c.Root().Writer, migrated(done))
		},
	}
}

// migrated says what a migration has done.
func migrated(done store.Migrated) string {
	switch {
	case done.From == 0:
		return fmt.Sprintf("made, version %d\n", done.To)
	case done.From == done.To:
		return fmt.Sprintf("is of version %d already: nothing was to be done\n", done.To)
	case done.Copy != "":
		return fmt.Sprintf("migrated from version %d to version %d; a copy as it was is in %s\n",
			done.From, done.To, done.Copy)
	}
	return fmt.Sprintf("migrated from version %d to version %d\n", done.From, done.To)
}

// storeFlag names the store that a command is about.
func storeFlag(f flags) cli.Flag {
	return f.textOr("store", "none, it must be named", "the store: sqlite:FILE or postgres://user:password@host/database")
}

// merchantsOf counts merchants for people.
func merchantsOf(n int) string { return wording.Plural(n, "merchant") }
