package mock

import (
	"context"
	"time"

	"github.com/payporter-mock/payporter-mock/mock/internal/gateway"
	"github.com/payporter-mock/payporter-mock/mock/internal/notify"
	"github.com/payporter-mock/payporter-mock/mock/store"
	"github.com/payporter-mock/payporter-mock/payment"
)

// merchant is the configured merchant; it always exists.
func (s *Server) merchant() *gateway.Merchant {
	m, _ := s.gateway.Known(s.config.APIKey)
	return m
}

// Pay pays a checkout of the configured merchant as a customer with a test card would; an empty
// number is a card that is good for every payment. An unknown id, a checkout that cannot be paid and
// a number that is no test card are each an *payment.Error.
func (s *Server) Pay(ctx context.Context, checkoutID, card string) (payment.Checkout, error) {
	return s.merchant().PayWithTestCard(ctx, checkoutID, card, 1)
}

// Checkout is what the sandbox knows of a checkout of the configured merchant. An unknown id is an
// *payment.Error with code NotFound.
func (s *Server) Checkout(ctx context.Context, checkoutID string) (payment.Checkout, error) {
	return s.merchant().Checkout(ctx, checkoutID)
}

// Callbacks lists the deliveries of a checkout of the configured merchant, newest first.
func (s *Server) Callbacks(ctx context.Context, checkoutID string) ([]store.Delivery, error) {
	return s.merchant().Deliveries(ctx, store.DeliveryQuery{Kind: store.KindCallback, CheckoutID: checkoutID})
}

// Advance moves the configured merchant's clock, and answers its new time when everything due on the
// way has been delivered or recorded. When ctx ends first, the clock stays where it got to.
func (s *Server) Advance(ctx context.Context, d time.Duration) (time.Time, error) {
	return s.merchant().Queue().Advance(ctx, d)
}

// Freeze stops the configured merchant's clock; Advance moves it. It waits for what is under way.
func (s *Server) Freeze() {
	err := s.merchant().Queue().Move(context.Background(), notify.Movement{Freeze: true})
	if err != nil {
		s.config.Logger.Error("the clock was not stopped", "error", err.Error())
	}
}
