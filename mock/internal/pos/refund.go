package pos

import (
	"github.com/payporter-mock/payporter-mock/mock/store"
	"github.com/payporter-mock/payporter-mock/payment"
	"github.com/payporter-mock/payporter-mock/scenarios"
)

// Refund asks to give back some or all of a payment. It waits for approval. What PayPorter refuses is an *payment.Error
// with the code of it: NotRefundable, WasCancelled, OtherCurrency or ExceedsRefundable.
func (p POS) Refund(r Related, amount payment.Amount, f Followed) (Movement, error) {
	paid := r.Payment
	if err := refundable(r); err != nil {
		return Movement{}, err
	}
	if err := otherCurrency(paid, amount); err != nil {
		return Movement{}, err
	}
	if err := atMost(payment.ExceedsRefundable, r.Refundable(), "what can still be refunded", amount); err != nil {
		return Movement{}, err
	}

	refund := p.child(r, payment.Refund, amount, len(r.Refunds))
	refund.Status, refund.AuthCode = payment.PendingApproval, ""
	refund.ResultCode, refund.ResultMessage = payment.ResultPendingApproval, payment.ResultPendingApprovalMessage
	m := Movement{Payment: refund, Note: "refund asked for"}
	if f.Scenario == nil {
		return m, nil
	}
	m.Run = &f.Run
	if plan := f.Scenario.Refund; plan != nil && plan.Decision != scenarios.WaitForApproval {
		m.Schedule = []store.Task{{Kind: store.DecideRefund, Subject: refund.ID, Due: r.Now.Add(plan.After)}}
	}
	return m, nil
}

// refundable says why nothing of the payment can be given back; nil: something may be.
func refundable(r Related) error {
	paid := r.Payment
	switch {
	case paid.Type != payment.Sale && paid.Type != payment.PreAuth && paid.Type != payment.Capture:
		return refused(payment.NotRefundable, paid, "is a %s, which cannot be refunded", paid.Type)
	case paid.Type == payment.PreAuth && paid.Status == payment.Success:
		return refused(payment.NotRefundable, paid, "is only reserved; cancel it")
	case r.Cancelled():
		return refused(payment.WasCancelled, paid, "has been cancelled")
	case paid.Status != payment.Success && paid.Status != payment.Captured:
		return refused(payment.NotRefundable, paid, "has the status %s; only SUCCESS and CAPTURED can be refunded",
			paid.Status)
	}
	return nil
}

// The results of a refund that is decided on. PayPorter documents the statuses, the rest is assumed.
var decided = map[scenarios.Decision]payment.Outcome{
	scenarios.Approve: payment.Approved(),
	scenarios.Reject: {
		Status: payment.Rejected, ResultCode: payment.ResultRejected,
		ResultMessage: payment.ResultRejectedMessage,
	},
	scenarios.BankRejects: {Status: payment.Failed, ResultCode: "05", ResultMessage: "Do not honour"},
}

// Decide is the administrator's decision on a refund, and the bank's. One that does not wait for it is an
// *payment.Error with code NotDecidable.
func (p POS) Decide(r Related, d scenarios.Decision) (Movement, error) {
	if r.Payment.Type != payment.Refund || r.Payment.Status != payment.PendingApproval {
		return Movement{}, notDecidable(r.Payment)
	}
	if d == scenarios.Approve && bankRefuses(r.Payment) {
		d = scenarios.BankRejects
	}

	m, err := p.ForcePayment(r, decided[d])
	m.Note = map[scenarios.Decision]string{
		scenarios.Approve: "refund approved", scenarios.Reject: "refund rejected",
		scenarios.BankRejects: "refund refused by the bank",
	}[d]
	return m, err
}

// DecideAsScenario is the decision that the refund's scenario plans.
func (p POS) DecideAsScenario(r Related) (Movement, error) {
	scenario := r.Scenario()
	if scenario == nil || scenario.Refund == nil {
		return Movement{}, notDecidable(r.Payment)
	}
	return p.Decide(r, scenario.Refund.Decision)
}
