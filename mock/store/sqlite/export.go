package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"

	"github.com/payporter-mock/payporter-mock/mock/store"
	"github.com/payporter-mock/payporter-mock/mock/store/internal/tables"
)

// Export writes the books in the file to w as JSON Lines, masked: those of the keys, or all if there are none. program
// is the version of this program. A file that a sandbox uses, and one of another version, is an error. So is ctx when
// it ends first.
func Export(ctx context.Context, file string, w io.Writer, program string, keys ...string) (
	done store.Exported, err error,
) {
	err = alone(file, mustExist, func(_ string, s *session) error {
		if err := isOfThisVersion(s); err != nil {
			return err
		}
		if err := s.Run("BEGIN"); err != nil {
			return err
		}
		defer func() { _ = s.Run("ROLLBACK") }() // nothing was changed
		done, err = tables.Export(ctx, s, w, program, keys)
		return err
	})
	return done, err
}

// Import puts what Export has written into the books in the file, which is made where there is none, and brought to
// the version of this program: all of it or, with an error, nothing. name is what errors call from; a bad line is a
// *store.LineError. Keys that the books have already are an error, unless replace says that their books are dropped. A
// file that a sandbox uses is an error. So is ctx when it ends first.
func Import(ctx context.Context, file, name string, from io.Reader, replace bool) (done store.Imported, err error) {
	lines, err := tables.ReadHeader(name, from)
	if err != nil {
		return done, err
	}

	_, missing := os.Stat(file)
	err = alone(file, mayBeNew, func(path string, s *session) (err error) {
		defer func() { // while nobody else can have the file
			if err != nil && errors.Is(missing, fs.ErrNotExist) {
				forgetFile(path)
			}
		}()
		if err := prepare(s, path, Options{}, migrations()); err != nil {
			return err
		}
		return inOne(s, func() (err error) {
			done, err = tables.Import(ctx, s, lines, replace)
			return err
		})
	})
	return done, err
}

// Migrate brings the file to the version of this program, and makes it where there is none. Before an older one is
// changed a copy of it is put beside it. A file that a sandbox uses, and one of a newer version, is an error.
func Migrate(file string) (done store.Migrated, err error) {
	steps := migrations()
	err = alone(file, mayBeNew, func(path string, s *session) (err error) {
		if done.From, err = versionOf(s); err != nil {
			return err
		}
		if err := prepare(s, path, Options{}, steps); err != nil {
			return err
		}
		if done.To = len(steps); done.From > 0 && done.From < done.To {
			done.Copy = copyName(path, done.From)
		}
		return nil
	})
	return done, err
}

// What a piece of work wants of the file.
const (
	mustExist = true
	mayBeNew  = false
)

// alone opens the file, if no sandbox uses it, for one piece of work.
func alone(file string, exists bool, do func(path string, s *session) error) (err error) {
	defer func() {
		var line *store.LineError
		if err != nil && !errors.As(err, &line) {
			err = fmt.Errorf("store %s: %w", file, err)
		}
	}()
	path, err := resolved(file)
	if err != nil {
		return err
	}
	if _, err := os.Stat(path); exists && err != nil {
		return fmt.Errorf("cannot be read: name the file of a sandbox: %w", err)
	}

	o := &opened{}
	defer func() { err = errors.Join(err, o.close()) }()
	if err := o.take(path); err != nil {
		return err
	}
	if o.db, err = sql.Open("sqlite", dsn(path)); err != nil {
		return err
	}
	s, err := newSession(background, o.db)
	if err != nil {
		return openFault(err)
	}
	defer s.close()
	return openFault(do(path, s))
}

// inOne runs do in one transaction, which takes effect unless do answers an error.
func inOne(s *session, do func() error) error {
	if err := s.Run("BEGIN IMMEDIATE"); err != nil {
		return err
	}
	if err := do(); err != nil {
		_ = s.Run("ROLLBACK") // fails where the engine has done so already
		return err
	}
	if err := s.Run("COMMIT"); err != nil {
		_ = s.Run("ROLLBACK")
		return err
	}

	_, err := s.connection.ExecContext(background, "PRAGMA wal_checkpoint(TRUNCATE)")
	return err
}

// isOfThisVersion refuses a file whose tables are of another version than this program's.
func isOfThisVersion(s *session) error {
	at, err := versionOf(s)
	switch known := len(migrations()); {
	case err != nil:
		return err
	case at > known:
		return tooNew(at, known)
	case at < known:
		return fmt.Errorf("is of version %d, and this payporter-mock wants %d: run payporter-mock store migrate first",
			at, known)
	}
	return nil
}

// forgetFile takes a file away that was made for nothing.
func forgetFile(file string) {
	for _, end := range []string{"", "-wal", "-shm", "-lock"} {
		_ = os.Remove(file + end) // some are not there
	}
}
