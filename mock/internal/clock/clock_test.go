package clock_test

import (
	"context"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/payporter-mock/payporter-mock/mock/internal/clock"
)

func TestRunningClockFollowsTheRealTime(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		c := clock.New()
		start := c.Now()
		require.Equal(t, time.UTC, start.Location())
		time.Sleep(time.Hour) // the bubble's time, not ours
		require.Equal(t, start.Add(time.Hour), c.Now())
	})
}

func TestFrozenClockStandsStill(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		c := clock.New()
		c.Freeze()
		start := c.Now()
		time.Sleep(time.Hour)
		require.True(t, c.Frozen())
		require.Equal(t, start, c.Now())
		c.Set(start.Add(48 * time.Hour))
		require.Equal(t, start.Add(48*time.Hour), c.Now())
		c.Resume()
		time.Sleep(time.Minute)
		require.Equal(t, start.Add(48*time.Hour+time.Minute), c.Now())
		c.Reset()
		require.Equal(t, start.Add(time.Hour+time.Minute), c.Now())
	})
}

func TestSetGoesBackAndRunsOn(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		c := clock.New()
		past := time.Date(2020, 2, 29, 12, 0, 0, 0, time.UTC)
		c.Set(past)
		time.Sleep(time.Second)
		require.Equal(t, past.Add(time.Second), c.Now())
	})
}

func TestSleepEndsWhen(t *testing.T) {
	t.Parallel()
	for name, end := range map[string]func(c *clock.Clock, wake chan<- struct{}, cancel func()){
		"the time has come":     func(*clock.Clock, chan<- struct{}, func()) { time.Sleep(time.Hour) },
		"the clock is set":      func(c *clock.Clock, _ chan<- struct{}, _ func()) { c.Set(c.Now().Add(time.Hour)) },
		"the clock is frozen":   func(c *clock.Clock, _ chan<- struct{}, _ func()) { c.Freeze() },
		"somebody wakes it":     func(_ *clock.Clock, wake chan<- struct{}, _ func()) { wake <- struct{}{} },
		"the context has ended": func(_ *clock.Clock, _ chan<- struct{}, cancel func()) { cancel() },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				c, wake := clock.New(), make(chan struct{})
				ctx, cancel := context.WithCancel(t.Context())
				defer cancel()
				slept := make(chan struct{})
				go func() {
					c.Sleep(ctx, c.Now().Add(time.Hour), true, wake)
					close(slept)
				}()
				synctest.Wait()
				select {
				case <-slept:
					t.Fatal("ended before anything happened")
				default:
				}
				end(c, wake, cancel)
				<-slept
			})
		})
	}
}

func TestFrozenClockSleepsThroughRealTime(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		c, wake := clock.New(), make(chan struct{})
		c.Freeze()
		slept := make(chan struct{})
		go func() {
			c.Sleep(t.Context(), c.Now().Add(time.Second), true, wake)
			close(slept)
		}()
		time.Sleep(24 * time.Hour)
		synctest.Wait()
		select {
		case <-slept:
			t.Fatal("a frozen clock ran")
		default:
		}
		c.Set(c.Now().Add(time.Second))
		<-slept
	})
}

func TestWhatIsDueAtATimeIsDueOnceTheClockIsSetToIt(t *testing.T) {
	t.Parallel()
	c := clock.New()
	c.Freeze()
	due := time.Date(2026, 1, 31, 12, 0, 0, 1, time.UTC) // a nanosecond past noon
	c.Set(due)
	require.False(t, c.Now().Before(due))
	require.Equal(t, due.Add(999*time.Nanosecond), c.Now())
}
