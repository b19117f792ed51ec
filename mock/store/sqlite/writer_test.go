package sqlite_test

import (
	"errors"
	"fmt"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/payporter-mock/payporter-mock/mock/store"
	"github.com/payporter-mock/payporter-mock/mock/store/sqlite"
)

var errOnPurpose = errors.New("on purpose")

// batched are books, those of one key, and how many transactions each commit had: written under the writer's lock, to be
// read when all is over.
func batched(t *testing.T) (store.Books, store.Store, *[]int) {
	t.Helper()
	b := open(t, filepath.Join(t.TempDir(), "books.db"))
	s, err := b.Open(t.Context(), "test_one")
	require.NoError(t, err)
	sizes := new([]int)
	sqlite.Batches(b, func(size int) { *sizes = append(*sizes, size) })
	return b, s, sizes
}

// Transactions that come while one is under way are committed with it. One of them that fails, or panics, is taken back
// alone.
func TestTransactionsThatComeTogetherShareACommit(t *testing.T) {
	t.Parallel()
	b, s, sizes := batched(t)

	const others = 9
	inside, goOn := make(chan bool), make(chan bool)
	var done sync.WaitGroup
	errs := make([]error, others)
	done.Go(func() {
		_ = s.Update(t.Context(), func(tx store.Tx) error {
			close(inside)
			<-goOn
			return tx.Add(1, "first")
		})
	})
	<-inside
	for i := range others {
		done.Go(func() {
			defer func() { _ = recover() }()
			errs[i] = s.Update(t.Context(), func(tx store.Tx) error {
				err := tx.Add(1, fmt.Sprint(i))
				switch i {
				case 3:
					return errOnPurpose
				case 6:
					panic("on purpose")
				}
				return err
			})
		})
	}
	require.Eventually(t, func() bool { return sqlite.Waiting(b) == others }, 20*time.Second, time.Millisecond)
	close(goOn)
	done.Wait()

	require.Equal(t, []int{others + 1}, *sizes)
	for i, err := range errs {
		if i == 3 {
			require.Equal(t, errOnPurpose, err)
			continue
		}
		require.NoError(t, err)
	}
	require.NoError(t, s.View(t.Context(), func(r store.Reader) error {
		counts, err := r.Counts("")
		require.Equal(t, map[string]uint64{
			"first": 1, "0": 1, "1": 1, "2": 1, "4": 1, "5": 1, "7": 1, "8": 1,
		}, counts)
		return err
	}))
}

// The first of those that come together can fail or panic, too. The others are committed together all the same.
func TestFirstOfABatchIsTakenBackAlone(t *testing.T) {
	t.Parallel()
	for name, fails := range map[string]func() error{
		"fails":  func() error { return errOnPurpose },
		"panics": func() error { panic(errOnPurpose) },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b, s, sizes := batched(t)

			inside, goOn := make(chan bool), make(chan bool)
			var done sync.WaitGroup
			var first error
			errs := make([]error, 3)
			done.Go(func() {
				defer func() {
					if r := recover(); r != nil {
						first = r.(error)
					}
				}()
				first = s.Update(t.Context(), func(tx store.Tx) error {
					close(inside)
					<-goOn
					return errors.Join(tx.Add(1, "first"), fails())
				})
			})
			<-inside
			for i := range errs {
				done.Go(func() {
					errs[i] = s.Update(t.Context(), func(tx store.Tx) error {
						if i == 1 {
							return errors.Join(tx.Add(1, "1"), errOnPurpose)
						}
						return tx.Add(1, fmt.Sprint(i))
					})
				})
			}
			require.Eventually(t, func() bool { return sqlite.Waiting(b) == len(errs) }, 20*time.Second, time.Millisecond)
			close(goOn)
			done.Wait()

			require.ErrorIs(t, first, errOnPurpose)
			require.NoError(t, errs[0])
			require.ErrorIs(t, errs[1], errOnPurpose)
			require.NoError(t, errs[2])
			require.LessOrEqual(t, len(*sizes), 2, "the others share a commit, but for one that fails first")
			require.NoError(t, s.View(t.Context(), func(r store.Reader) error {
				counts, err := r.Counts("")
				require.Equal(t, map[string]uint64{"0": 1, "2": 1}, counts)
				return err
			}))
		})
	}
}

