package sqlite

import (
	"fmt"
	"time"

	"github.com/payporter-mock/payporter-mock/mock/store"
	"github.com/payporter-mock/payporter-mock/mock/store/internal/tables"
)

// LimitPages lets the file grow to so many pages, as a full disk would, and answers how many it has now at least.
func LimitPages(of store.Books, pages int) (limit int) {
	w := &of.(*books).writer
	w.mu.Lock()
	defer w.mu.Unlock()
	if _, err := w.session.Row(fmt.Sprintf("PRAGMA max_page_count = %d", pages), nil, &limit); err != nil {
		panic(err)
	}
	return limit
}

// Batches tells how many transactions each commit has.
func Batches(of store.Books, tell func(size int)) {
	w := &of.(*books).writer
	w.mu.Lock()
	defer w.mu.Unlock()
	after := w.after
	w.after = func(b *batch) {
		after(b)
		tell(b.size)
	}
}

// SetLag sets how long what nobody waits for may wait for others to be committed with.
func SetLag(of store.Books, lag time.Duration) {
	w := &of.(*books).writer
	w.mu.Lock()
	defer w.mu.Unlock()
	w.lag = lag
}

// Waiting is how many transactions wait for their turn.
func Waiting(of store.Books) int {
	l := &of.(*books).writer.line
	l.mu.Lock()
	defer l.mu.Unlock()
	return len(l.turns)
}

// OpenWithFurther opens books with one more step of migration than there is.
func OpenWithFurther(file, step string) store.Books {
	b := &books{file: file}
	b.failed = b.open(Options{JournalBytes: defaultJournalBytes}, append(migrations(), tables.Migration{Name: "further.sql", Text: step}))
	return b
}

// OpenOfVersion opens books as the program did that knew so many steps of migration.
func OpenOfVersion(file string, steps int) store.Books {
	b := &books{file: file}
	b.failed = b.open(Options{JournalBytes: defaultJournalBytes}, migrations()[:steps])
	return b
}
