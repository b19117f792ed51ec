package sqlite_test

import (
	"bytes"
	"context"
	"fmt"
	"log"
	"net/http"
	"os"
	"path/filepath"

	"github.com/payporter-mock/payporter-mock/mock"
	"github.com/payporter-mock/payporter-mock/mock/store/sqlite"
)

// The books of a sandbox go into lines, and from there into another file, where a sandbox goes on with them.
func ExampleExport() {
	dir, err := os.MkdirTemp("", "example-")
	if err != nil {
		log.Fatal(err)
	}
	defer os.RemoveAll(dir)
	from, to := filepath.Join(dir, "from.db"), filepath.Join(dir, "to.db")

	sandbox, err := mock.New(mock.Config{Store: sqlite.Open(from)})
	if err != nil {
		log.Fatal(err)
	}
	ask(sandbox, http.MethodPost, "/api/checkout",
		`{"orderId":"ORD-12345","amount":100.50,"currency":"TRY","callback":"http://127.0.0.1:1/callback"}`)
	sandbox.Close()

	var lines bytes.Buffer
	exported, err := sqlite.Export(context.Background(), from, &lines, "1.2.3", mock.DefaultAPIKey)
	if err != nil {
		log.Fatal(err)
	}
	imported, err := sqlite.Import(context.Background(), to, "books.jsonl", &lines, false)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(exported.Merchants, imported.Merchants, exported.Records == imported.Records)
	// Output: 1 1 true
}
