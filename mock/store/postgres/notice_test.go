package postgres_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/payporter-mock/payporter-mock/mock/store/postgres"
)

// docs/shared-sandbox.md promises that a process that stands still is noticed within four seconds. A machine that is busy
// with other tests may take longer, so the promise is held to what it is made of.
func TestProcessThatStandsStillIsNoticedWithinFourSeconds(t *testing.T) {
	t.Parallel()
	require.LessOrEqual(t, postgres.NoticedWithin, 4*time.Second)
}
