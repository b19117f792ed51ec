package exchange_test

import (
	"encoding/json"
	"net/http"
	"net/url"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/payporter-mock/payporter-mock/internal/exchange"
)

func TestBodyIsTextWhereItIsText(t *testing.T) {
	t.Parallel()
	for body, want := range map[string]string{
		`{"a":"ş"}`: `"{\"a\":\"ş\"}"`, "\xff\xfe": `"(not UTF-8, 2 bytes)"`, "\xff": `"(not UTF-8, 1 byte)"`,
	} {
		got, err := json.Marshal(exchange.Body(body))
		require.NoError(t, err)
		require.Equal(t, want, string(got))
	}
	require.Len(t, exchange.Harmless(make([]byte, 1<<20)), 16<<10)
}

func TestMessagesOfStrangersAreMasked(t *testing.T) {
	t.Parallel()
	for body, want := range map[string]string{
		`{"PAN": "no \" number","cvv":123,"x":"123"}`:        `{"PAN": "***","cvv":"***","x":"123"}`,
		`{"n":"4242424242424242","u":"https://me:pw@shop/"}`: `{"n":"424242******4242","u":"https://***@shop/"}`,
		`{"n":"%4222222222222"}`:                             `{"n":"%422222******2222"}`,
		`{"n":"4242%252D4242%252D4242%252D4242"}`:            `{"n":"424242******4242"}`,
	} {
		require.Equal(t, want, string(exchange.Masked([]byte(body))))
	}

	u, err := url.Parse("/a/4242424242424242?PAN=1&note=4242+4242+4242+4242&x=1")
	require.NoError(t, err)
	got := exchange.Target(u)
	require.Equal(t, "/a/424242%2A%2A%2A%2A%2A%2A4242?PAN=%2A%2A%2A&note=424242%2A%2A%2A%2A%2A%2A4242&x=1", got)

	require.Equal(t, map[string][]string{
		"X-Api-Secret": {"***"}, "Authorization": {"***"}, "Cookie": {"***"}, "Referer": {"http://x/?pan=***"},
		"Accept": {"a"},
	}, exchange.Headers(http.Header{
		"X-Api-Secret": {"s"}, "Authorization": {"Bearer t"}, "Cookie": {"a=b"},
		"Referer": {"http://x/?pan=4242424242424242"}, "Accept": {"a"},
	}))
}
