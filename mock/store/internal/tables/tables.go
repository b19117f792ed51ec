// Package tables keeps the books of merchants in the tables of a SQL database: what SQLite and PostgreSQL have in
// common. It is told what a transaction does; beginning, ending and repeating one is the engine's.
package tables

import (
	"context"
	"errors"

	"github.com/payporter-mock/payporter-mock/mock/store"
)

// Session is one connection in a transaction. One caller uses it at a time. Statements name their arguments by ? in
// their order, or by ?1, ?2 and so on.
type Session interface {
	// Exec runs a statement and answers how many rows it changed.
	Exec(text string, args ...any) (changed int, err error)
	// Run runs a statement.
	Run(text string, args ...any) error
	// Row reads one row. found is false when there is none.
	Row(text string, args []any, to ...any) (found bool, err error)
	// Rows calls each for every row, until it answers that it has enough. each reads the row by scan.
	Rows(text string, args []any, each func(scan func(...any) error) (more bool, err error)) error
	// Fail notes a failure of the medium and answers it.
	Fail(err error) error
}

// all is what a column of text says in all rows.
func all(s Session, text string, args ...any) (values []string, err error) {
	err = s.Rows(text, args, func(scan func(...any) error) (bool, error) {
		var value string
		err := scan(&value)
		values = append(values, value)
		return true, err
	})
	return values, err
}

// Reader is what a transaction can read.
type Reader struct {
	Session  Session
	Counters *Counters
	record   *record
}

// View lets do read the books of the key.
func View(s Session, key string, do func(store.Reader) error) error {
	found, err := ReadStanding(s, key, "")
	if err != nil {
		return err
	}
	return do(Reader{s, &found.Counters, &found.record})
}

// Read answers what a view of the books reads.
func Read[S Session, T any](
	ctx context.Context, view func(context.Context, func(S) error) error, read func(Session) (T, error),
) (found T, err error) {
	err = view(ctx, func(s S) (err error) {
		found, err = read(s)
		return err
	})
	return found, err
}

// Transaction is what a transaction can read and change.
type Transaction struct {
	Reader
	Freed     bool // rows were forgotten
	Forgotten bool // the merchant itself was
	Tasks     Tasks
	before    Standing
	read      map[string]int64  // what before.read has become
	added     map[string]int64  // what before.added has become; nil: it is the same
	latest    map[string]string // the latest payments of checkouts that are known to be there
}

// Begin makes a transaction of the merchant of which so much is known.
func Begin(s Session, known Standing, by Claimer) *Transaction {
	now, record := known.Counters, known.record
	return &Transaction{Reader: Reader{s, &now, &record}, before: known, read: known.read, Tasks: Tasks{Claimer: by}}
}

// Changed reports whether the row of the merchant must be written, and whether the journal is another one.
func (tx *Transaction) Changed() (counters, journal bool) {
	return *tx.Counters != tx.before.Counters, tx.Counters.version != tx.before.version
}

// OnlyTookMoments reports whether nothing of the row has changed but the newest moment, and nothing was counted. A
// moment that nothing has been recorded with may be given again.
func (tx *Transaction) OnlyTookMoments() bool {
	was := tx.before.Counters
	was.moment = tx.Counters.moment
	return *tx.Counters == was && tx.added == nil
}

// Grown is by how many bytes the journal has grown; negative when it has shrunk.
func (tx *Transaction) Grown() int64 { return tx.Counters.entryBytes - tx.before.entryBytes }

// nextNumber is the number of a new checkout, payment, run or delivery.
func (tx *Transaction) nextNumber() int64 {
	tx.Counters.number++
	return tx.Counters.number
}

// tables are all that hold rows of merchants.
var tables = [...]string{"checkout", "payment", "run", "scenario_set", "delivery", "task", "count", "entry"}

// Names are the names of all tables.
func Names() []string { return append(tables[:len(tables):len(tables)], "merchant") }

// Clear forgets all rows of the merchant but the one that counts.
func Clear(s Session, id int64) error {
	var faults []error
	for _, table := range tables {
		faults = append(faults, s.Run("DELETE FROM "+table+" WHERE merchant = ?", id))
	}
	return errors.Join(faults...)
}

// Drop forgets all that the books of the merchant hold, and answers how many bytes its journal had.
func Drop(s Session, c Counters) (bytes int64, err error) {
	if err := Clear(s, c.id); err != nil {
		return 0, err
	}
	return c.entryBytes, s.Run(`DELETE FROM merchant WHERE id = ?`, c.id)
}

// ID is the number of the merchant's row.
func (c *Counters) ID() int64 { return c.id }

// Known reports whether the merchant has a row.
func (c *Counters) Known() bool { return c.id != 0 }

// Keys lists the keys that have a merchant.
func Keys(s Session) ([]string, error) {
	keys := []string{}
	found, err := all(s, `SELECT key FROM merchant WHERE body IS NOT NULL ORDER BY key`)
	return append(keys, found...), err
}

// OwnerOf is the key in whose books the checkout or payment stands.
func OwnerOf(s Session, id string) (key string, err error) {
	found, err := s.Row(`SELECT key FROM merchant WHERE id IN (SELECT merchant FROM checkout WHERE id = ?1
		UNION ALL SELECT merchant FROM payment WHERE id = ?1) LIMIT 1`, []any{id}, &key)
	if err == nil && !found {
		return "", store.ErrNotFound
	}
	return key, err
}

// Reset implements store.Tx.
func (tx *Transaction) Reset() error {
	c := tx.Counters
	if err := Clear(tx.Session, c.id); err != nil {
		return err
	}
	*c = Counters{
		id: c.id, version: c.version + 1, moment: int64(store.Moment(c.moment).AfterReset()), journalTurn: c.journalTurn,
	}
	tx.Freed, tx.read, tx.added = true, nil, map[string]int64{}
	*tx.record, tx.latest = record{}, nil
	return tx.Session.Run(`UPDATE merchant SET body = NULL WHERE id = ?`, c.id)
}
