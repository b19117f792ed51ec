//go:build !race

package extent

// Raced says that the race detector watches, under which everything takes some ten times as long.
const Raced = false
