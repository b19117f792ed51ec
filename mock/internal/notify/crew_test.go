package notify_test

import (
	"context"
	"sync"
	"testing"
	"testing/synctest"

	"github.com/stretchr/testify/require"

	"github.com/payporter-mock/payporter-mock/mock/internal/notify"
)

// No task waits for another, few goroutines stay for the next tasks, and none outlives the crew.
func TestCrewRunsEveryTaskAtOnceAndKeepsFewGoroutines(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		ended, end := context.WithCancel(t.Context())
		crew := notify.NewCrew(ended)

		const many = 3 * notify.MostIdle
		for range 2 {
			var begun sync.WaitGroup
			begun.Add(many)
			for range many { // each goes on only when all have begun
				crew.Run(func() { begun.Done(); begun.Wait() })
			}
			synctest.Wait()
			require.Equal(t, notify.MostIdle, crew.Idle())
		}

		end()
		crew.Wait()
	})
}
