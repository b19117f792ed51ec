package shop

import (
	"io"
	"net"
	"testing"

	"github.com/stretchr/testify/require"
)

// A port is one harness's until that is closed, although nobody listens on it.
func TestNoPortIsGivenTwice(t *testing.T) {
	t.Parallel()
	const many = manyPorts / 10 // with ports drawn at random, two are the same long before
	seen := map[string]bool{}
	var all []io.Closer
	for range many {
		port, held, err := freePort()
		require.NoError(t, err)
		all = append(all, held)
		require.False(t, seen[port], port)
		seen[port] = true
		listener, err := net.Listen("tcp", "127.0.0.1:"+port)
		require.NoError(t, err, "the shop can listen on it")
		require.NoError(t, listener.Close())
	}
	for _, held := range all {
		require.NoError(t, held.Close())
	}
}
