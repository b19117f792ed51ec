package mock_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/payporter-mock/payporter-mock/mock"
	"github.com/payporter-mock/payporter-mock/mock/store"
	"github.com/payporter-mock/payporter-mock/mock/store/memory"
)

// ownBooks say nothing of how they are.
type ownBooks struct{ store.Books }

func TestHealthNamesTheStore(t *testing.T) {
	t.Parallel()
	for kind, books := range map[string]store.Books{
		"memory": memory.Open(memory.Options{}), "custom": ownBooks{memory.Open(memory.Options{})},
	} {
		c := clientOf(t, mock.Start(t, mock.Config{Store: books}))
		require.Equal(t, map[string]any{"kind": kind}, c.get("/_mock/health").body["store"])
	}
}
