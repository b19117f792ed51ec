package mock_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/payporter-mock/payporter-mock/mock"
)

// BenchmarkNew is most of a start: the API descriptions are read and made ready.
func BenchmarkNew(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		srv, err := mock.New(mock.Config{Seed: 1})
		require.NoError(b, err)
		srv.Close()
	}
}
