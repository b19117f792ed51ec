package openapi_test

import (
	"net/url"
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
