package postgres

import (
	"context"
	"embed"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/payporter-mock/payporter-mock/mock/store/internal/tables"
)

//go:embed migrations/*.sql
var migrationFiles embed.FS

// migrations are the steps in their order: the n-th leads to version n.
func migrations() []tables.Migration { return tables.Migrations(migrationFiles) }

// isMajor reports whether programs that do not know the step cannot use the tables after it.
func isMajor(step tables.Migration) bool { return strings.HasPrefix(step.Text, "-- major\n") }

// majorOf is the major version to which the steps lead. Programs of one major version use the tables together,
// whatever further steps they know.
func majorOf(steps []tables.Migration) int {
	major := 1
	for _, step := range steps {
		if isMajor(step) {
			major++
		}
	}
	return major
}

// lockMigration lets one process at a time change the tables; lockAlone waits until no other process uses them, and
// tryAlone does not wait.
const (
	lockMigration = `SELECT pg_advisory_xact_lock(hashtext('payporter-mock migration'), hashtext(current_schema()))`
	lockAlone     = `SELECT pg_advisory_xact_lock(hashtext('payporter-mock'), hashtext(current_schema()))`
	tryAlone      = `SELECT pg_try_advisory_xact_lock(hashtext('payporter-mock'), hashtext(current_schema()))`
)

// How long a migration waits for the tables at a time, and how long it lets others have them between. PostgreSQL looks
// for deadlocks only after longer waits (1 s): transactions of processes that serve meanwhile are delayed, and none is
// ended.
const (
	excludeWithin = 200 * time.Millisecond
	excludeAgain  = 50 * time.Millisecond
)

// errInUse is the failure of a migration that has not got the tables for itself this time.
var errInUse = errors.New("the tables are in use")

// migrate brings the tables to the version of this program, in one transaction. Those of a newer major version are
// refused; those of a newer version of the same one are left as they are. It tries for as long as locks are waited for.
func migrate(c *pgx.Conn, steps []tables.Migration) error {
	most, err := milliseconds(background, c, "lock_timeout")
	if err != nil {
		return err
	}

	for waited := time.Duration(0); ; waited += excludeWithin + excludeAgain {
		err := pgx.BeginFunc(background, c, func(tx pgx.Tx) error { return migrateIn(tx, steps) })
		if !errors.Is(err, errInUse) {
			return err
		}
		if most > 0 && waited >= most {
			return fmt.Errorf("the tables are locked by a program that is none of these, such as a backup: wait until that "+
				"has ended, and start again: %w", err)
		}
		pause(background, excludeAgain)
	}
}

func migrateIn(tx pgx.Tx, steps []tables.Migration) error {
	if err := lock(tx, lockMigration, errMigrated); err != nil {
		return err
	}
	at, major, err := versionOf(tx)
	if err != nil {
		return err
	}
	if major > majorOf(steps) {
		return tooNew(at, len(steps))
	}
	if at >= len(steps) {
		return nil
	}

	if majorOf(steps) > major {
		if err := lock(tx, lockAlone, errTaken); err != nil {
			return err
		}
	}
	if err := exclude(tx); err != nil {
		return err
	}
	for _, step := range steps[at:] {
		if _, err := tx.Exec(background, step.Text); err != nil {
			return fmt.Errorf("%s: %w", step.Name, err)
		}
	}
	if _, err = tx.Exec(background, `UPDATE sandbox SET version = $1`, len(steps)); err == nil && majorOf(steps) > 1 {
		_, err = tx.Exec(background, `UPDATE sandbox SET major = $1`, majorOf(steps))
	}
	return err
}

// exclude has all tables that there are for the transaction alone. One that waited for them as it comes to them could
// wait for a transaction that waits for it.
func exclude(tx pgx.Tx) error {
	all := append([]string{"merchant"}, append(tables.Names(), "process", "sandbox")...) // as transactions take them
	rows, err := tx.Query(background, `SELECT relname FROM pg_class WHERE relnamespace = current_schema()::regnamespace
		AND relkind = 'r' AND relname = ANY($1) ORDER BY array_position($1, relname::text)`, all)
	if err != nil {
		return err
	}
	found, err := pgx.CollectRows(rows, pgx.RowTo[string])
	if err != nil || !slices.Contains(found, "sandbox") { // what is there is not ours
		return err
	}

	within := fmt.Sprintf("SET LOCAL lock_timeout = %d", excludeWithin.Milliseconds())
	if _, err := tx.Exec(background, within); err != nil {
		return err
	}
	return lock(tx, "LOCK TABLE "+strings.Join(found, ", ")+" IN ACCESS EXCLUSIVE MODE", errInUse)
}

// lock waits for a lock. busy is what it means that others do not give it.
func lock(tx pgx.Tx, statement string, busy error) error {
	_, err := tx.Exec(background, statement)
	if codeOf(err) == lockTimeout {
		return busy
	}
	return err
}

func tooNew(at, known int) error {
	return &refusal{fmt.Sprintf("was written by a newer payporter-mock (version %d of the tables, this one knows %d): "+
		"use that, or another database", at, known)}
}

// versionOf is the version of the tables and their major version; zero: there are none.
func versionOf(tx pgx.Tx) (version, major int, err error) {
	var table *string
	err = tx.QueryRow(background, `SELECT to_regclass(quote_ident(current_schema()) || '.sandbox')::text`).Scan(&table)
	if err != nil || table == nil {
		return 0, 0, err
	}

	var row struct{ Version, Major int }
	row.Major = 1 // the first version did not say so
	var text string
	err = tx.QueryRow(background, `SELECT row_to_json(sandbox)::text FROM sandbox`).Scan(&text)
	if err == nil {
		err = json.Unmarshal([]byte(text), &row)
	}
	return row.Version, row.Major, err
}

// refuseMajor refuses tables that another process has brought meanwhile to a newer major version than the steps lead
// to.
func refuseMajor(ctx context.Context, c *pgx.Conn, steps []tables.Migration) error {
	var version, major int
	err := c.QueryRow(ctx, `SELECT version, major FROM sandbox`).Scan(&version, &major)
	if err == nil && major > majorOf(steps) {
		return tooNew(version, len(steps))
	}
	return err
}

// schemaOf is the schema that the address names. One that there is not is refused.
func schemaOf(ctx context.Context, c *pgx.Conn) (string, error) {
	var schema *string
	err := c.QueryRow(ctx, `SELECT current_schema()`).Scan(&schema)
	switch {
	case err != nil:
		return "", err
	case schema == nil:
		return "", &refusal{"the schema does not exist: make it first, or leave search_path out"}
	}
	return *schema, nil
}
