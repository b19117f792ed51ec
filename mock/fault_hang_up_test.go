package mock_test

import (
	"bufio"
	"errors"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/payporter-mock/payporter-mock/mock"
)

// takenOver is a connection whose client has gone: to close it is an error, as with TLS.
type takenOver struct {
	*httptest.ResponseRecorder
	taken, written bool
}

type goneConn struct{ net.Conn }

func (goneConn) Close() error { return errors.New("broken pipe") }

func (w *takenOver) Hijack() (net.Conn, *bufio.ReadWriter, error) {
	w.taken = true
	return goneConn{}, nil, nil
}

func (w *takenOver) WriteHeader(status int) {
	w.written = true
	w.ResponseRecorder.WriteHeader(status)
}

// Nothing is written to a connection that was taken over: net/http would write a line of its own into the log.
func TestNobodyIsAnsweredAfterTheHangUp(t *testing.T) {
	t.Parallel()
	srv := start(t, mock.Config{})
	srv.PutScenarios([]byte(`
version: 1
scenarios:
  - {name: hangs-up, create: {fault: empty}}
  - {name: resets, create: {fault: reset}}
`))
	for _, scenario := range []string{"hangs-up", "resets"} {
		body := `{"orderId":"ORD-1","amount":100.50,"currency":"TRY","callback":"http://127.0.0.1:1/callback"}`
		req := httptest.NewRequest(http.MethodPost, "http://127.0.0.1/api/checkout", strings.NewReader(body))
		req.Header.Set("Content-Type", "application/json")
		req.Header.Set("X-API-KEY", srv.APIKey)
		req.Header.Set("X-API-SECRET", srv.APISecret)
		req.Header.Set("X-Mock-Scenario", scenario)
		w := &takenOver{ResponseRecorder: httptest.NewRecorder()}
		srv.Handler().ServeHTTP(w, req)
		require.True(t, w.taken, scenario)
		require.False(t, w.written, scenario)
	}
}
