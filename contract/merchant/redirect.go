package merchant

import (
	"net/http"

	"github.com/payporter-mock/payporter-mock/contract/report"
	"github.com/payporter-mock/payporter-mock/contract/rule"
)

// redirectRules are about answers that lead elsewhere.
func redirectRules() []row {
	return []row{
		{
			ID: "REQ-012", Title: "The secret goes to PayPorter alone", Severity: report.Minor,
			Source: "assumed: PayPorter's API answers no redirect, and whoever does is not PayPorter",
			Expected: "A create and a GET are answered with a redirect to another address. The shop does not send X-API-SECRET " +
				"there.",
			Advice: "Let the HTTP client that calls PayPorter follow no redirect. Most clients follow them by themselves, " +
				"and leave out Authorization at another host, but not headers such as X-API-SECRET. Then change the secret.",
			Judge: judgeRedirected,
		},
	}
}

func judgeRedirected(t *trial) {
	t.needsOrders()
	elsewhere := t.shop.Elsewhere()
	defer elsewhere.Close()

	_, _ = t.shop.TryOrder(elsewhere.Redirecting(http.StatusTemporaryRedirect).Creates) // it cannot be made
	if t.facts.paid && t.facts.asked() {
		o := t.order(elsewhere.Redirecting(http.StatusFound).Statuses)
		t.shop.Pay(o)
		t.watch.Told(o, 1)
	}

	t.watch.Settled()
	told, asked := elsewhere.Told()
	if len(told) > 0 {
		rule.Fail("PayPorter's address answered with a redirect to another address, and the shop sent its secret there: %s",
			told[0])
	}
	t.saw("redirected to another address, the shop sent %d requests there, none with the secret", asked)
}
