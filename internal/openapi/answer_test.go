package openapi_test

import (
	"net/http"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/payporter-mock/payporter-mock/internal/openapi"
)

func TestCheckAnswer(t *testing.T) {
	t.Parallel()
	const created = `{"checkoutId":"123e4567-e89b-12d3-a456-426614174000",` +
		`"redirectUrl":"http://127.0.0.1:8080/checkout-link/123e4567-e89b-12d3-a456-426614174000"}`
	const waiting = `{"paymentId":"550e8400-e29b-41d4-a716-446655440000","orderId":"ORD-1","amount":100.50,` +
		`"currency":"TRY","status":"ENROLLED","transactionType":"SALE"`
	cases := []struct {
		name, id string
		status   int
		body     string
		want     []string
	}{
		{"created", "createCheckout", 200, created, []string{}},
		{"error", "createCheckout", 400, `{"message":"no"}`, []string{}},
		{
			"error with fields", "createCheckout", 400, `{"message":"no","errors":[{"field":"a","message":"b"}],"more":1}`,
			[]string{},
		},
		{"undocumented status", "getCheckout", 201, created, []string{"status: must be 200, 400, 401, 404, 429 or " +
			"500, got 201"}},
		{"no redirectUrl", "createCheckout", 200, `{"checkoutId":"1"}`, []string{
			`checkoutId: must be a UUID, got "1"`, "redirectUrl: is required",
		}},
		{
			"other redirectUrl", "createCheckout", 200,
			`{"checkoutId":"123e4567-e89b-12d3-a456-426614174000","redirectUrl":"https://x/pay"}`,
			[]string{
				`redirectUrl: must be a URL that ends in /checkout-link/ and the checkoutId, got "https://x/pay"`,
			},
		},
		{"error without message", "createCheckout", 500, `{"error":"x","errors":[{"field":1}]}`, []string{
			"message: is required", "errors[0].message: is required", "errors[0].field: must be text, got the number 1",
		}},
		{"empty", "createCheckout", 200, ``, []string{"body: is empty"}},
		{"no JSON", "createCheckout", 500, `<html>`, []string{"body: is not valid JSON at line 1, column 1: unexpected '<'"}},
		{"waiting", "getCheckout", 200, waiting + `}`, []string{}},
		{"unmasked card", "getCheckout", 200, waiting + `,"pan":"4111111111111111"}`, []string{
			"pan: must be a masked card number such as 411111******1111, got a value that looks like a card number",
		}},
		{"other values", "getCheckout", 200, waiting + `,"domInt":"X","paymentDate":"today","cardType":null}`, []string{
			"cardType: must not be null", `domInt: must be one of DOM, INT, got "X"`,
			`paymentDate: must be a time such as 2006-01-02T15:04:05Z, got "today"`,
		}},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			got := operation(t, c.id).CheckAnswer(c.status, jsonHeader(), []byte(c.body))
			require.Equal(t, c.want, sentences(got))
		})
	}
}

func TestCheckAnswerHeaders(t *testing.T) {
	t.Parallel()
	op := operation(t, "createCheckout")
	body := []byte(`{"message":"slow down"}`)
	check := func(header http.Header) []string { return sentences(op.CheckAnswer(429, header, body)) }
	require.Equal(t, []string{"Retry-After: is required"}, check(http.Header{"Content-Type": {"application/json"}}))
	require.Equal(t, []string{`Retry-After: must be a whole number, got "soon"`},
		check(http.Header{"Content-Type": {"application/json"}, "Retry-After": {"soon"}}))
	require.Equal(t, []string{"Retry-After: must be at least 0, got -1", "Content-Type: is required and must be " +
		"application/json"},
		check(http.Header{"Retry-After": {"-1"}}))
	require.Equal(t, []string{`Content-Type: must be application/json, got "text/html"`},
		check(http.Header{"Content-Type": {"text/html"}, "Retry-After": {"1"}}))
}

func TestCheckAnswerFindsTheStatus(t *testing.T) {
	t.Parallel()
	doc, err := openapi.Parse([]byte(`
openapi: 3.0.3
info: {title: t, version: '1'}
paths:
  /a:
    get:
      operationId: a
      responses:
        '204': {description: nothing}
        '404': {description: exact, content: {text/plain: {}}}
        4XX: {description: range, content: {application/json: {schema: {type: array, items: {type: string}}}}}
        default: {description: rest, content: {'text/*': {}, application/problem+json: {schema: {type: object, required: [title]}}}}
`))
	require.NoError(t, err)
	op, _ := doc.Operation("a")
	check := func(status int, contentType, body string) []string {
		return sentences(op.CheckAnswer(status, http.Header{"Content-Type": {contentType}}, []byte(body)))
	}
	require.Empty(t, check(204, "", ""))
	require.Equal(t, []string{"body: must be empty"}, check(204, "", "x"))
	require.Empty(t, check(404, "text/plain", "not here"))
	require.Empty(t, check(400, "application/json", `["a"]`))
	require.Equal(t, []string{"[1]: must be text, got the number 5"}, check(400, "application/json", `["a",5]`))
	require.Empty(t, check(503, "text/html", "<html>"))
	require.Equal(t, []string{"title: is required"}, check(503, "application/problem+json", "{}"))
	require.Equal(t, []string{`Content-Type: must be application/problem+json or text/*, got "image/png"`},
		check(503, "image/png", ""))
}
