package shop

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

func TestShopGetsMoreTimeWhereTheMachineHoldsUpTheHarness(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ planned, took, more time.Duration }{
		{50 * time.Millisecond, 50 * time.Millisecond, 0},
		{50 * time.Millisecond, 140 * time.Millisecond, 0},
		{50 * time.Millisecond, 10 * time.Millisecond, 0}, // the run ends
		{50 * time.Millisecond, 2050 * time.Millisecond, 4 * time.Second},
	} {
		require.Equal(t, c.more, heldUp(c.planned, c.took), "%s took %s", c.planned, c.took)
	}
}
