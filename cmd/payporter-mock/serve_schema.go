package main

import (
	"context"
	"encoding/json"
	"strconv"

	"github.com/urfave/cli/v3"
)

func serveSchemaCommand() *cli.Command {
	return &cli.Command{
		Name:            "schema",
		Usage:           "print the JSON Schema of the file of --config, for editors",
		HideHelpCommand: true,

		Action: func(_ context.Context, c *cli.Command) error {
			if err := noArguments(c); err != nil {
				return err
			}
			_, err := c.Root().Writer.Write(configSchema())
			return err
		},
	}
}

// configSchema is the JSON Schema of the file of --config. It is made of the flags.
func configSchema() []byte {
	flags := serveFlags(func(string) (string, bool) { return "", false })
	properties := map[string]any{}
	for _, name := range configKeys(flags) {
		properties[name] = flagSchema(flagNamed(flags, name))
	}

	text, _ := json.MarshalIndent(map[string]any{
		"$schema": "https://json-schema.org/draft/2020-12/schema", "title": "A config of payporter-mock serve",
		"description": "Each key is a flag of serve. ${NAME} is the value of a variable of the environment.",
		"type":        "object", "properties": properties, "additionalProperties": false,
	}, "", "  ") // it is made of plain values
	return append(text, '\n')
}

// flagSchema is the schema of the value of one flag.
func flagSchema(f cli.Flag) map[string]any {
	schema, documented := kindOf(f).schema, f.(cli.DocGenerationFlag)
	schema["description"] = documented.GetUsage()

	switch f := f.(type) {
	case *cli.StringFlag:
		if f.Value != "" {
			schema["default"] = f.Value
		}
	case *cli.BoolFlag:
		schema["default"] = f.Value
	case *cli.StringSliceFlag:
		if len(f.Value) > 0 {
			schema["default"] = f.Value
		}
	case *cli.DurationFlag:
		schema["default"] = f.Value.String()
	case *cli.IntFlag, *cli.Int64Flag:
		n, _ := strconv.Atoi(documented.GetValue()) // it is one
		schema["default"] = n
	}

	if said := documented.GetDefaultText(); said != "" && schema["default"] == nil {
		schema["description"] = documented.GetUsage() + " (default: " + said + ")"
	}
	return schema
}
