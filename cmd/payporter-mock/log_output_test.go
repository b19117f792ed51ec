package main_test

import (
	"fmt"
	"runtime"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	main "github.com/payporter-mock/payporter-mock/cmd/payporter-mock"
)

// writes keeps what is written to it, piece by piece.
type writes struct {
	mu     sync.Mutex // guards pieces
	pieces []string
}

func (w *writes) Write(piece []byte) (int, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.pieces = append(w.pieces, string(piece))
	return len(piece), nil
}

// A write wakes a goroutine and calls the system, so that under load one for each line costs more than the line.
func TestLinesThatComeTogetherAreWrittenTogether(t *testing.T) {
	t.Parallel()
	const lines = 2000
	stream := &writes{}
	out := main.NewLogOutput(stream)
	var want strings.Builder
	for i := range lines {
		line := fmt.Sprintf("line %d\n", i)
		want.WriteString(line)
		_, err := out.Write([]byte(line))
		require.NoError(t, err)
		runtime.Gosched() // who writes may begin
	}
	out.Close()
	require.Equal(t, want.String(), strings.Join(stream.pieces, ""))
	require.Less(t, len(stream.pieces), lines/4)
}
