package sequence_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/payporter-mock/payporter-mock/internal/sequence"
)

func TestAnsweredSaysWhatCounts(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		status     int
		body, want string
	}{
		{
			200, `{"checkoutId":"0b6f7c1e-6f57-4d43-8f7e-0a7f3f6f2f11","redirectUrl":"http://x/0b6f7c1e"}`,
			"200 checkout 0b6f7c1e",
		},
		{200, `{"orderId":"O","status":"SUCCESS","amount":100.50,"currency":"TRY","pan":"4111"}`, "200 SUCCESS 100.50 TRY"},
		{200, `{"status":"SUCCESS","amount":1234567.890,"currency":"KWD"}`, "200 SUCCESS 1234567.890 KWD"},
		{200, `{"status":"paid","fulfilments":1}`, "200 paid"},
		{400, `{"message":"m","messageCode":"INVALID_REQUEST","errors":[{"field":"amount","message":"x"},{"field":"currency"}]}`, "400 INVALID_REQUEST amount currency"},
		{404, `{"messageCode":"NOT_FOUND","errors":[],"requestId":"r"}`, "404 NOT_FOUND"},
		{200, "", "200 OK"},
		{500, "", "500 Internal Server Error"},
		{799, "", "799"},
		{200, " OK\r\n", `200 "OK"`},
		{200, strings.Repeat("long ", 20), "200 OK"},
		{200, "<html>", "200 OK"},
		{200, `{"received":true}`, `200 "{"received":true}"`},
		{200, `{"status":"SUCC`, `200 "{"status":"SUCC"`},
		{200, `{"status":"SUCCESS","amount":"lots"}`, "200 SUCCESS"},
		{200, "\xff\xfe", "200 OK"},
		{200, "[" + strings.Repeat("[", 1<<20), "200 OK"},
	} {
		require.Equal(t, test.want, sequence.Answered(test.status, test.body), "%.60q", test.body)
	}
}
