package ui_test

import (
	"crypto/sha256"
	"encoding/hex"
	"os"
	"path/filepath"
	"regexp"
	"testing"

	"github.com/stretchr/testify/require"
)

// shipped are the files of others, as they are in the packages they come from.
var shipped = map[string]struct{ from, licence, says, sum string }{
	"htmx.min.js": {
		"htmx.org 4.0.1", "htmx.LICENSE.txt", `4.0.1`,
		"a0abb04f2f45a1f89d1d4844023245537e5e6014c87b144553e0607b4cc32130",
	},
	"pico.min.css": {
		"@picocss/pico 2.1.1", "pico.LICENSE.txt", `Pico CSS ✨ v2.1.1`,
		"fbc9a63fc9fc9f72d12fd7fc9806e11fa9f77ae4f9cad146b27003a1119ba3db",
	},
}

func TestShippedAssetsAreWhatTheyClaimToBe(t *testing.T) {
	t.Parallel()
	for name, want := range shipped {
		content, err := os.ReadFile(filepath.Join("assets", name))
		require.NoError(t, err)
		sum := sha256.Sum256(content)
		require.Equal(t, want.sum, hex.EncodeToString(sum[:]), "%s is not the file of %s", name, want.from)
		require.Contains(t, string(content), want.says, name)
		licence, err := os.ReadFile(filepath.Join("assets", want.licence))
		require.NoError(t, err)
		require.Regexp(t, `(?i)licen[cs]e|permission`, string(licence))
	}
}

// What is named in a comment, and the name of a namespace, is nothing that a browser asks for.
var fetched = regexp.MustCompile(`(?i)(?:@import|url\(\s*["']?|src\s*=\s*["']?|href\s*=\s*["']?|fetch\(\s*["'\x60]|EventSource\(\s*["'\x60])\s*(?:https?:)?//`)

func TestNothingRefersToAnotherHost(t *testing.T) {
	t.Parallel()
	for _, pattern := range []string{"assets/*", "html/*"} {
		found, err := filepath.Glob(pattern)
		require.NoError(t, err)
		require.NotEmpty(t, found)
		for _, path := range found {
			content, err := os.ReadFile(path)
			require.NoError(t, err)
			require.NotRegexp(t, fetched, string(content), path)
		}
	}
}
