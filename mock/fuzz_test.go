package mock_test

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/payporter-mock/payporter-mock/mock"
)

// FuzzCreate sends any bytes as the body of a create: the answer is a 200 or a documented 4xx, never
// anything else, and a refused body creates nothing.
func FuzzCreate(f *testing.F) {
	for _, body := range []string{
		order("ORD-1", "http://127.0.0.1:9/cb"), order("ORD-1", "http://127.0.0.1:9/cb", "amount", "1e2"),
		order("", "ftp://x", "amount", "-5"), `{}`, `[]`, `null`, `0`, `"`, ``, `{"amount":1e999999999}`, `{"amount":NaN}`,
		`{"orderId":"a","orderId":"b"}`, "{\"orderId\":\"\xff\"}", strings.Repeat("[", 2000), strings.Repeat(`{"a":`, 2000),
		order("O", "http://[::1]:80/"), order("O", "https://u:p@h/"), order("O", "http://h", "currency", `"JPY"`),
		`{"orderId":"\ud800","amount":1,"currency":"TRY","callback":"http://h"}`, "\ufeff{}", `{"amount":0.1e1}` + "\x00",
	} {
		f.Add([]byte(body))
	}
	srv, err := mock.New(mock.Config{Seed: 1, ValidateResponses: true})
	require.NoError(f, err)
	f.Cleanup(srv.Close)
	f.Fuzz(func(t *testing.T, body []byte) {
		send := func(method, path string, body []byte) *httptest.ResponseRecorder {
			r := httptest.NewRequest(method, path, strings.NewReader(string(body)))
			r.Header.Set("X-API-KEY", srv.APIKey)
			r.Header.Set("X-API-SECRET", srv.APISecret)
			r.Header.Set("Content-Type", "application/json")
			w := httptest.NewRecorder()
			srv.Handler().ServeHTTP(w, r)
			return w
		}
		before := send(http.MethodGet, "/_mock/checkouts?limit=1", nil).Body.String()
		w := send(http.MethodPost, "/api/checkout", body)
		switch {
		case w.Code == http.StatusOK:
			return
		case w.Code < 400 || w.Code >= 500:
			t.Fatalf("answered %d: %s", w.Code, w.Body)
		}
		var fault struct {
			Message     string
			MessageCode string
			Errors      []struct{ Field, Message string }
		}
		require.NoError(t, json.Unmarshal(w.Body.Bytes(), &fault))
		require.NotEmpty(t, fault.Message)
		require.NotEmpty(t, fault.MessageCode)
		require.Equal(t, before, send(http.MethodGet, "/_mock/checkouts?limit=1", nil).Body.String(),
			"a refused body created something")
	})
}
