package sqlite_test

import (
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/payporter-mock/payporter-mock/mock"
	"github.com/payporter-mock/payporter-mock/mock/store"
	"github.com/payporter-mock/payporter-mock/mock/store/memory"
	"github.com/payporter-mock/payporter-mock/mock/store/sqlite"
)

// BenchmarkCreate is a validated create through the whole sandbox but the network, by many callers at once.
func BenchmarkCreate(b *testing.B) {
	file := func(s sqlite.Synchronous) func(*testing.B) store.Books {
		return func(b *testing.B) store.Books {
			return sqlite.Open(filepath.Join(b.TempDir(), "books.db"), sqlite.Options{Synchronous: s})
		}
	}
	for name, open := range map[string]func(*testing.B) store.Books{
		"memory": func(*testing.B) store.Books { return memory.Open(memory.Options{}) },
		"normal": file(sqlite.Normal),
		"full":   file(sqlite.Full),
	} {
		b.Run(name, func(b *testing.B) {
			srv, err := mock.New(mock.Config{Seed: 1, Store: open(b)})
			require.NoError(b, err)
			b.Cleanup(srv.Close)
			b.SetParallelism(16)
			b.RunParallel(func(pb *testing.PB) {
				for pb.Next() {
					create(b, srv)
				}
			})
		})
	}
}

func create(b *testing.B, srv *mock.Server) {
	r := httptest.NewRequest(http.MethodPost, "/api/checkout", strings.NewReader(
		`{"orderId":"ORD-12345","amount":100.50,"currency":"TRY","callback":"https://example.com/payment-callback"}`))
	r.Header.Set("X-API-KEY", srv.APIKey)
	r.Header.Set("X-API-SECRET", srv.APISecret)
	r.Header.Set("Content-Type", "application/json")
	w := httptest.NewRecorder()
	srv.Handler().ServeHTTP(w, r)
	if w.Code != http.StatusOK {
		b.Error(w.Body.String())
	}
}
