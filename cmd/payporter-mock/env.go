package main

import (
	"strings"

	"github.com/urfave/cli/v3"
)

// fromEnv makes the flag's variable its source: --public-url is PAYPORTER_MOCK_PUBLIC_URL.
func fromEnv(env environment, flag string) cli.ValueSourceChain {
	name := "PAYPORTER_MOCK_" + strings.ToUpper(strings.ReplaceAll(flag, "-", "_"))
	return cli.NewValueSourceChain(&variable{name, env})
}

// orElse adds a variable that other programs read, too; the program's own goes first.
func orElse(chain cli.ValueSourceChain, env environment, name string) cli.ValueSourceChain {
	chain.Append(cli.NewValueSourceChain(&variable{name, env}))
	return chain
}

// variable is a cli.ValueSource over the environment that the program was given. An empty variable
// counts as none: a compose file that passes one through must not erase a default.
type variable struct {
	name string
	env  environment
}

func (v *variable) Lookup() (string, bool) {
	value, ok := v.env(v.name)
	return value, ok && value != ""
}

func (v *variable) IsFromEnv() bool  { return true }
func (v *variable) Key() string      { return v.name }
func (v *variable) String() string   { return "environment variable " + v.name }
func (v *variable) GoString() string { return v.String() }
