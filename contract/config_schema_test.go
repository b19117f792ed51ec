package contract_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"
	"github.com/stretchr/testify/require"
	"go.yaml.in/yaml/v4"

	"github.com/payporter-mock/payporter-mock/contract"
)

// validate compares a config with the schema.
func validate(t *testing.T, source string) error {
	t.Helper()
	document, err := jsonschema.UnmarshalJSON(bytes.NewReader(contract.ConfigSchema()))
	require.NoError(t, err)
	compiler := jsonschema.NewCompiler()
	require.NoError(t, compiler.AddResource("schema.json", document))
	compiled, err := compiler.Compile("schema.json")
	require.NoError(t, err)

	var value any
	require.NoError(t, yaml.Unmarshal([]byte(source), &value))
	text, err := json.Marshal(value)
	require.NoError(t, err)
	value, err = jsonschema.UnmarshalJSON(bytes.NewReader(text))
	require.NoError(t, err)
	return compiled.Validate(value)
}

func TestConfigSchemaTakesGoodConfigs(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob(filepath.Join("..", "testdata", "merchants", "*", "verify.yaml"))
	require.NoError(t, err)
	require.NotEmpty(t, files)
	for _, file := range files {
		source, err := os.ReadFile(file)
		require.NoError(t, err)
		require.NoError(t, validate(t, string(source)), file)
	}
	require.NoError(t, validate(t, wholeConfig))
}

// What the schema refuses, the parser refuses, too: an editor never complains of a good file.
func TestConfigSchemaRefusesWhatTheParserRefuses(t *testing.T) {
	t.Parallel()
	for _, change := range [][2]string{
		{"merchant:", "merchnt:"},
		{"[node, shop.js]", "node"},
		{"readyWithin: 5s", "readyWithin: soon"},
		{"http://127.0.0.1:{{port}}", "127.0.0.1"},
		{"method: post", "method: FETCH"},
		{"form: {item: 7}", "form: {item: 7}, json: 1"},
		{"orderId: {header: Location", "orderId: {json: $.id, header: Location"},
		{"redirectUrl: {regexp: 'href=\"([^\"]+)\"'}", "redirectUrl: {}"},
		{"currency: EUR", "currency: TL"},
		{"[JPY, KWD]", "[YENS]"},
		{"[JPY, KWD]", "JPY"},
		{"status: 410", "status: 41"},
		{"$.shipments", "shipments"},
		{"webhook: {url", "webhook: {uri"},
		{"refund:\n  before", "refund:\n  first"},
		{", apiSecret: test_secret", ""},
		{"token: {regexp", "to-ken: {regexp"},
	} {
		source := strings.Replace(wholeConfig, change[0], change[1], 1)
		require.NotEqual(t, wholeConfig, source, "%s is not in the config", change[0])
		require.Error(t, validate(t, source), "schema: %s", change[1])
		_, err := contract.ParseConfig("verify.yaml", []byte(source))
		require.Error(t, err, "parser: %s", change[1])
	}
}

// Every key of the schema is read: none is known to the table alone.
func TestEveryKeyOfTheSchemaIsRead(t *testing.T) {
	t.Parallel()
	var schema struct {
		Properties map[string]any
		Defs       map[string]struct{ Properties map[string]any } `json:"$defs"`
	}
	require.NoError(t, json.Unmarshal(contract.ConfigSchema(), &schema))

	frames := map[string]string{
		"merchant": "merchant: {%s: x}", "order": "order: {%s: x}", "state": "state: {%s: x}",
		"payporter": "payporter: {%s: x}", "request": "order: {request: {%s: x}}", "step": "order: {before: [{%s: x}]}",
		"place": "order: {orderId: {%s: x}}", "condition": "state: {paid: {%s: x}}",
		"webhook": "webhook: {%s: x}", "refund": "refund: {%s: x}",
	}
	require.Len(t, schema.Defs, len(frames))
	for name, definition := range schema.Defs {
		require.NotEmpty(t, definition.Properties, name)
		for key := range definition.Properties {
			_, err := contract.ParseConfig("verify.yaml", fmt.Appendf(nil, frames[name]+"\n", key))
			require.Error(t, err)
			require.NotContains(t, err.Error(), "unknown key", "%s.%s", name, key)
			_, err = contract.ParseConfig("verify.yaml", fmt.Appendf(nil, frames[name]+"\n", key+"Z"))
			require.ErrorContains(t, err, "unknown key", "%s.%s", name, key)
		}
	}
}
