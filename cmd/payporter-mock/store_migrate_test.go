package main_test

import (
	"bytes"
	"database/sql"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"
	_ "modernc.org/sqlite" // the engine of the files that are made here

	"github.com/payporter-mock/payporter-mock/mock/store/postgres/postgrestest"
)

// ended runs the program until its end, and answers its exit code with all that it wrote.
func ended(t *testing.T, args ...string) (code int, written string) {
	t.Helper()
	program, err := binary()
	require.NoError(t, err)
	command := exec.CommandContext(t.Context(), program, args...)
	command.Env = environment()
	var out bytes.Buffer
	command.Stdout, command.Stderr = &out, &out
	err = command.Run()
	var failed *exec.ExitError
	if !errors.As(err, &failed) {
		require.NoError(t, err)
	}
	return command.ProcessState.ExitCode(), out.String()
}

// tables is the first step of the tables of a store.
func tables(t *testing.T, store string) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("..", "..", "mock", "store", store, "migrations", "0001_books.sql"))
	require.NoError(t, err)
	return string(text) + `; INSERT INTO merchant (key, body) VALUES ('test_one', '{"Seed":7}');`
}

// A store of an older version is not read before it is migrated, and not migrated by whoever only reads.
func TestStoreOfAnOlderVersionIsMigrated(t *testing.T) {
	t.Parallel()
	newest := map[string]string{"sqlite": "3", "postgres": "3"}
	for kind, older := range map[string]func(t *testing.T) (store, copied string){
		"sqlite": func(t *testing.T) (string, string) {
			file := filepath.Join(t.TempDir(), "books.db")
			db, err := sql.Open("sqlite", file)
			require.NoError(t, err)
			_, err = db.ExecContext(t.Context(), tables(t, "sqlite")+
				"PRAGMA user_version = 1; PRAGMA application_id = 1347439938")
			require.NoError(t, errors.Join(err, db.Close()))
			return "sqlite:" + file, file + ".version-1"
		},
		"postgres": func(t *testing.T) (string, string) {
			address := postgrestest.Address(t)
			postgrestest.Execute(t, address, tables(t, "postgres")+"UPDATE sandbox SET version = 1")
			return address, ""
		},
	} {
		t.Run(kind, func(t *testing.T) {
			t.Parallel()
			store, copied := older(t)
			code, said := ended(t, "store", "export", "--store", store)
			require.Equal(t, 1, code)
			require.Contains(t, said, "of version 1, and this payporter-mock wants "+newest[kind]+
				": run payporter-mock store migrate first")

			code, said = ended(t, "store", "migrate", "--store", store)
			require.Zero(t, code, said)
			require.Contains(t, said, "migrated from version 1 to version "+newest[kind])
			if copied != "" {
				require.Contains(t, said, "; a copy as it was is in "+copied)
				require.FileExists(t, copied)
			}
			code, said = ended(t, "store", "migrate", "--store", store)
			require.Zero(t, code, said)
			require.Equal(t, "is of version "+newest[kind]+" already: nothing was to be done\n", said)
			code, said = ended(t, "store", "export", "--store", store)
			require.Zero(t, code, said)
			require.Contains(t, said, `"Seed":7`)
		})
	}
}

// A database is made ready without serving. One that has no books yet is not exported.
func TestEmptyDatabaseIsMadeReadyByMigrate(t *testing.T) {
	t.Parallel()
	address := postgrestest.Address(t)
	code, said := ended(t, "store", "export", "--store", address)
	require.Equal(t, 1, code)
	require.Contains(t, said, "has no books: name the database and the schema of a sandbox")
	code, said = ended(t, "store", "migrate", "--store", address)
	require.Zero(t, code, said)
	require.Equal(t, "made, version 3\n", said)
	code, said = ended(t, "store", "export", "--store", address)
	require.Zero(t, code, said)
	require.Contains(t, said, "exported 0 records of 0 merchants")
}
