package sqlite

import (
	"context"
	"os"

	codes "modernc.org/sqlite/lib"

	"github.com/payporter-mock/payporter-mock/mock/store"
)

// Figures implements store.Measured.
func (b *books) Figures(context.Context) store.Figures {
	f := store.Figures{Bytes: map[string]int64{}}
	for part, end := range map[string]string{"file": "", "wal": "-wal"} {
		if at, err := os.Stat(b.path + end); err == nil {
			f.Bytes[part] = at.Size()
		}
	}
	return f
}

// inTheWay reports whether another program was in the way of a transaction.
func inTheWay(err error) bool {
	code := codeOf(err)
	return code == codes.SQLITE_BUSY || code == codes.SQLITE_LOCKED
}

// update runs do in one transaction of the writer, which is not waited for if it may be written soon.
func (b *books) update(soon bool, do func(*session, *batch) error) error {
	began := b.Began()
	err := b.writer.update(soon, do)
	b.Ended(store.Write, began)
	if inTheWay(err) {
		b.Conflict()
	}
	return err
}
