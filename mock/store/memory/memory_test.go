package memory_test

import (
	"testing"

	"github.com/payporter-mock/payporter-mock/mock/store"
	"github.com/payporter-mock/payporter-mock/mock/store/memory"
	"github.com/payporter-mock/payporter-mock/mock/store/storetest"
)

func TestBooks(t *testing.T) {
	t.Parallel()
	storetest.Run(t, func(*testing.T) store.Books { return memory.Open(memory.Options{}) })
}

func TestBooksThatAreOpenedAnew(t *testing.T) {
	t.Parallel()
	storetest.Run(t, func(*testing.T) store.Books {
		image := new(memory.Image)
		return storetest.Reopened(func() store.Books { return memory.OpenImage(image) })
	})
}
