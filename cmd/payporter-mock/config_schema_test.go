package main

import (
	"bytes"
	"context"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"
	"github.com/stretchr/testify/require"
	"github.com/urfave/cli/v3"
	"go.yaml.in/yaml/v4"
)

// TestConfigSchemaAndServeAgree gives serve and the schema the same files.
func TestConfigSchemaAndServeAgree(t *testing.T) {
	t.Parallel()
	document, err := jsonschema.UnmarshalJSON(bytes.NewReader(configSchema()))
	require.NoError(t, err)
	compiler := jsonschema.NewCompiler()
	require.NoError(t, compiler.AddResource("serve.json", document))
	schema, err := compiler.Compile("serve.json")
	require.NoError(t, err)

	page, err := os.ReadFile(settingsPage)
	require.NoError(t, err)
	shown := regexp.MustCompile("(?s)```yaml\n(.*?)```").FindStringSubmatch(string(page))
	require.NotNil(t, shown)
	for source, good := range map[string]bool{
		wholeConfig(): true, shown[1]: true,
		"seed: 7": true, "seed: '7'": true, "seed: ${SEED}": true, "seed: -7": false, "seed: many": false,
		"seed: 1.5":    false,
		"max-body: 10": true, "max-body: [10]": false, "max-body: true": false,
		"link-lifetime: 30m": true, "link-lifetime: 1h30m": true, "link-lifetime: 5000": false,
		"link-lifetime: ${WAIT}": true,
		"retry-payment: false":   true, "retry-payment: no": false, "retry-payment: ${YES}": true,
		"retry-payment: 1": false,
		"api-key: 12345":   true, "api-key: true": true, "api-key: [a]": false, "api-key: {a: b}": false,
		"api-key:":            false,
		"scenarios: one.yaml": true, "scenarios: [one.yaml, 2]": true, "scenarios: {a: b}": false, "scenarios: [[a]]": false,
		"adr: here": false, "config: other.yaml": false, "help: true": false, "- addr": false,
	} {
		var value any
		require.NoError(t, yaml.Unmarshal([]byte(source), &value))
		fault := schema.Validate(value)
		require.Equal(t, good, fault == nil, "the schema of %q: %v", source, fault)
		_, err := configured(t, source)
		require.Equal(t, good, err == nil, "serve of %q: %v", source, err)
	}
}

// wholeConfig gives each flag its default, or a value where it has none.
func wholeConfig() string {
	var b strings.Builder
	flags := serveFlags(nowhere)
	for _, name := range configKeys(flags) {
		value := flagNamed(flags, name).(cli.DocGenerationFlag).GetValue()
		switch {
		case value == "":
			value = "something"
		case strings.Contains(value, ", "):
			value = "[" + value + "]"
		}
		b.WriteString(name + ": " + value + "\n")
	}
	return b.String()
}

func nowhere(string) (string, bool) { return "", false }

// configured reads a file as serve does, and answers where its flags have their values from.
func configured(t *testing.T, source string) (given places, err error) {
	t.Helper()
	file := filepath.Join(t.TempDir(), "serve.yaml")
	require.NoError(t, os.WriteFile(file, []byte(source), 0o600))
	command := &cli.Command{
		Flags: serveFlags(nowhere), Writer: io.Discard, ErrWriter: io.Discard,
		Action: func(_ context.Context, c *cli.Command) error {
			given, err = readConfigFile(c, func(name string) (string, bool) {
				value, ok := map[string]string{"SEED": "7", "WEBHOOK_SECRET": "s", "WAIT": "5m", "YES": "true"}[name]
				return value, ok
			})
			return nil
		},
	}
	require.NoError(t, command.Run(t.Context(), []string{"serve", "--config", file}))
	return given, err
}

// TestEveryFlagCanStandInAFile holds the file to the table of the flags: none is left out.
func TestEveryFlagCanStandInAFile(t *testing.T) {
	t.Parallel()
	given, err := configured(t, wholeConfig())
	require.NoError(t, err)
	require.Len(t, given, len(serveFlags(nowhere))-1, "all but --config")
}

// TestHelpShowsADefaultOnce reads what help says of every flag of every command.
func TestHelpShowsADefaultOnce(t *testing.T) {
	t.Parallel()
	var look func(c *cli.Command)
	look = func(c *cli.Command) {
		for _, f := range c.Flags {
			require.LessOrEqual(t, strings.Count(f.String(), "default"), 1, "%s: %s", c.FullName(), f)
			if toggle, ok := f.(*cli.BoolFlag); ok && toggle.Value {
				require.Contains(t, f.String(), "(default: true)", c.FullName())
			}
		}
		for _, sub := range c.Commands {
			look(sub)
		}
	}
	look(root(nowhere))
}
