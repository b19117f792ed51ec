package sqlite

import (
	"errors"

	engine "modernc.org/sqlite"
	codes "modernc.org/sqlite/lib"

	"github.com/payporter-mock/payporter-mock/mock/store/internal/tables"
)

// troubled says in words that callers may see why the file cannot be used.
func troubled(cause error) error { return tables.Troubled(cause, reason) }

// codeOf is the engine's code of the error, without its details; zero: it is none of the engine's.
func codeOf(err error) int {
	var fault *engine.Error
	if !errors.As(err, &fault) {
		return 0
	}
	return fault.Code() & 0xff
}

// reason is what is wrong with the file, as far as the engine knows.
func reason(err error) string {
	var broken *tables.Damage
	if errors.As(err, &broken) {
		return "the file is damaged"
	}

	switch codeOf(err) {
	case 0:
		return "it has been closed"
	case codes.SQLITE_FULL:
		return "there is no room left on the disk"
	case codes.SQLITE_READONLY:
		return "the file may not be written"
	case codes.SQLITE_CORRUPT:
		return "the file is damaged"
	case codes.SQLITE_NOTADB:
		return "the file is no SQLite database"
	case codes.SQLITE_BUSY, codes.SQLITE_LOCKED:
		return "another program holds the file"
	case codes.SQLITE_CANTOPEN:
		return "the file cannot be opened"
	}

	return "the file cannot be read or written"
}
