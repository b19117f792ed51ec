package sqlite_test

import (
	"database/sql"
	"errors"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/payporter-mock/payporter-mock/mock"
	"github.com/payporter-mock/payporter-mock/mock/store"
	"github.com/payporter-mock/payporter-mock/mock/store/sqlite"
)

// refused wants that a sandbox is not made with the books, and why.
func refused(t *testing.T, b store.Books, why string) {
	t.Helper()
	_, err := mock.New(mock.Config{Store: b})
	require.ErrorContains(t, err, why)
	require.NoError(t, b.Close())
}

func TestFileIsUsedByOneSandboxAtATime(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "books.db")
	first := open(t, file)
	link := filepath.Join(t.TempDir(), "link.db")
	require.NoError(t, os.Symlink(file, link))
	for _, name := range []string{file, link} {
		refused(t, sqlite.Open(name), "another sandbox uses it: end that one, or give this one a file of its own")
	}

	require.NoError(t, first.Close())
	_, err := open(t, link).Keys(t.Context())
	require.NoError(t, err)
}

func TestFileOfAnotherKindIsRefused(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	text := filepath.Join(dir, "text.db")
	require.NoError(t, os.WriteFile(text, []byte("no database, and long enough to be read as one"), 0o600))
	refused(t, sqlite.Open(text), "store "+text+": is no SQLite database: name another file, or take this one away")

	others := filepath.Join(dir, "others.db")
	execute(t, others, "CREATE TABLE theirs (id)")
	refused(t, sqlite.Open(others), "is a database of another program: name another file")
	refused(t, sqlite.Open(dir), "is a folder: name a file in it")
	refused(t, sqlite.Open(filepath.Join(dir, "none", "b.db")), "its folder cannot be used, make it first")
	refused(t, sqlite.Open(filepath.Join(dir, "b.db"), sqlite.Options{Synchronous: "off"}), `want full or normal`)
}

func TestFolderThatMayNotBeWrittenIsRefused(t *testing.T) {
	t.Parallel()
	dir := "/proc/self" // nobody may, not even root
	if _, err := os.Stat(dir); err != nil {
		dir = t.TempDir()
		require.NoError(t, os.Chmod(dir, 0o500))
	}
	refused(t, sqlite.Open(filepath.Join(dir, "books.db")), "cannot be written: let this user write the file "+
		"and its folder")
}

func TestFileOfAnotherVersion(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "books.db")
	put(t, open(t, file), "kept")

	// An older file is changed, and copied as it was.
	newer := sqlite.OpenWithFurther(file, "ALTER TABLE merchant ADD COLUMN further TEXT NOT NULL DEFAULT 'new'")
	keys, err := newer.Keys(t.Context())
	require.NoError(t, err)
	require.Equal(t, []string{"kept"}, keys)
	require.NoError(t, newer.Close())
	require.Equal(t, "new", query(t, file, "SELECT further FROM merchant"))

	refused(t, sqlite.Open(file), "was written by a newer payporter-mock (version 4 of the file, this one knows 3)")
	keys, err = open(t, file+".version-3").Keys(t.Context())
	require.NoError(t, err)
	require.Equal(t, []string{"kept"}, keys)
}

func TestMigrationThatFailsLeavesTheFileAsItWas(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "books.db")
	put(t, open(t, file), "kept")
	refused(t, sqlite.OpenWithFurther(file, "DELETE FROM merchant; DROP TABLE none"), "further.sql: ")
	keys, err := open(t, file).Keys(t.Context())
	require.NoError(t, err)
	require.Equal(t, []string{"kept"}, keys)
}

// put puts a merchant and closes the books.
func put(t *testing.T, b store.Books, key string) {
	t.Helper()
	s, err := b.Open(t.Context(), key)
	require.NoError(t, err)
	require.NoError(t, s.Update(t.Context(), func(tx store.Tx) error { return tx.PutMerchant(store.Merchant{}) }))
	require.NoError(t, b.Close())
}

// execute runs a statement on the file itself, which nobody has open.
func execute(t *testing.T, file, statement string) {
	t.Helper()
	db, err := sql.Open("sqlite", file)
	require.NoError(t, err)
	_, err = db.Exec(statement)
	require.NoError(t, err)
	require.NoError(t, db.Close())
}

// query is the one value that a query of the file answers.
func query(t *testing.T, file, text string) (value string) {
	t.Helper()
	db, err := sql.Open("sqlite", file)
	require.NoError(t, err)
	require.NoError(t, db.QueryRow(text).Scan(&value))
	require.NoError(t, db.Close())
	return value
}

// What a file of the first version holds is forgotten like all else: what is over goes, what is open stays.
func TestPaymentsOfAnOlderFileAreForgotten(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "books.db")
	require.NoError(t, sqlite.OpenOfVersion(file, 1).Close())
	execute(t, file, `INSERT INTO merchant (id, key, body, number) VALUES (1, 'test_one', '{}', 4);
		INSERT INTO payment (merchant, number, latest_of, checkout_id, order_id, id, parent_id, status, body) VALUES
			(1, 1, '', '', '', 'done', '', 'SUCCESS', '{"ID":"done","Type":"SALE","Status":"SUCCESS"}'),
			(1, 2, '', '', '', 'paid', '', 'SUCCESS', '{"ID":"paid","Type":"SALE","Status":"SUCCESS"}'),
			(1, 3, '', '', '', 'refund', 'paid', 'PENDING_APPROVAL',
				'{"ID":"refund","ParentID":"paid","Type":"REFUND","Status":"PENDING_APPROVAL"}'),
			(1, 4, '', '', '', 'last', '', 'FAILED', '{"ID":"last","Type":"SALE","Status":"FAILED"}')`)

	s, err := open(t, file).Open(t.Context(), "test_one")
	require.NoError(t, err)
	forgets := func(keep int, want ...string) {
		require.NoError(t, s.Update(t.Context(), func(tx store.Tx) error {
			_, forgetErr := tx.ForgetPayments(keep)
			all, err := tx.Payments(store.PaymentQuery{})
			var ids []string
			for _, p := range all {
				ids = append(ids, p.ID)
			}
			require.Equal(t, want, ids)
			return errors.Join(forgetErr, err)
		}))
	}
	forgets(3, "last", "refund", "paid", "done")
	forgets(2, "last", "refund", "paid")
	forgets(0, "refund", "paid")
}
