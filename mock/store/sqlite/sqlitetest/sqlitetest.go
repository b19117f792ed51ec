// Package sqlitetest gives tests books in files of their own. Only packages whose sandboxes take the flag -store import
// it, so that the others do not link the engine.
package sqlitetest

import (
	"path/filepath"
	"testing"

	"github.com/payporter-mock/payporter-mock/mock/store"
	"github.com/payporter-mock/payporter-mock/mock/store/sqlite"
	"github.com/payporter-mock/payporter-mock/mock/store/storetest"
)

// Kind is what -store=sqlite stands for: each test has a file in a folder of its own.
func Kind() storetest.Kind { return storetest.Kind{Name: "sqlite", Open: Books} }

// Books are empty books in a file that goes with the test.
func Books(t testing.TB) store.Books {
	t.Helper()
	b := sqlite.Open(filepath.Join(t.TempDir(), "books.db"), sqlite.Options{Synchronous: sqlite.Normal})
	t.Cleanup(func() { _ = b.Close() }) // closed already by the sandbox, mostly
	return b
}
