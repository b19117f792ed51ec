package storetest

import (
	"flag"
	"testing"

	"github.com/payporter-mock/payporter-mock/mock/store"
	"github.com/payporter-mock/payporter-mock/mock/store/memory"
)

// wrapper is the flag -store. Every test package of the sandbox has it, so that its tests run on other books:
// go test ./mock/... -store=replaying
var wrapper = flag.String("store", "",
	"the books that sandboxes run on: replaying, reopened, sqlite, postgres; empty: memory's own")

// Wrapped reports whether the flag -store asks for other books than memory's own.
func Wrapped() bool { return *wrapper != "" }

// Kind is a kind of books that the flag -store can ask for.
type Kind struct {
	Name string
	Open func(testing.TB) store.Books // makes empty ones for the test
}

// Books are empty books for a test, of the kind that the flag -store asks for. Kinds that this package does not import
// come with the call.
func Books(t testing.TB, others ...Kind) store.Books {
	t.Helper()
	switch *wrapper {
	case "":
		return memory.Open(memory.Options{})
	case "replaying":
		return Replaying(memory.Open(memory.Options{}))
	case "reopened":
		image := new(memory.Image)
		return Reopened(func() store.Books { return memory.OpenImage(image) })
	}

	for _, kind := range others {
		if kind.Name == *wrapper {
			return kind.Open(t)
		}
	}
	t.Fatalf("-store=%s: want replaying, reopened, sqlite or postgres", *wrapper)
	return nil
}
