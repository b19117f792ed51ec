package postgres

import (
	"errors"

	"github.com/jackc/pgx/v5/pgconn"

	"github.com/payporter-mock/payporter-mock/mock/store/internal/tables"
)

// errTaken is the failure of books that a process of another major version uses.
var errTaken = errors.New("a sandbox of another version uses the database: end that one, or give this one a schema of " +
	"its own")

// errMigrated is the failure of books whose tables another process changes for longer than locks are waited for.
var errMigrated = errors.New("another process is changing the tables: wait until it has ended, and start this one again")

// troubled says in words that callers may see why the database cannot be used.
func troubled(cause error) error { return tables.Troubled(cause, reason) }

// The codes of PostgreSQL that say more than that it did not do something.
const (
	deadlock      = "40P01"
	serialization = "40001"
	canceled      = "57014"
	lockTimeout   = "55P03"
	diskFull      = "53100"
	readOnly      = "25006"
	noPassword    = "28P01"
	noUser        = "28000"
	noDatabase    = "3D000"
	noRight       = "42501"
	tableThere    = "42P07"
)

// codeOf is PostgreSQL's code of the error; empty: it is no answer of it.
func codeOf(err error) string {
	var fault *pgconn.PgError
	if !errors.As(err, &fault) {
		return ""
	}
	return fault.Code
}

// reason is what is wrong with the database, as far as it says so.
func reason(err error) string {
	var broken *tables.Damage
	var newer *refusal
	var other *disagreement
	switch {
	case errors.As(err, &newer):
		return "the database " + newer.why
	case errors.As(err, &other):
		return other.why
	case errors.As(err, &broken):
		return "the database is damaged"
	case errors.Is(err, errTaken):
		return errTaken.Error()
	}

	switch codeOf(err) {
	case "":
		if tookTooLong(err) || errors.Is(err, errSilent) {
			return "PostgreSQL does not answer"
		}
		return "PostgreSQL cannot be reached"
	case diskFull:
		return "there is no room left on PostgreSQL's disk"
	case readOnly:
		return "PostgreSQL takes no changes at the moment"
	case canceled, lockTimeout:
		return "PostgreSQL took too long"
	}
	return "PostgreSQL refuses (" + codeOf(err) + ")"
}