// note records an entry that nobody waits for.
func note(t *testing.T, s store.Store) {
	t.Helper()
	require.NoError(t, s.Update(store.Soon(t.Context()), func(tx store.Tx) error {
		_, err := tx.Append(store.Entry{Note: "recorded"})
		return err
	}))
}

func notes(t *testing.T, s store.Store) (n int) {
	t.Helper()
	require.NoError(t, s.View(t.Context(), func(r store.Reader) error {
		found, err := r.Entries(store.EntryQuery{})
		n = len(found)
		return err
	}))
	return n
}

func TestWhatIsOnlyRecordedIsCommittedWithWhatComesNext(t *testing.T) {
	t.Parallel()
	b, s, sizes := batched(t)
	sqlite.SetLag(b, time.Hour)
	note(t, s)
	note(t, s)
	require.Empty(t, *sizes)
	require.NoError(t, s.Update(t.Context(), func(tx store.Tx) error { return tx.Add(1, "answered") }))
	require.Equal(t, []int{3}, *sizes)
	require.Equal(t, 2, notes(t, s))
}

func TestWhoeverReadsHasCommittedWhatIsOnlyRecorded(t *testing.T) {
	t.Parallel()
	b, s, sizes := batched(t)
	sqlite.SetLag(b, time.Hour)
	note(t, s)
	require.Equal(t, 1, notes(t, s))
	require.Equal(t, []int{1}, *sizes)
	require.Equal(t, 1, notes(t, s))
	require.Equal(t, []int{1}, *sizes, "there was nothing more")
}

// A task is claimed by nobody before the transaction that made it has been committed: what is done about it cannot be
// taken back.
func TestClaimWaitsForWhatItHasRead(t *testing.T) {
	t.Parallel()
	b, s, _ := batched(t)
	now := time.Now()
	inside, goOn, claimed, early := make(chan bool), make(chan bool), make(chan bool), make(chan bool, 1)
	var done sync.WaitGroup
	inTurn := func(n int, do func()) {
		done.Go(do)
		require.Eventually(t, func() bool { return sqlite.Waiting(b) == n }, 20*time.Second, time.Millisecond)
	}
	done.Go(func() {
		_ = s.Update(t.Context(), func(tx store.Tx) error {
			close(inside)
			<-goOn
			return nil
		})
	})
	<-inside
	inTurn(1, func() {
		_ = s.Update(t.Context(), func(tx store.Tx) error {
			return tx.Schedule(store.Task{Kind: store.Deliver, Subject: "d1", Due: now})
		})
	})
	inTurn(2, func() {
		_, ok, err := s.Claim(t.Context(), now)
		if ok && err == nil {
			close(claimed)
		}
	})
	inTurn(3, func() {
		_ = s.Update(t.Context(), func(store.Tx) error {
			select {
			case <-claimed:
				early <- true
			case <-time.After(200 * time.Millisecond):
				early <- false
			}
			return nil
		})
	})
	close(goOn)
	require.False(t, <-early)
	<-claimed
	done.Wait()
}

