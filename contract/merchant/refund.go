package merchant

import (
	"github.com/payporter-mock/payporter-mock/contract/report"
	"github.com/payporter-mock/payporter-mock/contract/rule"
)

// refundRules are about money that is given back.
func refundRules() []row {
	const (
		documentedRefund = "documented: PayPorter, refund page"
		documentedCancel = "documented: PayPorter, cancel page"
		believe          = "Show as refunded what GET /api/payment/{paymentId} of the refund calls SUCCESS, and nothing else."
	)
	return []row{
		{
			ID: "REFUND-001", Title: "A refund gives back the payment of its own order", Severity: report.Critical,
			Source: documentedRefund,
			Expected: "Two orders are paid. The shop is asked to refund the older one. PayPorter is asked once to refund " +
				"the payment of that order.",
			Advice: "Keep the paymentId with the order when it is paid, and refund that one.", Judge: judgeRightPayment,
		},
		{
			ID: "REFUND-002", Title: "A refund is of the amount that was asked for", Severity: report.Critical,
			Source:   documentedRefund,
			Expected: "The shop is asked to refund a part. PayPorter is asked to refund that part, in the order's currency.",
			Advice:   "Send the amount of the refund, not the order's, with the digits that it has.", Judge: judgeRightAmount,
		},
		{
			ID: "REFUND-003", Title: "A refund that waits for its approval is not refunded", Severity: report.Major,
			Source:   documentedRefund,
			Expected: "PayPorter answers the refund with PENDING_APPROVAL. The shop does not say that money was given back.",
			Advice:   "PENDING_APPROVAL is no refund yet. " + believe, Judge: judgePending,
		},
		{
			ID: "REFUND-004", Title: "A refund that was approved is refunded", Severity: report.Major,
			Source: documentedRefund,
			Expected: "The refund is approved, and PayPorter tells so by GET, and by a webhook if the shop takes them. The " +
				"shop says that the amount was given back.",
			Advice: "Take the webhook of the refund, and ask for refunds that wait from time to time: a webhook can be " +
				"lost.", Judge: judgeApproved,
		},
		{
			ID: "REFUND-005", Title: "A refund that was rejected is not refunded", Severity: report.Critical,
			Source:   documentedRefund,
			Expected: "The administrator rejects the refund: REJECTED. The shop does not say that money was given back.",
			Advice:   believe, Judge: judgeTurnedDown("reject", nil),
		},
		{
			ID: "REFUND-006", Title: "A refund that the bank rejects is not refunded", Severity: report.Critical,
			Source:   documentedRefund,
			Expected: "The bank rejects the refund: FAILED. The shop does not say that money was given back.",
			Advice:   believe, Judge: judgeTurnedDown("outcome", map[string]string{"status": "FAILED", "resultCode": "05"}),
		},
		{
			ID: "REFUND-007", Title: "Never more is refunded than was paid", Severity: report.Critical,
			Source:   documentedRefund,
			Expected: "The shop is asked for more than was paid. It does not say that this was given back.",
			Advice:   "Compare the amount with what was paid and not given back yet, and say no.", Judge: judgeTooMuch,
		},
		{
			ID: "REFUND-008", Title: "Partial refunds add up", Severity: report.Major, Source: documentedRefund,
			Expected: "An order is refunded in three parts that make the whole. PayPorter is asked for each. Once all are " +
				"approved, the shop says that the whole was given back.",
			Advice: "Keep each refund with its amount, and add them up in the currency's smallest unit.", Judge: judgeParts,
		},
		{
			ID: "REFUND-009", Title: "A refund that is asked for twice is made once", Severity: report.Critical,
			Source: documentedRefund,
			Expected: "The whole is asked for twice at the same moment, and once more later. The shop never says that more " +
				"was given back than was paid.",
			Advice: "Keep a refund before you ask PayPorter for it, under a lock on the order, and count it as given until " +
				"PayPorter says no.", Judge: judgeDoubleClick,
		},
		{
			ID: "REFUND-010", Title: "A refund whose answer is lost is not asked for again", Severity: report.Critical,
			Source: "documented: PayPorter, API introduction (500: check the status before retrying)",
			Expected: "PayPorter takes the refund of a part, and its answer is 500. PayPorter is not asked for that part " +
				"again.",
			Advice: "The refund may have been made. Look for it by its webhook or in PayPorter's list, or let a person look, " +
				"before you ask again.", Judge: judgeLostAnswer,
		},
		{
			ID: "REFUND-011", Title: "A refund that PayPorter refuses is not refunded", Severity: report.Critical,
			Source:   documentedRefund,
			Expected: "PayPorter answers the refund with 406. The shop does not say that money was given back.",
			Advice:   "Only 200 says that there is a refund. Show the messageCode of a 406 to whoever asked.",
			Judge:    judgeRefusedRefund,
		},
		{
			ID: "REFUND-012", Title: "A refund that PayPorter answers with a fault is not refunded", Severity: report.Critical,
			Source:   documentedRefund,
			Expected: "PayPorter answers the refund with 500 and 401. The shop does not say that money was given back.",
			Advice:   "Only 200 says that there is a refund, and only SUCCESS that it was given back.", Judge: judgeFaultyRefund,
		},
		{
			ID: "REFUND-013", Title: "For an order that is not paid PayPorter is asked for no refund", Severity: report.Major,
			Source:   documentedRefund,
			Expected: "The shop is asked to refund an order that nobody has paid. It asks PayPorter for no refund.",
			Advice:   "Look at the order first: only one that is paid can be refunded.", Judge: judgeUnpaidRefund,
			Single: true,
		},
		{
			ID: "REFUND-014", Title: "On the next day a cancel becomes a refund, or an honest no", Severity: report.Critical,
			Source: documentedCancel,
			Expected: "A day after the payment the shop is asked to give the whole back. PayPorter gets a refund, or the shop " +
				"does not say that money was given back.",
			Advice: "PayPorter cancels only payments of the same day. When a cancel is answered 406, ask for a refund.",
			Judge:  judgeNextDay, When: rule.MovesClock,
		},
	}
}
