package postgres

import (
	"context"
	"errors"
	"fmt"
	"io"
	"maps"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/payporter-mock/payporter-mock/mock/store"
	"github.com/payporter-mock/payporter-mock/mock/store/internal/tables"
)

// Export writes the books in the database to w as JSON Lines, masked: those of the keys, or all if there are none.
// program is the version of this program. It sees one state of the books, whatever processes that use them do
// meanwhile. Tables of another version are an error. So is ctx when it ends first.
func Export(ctx context.Context, address string, w io.Writer, program string, keys ...string) (
	done store.Exported, err error,
) {
	err = apart(ctx, address, func(c *pgx.Conn) error {
		o := pgx.TxOptions{IsoLevel: pgx.RepeatableRead, AccessMode: pgx.ReadOnly}
		return pgx.BeginTxFunc(ctx, c, o, func(tx pgx.Tx) error {
			if err := isOfThisVersion(tx); err != nil {
				return err
			}
			done, err = tables.Export(ctx, sessionOf(tx), w, program, keys)
			return err
		})
	})
	return done, err
}

// Import puts what Export has written into the books in the database, whose tables are brought to the version of this
// program: all of it or, with an error, nothing. name is what errors call from; a bad line is a *store.LineError. Keys
// that the books have already are an error, unless replace says that their books are dropped. A database that a
// sandbox uses is an error. So is ctx when it ends first.
func Import(ctx context.Context, address, name string, from io.Reader, replace bool) (done store.Imported, err error) {
	lines, err := tables.ReadHeader(name, from)
	if err != nil {
		return done, err
	}
	err = apart(ctx, address, func(c *pgx.Conn) error {
		if err := migrate(c, migrations()); err != nil {
			return err
		}
		return pgx.BeginFunc(ctx, c, func(tx pgx.Tx) error {
			if err := isUnused(ctx, tx); err != nil {
				return err
			}
			done, err = tables.Import(ctx, sessionOf(tx), lines, replace)
			return err
		})
	})
	return done, err
}

// Migrate brings the tables in the database to the version of this program, and makes them where there are none.
// Tables of a newer major version are an error; those of a newer version of the same one are left as they are.
func Migrate(ctx context.Context, address string) (done store.Migrated, err error) {
	steps := migrations()
	err = apart(ctx, address, func(c *pgx.Conn) error {
		version := func() (at int, err error) {
			err = pgx.BeginFunc(ctx, c, func(tx pgx.Tx) error {
				at, _, err = versionOf(tx)
				return err
			})
			return at, err
		}
		if done.From, err = version(); err != nil {
			return err
		}
		if err := migrate(c, steps); err != nil {
			return err
		}
		done.To, err = version()
		return err
	})
	return done, err
}

// apart connects for one piece of work beside the processes that use the database. It may take as long as who reads or
// writes the export does.
func apart(ctx context.Context, address string, do func(*pgx.Conn) error) error {
	config, err := pgxpool.ParseConfig(address)
	if err != nil {
		return fmt.Errorf("store postgres: %w", err)
	}
	at := config.ConnConfig
	maps.Copy(at.RuntimeParams, map[string]string{"statement_timeout": "0", "idle_in_transaction_session_timeout": "0"})
	bound(at)

	named := func(err error) error {
		var line *store.LineError
		if err == nil || errors.As(err, &line) {
			return err
		}
		return fmt.Errorf("store postgres://%s:%d/%s: %w", at.Host, at.Port, at.Database, err)
	}
	c, err := pgx.ConnectConfig(ctx, at)
	if err != nil {
		return named(openFault(err))
	}
	defer func() { _ = c.Close(background) }() // nothing is left to be done on it

	if _, err := schemaOf(ctx, c); err != nil {
		return named(openFault(err))
	}
	err = do(c)
	if codeOf(err) != "" {
		err = openFault(err)
	}
	return named(err)
}

// sessionOf is the transaction as the tables take it.
func sessionOf(tx pgx.Tx) *session { return &session{books: &books{}, single: tx} }

// isUnused refuses a database that a sandbox uses, and keeps others away until the transaction ends.
func isUnused(ctx context.Context, tx pgx.Tx) error {
	var alone bool
	err := tx.QueryRow(ctx, tryAlone).Scan(&alone)
	if err == nil && !alone {
		return &refusal{"is used by a sandbox: end it, and begin it again after the import"}
	}
	return err
}

// isOfThisVersion refuses tables that this program cannot read.
func isOfThisVersion(tx pgx.Tx) error {
	at, major, err := versionOf(tx)
	steps := migrations()
	switch {
	case err != nil:
		return err
	case at == 0:
		return &refusal{"has no books: name the database and the schema of a sandbox"}
	case major > majorOf(steps):
		return tooNew(at, len(steps))
	case at < len(steps):
		return &refusal{fmt.Sprintf("has tables of version %d, and this payporter-mock wants %d: run payporter-mock store "+
			"migrate first", at, len(steps))}
	}
	return nil
}
