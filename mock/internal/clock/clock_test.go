package clock_test

import (
	"context"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/payporter-mock/payporter-mock/mock/internal/clock"
	"github.com/payporter-mock/payporter-mock/mock/store"
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
		c.Load(c.At(c.Now(), true))
		start := c.Now()
		time.Sleep(time.Hour)
		require.True(t, c.Frozen())
		require.Equal(t, start, c.Now())
		c.Load(c.At(start.Add(48*time.Hour), true))
		require.Equal(t, start.Add(48*time.Hour), c.Now())
		c.Load(c.At(c.Now(), false))
		time.Sleep(time.Minute)
		require.Equal(t, start.Add(48*time.Hour+time.Minute), c.Now())
		c.Load(store.Clock{})
		require.Equal(t, start.Add(time.Hour+time.Minute), c.Now())
	})
}

func TestSetGoesBackAndRunsOn(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		c := clock.New()
		past := time.Date(2020, 2, 29, 12, 0, 0, 0, time.UTC)
		c.Load(c.At(past, false))
		time.Sleep(time.Second)
		require.Equal(t, past.Add(time.Second), c.Now())
	})
}

func TestSleepEndsWhen(t *testing.T) {
	t.Parallel()
	for name, end := range map[string]func(c *clock.Clock, wake chan<- struct{}, cancel func()){
		"the time has come": func(*clock.Clock, chan<- struct{}, func()) { time.Sleep(time.Hour) },
		"the clock is set": func(c *clock.Clock, _ chan<- struct{}, _ func()) {
			c.Load(c.At(c.Now().Add(time.Hour),
				false))
		},
		"the clock is frozen":   func(c *clock.Clock, _ chan<- struct{}, _ func()) { c.Load(c.At(c.Now(), true)) },
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
		c.Load(c.At(c.Now(), true))
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
		c.Load(c.At(c.Now().Add(time.Second), true))
		<-slept
	})
}

func TestWhatIsDueAtATimeIsDueOnceTheClockIsSetToIt(t *testing.T) {
	t.Parallel()
	c := clock.New()
	c.Load(c.At(c.Now(), true))
	due := time.Date(2026, 1, 31, 12, 0, 0, 1, time.UTC) // a nanosecond past noon
	c.Load(c.At(due, true))
	require.False(t, c.Now().Before(due))
	require.Equal(t, due.Add(999*time.Nanosecond), c.Now())
}