// However much has been recorded that nobody waits for, who comes then waits for no more than a batch.
func TestRecordsDoNotLiftTheBoundOfABatch(t *testing.T) {
	t.Parallel()
	b, s, sizes := batched(t)
	sqlite.SetLag(b, time.Hour)
	count := func(tx store.Tx) error { return tx.Add(1, "one") }
	const recorded = sqlite.MostTogether + 2
	for range recorded {
		require.NoError(t, s.Update(store.Soon(t.Context()), count))
	}

	inside, goOn := make(chan bool), make(chan bool)
	var done sync.WaitGroup
	done.Go(func() {
		_ = s.Update(t.Context(), func(tx store.Tx) error {
			close(inside)
			<-goOn
			return count(tx)
		})
	})
	<-inside
	const others = 9
	for range others {
		done.Go(func() { _ = s.Update(t.Context(), count) })
	}
	require.Eventually(t, func() bool { return sqlite.Waiting(b) == others }, 20*time.Second, time.Millisecond)
	close(goOn)
	done.Wait()
	require.Equal(t, recorded+1, (*sizes)[0], "the first who waits is answered before the others have had their turn")
}

func TestWhatIsOnlyRecordedIsCommittedByItself(t *testing.T) {
	t.Parallel()
	b, s, _ := batched(t)
	committed := make(chan int, 1)
	sqlite.Batches(b, func(size int) { committed <- size })
	note(t, s)
	require.Equal(t, 1, <-committed)
}

func TestWhatIsOnlyRecordedStaysAtTheEnd(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "books.db")
	b := open(t, file)
	sqlite.SetLag(b, time.Hour)
	s, err := b.Open(t.Context(), "test_one")
	require.NoError(t, err)
	note(t, s)
	require.NoError(t, b.Close())
	s, err = open(t, file).Open(t.Context(), "test_one")
	require.NoError(t, err)
	require.Equal(t, 1, notes(t, s))
}

// A moment needs no commit of its own, and none is given twice, in the next life neither.
func TestMomentsAreNotCommittedAlone(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "books.db")
	var before store.Moment
	for range 3 {
		b := open(t, file)
		s, err := b.Open(t.Context(), "test_one")
		require.NoError(t, err)
		var sizes []int
		sqlite.Batches(b, func(size int) { sizes = append(sizes, size) })
		for range 3 {
			require.NoError(t, s.Update(t.Context(), func(tx store.Tx) error {
				now, err := tx.Moment()
				require.Greater(t, now, before)
				before = now
				return err
			}))
		}
		require.Empty(t, sizes)
		require.NoError(t, b.Close())
	}
}

// What was counted in memory is not kept where the file could not take it.
func TestBatchThatIsNotWrittenCountsNothing(t *testing.T) {
	t.Parallel()
	b, s, _ := batched(t)
	count := func() (n uint64) {
		require.NoError(t, s.View(t.Context(), func(r store.Reader) (err error) {
			n, err = r.Count("kept")
			return err
		}))
		return n
	}
	require.NoError(t, s.Update(t.Context(), func(tx store.Tx) error { return tx.Add(1, "kept") }))
	limit := sqlite.LimitPages(b, 1)
	require.Error(t, s.Update(t.Context(), func(tx store.Tx) error {
		_, err := tx.Append(store.Entry{Note: strings.Repeat("long ", 1<<18)})
		return errors.Join(err, tx.Add(1, "kept"))
	}))
	require.EqualValues(t, 1, count())

	sqlite.LimitPages(b, limit*1000)
	require.NoError(t, s.Update(t.Context(), func(tx store.Tx) error {
		n, err := tx.Count("kept")
		require.EqualValues(t, 1, n)
		return errors.Join(err, tx.Add(1, "kept"))
	}))
	require.EqualValues(t, 2, count())
}

func TestClosedBooksAnswerAnError(t *testing.T) {
	t.Parallel()
	b := open(t, filepath.Join(t.TempDir(), "books.db"))
	s, err := b.Open(t.Context(), "test_one")
	require.NoError(t, err)
	require.NoError(t, b.Close())
	require.NoError(t, b.Close(), "twice is no fault")

	require.Error(t, s.Update(t.Context(), func(store.Tx) error { return nil }))
	require.Error(t, s.View(t.Context(), func(store.Reader) error { return nil }))
	_, _, err = s.Claim(t.Context(), time.Now())
	require.Error(t, err)
}
