package gateway_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/payporter-mock/payporter-mock/mock/internal/gateway"
	"github.com/payporter-mock/payporter-mock/mock/internal/notify"
	"github.com/payporter-mock/payporter-mock/mock/store"
	"github.com/payporter-mock/payporter-mock/payment"
	"github.com/payporter-mock/payporter-mock/scenarios"
)

// stopped is a merchant whose clock stands still.
func stopped(t *testing.T) *gateway.Merchant {
	t.Helper()
	m := opened(t, time.Hour)
	stop(t, m)
	return m
}

func stop(t *testing.T, m *gateway.Merchant) {
	t.Helper()
	noon := time.Date(2026, 1, 31, 12, 0, 0, 0, time.UTC)
	require.NoError(t, m.Queue().Move(t.Context(), notify.Movement{Freeze: true, Set: &noon}))
}

// beginAnew is a reset of a merchant whose answers are still under way.
func beginAnew(t *testing.T, m *gateway.Merchant) {
	t.Helper()
	require.NoError(t, m.Reset(t.Context(), false))
	stop(t, m)
}

func scheduled(t *testing.T, m *gateway.Merchant, id string) []store.Task {
	t.Helper()
	tasks, err := m.Scheduled(t.Context(), id)
	require.NoError(t, err)
	return tasks
}

// After a reset the same calls make the same ids. The answer of a create from before it lets no customer go.
func TestLateAnswerOfACreateFromBeforeAResetTouchesNothing(t *testing.T) {
	t.Parallel()
	m := stopped(t)
	before := created(t, m, "customer-abandons")
	beginAnew(t, m)
	now := created(t, m, "customer-abandons")
	require.Equal(t, before.Checkout.ID, now.Checkout.ID)

	waiting := scheduled(t, m, now.Checkout.ID)
	require.ErrorIs(t, m.Answered(t.Context(), before, 0), store.ErrNotFound)
	require.Equal(t, waiting, scheduled(t, m, now.Checkout.ID), "the customer waits for the answer of its own create")
	require.NoError(t, m.Answered(t.Context(), now, 0))
	require.Len(t, scheduled(t, m, now.Checkout.ID), len(waiting)+1)
}

// A callback that comes before the answer is not sent for the create of before.
func TestCallbackBeforeALateAnswerFromBeforeAResetIsNotSent(t *testing.T) {
	t.Parallel()
	m := stopped(t)
	before := createdEarly(t, m)
	beginAnew(t, m)
	now := createdEarly(t, m)
	require.Equal(t, before.Checkout.ID, now.Checkout.ID)

	require.ErrorIs(t, m.BeforeAnswer(t.Context(), before, 0), &payment.Error{Code: payment.NotFound})
	made, err := m.Checkout(t.Context(), now.Checkout.ID)
	require.NoError(t, err)
	require.Equal(t, payment.Open, made.State, "nobody has paid it yet")
	require.NoError(t, m.BeforeAnswer(t.Context(), now, 0))
	requireDelivered(t, m, now)
}

// Another process resets the merchant in the middle of a create. This one has not heard of it yet, and sends the
// callback all the same.
func TestCallbackBeforeTheAnswerIsSentRightAfterAResetElsewhere(t *testing.T) {
	t.Parallel()
	m := stopped(t)
	beginAnew(t, m)
	now := createdEarly(t, m)
	m.Queue().BeganAnew(0) // what is known here is older
	require.NoError(t, m.BeforeAnswer(t.Context(), now, 0))
	requireDelivered(t, m, now)
}

// So it is with what the bank says of a payment after its answer.
func TestLateAnswerOfAPaymentFromBeforeAResetTouchesNothing(t *testing.T) {
	t.Parallel()
	m := stopped(t)
	before := charged(t, m)
	beginAnew(t, m)
	now := charged(t, m)
	require.Equal(t, before.Payment.ID, now.Payment.ID)

	require.ErrorIs(t, m.RequestAnswered(t.Context(), before, 0), store.ErrNotFound)
	require.Empty(t, scheduled(t, m, now.Payment.ID), "the bank waits for the answer of its own request")
	require.NoError(t, m.RequestAnswered(t.Context(), now, 0))
	require.Len(t, scheduled(t, m, now.Payment.ID), 1)
}

// charged is a payment that the bank decides late.
func charged(t *testing.T, m *gateway.Merchant) gateway.Requested {
	t.Helper()
	amount, err := payment.ParseAmount("100.50", "TRY")
	require.NoError(t, err)
	card := payment.Card{Holder: "AYSE YILMAZ", PAN: "5421190122090656", ExpiryMonth: 4, ExpiryYear: 2048, CVV: "916"}
	request := gateway.Request{Operation: scenarios.OpPayment, Header: "slow-bank"}
	done, err := m.Charge(t.Context(), request, gateway.Charge{
		Type: payment.Sale, OrderID: "ORD-1", Amount: amount, Card: card, InstallmentCount: 1,
	})
	require.NoError(t, err)
	require.True(t, done.Follows())
	return done
}
