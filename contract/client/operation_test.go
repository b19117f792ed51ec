package client_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/payporter-mock/payporter-mock/contract/client"
	"github.com/payporter-mock/payporter-mock/internal/exchange"
)

// What a request is for follows from its method and its path, whatever the journal calls its kind.
func TestARequestIsKnownByTheDescription(t *testing.T) {
	t.Parallel()
	sent := func(method, url string, status int) client.Entry {
		return client.Entry{
			Kind: "new", Request: &exchange.Message{Method: method, URL: url}, Response: &exchange.Message{Status: status},
		}
	}
	entries := []client.Entry{
		sent("POST", "/api/checkout?trace=1", 415), sent("GET", "/api/checkout/none", 404), sent("POST", "/_mock/reset", 400),
	}
	judged := client.Run{Record: client.Record{Merchants: []client.Merchant{{Key: "a", Entries: entries}}}}.Judge()
	require.Equal(t, []string{"CLIENT-004", "CLIENT-014"}, failed(judged))
	for _, r := range judged.Rules {
		switch r.ID {
		case "CLIENT-001":
			require.Equal(t, "2 requests", r.Seen)
		case "CLIENT-004":
			require.Equal(t, "POST /api/checkout", r.Exchanges[0].Title)
		case "CLIENT-014":
			require.Equal(t, "GET /api/checkout/{checkoutId}", r.Exchanges[0].Title)
		}
	}
}
