package shop

import (
	"slices"
	"strings"
)

// SceneSource is what the file of scenarios says of these, in its order.
func SceneSource(names []string) string {
	var b strings.Builder
	for scene := range strings.SplitSeq(string(Scenes), "\n  - name: ") {
		name, _, _ := strings.Cut(scene, "\n")
		if slices.Contains(names, name) {
			b.WriteString("  - name: " + strings.TrimRight(scene, "\n") + "\n")
		}
	}
	return b.String()
}
