package postgres

import (
	"fmt"

	"github.com/payporter-mock/payporter-mock/mock/store"
	"github.com/payporter-mock/payporter-mock/mock/store/internal/tables"
)

// OpenStill opens books that leave the claims of processes alone which have ended.
func OpenStill(address string) store.Books { return open(address, true, migrations(), nil) }

// NoticedWithin is how long it takes at most, where the machine is not busy, until a process that stands still is taken
// for dead: its last beat, and the looks at it.
const NoticedWithin = (1 + mostLooks) * beatEvery

// OpenNewer opens books as a newer program does, which knows further steps of migration.
func OpenNewer(address string, further ...string) store.Books {
	steps := migrations()
	for i, text := range further {
		steps = append(steps, tables.Migration{Name: fmt.Sprintf("further step %d", i+1), Text: text})
	}
	return open(address, false, steps, nil)
}

// Statements are the texts of all statements that the books have run, as PostgreSQL writes them.
func Statements(of store.Books) (texts []string) {
	of.(*books).statements.Range(func(_, text any) bool {
		texts = append(texts, text.(string))
		return true
	})
	return texts
}

// IsAlone reports whether no other process uses the books, as far as this one knows.
func IsAlone(b store.Books) bool { return b.(*books).process.alone.Load() }

// HearsEverything reports whether the process has been among the others for so long that it looks for nothing by itself.
func HearsEverything(b store.Books) bool { return b.(*books).process.young.Load() == 0 }

// Together is what is told after all when the first changes could not be told, and the later ones came meanwhile.
func Together(first, later []store.Change) (told []store.Change) {
	t := newTeller()
	add := func(changes []store.Change) {
		for _, c := range changes {
			t.add(news{key: c.Key, due: c.Due, finished: c.Finished, forgotten: c.Forgotten})
		}
	}
	add(first)
	_, untold := t.take(1)
	add(later)
	t.giveBack(untold)

	texts, _ := t.take(1)
	for _, text := range texts {
		n, _ := readNews(text)
		told = append(told, store.Change{Key: n.key, Due: n.due, Finished: n.finished, Forgotten: n.forgotten})
	}
	return told
}
