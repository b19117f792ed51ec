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
	target := newTarget(f)
	f.Fuzz(func(t *testing.T, body []byte) { target.takes(t, "/api/checkout", "/_mock/checkouts?limit=1", body) })
}

// FuzzPayments does the same with every operation on payments.
func FuzzPayments(f *testing.F) {
	for i, body := range []string{
		charge("ORD-1"), charge("ORD-1", "pan", `"4111111111111111"`), charge("ORD-1", "successUrl", `"http://h"`),
		`{"amount": 1000, "currency": "TRY", "bin": "542119"}`, part("1"), `[]`, part("0.001"), `{"securityKey": "x"}`,
		charge("ORD-1", "requestIp", `"::1%eth0"`, "expiryMonth", `"00"`), charge("ORD-1", "amount", "1e2"),
		charge("ORD-1", "failureUrl", `"ftp://h"`), ``, `{"amount": 1, "currency": "JPY"}`, `{}`, part("1e999"),
		strings.Repeat("[", 2000),
	} {
		f.Add(uint8(i), []byte(body))
	}

	target := newTarget(f)
	sale, reserved := target.makes(f, "/api/payment"), target.makes(f, "/api/pre-authorization")
	paths := []string{
		"/api/payment", "/api/pre-authorization", "/api/3ds", "/api/installment-options",
		"/api/payment/" + sale + "/refund", "/api/payment/" + sale + "/cancel",
		"/api/pre-authorization/" + reserved + "/capture", "/api/3ds/" + sale + "/complete",
	}
	f.Fuzz(func(t *testing.T, operation uint8, body []byte) {
		target.takes(t, paths[int(operation)%len(paths)], "/_mock/payments?limit=1", body)
	})
}

// target is a sandbox that nobody can dial.
type target struct{ *mock.Server }

func newTarget(f *testing.F) target {
	f.Helper()
	srv, err := mock.New(mock.Config{Seed: 1, ValidateResponses: true})
	require.NoError(f, err)
	f.Cleanup(srv.Close)
	return target{srv}
}

func (s target) send(method, path string, body []byte) *httptest.ResponseRecorder {
	r := httptest.NewRequest(method, path, strings.NewReader(string(body)))
	r.Header.Set("X-API-KEY", s.APIKey)
	r.Header.Set("X-API-SECRET", s.APISecret)
	r.Header.Set("Content-Type", "application/json")
	w := httptest.NewRecorder()
	s.Handler().ServeHTTP(w, r)
	return w
}

// makes is the id of a payment that the path makes.
func (s target) makes(f *testing.F, path string) string {
	f.Helper()
	var made struct{ PaymentID string }
	require.NoError(f, json.Unmarshal(s.send(http.MethodPost, path, []byte(charge("ORD-1"))).Body.Bytes(), &made))
	require.NotEmpty(f, made.PaymentID)
	return made.PaymentID
}

// takes sends the body, and looks whether one that is refused is told in words and leaves the list as it was.
func (s target) takes(t *testing.T, path, list string, body []byte) {
	t.Helper()
	before := s.send(http.MethodGet, list, nil).Body.String()
	w := s.send(http.MethodPost, path, body)
	switch {
	case w.Code == http.StatusOK:
		return
	case w.Code < 400 || w.Code >= 500:
		t.Fatalf("%s answered %d: %s", path, w.Code, w.Body)
	}

	var fault struct {
		Message     string
		MessageCode string
		Errors      []struct{ Field, Message string }
	}
	require.NoError(t, json.Unmarshal(w.Body.Bytes(), &fault))
	require.NotEmpty(t, fault.Message)
	require.NotEmpty(t, fault.MessageCode)
	require.Equal(t, before, s.send(http.MethodGet, list, nil).Body.String(), "a refused body changed something")
}
