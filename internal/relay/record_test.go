package relay_test

import (
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/payporter-mock/payporter-mock/internal/relay"
)

func TestRecordWakesWhoWaits(t *testing.T) {
	t.Parallel()
	var r relay.Record[int]
	var waiting, asked sync.WaitGroup
	for want := range 3 {
		asked.Add(1)
		once := sync.OnceFunc(asked.Done)
		waiting.Go(func() {
			if !r.Wait(t.Context(), func() bool { once(); return len(r.Calls) > want }) {
				t.Error("it ended too early")
			}
		})
	}
	asked.Wait() // all of them wait now, or will see what comes
	for n := range 3 {
		r.Add(&n)
	}
	waiting.Wait()
	require.Equal(t, []int{1, 2}, r.Find(func(n *int) bool { return *n > 0 }))
}
