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

// BenchmarkFlow is a whole order: its create, the sandbox pays it by itself, the callback goes to a receiver, which
// asks for the payment before it answers. The create and the question stay inside the process; the callback is real
// HTTP.
func BenchmarkFlow(b *testing.B) {
	srv, err := mock.New(mock.Config{Seed: 1, Payer: "auto", Logger: slog.New(slog.NewTextHandler(io.Discard, nil))})
	require.NoError(b, err)
	b.Cleanup(srv.Close)
	call := func(method, path, body string) *httptest.ResponseRecorder {
		r := httptest.NewRequest(method, path, strings.NewReader(body))
		r.Header.Set("X-API-KEY", srv.APIKey)
		r.Header.Set("X-API-SECRET", srv.APISecret)
		r.Header.Set("Content-Type", "application/json")
		w := httptest.NewRecorder()
		srv.Handler().ServeHTTP(w, r)
		return w
	}

	asked := make(chan int)
	shop := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		answer := call(http.MethodGet, "/api/checkout/"+r.PostFormValue("checkoutId"), "")
		asked <- answer.Code
	}))
	b.Cleanup(shop.Close)
	body := `{"orderId":"ORD-12345","amount":100.50,"currency":"TRY","callback":"` + shop.URL + `"}`

	b.ReportAllocs()
	for b.Loop() {
		if w := call(http.MethodPost, "/api/checkout", body); w.Code != http.StatusOK {
			b.Fatal(w.Body.String())
		}
		if code := <-asked; code != http.StatusOK {
			b.Fatal("the question was answered with", code)
		}
	}
}
