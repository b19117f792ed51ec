package postgres_test

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/payporter-mock/payporter-mock/internal/extent"
	"github.com/payporter-mock/payporter-mock/mock/store"
	"github.com/payporter-mock/payporter-mock/mock/store/postgres"
	"github.com/payporter-mock/payporter-mock/mock/store/postgres/postgrestest"
)

// heard are the changes of merchants that a process of its own is told of.
func heard(t *testing.T, address string) <-chan store.Change {
	t.Helper()
	told := make(chan store.Change, 16)
	open(t, address).(store.Shared).Watch(func(c store.Change) {
		if c.Key != "" {
			told <- c
		}
	})
	return told
}

// A process is told that another one has forgotten a merchant, as it is of every other change.
func TestForgettingIsToldToOtherProcesses(t *testing.T) {
	t.Parallel()
	address := postgrestest.Address(t)
	told := heard(t, address)
	s := sharedStore(t, address)

	require.NoError(t, s.Update(t.Context(), func(tx store.Tx) error {
		return tx.PutMerchant(store.Merchant{Absent: true})
	}))

	got := <-told
	require.Equal(t, store.Change{Key: "test_one", Finished: true, Forgotten: true}, got)
}

// What a process has changed is told before it has gone, too.
func TestProcessTellsWhatItHasChangedBeforeItGoes(t *testing.T) {
	t.Parallel()
	address := postgrestest.Address(t)
	told := heard(t, address)

	for range 5 {
		b := open(t, address)
		s, err := b.Open(t.Context(), "test_one")
		require.NoError(t, err)
		put(t, s, store.Clock{}, "d1")
		require.NoError(t, b.Close())
		require.Equal(t, store.Change{Key: "test_one", Due: due}, <-told)
	}
}

// Changes of a merchant that are told together are as many changes: whatever is due, over or forgotten in one of them
// is told, and of each merchant. What could not be told is told with what comes next.
func TestNewsThatAreToldTogetherLoseNothing(t *testing.T) {
	t.Parallel()
	one := func(c store.Change) store.Change { c.Key = "one"; return c }
	early, late := one(store.Change{Due: due}), one(store.Change{Due: due.Add(time.Hour)})
	over, gone := one(store.Change{Finished: true}), one(store.Change{Finished: true, Forgotten: true})
	for name, told := range map[string]struct{ first, later, want []store.Change }{
		"what is due first":   {[]store.Change{late}, []store.Change{early}, []store.Change{early}},
		"what was due first":  {[]store.Change{early}, []store.Change{one(store.Change{}), late}, []store.Change{early}},
		"what is over":        {[]store.Change{over}, []store.Change{early}, []store.Change{one(store.Change{Due: due, Finished: true})}},
		"what is forgotten":   {[]store.Change{gone}, []store.Change{over}, []store.Change{gone}},
		"of two merchants":    {[]store.Change{{Key: "two"}}, []store.Change{early}, []store.Change{early, {Key: "two"}}},
		"what came meanwhile": {nil, []store.Change{early}, []store.Change{early}},
	} {
		require.ElementsMatch(t, told.want, postgres.Together(told.first, told.later), name)
	}
}

// A key that nobody can be told of, or only in part, keeps no other news back.
func TestKeyThatCannotBeToldKeepsNothingBack(t *testing.T) {
	t.Parallel()
	for name, key := range map[string]string{"no UTF-8": "bad\xff", "too long": strings.Repeat("a", 9000)} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			address := postgrestest.Address(t)
			told := heard(t, address)
			b := open(t, address)
			odd, err := b.Open(t.Context(), key)
			require.NoError(t, err)
			put(t, odd, store.Clock{}, "d1")
			usual, err := b.Open(t.Context(), "test_one")
			require.NoError(t, err)

			put(t, usual, store.Clock{}, "d1")
			want := store.Change{Key: "test_one", Due: due}
			for got := range told { // it may hear of the other key first
				if got.Key == want.Key {
					require.Equal(t, want, got)
					break
				}
			}
			require.NoError(t, b.Close())
			require.True(t, postgrestest.Holds(t, address, "(SELECT count(*) FROM process) = 1"), "it has signed off")
		})
	}
}

// Whatever a process has not told any more when it died is looked for by all others, and not only by the one that takes
// its work over.
func TestAllLookForWhatADeadProcessHasNotTold(t *testing.T) {
	t.Parallel()
	extent.NotQuick(t, "it waits for many beats of three processes")
	address := postgrestest.Address(t)
	var told [3]chan struct{}
	for i := range told {
		told[i] = make(chan struct{}, 64)
		b := open(t, address)
		b.(store.Shared).Watch(func(c store.Change) {
			if c.Key == "" && c.Finished {
				told[i] <- struct{}{}
			}
		})
		require.Eventually(t, func() bool { return postgres.HearsEverything(b) }, 20*time.Second, 10*time.Millisecond)
	}
	for _, of := range told {
		for len(of) > 0 {
			<-of
		}
	}

	postgrestest.Execute(t, address, "INSERT INTO process (agreed) VALUES (true)") // one that never beats
	for _, of := range told {
		<-of
	}
}
