// Package extent says how much the tests look at. It is the only one that asks for -short and for the environment
// variable PAYPORTER_MOCK_TEST_ALL, so that nothing is left out anywhere else. It owns no test.
//
// There are three extents:
//
//   - whole: without -short. Every test, with every case.
//   - thinned: with -short and PAYPORTER_MOCK_TEST_ALL=1, as `.ci/run` runs tests on other books and under the race
//     detector, beside one whole run. What is repeated is looked at once.
//   - quick: with -short alone, for who waits for it. Something of everything.
package extent

import (
	"os"
	"testing"
)

// variable is the environment variable that wants everything when it is "1".
const variable = "PAYPORTER_MOCK_TEST_ALL"

// Everything reports whether nothing may be left out because this machine lacks it, or because it takes long.
func Everything() bool { return os.Getenv(variable) == "1" }

// Whole reports whether every test runs, with every case.
func Whole() bool { return !testing.Short() }

// Quick reports whether only something of everything is looked at. It never is where everything is wanted.
func Quick() bool { return testing.Short() && !Everything() }

// Required leaves the test out because this machine lacks something. Where everything is wanted, that is a failure.
func Required(t testing.TB, what string) {
	t.Helper()
	if Everything() {
		t.Fatal(what)
	}
	t.Skip(what)
}

// NotQuick leaves the test out of a quick run. why says what makes it long, and what else looks at the same.
func NotQuick(t testing.TB, why string) {
	t.Helper()
	if Quick() {
		t.Skip("left out of a quick run: " + why)
	}
}

// Repeated leaves the test out with -short, also where everything is wanted: a whole run beside it has it. why says
// what makes it long.
func Repeated(t testing.TB, why string) {
	t.Helper()
	if !Whole() {
		t.Skip("left out with -short: " + why)
	}
}

// Of is one of three numbers, by the extent.
func Of[N any](whole, thinned, quick N) N {
	switch {
	case Whole():
		return whole
	case Quick():
		return quick
	}
	return thinned
}

// Every is all of a whole run, of a thinned one each of so many, of a quick one each of so many, the first among them.
func Every[T any](thinned, quick int, all []T) (chosen []T) {
	for i := 0; i < len(all); i += Of(1, thinned, quick) {
		chosen = append(chosen, all[i])
	}
	return chosen
}

// First is all of a whole run, and with -short the first n, which must be the ones that differ most.
func First[T any](n int, all ...T) []T {
	if Whole() {
		return all
	}
	return all[:n]
}
