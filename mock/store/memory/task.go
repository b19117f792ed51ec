package memory

import (
	"cmp"
	"container/heap"
	"slices"
	"time"

	"github.com/payporter-mock/payporter-mock/mock/store"
)

// queue holds the tasks: those that wait, by time and then by the order of scheduling, and those that are claimed.
type queue struct {
	waiting taskHeap
	by      map[taskKey]*queued
	seq     uint64 // of the newest
}

type taskKey struct {
	kind    store.TaskKind
	subject string
}

// queued is a task with its place in the queue.
type queued struct {
	task  store.Task
	seq   uint64
	index int // in the heap; claimed: not there
}

const claimed = -1

func (q *queued) key() taskKey { return taskKey{q.task.Kind, q.task.Subject} }

// Schedule implements store.Tx.
func (tx *transaction) Schedule(t store.Task) error {
	tx.putTask(&queued{task: t})
	return nil
}

// Hold implements store.Tx.
func (tx *transaction) Hold(t store.Task) error {
	tx.putTask(&queued{task: t, index: claimed})
	return nil
}

func (tx *transaction) putTask(t *queued) {
	tasks := &tx.m.tasks
	replaced := tasks.remove(t.key())
	tasks.seq++
	t.seq = tasks.seq
	tasks.put(t)
	tx.changes = append(tx.changes, change{task: t, replaced: replaced})
}

// Unschedule implements store.Tx.
func (tx *transaction) Unschedule(kind store.TaskKind, subject string) error {
	if removed := tx.m.tasks.remove(taskKey{kind, subject}); removed != nil {
		tx.changes = append(tx.changes, change{replaced: removed})
		if p := tx.m.payments[subject]; p != nil {
			tx.m.noteSettled(p)
		}
	}
	return nil
}

// Finish implements store.Tx.
func (tx *transaction) Finish(kind store.TaskKind, subject string) error {
	if t := tx.m.tasks.by[taskKey{kind, subject}]; t != nil && t.index == claimed {
		return tx.Unschedule(kind, subject)
	}
	return nil
}

// NextDue implements store.Reader.
func (r reader) NextDue() (time.Time, bool, error) {
	waiting := r.m.tasks.waiting
	if len(waiting) == 0 {
		return time.Time{}, false, nil
	}
	return waiting[0].task.Due, true, nil
}

// Scheduled implements store.Reader. It looks at every task, for those who ask seldom.
func (r reader) Scheduled(subject string) ([]store.Task, error) {
	var found []*queued
	for _, t := range r.m.tasks.waiting {
		if t.task.Subject == subject {
			found = append(found, t)
		}
	}

	slices.SortFunc(found, inTurn)
	tasks := make([]store.Task, len(found))
	for i, t := range found {
		tasks[i] = t.task
	}
	return tasks, nil
}

// Backlog implements store.Reader. It looks at every task, for those who ask seldom.
func (r reader) Backlog(now time.Time) (b store.Backlog, err error) {
	for _, t := range r.m.tasks.waiting {
		if t.task.Kind != store.Deliver {
			continue
		}
		b.Planned++
		if !t.task.Due.After(now) {
			b.Due++
		}
		if b.Earliest.IsZero() || t.task.Due.Before(b.Earliest) {
			b.Earliest = t.task.Due
		}
	}
	return b, nil
}

// put takes in a task with its number: among those that wait, unless it is claimed.
func (q *queue) put(t *queued) {
	q.by[t.key()] = t
	if t.index != claimed {
		heap.Push(&q.waiting, t)
	}
}

// remove takes a task out, and answers nil if there is none.
func (q *queue) remove(key taskKey) *queued {
	t, known := q.by[key]
	if !known {
		return nil
	}
	delete(q.by, key)
	if t.index != claimed {
		heap.Remove(&q.waiting, t.index)
	}
	return t
}

// takeBack takes out the task that was put and gives the one before it its old place.
func (q *queue) takeBack(put, before *queued) {
	if put != nil {
		q.remove(put.key())
	}
	if before != nil {
		q.put(before)
	}
}

// claimDue claims the earliest task when its time has come.
func (q *queue) claimDue(now time.Time) (store.Task, bool) {
	if len(q.waiting) == 0 || q.waiting[0].task.Due.After(now) {
		return store.Task{}, false
	}
	t := heap.Pop(&q.waiting).(*queued)
	t.index = claimed
	return t.task, true
}

func (q *queue) nextIsOf(group string) bool {
	return len(q.waiting) > 0 && q.waiting[0].task.Group == group
}

// release lets the claimed tasks wait again, each in its old place.
func (q *queue) release() {
	for _, t := range q.by {
		if t.index == claimed {
			t.index = 0
			heap.Push(&q.waiting, t)
		}
	}
}

// inTurn compares two tasks by time and then by the order of scheduling.
func inTurn(a, b *queued) int {
	return cmp.Or(a.task.Due.Compare(b.task.Due), cmp.Compare(a.seq, b.seq))
}

// taskHeap implements heap.Interface.
type taskHeap []*queued

func (h taskHeap) Len() int { return len(h) }

func (h taskHeap) Less(i, j int) bool { return inTurn(h[i], h[j]) < 0 }

func (h taskHeap) Swap(i, j int) {
	h[i], h[j] = h[j], h[i]
	h[i].index, h[j].index = i, j
}

func (h *taskHeap) Push(x any) {
	t := x.(*queued)
	t.index = len(*h)
	*h = append(*h, t)
}

func (h *taskHeap) Pop() any {
	old := *h
	last := len(old) - 1
	t := old[last]
	old[last] = nil // so that a finished task can be collected
	*h = old[:last]
	return t
}
