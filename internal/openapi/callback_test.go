package openapi_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/payporter-mock/payporter-mock/internal/openapi"
)

func TestCallback(t *testing.T) {
	t.Parallel()
	callback, found := merchantAPI(t).Callback("paymentProcessed")
	require.True(t, found)
	require.Equal(t, "POST", callback.Method)
	_, found = merchantAPI(t).Callback("createCheckout")
	require.False(t, found, "an operation is no callback")

	t.Run("is sent as a form", func(t *testing.T) {
		t.Parallel()
		_, faulty := callback.CheckContentType("application/x-www-form-urlencoded; charset=UTF-8")
		require.False(t, faulty)
		v, faulty := callback.CheckContentType("application/json")
		require.True(t, faulty)
		require.Equal(t, `Content-Type: must be application/x-www-form-urlencoded, got "application/json"`, v.String())
	})
	for form, want := range map[string][]string{
		"checkoutId=123e4567-e89b-12d3-a456-426614174000":                {},
		"checkoutId=123e4567-e89b-12d3-a456-426614174000&status=SUCCESS": {},
		"": {"checkoutId: is required"},
		"checkoutid=123e4567-e89b-12d3-a456-426614174000": {"checkoutId: is required"},
		"checkoutId=": {`checkoutId: must be a UUID, got ""`},
		"checkoutId=1&checkoutId=123e4567-e89b-12d3-a456-426614174000&status": {`checkoutId: must be a UUID, got "1"`},
	} {
		values, err := url.ParseQuery(form)
		require.NoError(t, err)
		require.Equal(t, want, sentences(callback.CheckForm(values)), form)
	}
}

func TestCallbackOfEveryKind(t *testing.T) {
	t.Parallel()
	doc, err := openapi.Parse([]byte(`
openapi: 3.0.3
info: {title: t, version: '1'}
paths:
  /a:
    get:
      operationId: a
      responses: {'200': {description: ok}}
      callbacks:
        bare: {'{$url}': {get: {operationId: bare, responses: {'200': {description: ok}}}}}
        json:
          '{$url}':
            put:
              operationId: json
              requestBody: {content: {application/json: {schema: {type: object, required: [id]}}}}
              responses: {'200': {description: ok}}
`))
	require.NoError(t, err)
	bare, _ := doc.Callback("bare")
	_, faulty := bare.CheckContentType("text/plain")
	require.False(t, faulty, "one without a body takes any type")
	require.Empty(t, bare.CheckForm(url.Values{}))

	json, _ := doc.Callback("json")
	require.Equal(t, "PUT", json.Method)
	_, faulty = json.CheckContentType("text/plain")
	require.True(t, faulty)
	require.Empty(t, json.CheckForm(url.Values{}), "it is no form")
}

func TestWebhookIsCheckedWithItsHeaders(t *testing.T) {
	t.Parallel()
	webhook, found := merchantAPI(t).Callback("paymentStatusChanged")
	require.True(t, found)

	sent := http.Header{}
	require.Equal(t, []string{
		"x-request-time: is required", "x-request-signature: is required", "x-event-id: is required",
		"x-event-type: is required",
	}, sentences(webhook.CheckHeaders(sent)))
	sent.Set("X-Request-Time", "1767225600000")
	sent.Set("X-Request-Signature", strings.Repeat("0f", 32))
	sent.Set("X-Event-Id", "7c9e6679-7425-40de-944b-e07fc1f90ae7")
	sent.Set("X-Event-Type", "payment.status_changed")
	require.Empty(t, webhook.CheckHeaders(sent))
	sent.Set("X-Request-Time", "yesterday")
	require.Len(t, webhook.CheckHeaders(sent), 1)

	const right = `{"paymentId":"550e8400-e29b-41d4-a716-446655440000","orderId":"ORD-1","amount":100.50,` +
		`"currency":"TRY","status":"SUCCESS","transactionType":"SALE"}`
	require.Empty(t, webhook.CheckJSON([]byte(right)))
	require.Contains(t, sentences(webhook.CheckJSON([]byte(strings.Replace(right, "100.50", `"100.50"`, 1)))),
		`amount: must be a number, got the text "100.50"`)
	require.NotEmpty(t, webhook.CheckJSON([]byte("checkoutId=1")))
}
