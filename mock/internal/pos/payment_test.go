package pos_test

import (
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/payporter-mock/payporter-mock/mock/internal/pos"
	"github.com/payporter-mock/payporter-mock/payment"
)

// money is an amount of so many TRY.
func money(t *testing.T, number string) payment.Amount {
	t.Helper()
	amount, err := payment.ParseAmount(number, "TRY")
	require.NoError(t, err)
	return amount
}

// paidAt is when the payments of these tests were made.
var paidAt = time.Date(2026, 1, 31, 12, 0, 0, 0, time.UTC)

// single is a payment without any that followed it.
func single(t *testing.T, kind payment.TransactionType, status payment.Status) pos.Related {
	p := payment.Payment{
		ID: "p", Type: kind, Status: status, Amount: money(t, "100.00"), Date: paidAt,
		PAN: "542119******0656",
	}
	r := pos.Related{Payment: p, Now: paidAt.Add(time.Hour)}
	r.Root = p
	if kind == payment.Capture {
		r.Root = payment.Payment{ID: "root", Type: payment.PreAuth, Status: payment.Captured, Amount: p.Amount}
		r.Captures = []payment.Payment{p}
	}
	return r
}

func codeOf(err error) payment.Code {
	var fault *payment.Error
	if errors.As(err, &fault) {
		return fault.Code
	}
	return ""
}

// What can be done with a payment follows from its type and its status; all that is not here is refused.
func TestWhatCanBeDoneWithAPayment(t *testing.T) {
	t.Parallel()
	allowed := map[string]bool{
		"capture PRE_AUTH SUCCESS": true,
		"cancel SALE SUCCESS":      true, "cancel PRE_AUTH SUCCESS": true, "cancel CAPTURE SUCCESS": true,
		"refund SALE SUCCESS": true, "refund SALE CAPTURED": true, "refund CAPTURE SUCCESS": true,
	}
	codes := map[string][]payment.Code{
		"capture": {payment.NotCapturable, payment.WasCaptured}, "cancel": {payment.NotCancellable},
		"refund": {payment.NotRefundable, payment.ExceedsRefundable},
	}
	done := 0
	for _, kind := range []payment.TransactionType{
		payment.Sale, payment.PreAuth, payment.Capture, payment.CancelType,
		payment.Refund,
	} {
		for _, status := range payment.Statuses() {
			r := single(t, kind, status)
			for op, do := range map[string]func() (pos.Movement, error){
				"capture": func() (pos.Movement, error) { return pos.POS{}.Capture(r, money(t, "10")) },
				"cancel":  func() (pos.Movement, error) { return pos.POS{}.CancelPayment(r) },
				"refund":  func() (pos.Movement, error) { return pos.POS{}.Refund(r, money(t, "10"), pos.Followed{}) },
			} {
				name := fmt.Sprint(op, " ", kind, " ", status)
				m, err := do()
				again, _ := do()
				require.Equal(t, m, again, "%s: a decision can be made twice", name)
				if allowed[name] {
					done++
					require.NoError(t, err, name)
					require.Equal(t, "p", m.Payment.ParentID, name)
					continue
				}
				require.Contains(t, codes[op], codeOf(err), "%s: %v", name, err)
				require.Zero(t, m, name)
			}
		}
	}
	require.Equal(t, len(allowed), done)
}

func TestWhatIsLeftToRefund(t *testing.T) {
	t.Parallel()
	refund := func(amount string, status payment.Status) payment.Payment {
		return payment.Payment{Type: payment.Refund, Status: status, Amount: money(t, amount)}
	}
	for name, tc := range map[string]struct {
		before []payment.Payment
		amount string
		want   payment.Code
	}{
		"all of it":          {nil, "100.00", ""},
		"more than all":      {nil, "100.01", payment.ExceedsRefundable},
		"the rest":           {[]payment.Payment{refund("99.99", payment.Success)}, "0.01", ""},
		"more than the rest": {[]payment.Payment{refund("99.99", payment.Success)}, "0.02", payment.ExceedsRefundable},
		"a pending one counts": {
			[]payment.Payment{refund("60", payment.PendingApproval)},
			"40.01",
			payment.ExceedsRefundable,
		},
		"a rejected one does not": {
			[]payment.Payment{refund("60", payment.Rejected), refund("60", payment.Failed)},
			"100",
			"",
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := single(t, payment.Sale, payment.Success)
			r.Refunds = tc.before
			_, err := pos.POS{}.Refund(r, money(t, tc.amount), pos.Followed{})
			require.Equal(t, tc.want, codeOf(err), "%v", err)
		})
	}
}

func TestTheDayOfACancel(t *testing.T) {
	t.Parallel()
	istanbul, err := time.LoadLocation("Europe/Istanbul")
	require.NoError(t, err)
	for name, tc := range map[string]struct {
		zone *time.Location
		paid string
		now  string
		want payment.Code
	}{
		"the same hour":                    {istanbul, "2026-01-31T12:00:00Z", "2026-01-31T12:30:00Z", ""},
		"midnight in Istanbul is 21:00Z":   {istanbul, "2026-01-31T20:59:59Z", "2026-01-31T21:00:00Z", payment.NotSameDay},
		"just before it":                   {istanbul, "2026-01-30T21:00:00Z", "2026-01-31T20:59:59Z", ""},
		"in UTC":                           {nil, "2026-01-31T20:59:59Z", "2026-01-31T23:59:59Z", ""},
		"a year later, on the same day":    {nil, "2025-01-31T12:00:00Z", "2026-01-31T12:00:00Z", payment.NotSameDay},
		"the clock was put back by a year": {nil, "2026-01-31T12:00:00Z", "2025-01-31T12:00:00Z", payment.NotSameDay},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := single(t, payment.Sale, payment.Success)
			r.Payment.Date, _ = time.Parse(time.RFC3339, tc.paid)
			r.Now, _ = time.Parse(time.RFC3339, tc.now)
			_, err := pos.POS{Rules: pos.Rules{DayZone: tc.zone}}.CancelPayment(r)
			require.Equal(t, tc.want, codeOf(err), "%v", err)
		})
	}
}
