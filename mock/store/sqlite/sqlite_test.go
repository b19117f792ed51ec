package sqlite_test

import (
	"path/filepath"
	"testing"

	"github.com/payporter-mock/payporter-mock/mock/store"
	"github.com/payporter-mock/payporter-mock/mock/store/sqlite"
	"github.com/payporter-mock/payporter-mock/mock/store/storetest"
)

func TestBooks(t *testing.T) {
	t.Parallel()
	storetest.Run(t, func(t *testing.T) store.Books { return open(t, filepath.Join(t.TempDir(), "books.db")) })
}

func TestBooksThatAreOpenedAnew(t *testing.T) {
	t.Parallel()
	storetest.Run(t, func(t *testing.T) store.Books {
		file := filepath.Join(t.TempDir(), "books.db")
		b := storetest.Reopened(func() store.Books { return sqlite.Open(file, sqlite.Options{Synchronous: sqlite.Normal}) })
		t.Cleanup(func() { _ = b.Close() })
		return b
	})
}

// open opens the books in the file until the test ends.
func open(t *testing.T, file string) store.Books {
	t.Helper()
	b := sqlite.Open(file, sqlite.Options{Synchronous: sqlite.Normal})
	t.Cleanup(func() { _ = b.Close() })
	return b
}
