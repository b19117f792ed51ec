package postgres

import (
	"embed"
	"fmt"
	"io/fs"

	"github.com/jackc/pgx/v5"
)

//go:embed migrations/*.sql
var migrationFiles embed.FS

// migration is one step from a version of the tables to the next.
type migration struct{ name, text string }

// migrations are the steps in their order: the n-th leads to version n.
func migrations() []migration {
	names, err := fs.Glob(migrationFiles, "migrations/*.sql")
	if err != nil {
		panic(err) // the pattern is right
	}

	steps := make([]migration, len(names))
	for i, name := range names {
		text, err := migrationFiles.ReadFile(name)
		if err != nil {
			panic(err) // it is embedded
		}
		steps[i] = migration{name, string(text)}
	}
	return steps
}

// migrate brings the tables to the version of this program, in one transaction. Those of a newer version are refused.
// Whoever calls it holds the schema.
func migrate(c *pgx.Conn, steps []migration) error {
	return pgx.BeginFunc(background, c, func(tx pgx.Tx) error {
		at, err := versionOf(tx)
		if err != nil || at == len(steps) {
			return err
		}
		if at > len(steps) {
			return &refusal{fmt.Sprintf("was written by a newer payporter-mock (version %d of the tables, this one knows %d): "+
				"use that, or another database", at, len(steps))}
		}

		for _, step := range steps[at:] {
			if _, err := tx.Exec(background, step.text); err != nil {
				return fmt.Errorf("%s: %w", step.name, err)
			}
		}
		_, err = tx.Exec(background, `UPDATE sandbox SET version = $1`, len(steps))
		return err
	})
}

// versionOf is the version of the tables; zero: there are none.
func versionOf(tx pgx.Tx) (version int, err error) {
	var table *string
	err = tx.QueryRow(background, `SELECT to_regclass(quote_ident(current_schema()) || '.sandbox')::text`).Scan(&table)
	if err != nil || table == nil {
		return 0, err
	}
	err = tx.QueryRow(background, `SELECT version FROM sandbox`).Scan(&version)
	return version, err
}
