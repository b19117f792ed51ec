package mock_test

import (
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/payporter-mock/payporter-mock/mock"
)

// BenchmarkCreate is a validated create through the whole sandbox but the network.
func BenchmarkCreate(b *testing.B) {
	srv, err := mock.New(mock.Config{Seed: 1, Logger: slog.New(slog.NewTextHandler(io.Discard, nil))})
	require.NoError(b, err)
	b.Cleanup(srv.Close)
	handler := srv.Handler()
	const body = `{"orderId":"ORD-12345","amount":100.50,"currency":"TRY","description":"Product purchase",` +
		`"callback":"https://example.com/payment-callback","maxInstallmentCount":6,"interestPaidByCustomer":true}`
	b.ReportAllocs()
	for b.Loop() {
		r := httptest.NewRequest(http.MethodPost, "/api/checkout", strings.NewReader(body))
		r.Header.Set("X-API-KEY", srv.APIKey)
		r.Header.Set("X-API-SECRET", srv.APISecret)
		r.Header.Set("Content-Type", "application/json")
		w := httptest.NewRecorder()
		handler.ServeHTTP(w, r)
		if w.Code != http.StatusOK {
			b.Fatal(w.Body.String())
		}
	}
}
