package storetest

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/payporter-mock/payporter-mock/mock/store"
)

var taskCases = map[string]func(*testing.T, store.Books){
	"a task is claimed with all it has":       taskWhole,
	"tasks come by time, then by order":       taskOrder,
	"tasks of one time keep their order":      taskTurns,
	"a task is replaced by one like it":       taskReplaced,
	"a task is claimed by one caller":         taskClaimedOnce,
	"tasks are listed by what they are about": taskListed,
	"a group is claimed together":             groups,
	"the backlog is what is to be delivered":  backlog,
}

func deliver(id string, due time.Time) store.Task {
	return store.Task{Kind: store.Deliver, Subject: id, Due: due}
}

func schedule(t *testing.T, s store.Store, tasks ...store.Task) {
	t.Helper()
	update(t, s, func(tx store.Tx) error {
		for _, task := range tasks {
			if err := tx.Schedule(task); err != nil {
				return err
			}
		}
		return nil
	})
}

// claimAll claims all there is.
func claimAll(t *testing.T, s store.Store) (tasks []store.Task) {
	t.Helper()
	const enough = 1000
	for range enough {
		task, ok, err := s.Claim(t.Context(), noon.Add(1000*time.Hour))
		require.NoError(t, err)
		if !ok {
			return tasks
		}
		tasks = append(tasks, task)
	}

	require.Fail(t, "claimed tasks come again and again")
	return nil
}

func subjects(tasks []store.Task) []string {
	ids := []string{}
	for _, task := range tasks {
		ids = append(ids, task.Subject)
	}
	return ids
}

// nextDue is when the next task is due; nil: none waits.
func nextDue(t *testing.T, s store.Store) *time.Time {
	t.Helper()
	return read(t, s, func(r store.Reader) (*time.Time, error) {
		due, ok, err := r.NextDue()
		if !ok {
			return nil, err
		}
		return &due, err
	})
}

func taskWhole(t *testing.T, b store.Books) {
	s := one(t, b)
	whole := filled[store.Task](t)
	schedule(t, s, whole)
	task, ok, err := s.Claim(t.Context(), whole.Due)
	require.NoError(t, err)
	require.True(t, ok, "due means not later than now")
	require.Equal(t, whole, task)
}

func taskOrder(t *testing.T, b store.Books) {
	s := one(t, b)
	require.Nil(t, nextDue(t, s))
	for i, d := range []time.Duration{3, 1, 2, 1, 2, 1} {
		schedule(t, s, deliver(fmt.Sprintf("d%d", i), noon.Add(d*time.Second)))
	}

	require.Equal(t, noon.Add(time.Second), *nextDue(t, s))
	_, ok, err := s.Claim(t.Context(), noon)
	require.NoError(t, err)
	require.False(t, ok, "nothing is due yet")
	require.Equal(t, []string{"d1", "d3", "d5", "d2", "d4", "d0"}, subjects(claimAll(t, s)))
	require.Nil(t, nextDue(t, s), "claimed tasks do not wait")
}

// taskTurns has tasks of one time come in the order of scheduling, however they are called and whatever else happens.
func taskTurns(t *testing.T, b store.Books) {
	s := one(t, b)
	var want []string
	var tasks []store.Task
	for i := range 40 {
		id := fmt.Sprintf("d%d", i*17%40) // neither sorted nor reversed
		want = append(want, id)
		tasks = append(tasks, store.Task{Kind: store.Deliver, Subject: id, Due: noon, Group: "g"})
	}
	schedule(t, s, tasks...)

	// One that is scheduled again goes to the end, one that is taken back leaves, and what is rolled back moves nothing.
	update(t, s, func(tx store.Tx) error {
		return errors.Join(tx.Schedule(tasks[3]), tx.Unschedule(store.Deliver, want[5]))
	})
	err := s.Update(t.Context(), func(tx store.Tx) error {
		return errors.Join(tx.Schedule(deliver(want[0], noon)), tx.Unschedule(store.Deliver, want[8]), errOnPurpose)
	})
	require.ErrorIs(t, err, errOnPurpose)
	want = append(append(append([]string{}, want[:3]...), append([]string{want[4]}, want[6:]...)...), want[3])

	first, ok, err := s.Claim(t.Context(), noon)
	require.NoError(t, err)
	require.True(t, ok)
	got := []string{first.Subject}
	for range want {
		next, ok, err := s.ClaimGroup(t.Context(), noon, "g")
		require.NoError(t, err)
		if !ok {
			break
		}
		got = append(got, next.Subject)
	}
	require.Equal(t, want, got)
}

