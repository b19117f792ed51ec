package sqlite

import (
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"os"

	"github.com/payporter-mock/payporter-mock/mock/store/internal/tables"
)

//go:embed migrations/*.sql
var migrationFiles embed.FS

// migrations are the steps in their order: the n-th leads to version n.
func migrations() []tables.Migration { return tables.Migrations(migrationFiles) }

// application marks a file as books of a sandbox: "PPMB".
const application = 0x50504d42

// migrate brings the file to the version of this program, in one transaction. Before an older one is changed a copy of
// it is put beside it. A file of a newer version, or of another program, is refused.
func migrate(s *session, path string, steps []tables.Migration) error {
	at, err := versionOf(s)
	switch {
	case err != nil:
		return err
	case at == len(steps):
		return nil
	case at > len(steps):
		return tooNew(at, len(steps))
	case at > 0:
		if err := copyBeside(s, copyName(path, at)); err != nil {
			return err
		}
	}

	if err := s.Run("BEGIN IMMEDIATE"); err != nil {
		return err
	}
	if err := runSteps(s, steps[at:], len(steps)); err != nil {
		_ = s.Run("ROLLBACK") // fails where the engine has done so already
		return err
	}
	return s.Run("COMMIT")
}

func tooNew(at, known int) error {
	return fmt.Errorf("was written by a newer payporter-mock (version %d of the file, this one knows %d): "+
		"use that, or another file", at, known)
}

// copyName is where the copy of a file of an older version is put.
func copyName(path string, version int) string { return fmt.Sprintf("%s.version-%d", path, version) }

// versionOf is the version of the file; zero: it is empty.
func versionOf(s *session) (version int, err error) {
	var owner, tables int
	_, err = s.Row("PRAGMA application_id", nil, &owner)
	if err == nil {
		_, err = s.Row("PRAGMA user_version", nil, &version)
	}

	if err == nil {
		_, err = s.Row("SELECT count(*) FROM sqlite_schema", nil, &tables)
	}
	if err == nil && owner != application && (owner != 0 || version != 0 || tables != 0) {
		err = errors.New("is a database of another program: name another file")
	}
	return version, err
}

// copyBeside writes a copy of the file as it is. One of the same version, from a try that failed, is replaced.
func copyBeside(s *session, to string) error {
	if err := os.Remove(to); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("copy it before it is changed: %w", err)
	}
	if err := s.Run("VACUUM INTO ?", to); err != nil {
		return fmt.Errorf("copy it to %s before it is changed: %w", to, err)
	}
	return nil
}

func runSteps(s *session, steps []tables.Migration, version int) error {
	for _, step := range steps {
		if _, err := s.connection.ExecContext(background, step.Text); err != nil {
			return fmt.Errorf("%s: %w", step.Name, err)
		}
	}

	for pragma, value := range map[string]int{"user_version": version, "application_id": application} {
		if _, err := s.connection.ExecContext(background, fmt.Sprintf("PRAGMA %s = %d", pragma, value)); err != nil {
			return err
		}
	}
	return nil
}
