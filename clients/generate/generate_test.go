package main

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/stretchr/testify/require"
)

const root = "../.."

func TestGeneratedFilesAreCurrent(t *testing.T) {
	t.Parallel()
	files, err := generate(root)
	require.NoError(t, err)
	for name, want := range files {
		got, err := os.ReadFile(filepath.Join(root, name))
		require.NoError(t, err)
		require.Equal(t, want, string(got), "%s: go generate ./clients/generate writes it anew", name)
	}
}

func TestEveryOperationHasAVerbOfItsOwn(t *testing.T) {
	t.Parallel()
	spec, err := openapi3.NewLoader().LoadFromFile(filepath.Join(root, description))
	require.NoError(t, err)
	verbs, err := verbsOf(spec)
	require.NoError(t, err)

	operations, called := map[string]bool{}, map[string]bool{}
	for _, item := range spec.Paths.Map() {
		for _, op := range item.Operations() {
			operations[op.OperationID] = true
		}
	}
	for _, v := range verbs {
		require.False(t, called[v.Name], "two operations are called %s", v.Name)
		called[v.Name] = true
	}
	require.Len(t, called, len(operations))
	for id := range names {
		require.True(t, operations[id], "there is no operation %s", id)
	}
}
