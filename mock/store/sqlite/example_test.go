package sqlite_test

import (
	"fmt"
	"log"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"

	"github.com/payporter-mock/payporter-mock/mock"
	"github.com/payporter-mock/payporter-mock/mock/store/sqlite"
)

// A sandbox that is given the file of another one goes on where that ended.
func ExampleOpen() {
	dir, err := os.MkdirTemp("", "example-")
	if err != nil {
		log.Fatal(err)
	}
	defer os.RemoveAll(dir)
	file := filepath.Join(dir, "books.db")

	first, err := mock.New(mock.Config{Store: sqlite.Open(file)})
	if err != nil {
		log.Fatal(err)
	}
	created := ask(first, http.MethodPost, "/api/checkout",
		`{"orderId":"ORD-12345","amount":100.50,"currency":"TRY","callback":"http://127.0.0.1:1/callback"}`)
	fmt.Println("created:", created.Code)
	first.Close()

	second, err := mock.New(mock.Config{Store: sqlite.Open(file)})
	if err != nil {
		log.Fatal(err)
	}
	defer second.Close()
	known := ask(second, http.MethodGet, "/_mock/checkouts?orderId=ORD-12345", "")
	fmt.Println("known:", strings.Contains(known.Body.String(), `"orderId":"ORD-12345"`))
	// Output:
	// created: 200
	// known: true
}

// ask asks a sandbox as its shop would, without a network.
func ask(s *mock.Server, method, path, body string) *httptest.ResponseRecorder {
	request := httptest.NewRequest(method, "http://127.0.0.1"+path, strings.NewReader(body))
	request.Header.Set("Content-Type", "application/json")
	request.Header.Set("X-API-KEY", mock.DefaultAPIKey)
	request.Header.Set("X-API-SECRET", mock.DefaultAPISecret)
	answer := httptest.NewRecorder()
	s.Handler().ServeHTTP(answer, request)
	return answer
}
