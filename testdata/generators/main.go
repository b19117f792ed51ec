// Command generators proves that openapi.yaml and the control API's description make right clients: well-known
// generators make one each, with their default options; it is compiled, and orders in a sandbox, which then tells what
// it was sent.
//
//	make generators
//	go run ./testdata/generators -only ogen,oapi-codegen
//
// It ends with 1 when a row fails, and with PAYPORTER_MOCK_TEST_ALL=1 also when one is left out. All traffic stays on
// this machine.
package main

import (
	"flag"
	"fmt"
	"os"
	"strings"
)

func main() {
	merchant := flag.String("openapi", "openapi.yaml", "the merchant API's description")
	control := flag.String("control", "mock/internal/control/control.yaml", "the control API's description")
	only := flag.String("only", "", "the rows to run, separated by commas; empty: all")
	keep := flag.Bool("keep", false, "keep what was generated, and say where")
	flag.Parse()

	p := plan{merchant: *merchant, control: *control, keep: *keep}
	if *only != "" {
		p.only = strings.Split(*only, ",")
	}
	failures, err := run(p)
	if err != nil {
		fmt.Fprintln(os.Stderr, "generators:", err)
		os.Exit(1)
	}
	if failures > 0 {
		os.Exit(1)
	}
}
