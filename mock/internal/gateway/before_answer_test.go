package gateway_test

import (
	"context"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/payporter-mock/payporter-mock/mock/internal/clock"
	"github.com/payporter-mock/payporter-mock/mock/internal/gateway"
	"github.com/payporter-mock/payporter-mock/mock/internal/notify"
	"github.com/payporter-mock/payporter-mock/mock/internal/pos"
	"github.com/payporter-mock/payporter-mock/mock/store"
	"github.com/payporter-mock/payporter-mock/mock/store/postgres/postgrestest"
	"github.com/payporter-mock/payporter-mock/mock/store/sqlite/sqlitetest"
	"github.com/payporter-mock/payporter-mock/mock/store/storetest"
	"github.com/payporter-mock/payporter-mock/payment"
	"github.com/payporter-mock/payporter-mock/scenarios"
)

// A caller that has its checkout and leaves takes nothing with it: what comes before the answer comes.
func TestCallbacksBeforeTheAnswerAreSentWhoeverWaits(t *testing.T) {
	t.Parallel()
	m := opened(t, time.Hour)
	made := createdEarly(t, m)
	left, leave := context.WithCancel(t.Context())
	leave()
	require.NoError(t, m.BeforeAnswer(left, made, 0))
	requireDelivered(t, m, made)
}

// That is so, too, when the link's time was over first.
func TestCallbacksBeforeTheAnswerAreSentForALinkThatIsOver(t *testing.T) {
	t.Parallel()
	m := opened(t, time.Nanosecond)
	made := createdEarly(t, m)
	require.Eventually(t, func() bool {
		c, err := m.Checkout(t.Context(), made.Checkout.ID)
		return err == nil && c.State == payment.Expired
	}, 20*time.Second, time.Millisecond)
	require.NoError(t, m.BeforeAnswer(t.Context(), made, 0))
	requireDelivered(t, m, made)
}

// opened is a merchant whose links live for a time, with a shop that takes every callback.
func opened(t *testing.T, linkLifetime time.Duration) *gateway.Merchant {
	t.Helper()
	guard, err := notify.NewGuard(nil, true)
	require.NoError(t, err)
	sender := notify.NewSender(notify.SenderConfig{Guard: guard, Version: "test", CallbackTimeout: time.Minute})
	t.Cleanup(sender.Close)

	g, err := gateway.New(t.Context(), gateway.Config{
		APIKey: "shop", APISecret: "secret", Seed: 1, Sender: sender, Log: slog.New(slog.DiscardHandler),
		Books: storetest.Books(t, postgrestest.Kind(), sqlitetest.Kind()), NewClock: clock.New, Scenarios: scenarios.Library,
		Rules: gateway.Rules{Rules: pos.Rules{
			RepeatedOrders: true, LinkLifetime: linkLifetime, Announce: map[pos.Event]bool{pos.OnSuccess: true},
		}},
	})
	require.NoError(t, err)
	t.Cleanup(func() { g.Close(context.Background()) })
	m, ok := g.Known("shop")
	require.True(t, ok)
	return m
}

// createdEarly is a checkout whose callback comes before the answer of its create.
func createdEarly(t *testing.T, m *gateway.Merchant) *gateway.Created {
	t.Helper()
	return created(t, m, "callback-before-response")
}

// created is a checkout that follows a scenario, with a shop that takes its callbacks.
func created(t *testing.T, m *gateway.Merchant, scenario string) *gateway.Created {
	t.Helper()
	shop := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {}))
	t.Cleanup(shop.Close)
	amount, err := payment.ParseAmount("100.50", "TRY")
	require.NoError(t, err)
	made, err := m.Create(t.Context(), &gateway.Opening{
		Order:  payment.Order{OrderID: "ORD-1", Amount: amount, Callback: shop.URL, MaxInstallmentCount: 1},
		Header: scenario,
		Wait:   func(*gateway.Created) (func(), error) { return func() {}, nil },
	})
	require.NoError(t, err)
	return made
}

func requireDelivered(t *testing.T, m *gateway.Merchant, made *gateway.Created) {
	t.Helper()
	deliveries, err := m.Deliveries(t.Context(), store.DeliveryQuery{CheckoutID: made.Checkout.ID})
	require.NoError(t, err)
	require.NotEmpty(t, deliveries)
	require.Equal(t, store.Delivered, deliveries[0].Status, "%+v", deliveries)
}
