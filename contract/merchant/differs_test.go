package merchant

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// The search for plain text leaves out nothing that the expression finds.
func TestLiesAreFoundAsTheExpressionFindsThem(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("0", 60_000)
	for body, want := range map[string][]string{
		"checkoutId=" + long:                              nil,
		"checkoutId=1&status=SUCCESS&x=1":                 {"status=SUCCESS"},
		"paymentStatus=SUCCESS":                           {"paymentStatus=SUCCESS"},
		"myPaymentStatus=SUCCESS":                         nil,
		"checkoutId=1&paid=1&paid=true":                   {"paid=1", "paid=true"},
		"unpaid=1":                                        nil,
		`{"checkoutId":"1","status":"SUCCESS"}`:           {`"status":"SUCCESS"`},
		`{"paymentStatus":"SUCCESS","paid":""}`:           {`"paid":""`},
		`{"status": "SUCCESS"}`:                           nil,
		"":                                                nil,
		"checkoutId=" + long + "&status=FAILED&a=" + long: {"status=FAILED"},
	} {
		require.Equal(t, want, liesIn(body), "%.100s", body)
		require.Equal(t, want, lied.FindAllString(body, -1), "%.100s", body)
	}
}
