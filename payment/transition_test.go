package payment_test

import (
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/payporter-mock/payporter-mock/payment"
)

// The documented final statuses of a sale stay, and only what is open can change.
func TestPaymentChangesAsItsTypeAllows(t *testing.T) {
	t.Parallel()
	open := map[payment.TransactionType][]payment.Status{
		payment.Sale:       {payment.Enrolled, payment.PendingApproval},
		payment.PreAuth:    {payment.Enrolled, payment.PendingApproval, payment.Success},
		payment.Capture:    {payment.Enrolled},
		payment.CancelType: {payment.Enrolled},
		payment.Refund:     {payment.PendingApproval},
	}
	for kind, changing := range open {
		for _, from := range payment.Statuses() {
			p := payment.Payment{Type: kind, Status: from}
			may := 0
			for _, to := range payment.Statuses() {
				if to != from && p.MayBecome(to) {
					may++
					require.NotEqual(t, payment.Enrolled, to, "%s %s begins anew", kind, from)
				}
			}
			require.True(t, p.MayBecome(from))
			require.Equal(t, may == 0, p.Final(), "%s %s", kind, from)
			require.Equal(t, slices.Contains(changing, from), may > 0, "%s %s", kind, from)
		}
	}
	refund := payment.Payment{Type: payment.Refund, Status: payment.PendingApproval}
	require.True(t, refund.MayBecome(payment.Rejected), "an administrator says no")
	require.False(t, refund.MayBecome(payment.Cancelled))
}

func TestASettledPaymentIsNotSettledAnew(t *testing.T) {
	t.Parallel()
	c := payment.Checkout{
		ID: "c", State: payment.Open, Payment: payment.Payment{ID: "p", Type: payment.Sale, Status: payment.Failed},
	}
	_, err := c.Settle(payment.Payment{ID: "p", Type: payment.Sale, Status: payment.Success}, true)
	require.ErrorContains(t, err, "payment p cannot become SUCCESS: it is FAILED")
	_, err = c.Cancel(payment.Payment{ID: "p", Type: payment.Sale, Status: payment.Cancelled})
	require.Error(t, err)
	again, err := c.Settle(payment.Payment{ID: "another", Type: payment.Sale, Status: payment.Success}, true)
	require.NoError(t, err)
	require.Equal(t, payment.Paid, again.State)
}
