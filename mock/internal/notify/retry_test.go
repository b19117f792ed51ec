package notify_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/payporter-mock/payporter-mock/mock/internal/notify"
	"github.com/payporter-mock/payporter-mock/mock/store"
)

func waitsOf(p store.RetryPlan) []time.Duration {
	event := time.Date(2026, 1, 31, 12, 0, 0, 0, time.UTC)
	var waits []time.Duration
	last := event
	for n := 1; n < 100; n++ {
		next, ok := p.Next(event, last, n)
		if !ok {
			return waits
		}
		waits = append(waits, next.Sub(last))
		last = next
	}
	return waits
}

func TestDocumentedPlan(t *testing.T) {
	t.Parallel()
	require.Equal(t, []time.Duration{
		30 * time.Second, time.Minute, 5 * time.Minute, 15 * time.Minute, time.Hour, 4 * time.Hour, 12 * time.Hour,
		24 * time.Hour,
	}, waitsOf(notify.Documented()))
}

func TestOwnPlans(t *testing.T) {
	t.Parallel()
	require.Empty(t, waitsOf(store.RetryPlan{}))
	require.Equal(t, []time.Duration{1, 2}, waitsOf(store.RetryPlan{Waits: []time.Duration{1, 2}}))
	require.Len(t, waitsOf(store.RetryPlan{Every: time.Hour, Until: 5 * time.Hour}), 5, "the last one may fall on the end")
}
