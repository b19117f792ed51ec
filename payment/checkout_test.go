package payment_test

import (
	"errors"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/payporter-mock/payporter-mock/payment"
)

func TestSettleFollowsTheDiagram(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		status   payment.Status
		mayRetry bool
		want     payment.State
	}{
		{payment.Success, true, payment.Paid},
		{payment.Captured, true, payment.Paid},
		{payment.Failed, true, payment.Open},
		{payment.Rejected, true, payment.Open},
		{payment.Failed, false, payment.Declined},
		{payment.Cancelled, true, payment.LinkCancelled},
		{payment.PendingApproval, true, payment.Processing},
	} {
		open := payment.Checkout{State: payment.Open, Payment: payment.Payment{Type: payment.Sale, Status: payment.Enrolled}}
		got, err := open.Settle(payment.Payment{Type: payment.Sale, Status: c.status}, c.mayRetry)
		require.NoError(t, err)
		require.Equal(t, c.want, got.State, "%s, may retry: %v", c.status, c.mayRetry)
		require.Equal(t, c.status, got.Payment.Status)
	}
}

func TestFinalCheckoutStaysAsItIs(t *testing.T) {
	t.Parallel()
	for _, state := range []payment.State{payment.Paid, payment.Declined, payment.LinkCancelled, payment.Expired} {
		c := payment.Checkout{ID: "c", State: state}
		got, err := c.Settle(payment.Payment{Status: payment.Success}, true)
		require.ErrorIs(t, err, &payment.Error{Code: payment.NotPayable})
		require.Equal(t, c, got)
		for _, end := range []func(payment.Payment) (payment.Checkout, error){c.Expire, c.Cancel} {
			got, err = end(payment.Payment{})
			require.ErrorIs(t, err, &payment.Error{Code: payment.NotPayable})
			require.Equal(t, c, got)
		}
	}
}

func TestInvalidNamesEveryField(t *testing.T) {
	t.Parallel()
	require.NoError(t, payment.Invalid(nil))
	err := payment.Invalid([]payment.FieldError{
		{Field: "amount", Message: "is required"},
		{Field: "currency", Message: "is required"},
	})
	require.EqualError(t, err, "amount: is required; currency: is required")
	var fault *payment.Error
	require.True(t, errors.As(err, &fault))
	require.Len(t, fault.Fields, 2)
}

func TestWhatIsBeingProcessedCannotBeEndedByTheCustomerOrTime(t *testing.T) {
	t.Parallel()
	c := payment.Checkout{
		ID: "c", State: payment.Processing, Payment: payment.Payment{Type: payment.Sale, Status: payment.PendingApproval},
	}
	for _, end := range []func(payment.Payment) (payment.Checkout, error){c.Expire, c.Cancel} {
		got, err := end(payment.Payment{})
		require.ErrorIs(t, err, &payment.Error{Code: payment.NotPayable})
		require.Equal(t, c, got)
	}
	got, err := c.Settle(payment.Payment{Status: payment.Success}, true)
	require.NoError(t, err)
	require.Equal(t, payment.Paid, got.State)
}
