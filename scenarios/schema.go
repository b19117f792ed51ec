package scenarios

import _ "embed"

//go:embed schema.json
var schema string

// Schema is the JSON Schema (draft 2020-12) of a scenario file, for editors. It knows the structure;
// what contradicts itself only Parse finds.
func Schema() []byte { return []byte(schema) }
