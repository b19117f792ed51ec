package merchant

import (
	"encoding/json"

	"github.com/payporter-mock/payporter-mock/contract/report"
	"github.com/payporter-mock/payporter-mock/contract/rule"
	"github.com/payporter-mock/payporter-mock/contract/shop"
)

// instalmentRules are about customers who pay in parts.
func instalmentRules() []row {
	return []row{
		{
			ID: "FLOW-013", Title: "An order that is paid in instalments is paid, once", Severity: report.Major,
			Source: documentedCheckout + " (maxInstallmentCount, interestPaidByCustomer)",
			Expected: "The shop offers instalments: its create has a maxInstallmentCount of 2 or more. A customer pays in " +
				"three, or in two where that is the most. PayPorter answers SUCCESS with the order's amount and that " +
				"installmentCount. The order is paid, and fulfilled once.",
			Advice: "Decide by status, orderId, amount and currency. amount is the whole order's, not one instalment's, and " +
				"there is one payment. Do not multiply or divide by installmentCount, and do not want it to be 1.",
			Judge: judgeInstalments,
		},
	}
}

func judgeInstalments(t *trial) {
	t.needsQuestions()
	o := t.order()
	count := min(3, mostInstalments(t, o))
	if count < 2 {
		rule.NotEvaluable("the shop offers no instalments: its create has no maxInstallmentCount above 1")
	}

	t.shop.PayIn(o, count)
	t.watch.Told(o, 1)
	if !t.watch.BecomesPaid(o, t.watch.Soon()) {
		rule.Fail("the customer paid in %d instalments, %s, and the order is not paid", count, interest(t, o))
	}

	t.watch.Settled()
	if n := t.watch.Believed(o).Fulfilments; n != nil && *n > 1 {
		rule.Fail("the customer paid in %d instalments, and the order was fulfilled %s", count, times(*n))
	}
	t.saw("paid in %d instalments, %s", count, interest(t, o))
}

// mostInstalments is what the shop offered for an order.
func mostInstalments(t *trial, o *shop.Purchase) (most int) {
	for _, c := range t.watch.Creates(o) {
		_ = json.Unmarshal(c.Sent("maxInstallmentCount"), &most) // REQ-001 judges what is no number
	}
	return most
}

// interest says who pays it.
func interest(t *trial, o *shop.Purchase) string {
	for _, c := range t.watch.Creates(o) {
		if string(c.Sent("interestPaidByCustomer")) == "true" {
			return "with interest"
		}
	}
	return "without interest"
}
