package postgres

import (
	"strconv"
	"strings"
	"time"

	"github.com/payporter-mock/payporter-mock/mock/store"
)

// news is what a process tells the others about a merchant's books when it has changed them.
type news struct {
	from      int64     // the process; zero: not told
	due       time.Time // of the earliest task that was scheduled; zero: none was
	finished  bool      // a task or a movement of the clock is over
	forgotten bool      // the merchant was forgotten
	key       string
}

// forgottenWord stands in the place of finished where a merchant was forgotten. A process of a version that does not
// know it reads no news there, and goes on as it did.
const forgottenWord = "forgotten"

// hello says that a process has come or gone.
const hello = "hello"

// text is how it is passed on: from, due in microseconds, finished or forgottenWord, key.
func (n news) text() string {
	due := int64(0)
	if !n.due.IsZero() {
		due = n.due.UnixMicro()
	}
	what := strconv.FormatBool(n.finished)
	if n.forgotten {
		what = forgottenWord
	}

	return strings.Join([]string{
		strconv.FormatInt(n.from, 10), strconv.FormatInt(due, 10), what, keptText(n.key),
	}, " ")
}

// mostText is how long a text may be that PostgreSQL passes on. Only a key that no sandbox takes makes a longer one.
const mostText = 7999

// readNews reads what text wrote. ok is false for anything else.
func readNews(text string) (n news, ok bool) {
	parts := strings.SplitN(text, " ", 4)
	if len(parts) < 4 {
		return n, false
	}
	var due int64
	var faults [3]error
	n.from, faults[0] = strconv.ParseInt(parts[0], 10, 64)
	due, faults[1] = strconv.ParseInt(parts[1], 10, 64)
	if n.forgotten = parts[2] == forgottenWord; n.forgotten {
		n.finished = true // all its tasks are gone
	} else {
		n.finished, faults[2] = strconv.ParseBool(parts[2])
	}
	if due != 0 {
		n.due = time.UnixMicro(due).UTC()
	}
	n.key = restoring.Replace(parts[3])
	return n, faults == [3]error{}
}

// and is what both tell of the same merchant.
func (n news) and(later news) news {
	if n.due.IsZero() || !later.due.IsZero() && later.due.Before(n.due) {
		n.due = later.due
	}
	n.finished = n.finished || later.finished
	n.forgotten = n.forgotten || later.forgotten // who hears it looks whether it is so
	return n
}

// hear passes on what was told.
func (p *process) hear(text string) {
	n, ok := readNews(text)
	if !ok { // a process has come
		p.alone.Store(false)
		return
	}
	if n.from == p.id.Load() {
		return
	}

	p.books.wakers.Wake(map[string]struct{}{n.key: {}})
	if n.key != "" { // the requests that belong to nobody have no merchant
		p.tell(store.Change{Key: n.key, Due: n.due, Finished: n.finished, Forgotten: n.forgotten})
	}
}

func (p *process) tell(c store.Change) {
	if told := p.told.Load(); told != nil {
		(*told)(c)
	}
}
