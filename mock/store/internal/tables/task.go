package tables

import (
	"context"
	"time"

	"github.com/payporter-mock/payporter-mock/mock/store"
)

// Claimer is what stands in the column claimed of a task that is not waiting.
type Claimer struct{ Runs, Holds int64 }

// Tasks is what a transaction has done to tasks.
type Tasks struct {
	Claimer
	Earliest time.Time // of those that were scheduled; zero: none was
	Gone     bool      // some were taken back or are done
	Held     bool      // some are held
}

// Schedule implements store.Tx.
func (tx *Transaction) Schedule(t store.Task) error {
	if tx.Tasks.Earliest.IsZero() || t.Due.Before(tx.Tasks.Earliest) {
		tx.Tasks.Earliest = t.Due
	}
	return tx.putTask(t, 0)
}

// Hold implements store.Tx.
func (tx *Transaction) Hold(t store.Task) error {
	tx.Tasks.Held = true
	return tx.putTask(t, tx.Tasks.Holds)
}

func (tx *Transaction) putTask(t store.Task, claimed int64) error {
	body, err := encode(&t)
	if err != nil {
		return err
	}
	tx.Counters.taskNumber++
	return tx.Session.Run(`INSERT INTO task (merchant, kind, subject, due, number, claimed, body)
		VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT (merchant, kind, subject) DO UPDATE
		SET due = excluded.due, number = excluded.number, claimed = excluded.claimed, body = excluded.body`,
		tx.Counters.id, string(t.Kind), t.Subject, timeText(t.Due), tx.Counters.taskNumber, claimed, body)
}

// Unschedule implements store.Tx.
func (tx *Transaction) Unschedule(kind store.TaskKind, subject string) error {
	tx.Tasks.Gone = true
	if err := tx.Session.Run(`DELETE FROM task WHERE merchant = ? AND kind = ? AND subject = ?`,
		tx.Counters.id, string(kind), subject); err != nil {
		return err
	}
	return tx.noteTaskGone(kind, subject)
}

// Finish implements store.Tx.
func (tx *Transaction) Finish(kind store.TaskKind, subject string) error {
	tx.Tasks.Gone = true
	if err := tx.Session.Run(`DELETE FROM task WHERE merchant = ? AND kind = ? AND subject = ? AND claimed <> 0`,
		tx.Counters.id, string(kind), subject); err != nil {
		return err
	}
	return tx.noteTaskGone(kind, subject)
}

// next is the task that comes first; nil: none waits.
func (r Reader) next() (*store.Task, error) {
	var body string
	found, err := r.Session.Row(`SELECT body FROM task WHERE merchant = ? AND claimed = 0 ORDER BY due, number LIMIT 1`,
		[]any{r.Counters.id}, &body)
	if err != nil || !found {
		return nil, err
	}
	t := new(store.Task)
	return t, r.Session.Fail(decode(body, t))
}

// NextDue implements store.Reader.
func (r Reader) NextDue() (time.Time, bool, error) {
	t, err := r.next()
	if err != nil || t == nil {
		return time.Time{}, false, err
	}
	return t.Due, true, nil
}

// IsDue reports whether a task is due, without a lock.
func IsDue(ctx context.Context, s store.Store, now time.Time) (is bool, err error) {
	err = s.View(ctx, func(r store.Reader) error {
		due, ok, err := r.NextDue()
		is = ok && !due.After(now)
		return err
	})
	return is, err
}

// ClaimDue claims the task that comes first when its time has come, and if it is of the group where one is given.
func (tx *Transaction) ClaimDue(now time.Time, group *string) (store.Task, bool, error) {
	t, err := tx.next()
	if err != nil || t == nil || t.Due.After(now) || group != nil && *group != t.Group {
		return store.Task{}, false, err
	}
	err = tx.Session.Run(`UPDATE task SET claimed = ? WHERE merchant = ? AND kind = ? AND subject = ?`,
		tx.Tasks.Runs, tx.Counters.id, string(t.Kind), t.Subject)
	return *t, err == nil, err
}

// Release lets the claimed tasks wait again, each in its old place. only narrows them, and its arguments come first.
func (tx *Transaction) Release(only string, args ...any) error {
	return tx.Session.Run(`UPDATE task SET claimed = 0 WHERE claimed <> 0`+only+` AND merchant = ?`,
		append(args, tx.Counters.id)...)
}

// Scheduled implements store.Reader.
func (r Reader) Scheduled(subject string) ([]store.Task, error) {
	bodies, err := all(r.Session, `SELECT body FROM task WHERE merchant = ? AND subject = ? AND claimed = 0
		ORDER BY due, number`, r.Counters.id, subject)
	if err != nil {
		return nil, err
	}

	tasks := make([]store.Task, len(bodies))
	for i, body := range bodies {
		if err := decode(body, &tasks[i]); err != nil {
			return nil, r.Session.Fail(err)
		}
	}
	return tasks, nil
}

// Backlog implements store.Reader. The kind stands in the query as it does in the index of waiting deliveries.
func (r Reader) Backlog(now time.Time) (b store.Backlog, err error) {
	var first *string
	_, err = r.Session.Row(`SELECT count(*), count(*) FILTER (WHERE due <= ?), min(due) FROM task
		WHERE merchant = ? AND claimed = 0 AND kind = '`+string(store.Deliver)+`'`,
		[]any{timeText(now), r.Counters.id}, &b.Planned, &b.Due, &first)
	if err == nil && first != nil {
		b.Earliest, err = time.Parse(timeLayout, *first)
	}
	return b, err
}
