package client_test

import (
	"os"
	"testing"
)

// required leaves the test out because this machine lacks something; where everything is required,
// that is a failure.
func required(t *testing.T, what string) {
	t.Helper()
	if os.Getenv("PAYPORTER_MOCK_TEST_ALL") == "1" {
		t.Fatal(what)
	}
	t.Skip(what)
}
