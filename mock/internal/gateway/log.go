package gateway

import (
	"context"
	"log/slog"

	"github.com/payporter-mock/payporter-mock/payment"
)

// result is what the log adds to a payment.
type result struct {
	note     string // what has happened, in words; empty: nothing, and there is no line
	scenario string // that the payment follows; empty: none
}

// tellPayment tells the log what has become of a payment. The order is its checkout's; zero: it has none.
func (m *Merchant) tellPayment(ctx context.Context, p payment.Payment, o payment.Order, r result) {
	if r.note == "" || !m.config.Log.Enabled(ctx, slog.LevelInfo) {
		return
	}

	if o.OrderID != "" {
		p.OrderID = o.OrderID
	}
	if p.Amount == (payment.Amount{}) {
		p.Amount = o.Amount
	}

	about := slog.String("paymentId", p.ID)
	if p.CheckoutID != "" {
		about = slog.String("checkoutId", p.CheckoutID)
	}
	m.config.Log.LogAttrs(ctx, slog.LevelInfo, "payment", slog.String("merchant", m.Key), about,
		slog.String("orderId", payment.MaskSecrets(p.OrderID)), slog.String("transactionType", string(p.Type)),
		slog.String("paymentStatus", string(p.Status)), slog.String("amount", p.Amount.String()),
		slog.String("currency", p.Amount.Currency()), slog.String("resultCode", payment.MaskSecrets(p.ResultCode)),
		slog.String("resultMessage", payment.MaskSecrets(p.ResultMessage)), slog.String("scenario", r.scenario),
		slog.String("note", payment.MaskSecrets(r.note)))
}
