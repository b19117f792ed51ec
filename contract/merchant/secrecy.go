package merchant

import (
	"strings"

	"github.com/payporter-mock/payporter-mock/contract/rule"
	"github.com/payporter-mock/payporter-mock/contract/shop"
	"github.com/payporter-mock/payporter-mock/internal/exchange"
)

func judgeSecrecy(t *trial) {
	provoke(t)
	answered := t.watch.Find(func(c *shop.Call) bool { return c.To == shop.Merchant && c.Answer().Status != 0 })
	if len(answered) == 0 {
		rule.NotEvaluable("the shop answered nothing")
	}

	for _, c := range answered {
		for name, all := range c.Answer().Headers {
			if exchange.Tells(strings.Join(all, " "), t.harness.Sandbox.Secret) {
				t.show(c)
				rule.Fail("the secret is in the header %s of the answer to %s %s", name, c.Request.Method,
					t.harness.Mask.Text(c.Request.URL))
			}
		}
		if exchange.Tells(string(c.Answer().Body), t.harness.Sandbox.Secret) {
			t.show(c)
			rule.Fail("the secret is in the answer to %s %s", c.Request.Method, t.harness.Mask.Text(c.Request.URL))
		}
	}

	t.needsOrders() // without one the shop has hardly said anything
	t.saw("%d answers were searched", len(answered))
}

// provoke gives the shop reasons to tell more than it should: faults of PayPorter, and bad callbacks.
func provoke(t *trial) {
	if t.facts.refused != nil {
		return
	}

	for _, scenario := range []string{"create-fails", "create-refused"} {
		_, _ = t.shop.TryOrder(shop.With(scenario))
	}

	o, err := t.shop.TryOrder(shop.With("get-500"))
	if err != nil {
		return
	}

	t.shop.Pay(o)
	t.watch.Told(o, 1)
	if t.facts.late() {
		return // every callback takes as long
	}
	t.shop.Forge(o, shop.Form())
	t.shop.Forge(o, shop.Form("checkoutId", "'"))
	t.shop.Forge(o, shop.Form("checkoutId", t.shop.UnknownID()))
	t.shop.Forge(o, shop.Post{ContentType: "application/json", Body: []byte("{")})
	_, _ = t.harness.Believes(t.shop.Ctx, o)
}
