package gateway_test

import (
	"context"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/payporter-mock/payporter-mock/mock/internal/clock"
	"github.com/payporter-mock/payporter-mock/mock/internal/gateway"
	"github.com/payporter-mock/payporter-mock/mock/internal/notify"
	"github.com/payporter-mock/payporter-mock/mock/internal/pos"
	"github.com/payporter-mock/payporter-mock/mock/store"
	"github.com/payporter-mock/payporter-mock/mock/store/sqlite/sqlitetest"
	"github.com/payporter-mock/payporter-mock/mock/store/storetest"
	"github.com/payporter-mock/payporter-mock/payment"
	"github.com/payporter-mock/payporter-mock/scenarios"
)

// A caller that has its checkout and leaves takes nothing with it: what comes before the answer comes. That is so even
// when the link's time is over at once, as here.
func TestCallbacksBeforeTheAnswerAreSentWhoeverWaits(t *testing.T) {
	t.Parallel()
	shop := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {}))
	t.Cleanup(shop.Close)
	guard, err := notify.NewGuard(nil, true)
	require.NoError(t, err)
	sender := notify.NewSender(guard, nil, nil, "test")
	t.Cleanup(sender.Close)
	g, err := gateway.New(t.Context(), gateway.Config{
		APIKey: "shop", APISecret: "secret", Seed: 1, Sender: sender, Log: slog.New(slog.DiscardHandler),
		Books: storetest.Books(t, sqlitetest.Kind()), NewClock: clock.New, Scenarios: scenarios.Library,
		Rules: gateway.Rules{Rules: pos.Rules{RepeatedOrders: true, Announce: map[pos.Event]bool{pos.OnSuccess: true}}},
	})
	require.NoError(t, err)
	t.Cleanup(func() { g.Close(context.Background()) })
	m, ok := g.Known("shop")
	require.True(t, ok)

	amount, err := payment.ParseAmount("100.50", "TRY")
	require.NoError(t, err)
	made, err := m.Create(t.Context(), &gateway.Opening{
		Order:  payment.Order{OrderID: "ORD-1", Amount: amount, Callback: shop.URL, MaxInstallmentCount: 1},
		Header: "callback-before-response",
		Wait:   func(*gateway.Created) (func(), error) { return func() {}, nil },
	})
	require.NoError(t, err)
	left, leave := context.WithCancel(t.Context())
	leave()
	require.NoError(t, m.BeforeAnswer(left, made, 0))

	deliveries, err := m.Deliveries(t.Context(), store.DeliveryQuery{CheckoutID: made.Checkout.ID})
	require.NoError(t, err)
	require.NotEmpty(t, deliveries)
	require.Equal(t, store.Delivered, deliveries[0].Status, "%+v", deliveries)
}
