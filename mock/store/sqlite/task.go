package sqlite

import (
	"time"

	"github.com/payporter-mock/payporter-mock/mock/store"
)

// Schedule implements store.Tx.
func (tx *transaction) Schedule(t store.Task) error { return tx.putTask(t, false) }

// Hold implements store.Tx.
func (tx *transaction) Hold(t store.Task) error { return tx.putTask(t, true) }

func (tx *transaction) putTask(t store.Task, claimed bool) error {
	body, err := encode(&t)
	if err != nil {
		return err
	}
	tx.counters.taskNumber++
	return tx.session.run(`INSERT INTO task (merchant, kind, subject, due, number, claimed, body)
		VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO UPDATE
		SET due = excluded.due, number = excluded.number, claimed = excluded.claimed, body = excluded.body`,
		tx.counters.id, string(t.Kind), t.Subject, timeText(t.Due), tx.counters.taskNumber, claimed, body)
}

// Unschedule implements store.Tx.
func (tx *transaction) Unschedule(kind store.TaskKind, subject string) error {
	if err := tx.session.run(`DELETE FROM task WHERE merchant = ? AND kind = ? AND subject = ?`,
		tx.counters.id, string(kind), subject); err != nil {
		return err
	}
	return tx.noteTaskGone(kind, subject)
}

// Finish implements store.Tx.
func (tx *transaction) Finish(kind store.TaskKind, subject string) error {
	if err := tx.session.run(`DELETE FROM task WHERE merchant = ? AND kind = ? AND subject = ? AND claimed = 1`,
		tx.counters.id, string(kind), subject); err != nil {
		return err
	}
	return tx.noteTaskGone(kind, subject)
}

// next is the task that comes first; nil: none waits.
func (r reader) next() (*store.Task, error) {
	var body string
	found, err := r.session.row(`SELECT body FROM task WHERE merchant = ? AND claimed = 0 ORDER BY due, number LIMIT 1`,
		[]any{r.counters.id}, &body)
	if err != nil || !found {
		return nil, err
	}
	t := new(store.Task)
	return t, r.session.fail(decode(body, t))
}

// NextDue implements store.Reader.
func (r reader) NextDue() (time.Time, bool, error) {
	t, err := r.next()
	if err != nil || t == nil {
		return time.Time{}, false, err
	}
	return t.Due, true, nil
}

// claimDue claims the task that comes first when its time has come, and if it is of the group where one is given.
func (tx *transaction) claimDue(now time.Time, group *string) (store.Task, bool, error) {
	t, err := tx.next()
	if err != nil || t == nil || t.Due.After(now) || group != nil && *group != t.Group {
		return store.Task{}, false, err
	}
	err = tx.session.run(`UPDATE task SET claimed = 1 WHERE merchant = ? AND kind = ? AND subject = ?`,
		tx.counters.id, string(t.Kind), t.Subject)
	return *t, err == nil, err
}

// release lets the claimed tasks wait again, each in its old place.
func (tx *transaction) release() error {
	return tx.session.run(`UPDATE task SET claimed = 0 WHERE merchant = ? AND claimed = 1`, tx.counters.id)
}

// Scheduled implements store.Reader.
func (r reader) Scheduled(subject string) ([]store.Task, error) {
	bodies, err := r.session.all(`SELECT body FROM task WHERE merchant = ? AND subject = ? AND claimed = 0
		ORDER BY due, number`, r.counters.id, subject)
	if err != nil {
		return nil, err
	}

	tasks := make([]store.Task, len(bodies))
	for i, body := range bodies {
		if err := decode(body, &tasks[i]); err != nil {
			return nil, r.session.fail(err)
		}
	}
	return tasks, nil
}

// Backlog implements store.Reader.
func (r reader) Backlog(now time.Time) (b store.Backlog, err error) {
	var first *string
	_, err = r.session.row(`SELECT count(*), count(*) FILTER (WHERE due <= ?), min(due) FROM task
		WHERE merchant = ? AND claimed = 0 AND kind = ?`,
		[]any{timeText(now), r.counters.id, string(store.Deliver)}, &b.Planned, &b.Due, &first)
	if err == nil && first != nil {
		b.Earliest, err = time.Parse(timeLayout, *first)
	}
	return b, err
}
