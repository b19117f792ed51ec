package control_test

import (
	"os"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/payporter-mock/payporter-mock/internal/openapi"
)

// A sandbox reads its description without the checks that this test makes.
func TestDescriptionIsRight(t *testing.T) {
	t.Parallel()
	description, err := os.ReadFile("control.yaml")
	require.NoError(t, err)
	_, err = openapi.Parse(description)
	require.NoError(t, err)
}
