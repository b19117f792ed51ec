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
	var waiting sync.WaitGroup
	for want := range 3 {
		waiting.Go(func() {
			if !r.Wait(t.Context(), func() bool { return len(r.Calls) > want }) {
				t.Error("it ended too early")
			}
		})
	}
	for n := range 3 {
		r.Add(&n)
	}
	waiting.Wait()
	require.Equal(t, []int{1, 2}, r.Find(func(n *int) bool { return *n > 0 }))
}