func taskReplaced(t *testing.T, b store.Books) {
	s := one(t, b)
	expire := store.Task{Kind: store.Expire, Subject: "c1", Due: noon}
	pay := store.Task{Kind: store.AutoPay, Subject: "c1", Due: noon}
	later := store.Task{Kind: store.Expire, Subject: "c1", Due: noon.Add(time.Hour)}
	schedule(t, s, expire, pay, later)
	require.Equal(t, []store.Task{pay, later}, claimAll(t, s))

	schedule(t, s, expire)
	require.Equal(t, []store.Task{expire}, claimAll(t, s), "a claimed one is replaced, too")
	update(t, s, func(tx store.Tx) error { return tx.Unschedule(store.Settle, "c1") })
}

func taskClaimedOnce(t *testing.T, b store.Books) {
	s := one(t, b)
	const count, callers = 100, 8
	var tasks []store.Task
	for i := range count {
		tasks = append(tasks, deliver(fmt.Sprint(i), noon))
	}
	schedule(t, s, tasks...)

	var mu sync.Mutex
	seen := map[string]int{}
	var done sync.WaitGroup
	for range callers {
		done.Go(func() {
			for range count {
				task, ok, err := s.Claim(context.Background(), noon)
				if err != nil || !ok {
					return
				}
				mu.Lock()
				seen[task.Subject]++
				mu.Unlock()
			}
		})
	}
	done.Wait()
	require.Len(t, seen, count)
	for subject, n := range seen {
		require.Equal(t, 1, n, "task %s", subject)
	}
}

func taskListed(t *testing.T, b store.Books) {
	s := one(t, b)
	about := func(subject string) []store.Task {
		return read(t, s, func(r store.Reader) ([]store.Task, error) { return r.Scheduled(subject) })
	}
	expire := store.Task{Kind: store.Expire, Subject: "c1", Due: noon.Add(time.Hour)}
	settle := store.Task{Kind: store.Settle, Subject: "c1", Due: noon}
	pay := store.Task{Kind: store.AutoPay, Subject: "c1", Due: noon}
	schedule(t, s, expire, settle, pay, store.Task{Kind: store.Expire, Subject: "c2", Due: noon})
	require.Equal(t, []store.Task{settle, pay, expire}, about("c1"))
	require.Empty(t, about("c3"))

	_, ok, err := s.Claim(t.Context(), noon)
	require.NoError(t, err)
	require.True(t, ok)
	require.Equal(t, []store.Task{pay, expire}, about("c1"), "a claimed task does not wait")
}

func groups(t *testing.T, b store.Books) {
	s := one(t, b)
	inGroup := func(id string, due time.Time) store.Task {
		return store.Task{Kind: store.Deliver, Subject: id, Due: due, Group: "g"}
	}
	schedule(t, s, inGroup("d1", noon), inGroup("d2", noon), deliver("d3", noon), inGroup("d4", noon.Add(time.Hour)))
	claim := func(of func(context.Context, time.Time) (store.Task, bool, error)) string {
		task, ok, err := of(t.Context(), noon)
		require.NoError(t, err)
		require.Equal(t, ok, task.Subject != "")
		return task.Subject
	}
	ofGroup := func(ctx context.Context, now time.Time) (store.Task, bool, error) { return s.ClaimGroup(ctx, now, "g") }

	require.Equal(t, "d1", claim(s.Claim))
	require.Equal(t, "d2", claim(ofGroup))
	require.Empty(t, claim(ofGroup), "the next one is of no group")
	require.Equal(t, "d3", claim(s.Claim))
	require.Empty(t, claim(ofGroup), "the rest of the group is not due yet")
}

func backlog(t *testing.T, b store.Books) {
	s := one(t, b)
	now := func() store.Backlog {
		return read(t, s, func(r store.Reader) (store.Backlog, error) { return r.Backlog(noon) })
	}
	require.Equal(t, store.Backlog{}, now())

	schedule(t, s,
		store.Task{Kind: store.Expire, Subject: "c", Due: noon.Add(-time.Hour)},
		deliver("a", noon.Add(time.Minute)), deliver("b", noon), deliver("c", noon.Add(-time.Minute)),
		deliver("d", noon.Add(time.Hour)),
	)
	require.Equal(t, store.Backlog{Planned: 4, Due: 2, Earliest: noon.Add(-time.Minute)}, now())
	update(t, s, func(tx store.Tx) error { return tx.Unschedule(store.Deliver, "c") })
	require.Equal(t, store.Backlog{Planned: 3, Due: 1, Earliest: noon}, now())
}
