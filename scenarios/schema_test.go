package scenarios_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"
	"github.com/stretchr/testify/require"
	"go.yaml.in/yaml/v4"
	"pgregory.net/rapid"

	"github.com/payporter-mock/payporter-mock/scenarios"
)

func compiled(t testing.TB) *jsonschema.Schema {
	t.Helper()
	document, err := jsonschema.UnmarshalJSON(bytes.NewReader(scenarios.Schema()))
	require.NoError(t, err)
	compiler := jsonschema.NewCompiler()
	require.NoError(t, compiler.AddResource("schema.json", document))
	schema, err := compiler.Compile("schema.json")
	require.NoError(t, err)
	return schema
}

// asJSON is a YAML file as an editor's validator sees it.
func asJSON(t testing.TB, source []byte) any {
	t.Helper()
	var value any
	require.NoError(t, yaml.Load(source, &value))
	encoded, err := json.Marshal(value)
	require.NoError(t, err)
	value, err = jsonschema.UnmarshalJSON(bytes.NewReader(encoded))
	require.NoError(t, err)
	return value
}

func TestSchemaIsTheShippedFile(t *testing.T) {
	t.Parallel()
	file, err := os.ReadFile("schema.json")
	require.NoError(t, err)
	require.Equal(t, string(file), string(scenarios.Schema()))
}

func TestSchemaTakesGoodFiles(t *testing.T) {
	t.Parallel()
	schema := compiled(t)
	good := files(t, "good")
	for _, name := range scenarios.Builtins() {
		good = append(good, name+".yaml")
	}
	for _, file := range good {
		require.NoError(t, schema.Validate(asJSON(t, read(t, file))), file)
	}
}

// Each scenario of a file with faults of structure has one, so the schema refuses each.
func TestSchemaRefusesFaultsOfStructure(t *testing.T) {
	t.Parallel()
	schema := compiled(t)
	for _, file := range files(t, "structure") {
		value := asJSON(t, read(t, file))
		require.Error(t, schema.Validate(value), file)
		root, _ := value.(map[string]any)
		entries, _ := root["scenarios"].([]any)
		for i, entry := range entries {
			one := map[string]any{"version": json.Number("1"), "scenarios": []any{entry}}
			require.Error(t, schema.Validate(one), "%s, scenario %d", file, i+1)
		}
	}
}

func TestSchemaDescribesEverything(t *testing.T) {
	t.Parallel()
	var root map[string]any
	require.NoError(t, json.Unmarshal(scenarios.Schema(), &root))
	defs := root["$defs"].(map[string]any)
	described := func(v any) bool {
		m := v.(map[string]any)
		ref, _ := m["$ref"].(string)
		target, _ := defs[filepath.Base(ref)].(map[string]any)
		return m["description"] != nil || target["description"] != nil
	}
	objects := map[string]any{"": root}
	maps.Copy(objects, defs)
	for name, object := range objects {
		properties, _ := object.(map[string]any)["properties"].(map[string]any)
		for key, p := range properties {
			require.True(t, described(p), "%s.%s", name, key)
		}
	}
}

// Take any good file and spoil or change values in it: what the parser takes, the schema takes; and
// what the schema refuses, the parser refuses, too.
func TestSchemaIsNeverStricterThanTheParser(t *testing.T) {
	t.Parallel()
	schema := compiled(t)
	good := []any{asJSON(t, read(t, "testdata/good/everything.yaml")), asJSON(t, read(t, "testdata/good/shapes.yaml"))}
	taken := 0
	check := func(t *rapid.T) {
		value := changed(t, good[rapid.IntRange(0, 1).Draw(t, "file")], rapid.IntRange(1, 3).Draw(t, "depth"))
		source, err := json.Marshal(value)
		require.NoError(t, err)
		if _, err := scenarios.Parse("changed.json", source); err == nil {
			taken++
			require.NoError(t, schema.Validate(value), "%s", source)
		}
	}
	for tries := 0; taken == 0 && tries < 100; tries++ { // with -short, few are tried at once, and few are good
		rapid.Check(t, check)
	}
	require.Positive(t, taken)
}

// changed copies a value with one change somewhere in it.
func changed(t *rapid.T, value any, depth int) any {
	if rapid.IntRange(0, 3*depth).Draw(t, "here") == 0 {
		return spoiled(t, value)
	}
	switch v := value.(type) {
	case map[string]any:
		copied := maps.Clone(v)
		keys := slices.Sorted(maps.Keys(v))
		if len(keys) == 0 {
			return copied
		}
		key := rapid.SampledFrom(keys).Draw(t, "key")
		switch rapid.IntRange(0, 9).Draw(t, "change") {
		case 0:
			delete(copied, key)
		case 1:
			delete(copied, key)
			copied[rapid.SampledFrom(append(keys, key+"x", "times", "delay", "after")).Draw(t, "other")] = v[key]
		default:
			copied[key] = changed(t, v[key], depth)
		}
		return copied
	case []any:
		copied := slices.Clone(v)
		if len(copied) > 0 {
			i := rapid.IntRange(0, len(copied)-1).Draw(t, "index")
			copied[i] = changed(t, copied[i], depth)
		}
		return copied
	}
	return spoiled(t, value)
}

// spoiled is another value in the place of one.
func spoiled(t *rapid.T, value any) any {
	return rapid.SampledFrom([]any{
		nil, true, false, json.Number("1"), json.Number("2"), json.Number("1.5"), json.Number("0"), json.Number("-1"),
		json.Number("500"),
		"", "x", "1s", "1h2.5m", "+5ms", "0", "-1s", "1s1", "none", "documented", "pay", "reset", "4111111111111129", "*",
		"[", "TRY", "SUCCESS", "form",
		[]any{},
		[]any{"1s"},
		[]any{json.Number("1")},
		[]any{value},
		map[string]any{},
		map[string]any{"gte": json.Number("1")},
		map[string]any{"status": json.Number("500")},
		map[string]any{"min": "1s", "max": "2s"},
		fmt.Sprint(value),
	}).Draw(t, "value")
}
