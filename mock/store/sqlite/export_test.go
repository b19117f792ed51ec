package sqlite

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
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

// MostTogether is how many transactions a batch takes.
const MostTogether = mostTogether

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

// Plans are how the engine finds the rows of all statements that have been run, by their text: a line for each table.
// It ends the connections that read.
func Plans(of store.Books) (map[string][]string, error) {
	b := of.(*books)
	plans := map[string][]string{}
	for range readers {
		s := <-b.readers
		b.readers <- nil
		if s == nil {
			continue
		}
		err := s.plans(plans)
		s.close()
		if err != nil {
			return nil, err
		}
	}

	b.writer.mu.Lock()
	defer b.writer.mu.Unlock()
	return plans, b.writer.session.plans(plans)
}

// plans adds the plans of the session's statements.
func (s *session) plans(to map[string][]string) error {
	for _, text := range slices.Collect(maps.Keys(s.statements)) {
		if strings.HasPrefix(text, "PRAGMA") || to[text] != nil {
			continue
		}
		var id, parent, unused int
		var line string
		explained := parameter.ReplaceAllString(planOnce.Replace(text), "$1'0'")
		err := s.Rows("EXPLAIN QUERY PLAN "+explained, nil, func(scan func(...any) error) (bool, error) {
			err := scan(&id, &parent, &unused, &line)
			to[text] = append(to[text], line)
			return true, err
		})
		if err != nil {
			return fmt.Errorf("%s: %w", text, err)
		}
	}
	return nil
}

// parameter is a place for a value in a statement. There is none in the text of a plan.
var parameter = regexp.MustCompile(`(\+?)\?\d*`)
