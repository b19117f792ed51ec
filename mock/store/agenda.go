package store

import (
	"cmp"
	"container/heap"
	"slices"
	"time"
)

// agenda is a priority queue of tasks, by time and then by the order of scheduling.
type agenda struct {
	heap taskHeap
	by   map[taskKey]*entry
	seq  uint64
}

type taskKey struct {
	kind    TaskKind
	subject string
}

// entry is a task with its place in the queue.
type entry struct {
	task  Task
	seq   uint64
	index int
}

func newAgenda() *agenda { return &agenda{by: map[taskKey]*entry{}} }

// put schedules the task and answers the one it replaced.
func (a *agenda) put(t Task) (before entry, replaced bool) {
	before, replaced = a.remove(t.Kind, t.Subject)
	a.seq++
	a.push(&entry{task: t, seq: a.seq})
	return before, replaced
}

// restore gives a removed task its old place back.
func (a *agenda) restore(e entry) { a.push(&e) }

func (a *agenda) push(e *entry) {
	a.by[taskKey{e.task.Kind, e.task.Subject}] = e
	heap.Push(&a.heap, e)
}

func (a *agenda) remove(kind TaskKind, subject string) (removed entry, ok bool) {
	key := taskKey{kind, subject}
	e, ok := a.by[key]
	if !ok {
		return entry{}, false
	}
	delete(a.by, key)
	heap.Remove(&a.heap, e.index)
	return *e, true
}

// popDue takes the earliest task out when its time has come.
func (a *agenda) popDue(now time.Time) (Task, bool) {
	if len(a.heap) == 0 || a.heap[0].task.Due.After(now) {
		return Task{}, false
	}
	e := heap.Pop(&a.heap).(*entry)
	delete(a.by, taskKey{e.task.Kind, e.task.Subject})
	return e.task, true
}

func (a *agenda) nextIsOf(group string) bool {
	return len(a.heap) > 0 && a.heap[0].task.Group == group
}

func (a *agenda) next() (time.Time, bool) {
	if len(a.heap) == 0 {
		return time.Time{}, false
	}
	return a.heap[0].task.Due, true
}

// backlog looks at every task, for those who ask seldom.
func (a *agenda) backlog(now time.Time) (b Backlog) {
	for _, e := range a.heap {
		if e.task.Kind != Deliver {
			continue
		}
		b.Planned++
		if !e.task.Due.After(now) {
			b.Due++
		}
		if b.Earliest.IsZero() || e.task.Due.Before(b.Earliest) {
			b.Earliest = e.task.Due
		}
	}
	return b
}

// about lists the tasks of a subject, by time and then by the order of scheduling.
func (a *agenda) about(subject string) []Task {
	var found []*entry
	for _, e := range a.heap {
		if e.task.Subject == subject {
			found = append(found, e)
		}
	}
	slices.SortFunc(found, func(a, b *entry) int {
		return cmp.Or(a.task.Due.Compare(b.task.Due), cmp.Compare(a.seq, b.seq))
	})
	tasks := make([]Task, len(found))
	for i, e := range found {
		tasks[i] = e.task
	}
	return tasks
}

// taskHeap implements heap.Interface.
type taskHeap []*entry

func (h taskHeap) Len() int { return len(h) }

func (h taskHeap) Less(i, j int) bool {
	if !h[i].task.Due.Equal(h[j].task.Due) {
		return h[i].task.Due.Before(h[j].task.Due)
	}
	return h[i].seq < h[j].seq
}

func (h taskHeap) Swap(i, j int) {
	h[i], h[j] = h[j], h[i]
	h[i].index, h[j].index = i, j
}

func (h *taskHeap) Push(x any) {
	e := x.(*entry)
	e.index = len(*h)
	*h = append(*h, e)
}

func (h *taskHeap) Pop() any {
	old := *h
	last := len(old) - 1
	e := old[last]
	old[last] = nil // so that a finished task can be collected
	*h = old[:last]
	return e
}
