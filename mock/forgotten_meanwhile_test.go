package mock_test

import (
	"fmt"
	"net/http"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/payporter-mock/payporter-mock/mock"
)

// A request whose merchant is forgotten before it has been read makes nothing in the books of a merchant that nobody
// runs: it is to be sent again.
func TestRequestOfAMerchantThatIsForgottenMeanwhileIsRefused(t *testing.T) {
	t.Parallel()
	merchant := newShop(t)
	own, pass := keeping(t, 1)
	a, b := own.as("test_a"), own.as("test_b")
	body := order("ORD-1", merchant.callback())
	slow := dial(t, &mock.Test{Server: &mock.Server{URL: own.base}})
	slow.write(fmt.Sprintf("POST /api/checkout HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: "+
		"application/json\r\nX-API-KEY: %s"+
		"\r\nX-API-SECRET: %s\r\nContent-Length: %d\r\nExpect: 100-continue\r\n\r\n", a.key, a.secret, len(body)))
	proceed, err := slow.answers.ReadString('\n')
	require.NoError(t, err)
	require.Contains(t, proceed, "100 Continue", "the sandbox knows whose request it is, and reads the body")
	_, err = slow.answers.ReadString('\n')
	require.NoError(t, err)
	pass(11 * time.Minute)
	b.create("b", merchant.callback())

	slow.write(body)
	status, answer := slow.answer()
	require.Equal(t, http.StatusTooManyRequests, status, answer)
	require.Contains(t, answer, "this key's merchant was forgotten meanwhile")

	pass(11 * time.Minute)
	require.Empty(t, a.orders())
	a.create("ORD-1", merchant.callback())
	require.Equal(t, []string{"ORD-1"}, a.orders())
}
