package sqlite_test

import (
	"database/sql"
	"fmt"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/payporter-mock/payporter-mock/mock/store/sqlite"
)

// rowsOfCreate are the rows that a create puts into the tables, and into tables that nobody could search. Their values
// are the number, the checkout's id, the payment's id, the order's id, and the bodies.
var rowsOfCreate = map[string][]string{
	"the tables": {
		`INSERT INTO checkout (id, merchant, number, order_id, payment_id, body) VALUES (?2, ?1 % 16, ?1, ?4, ?3, ?5)`,
		`INSERT INTO payment (id, merchant, number, latest_of, parent_id, checkout_id, order_id, status, body)
			VALUES (?3, ?1 % 16, ?1, ?2, '', ?2, ?4, 'ENROLLED', ?6)`,
		`INSERT INTO task (merchant, kind, subject, due, number, claimed, body)
			VALUES (?1 % 16, 'expire', ?2, '2026-01-31 12:00:00.000000000', ?1, 0, ?7)`,
		`INSERT INTO entry (merchant, seq, bytes, kind, checkout_id, order_id, status, answer_status, body)
			VALUES (?1 % 16, ?1, 1000, 'create', ?2, ?4, '', '200', ?8)`,
	},
	"no index": {
		`INSERT INTO bare_checkout VALUES (?1, ?5)`,
		`INSERT INTO bare_payment VALUES (?1, ?6)`,
		`INSERT INTO bare_task VALUES (?1, ?7)`,
		`INSERT INTO bare_entry VALUES (?1, ?8)`,
	},
}

// BenchmarkRows writes what a create puts into the file by SQLite alone, 32 creates in a transaction: no sandbox on
// these tables can be quicker.
func BenchmarkRows(b *testing.B) {
	const together = 32
	bodies := []any{strings.Repeat("c", 500), strings.Repeat("p", 250), strings.Repeat("t", 60), strings.Repeat("e", 700)}
	for name, texts := range rowsOfCreate {
		b.Run(name, func(b *testing.B) {
			file := filepath.Join(b.TempDir(), "books.db")
			require.NoError(b, sqlite.Open(file, sqlite.Options{}).Close())
			db, err := sql.Open("sqlite", file+"?_pragma=synchronous(normal)&_pragma=wal_autocheckpoint(16384)")
			require.NoError(b, err)
			b.Cleanup(func() { _ = db.Close() })
			db.SetMaxOpenConns(1)
			run := func(text string) {
				_, err := db.Exec(text)
				require.NoError(b, err)
			}
			for _, table := range []string{"checkout", "payment", "task", "entry"} {
				run("CREATE TABLE bare_" + table + " (number INTEGER PRIMARY KEY, body TEXT NOT NULL)")
			}
			var rows []*sql.Stmt
			for _, text := range texts {
				row, err := db.Prepare(text)
				require.NoError(b, err)
				rows = append(rows, row)
			}

			run("BEGIN IMMEDIATE")
			for n := 1; b.Loop(); n++ {
				values := append([]any{n, uuid.NewString(), uuid.NewString(), fmt.Sprintf("ORD-%d-%d", n%together, n)}, bodies...)
				for _, row := range rows {
					if _, err := row.Exec(values...); err != nil {
						b.Fatal(err)
					}
				}
				if n%together == 0 {
					run("COMMIT")
					run("BEGIN IMMEDIATE")
				}
			}
			run("COMMIT")
		})
	}
}
