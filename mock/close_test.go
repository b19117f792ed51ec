package mock_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/payporter-mock/payporter-mock/mock"
)

// Docker kills a container ten seconds after it was told to end. The log's last lines take 0.4 seconds more.
func TestSandboxEndsBeforeAContainerIsKilled(t *testing.T) {
	t.Parallel()
	require.Less(t, mock.LongestEnd, 8500*time.Millisecond)
	require.Greater(t, mock.LongestEnd, mock.DefaultCallbackTimeout, "an attempt under way is finished")
}
