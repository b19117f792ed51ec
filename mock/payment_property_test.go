package mock_test

import (
	"fmt"
	"net/http"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/payporter-mock/payporter-mock/mock"
	"github.com/payporter-mock/payporter-mock/payment"
)

// ledger is what the test has seen of the payments of one merchant.
type ledger struct {
	c    *client
	seen map[string]payment.Payment // as they were at the last look
	ids  []string
}

// look reads every payment, and checks that statuses went along the table's arrows only.
func (l *ledger) look(t require.TestingT) map[string][]payment.Payment {
	children := map[string][]payment.Payment{}
	l.ids = nil
	for _, one := range l.c.get("/_mock/payments").body["payments"].([]any) {
		p := one.(map[string]any)
		text := func(name string) string { s, _ := p[name].(string); return s }
		amount, err := payment.ParseAmount(fmt.Sprint(p["amount"]), text("currency"))
		require.NoError(t, err)
		now := payment.Payment{
			ID: text("paymentId"), ParentID: text("parentPaymentId"), Amount: amount,
			Type: payment.TransactionType(text("transactionType")), Status: payment.Status(text("status")),
		}
		if before, known := l.seen[now.ID]; known {
			require.True(t, before.MayBecome(now.Status), "a %s went from %s to %s", now.Type, before.Status, now.Status)
			require.Equal(t, before.Amount, now.Amount)
		}
		l.seen[now.ID] = now
		l.ids = append(l.ids, now.ID)
		children[now.ParentID] = append(children[now.ParentID], now)
	}
	return children
}

// check holds the books to what always holds of them.
func (l *ledger) check(t require.TestingT) {
	children := l.look(t)
	l.checkWebhooks(t, false)
	for _, root := range children[""] {
		family := slices.Clone(children[root.ID])
		for _, child := range children[root.ID] {
			family = append(family, children[child.ID]...)
		}

		refunded := total(family, payment.Refund, payment.Success, payment.PendingApproval)
		captured := total(family, payment.Capture, payment.Success)
		cancelled := total(family, payment.CancelType, payment.Success)
		paid := captured
		if root.Type == payment.Sale {
			paid = total([]payment.Payment{root}, payment.Sale, payment.Success)
		}
		require.LessOrEqual(t, captured, root.Amount.Minor(), "captured of %v, %v", root, family)
		require.LessOrEqual(t, cancelled, root.Amount.Minor(), "cancelled of %v, %v", root, family)
		require.LessOrEqual(t, refunded, paid, "refunded and pending of %v, %v", root, family)
		require.False(t, cancelled > 0 && refunded > 0, "%v %v", root, family)
	}
}

// total adds up the payments of a type with one of the statuses, in minor units.
func total(all []payment.Payment, kind payment.TransactionType, counted ...payment.Status) (minor int64) {
	for _, p := range all {
		if p.Type == kind && slices.Contains(counted, p.Status) {
			minor += p.Amount.Minor()
		}
	}
	return minor
}

// checkWebhooks holds that every payment with a final status has its webhook; in the end, that none is still to come.
func (l *ledger) checkWebhooks(t require.TestingT, over bool) {
	told := map[string]bool{}
	for _, one := range l.c.get("/_mock/callbacks?kind=webhook&limit=10000").body["callbacks"].([]any) {
		d := one.(map[string]any)
		told[d["paymentId"].(string)] = true
		if over {
			require.Contains(t, []any{"DELIVERED", "EXHAUSTED"}, d["status"])
		}
	}
	for id, p := range l.seen {
		final := p.Status != payment.Enrolled && p.Status != payment.PendingApproval
		require.Equal(t, final, told[id], "the webhook of a %s with status %s", p.Type, p.Status)
	}
}

// Whatever several hands do in whatever order, no more is given back than was paid, and no more taken than was
// reserved.
func TestBooksOfPaymentsHoldWhateverIsAsked(t *testing.T) {
	t.Parallel()
	srv, receiver := start(t, mock.Config{}), newListener(t, 500, 200, 404, 200)
	n := 0
	rapid.Check(t, func(r *rapid.T) {
		n++
		l := &ledger{c: clientOf(t, srv).as(fmt.Sprintf("test_ledger_%d", n)), seen: map[string]payment.Payment{}}
		l.c.post("/_mock/clock", `{"freeze": true, "set": "2026-01-31T12:00:00Z"}`)
		require.Equal(r, http.StatusOK, l.c.putWebhook(receiver.webhook(), "").status)
		anyID := func() string {
			if len(l.ids) == 0 {
				return "123e4567-e89b-12d3-a456-426614174000"
			}
			return rapid.SampledFrom(l.ids).Draw(r, "payment")
		}
		amount := func() string {
			return fmt.Sprintf(`{"amount": %d, "currency": "TRY"}`, rapid.IntRange(1, 110).Draw(r, "amount"))
		}
		charges := func(path string) func(*rapid.T) {
			return func(*rapid.T) {
				card := rapid.SampledFrom([]string{goodCard, declinedCard, "5406670000000009"}).Draw(r, "card")
				cvv := `"916"`
				answer := l.c.post(path, charge("ORD-1", "amount", "100", "pan", `"`+card+`"`, "cvv", cvv,
					"successUrl", `"https://shop.example/ok"`, "failureUrl", `"https://shop.example/no"`))
				require.Equal(r, http.StatusOK, answer.status, answer.raw)
			}
		}
		asks := func(format string, body func() string) func(*rapid.T) {
			return func(*rapid.T) {
				answer := l.c.post(fmt.Sprintf(format, anyID()), body())
				require.Contains(r, []int{200, 404, 406, 409}, answer.status, answer.raw)
			}
		}
		nothing := func() string { return "" }
		r.Repeat(map[string]func(*rapid.T){
			"":             func(r *rapid.T) { l.check(r) },
			"pay":          charges("/api/payment"),
			"reserve":      charges("/api/pre-authorization"),
			"3-D Secure":   charges("/api/3ds"),
			"capture":      asks("/api/pre-authorization/%s/capture", amount),
			"cancel":       asks("/api/payment/%s/cancel", nothing),
			"refund":       asks("/api/payment/%s/refund", amount),
			"refund again": asks("/api/payment/%s/refund", amount),
			"approve":      asks("/_mock/payments/%s/approve", nothing),
			"reject":       asks("/_mock/payments/%s/reject", nothing),
			"outcome": asks("/_mock/payments/%s/outcome", func() string {
				return `{"status": "` + rapid.SampledFrom([]string{"SUCCESS", "FAILED", "REJECTED"}).Draw(r, "status") + `"}`
			}),
			"a day passes": func(*rapid.T) { l.c.post("/_mock/clock", `{"advance": "`+(24*time.Hour).String()+`"}`) },
		})
		l.c.post("/_mock/clock", `{"advance": "72h"}`)
		l.look(r)
		l.checkWebhooks(r, true)
	})
}
