package notify_test

import (
	"context"
	"fmt"
	"testing"
	"testing/synctest"

	"github.com/stretchr/testify/require"

	"github.com/payporter-mock/payporter-mock/mock/internal/notify"
)

// A host is counted as long as attempts to it are under way or wait, and not for good.
func TestQueueForgetsHostsThatItHasNothingFor(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		q := notify.NewQueue(notify.Config{})
		var releases []func()
		take := func(host string) {
			release, err := q.Slot(host)
			require.NoError(t, err)
			releases = append(releases, release)
		}
		for i := range 40 {
			take(fmt.Sprintf("shop-%d.test", i))
		}
		require.Equal(t, 40, q.Hosts())
		for range notify.Concurrency - 1 {
			take("shop-0.test")
		}

		// One waits for a host that has as many as may be.
		waited := make(chan error)
		wait := func() {
			release, err := q.Slot("shop-0.test")
			if err == nil {
				release()
			}
			waited <- err
		}
		go wait()
		synctest.Wait()
		releases[0]()
		require.NoError(t, <-waited)
		for _, release := range releases[1:40] {
			release()
		}
		require.Equal(t, 1, q.Hosts(), "the others are under way")

		// The end lets go of who waits.
		take("shop-0.test")
		go wait()
		synctest.Wait()
		q.Close(context.Background())
		require.Error(t, <-waited)
		for _, release := range releases[40:] {
			release()
		}
		require.Zero(t, q.Hosts())
	})
}
