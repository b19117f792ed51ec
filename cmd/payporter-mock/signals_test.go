package main

import (
	"context"
	"testing"

	"github.com/stretchr/testify/require"
)

// A start that waits for something does not keep the first signal from ending the program, and what comes of it in the
// end is given back.
func TestStartEndsWithTheFirstSignal(t *testing.T) {
	t.Parallel()
	ctx, signal := context.WithCancel(t.Context())
	reads, begun, discarded := make(chan int), make(chan struct{}), make(chan int)
	ended := make(chan bool)
	go func() {
		_, ok := starting(ctx, func() int { close(begun); return <-reads }, func(made int) { discarded <- made })
		ended <- ok
	}()
	<-begun
	signal()
	require.False(t, <-ended)
	reads <- 7
	require.Equal(t, 7, <-discarded)

	made, ok := starting(t.Context(), func() int { return 8 }, func(int) { t.Error("what is used is not given back") })
	require.True(t, ok)
	require.Equal(t, 8, made)
}
