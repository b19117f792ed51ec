//go:build race

package contract_test

// raced says that the race detector watches, which costs time and finds nothing more in a whole matrix.
const raced = true
