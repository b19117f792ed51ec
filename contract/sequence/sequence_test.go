package sequence_test

import (
	"testing"

	"github.com/payporter-mock/payporter-mock/contract/sequence"
)

func TestDrawing(t *testing.T) {
	t.Parallel()
	for name, diagram := range map[string]sequence.Diagram{
		"checkout": checkout(),
		"empty":    {Title: "A checkout", Actors: everybody()},
		"nobody":   {},
	} {
		golden(t, name+".inline.svg", svg(t, diagram))
		golden(t, name+".svg", file(t, diagram))
		golden(t, name+".mmd", diagram.Mermaid())
	}
}
