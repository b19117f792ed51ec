package openapi_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/payporter-mock/payporter-mock/internal/openapi"
)

func TestProperties(t *testing.T) {
	t.Parallel()
	byName := map[string]openapi.Property{}
	var names []string
	for _, p := range operation(t, "createCheckout").Properties() {
		byName[p.Name], names = p, append(names, p.Name)
	}
	require.Equal(t, []string{
		"orderId", "amount", "currency", "callback", "customerId", "description", "interestPaidByCustomer",
		"maxInstallmentCount",
	}, names)
	require.Equal(t, openapi.Property{
		Name: "orderId", Type: "string", Required: true, MinLength: 1, MaxLength: 128, Assumed: []string{
			"minLength",
			"maxLength",
		},
	}, byName["orderId"])
	amount := byName["amount"]
	require.Equal(t, "number", amount.Type)
	require.Zero(t, *amount.Minimum)
	require.True(t, amount.Above)
	require.Equal(t, 9999999999.99, *amount.Maximum)
	require.Contains(t, byName["currency"].Enum, "TRY")
	require.NotEmpty(t, byName["callback"].Pattern)
	require.True(t, byName["customerId"].Nullable)
	require.False(t, byName["customerId"].Required)

	require.Empty(t, operation(t, "getCheckout").Properties())
}
