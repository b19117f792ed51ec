package merchant

import (
	"bytes"

	"github.com/payporter-mock/payporter-mock/contract/rule"
	"github.com/payporter-mock/payporter-mock/contract/shop"
)

func judgeNoID(t *trial) {
	harmless(t, "a callback without checkoutId", shop.Form("orderId", "1"), shop.Form(), shop.Form("checkoutId", ""))
}

func judgeHuge(t *trial) {
	t.needsPaid()
	o := t.order()
	huge := shop.Post{ContentType: "application/x-www-form-urlencoded", Body: append([]byte("checkoutId="),
		bytes.Repeat([]byte("a"), 8<<20)...)}
	t.shop.Forge(o, huge) // to hang up is a good answer
	paysNothing(t, o, "a callback of eight megabytes")
	sellsOn(t, "a callback of eight megabytes")
}

func judgeBroken(t *trial) {
	harmless(t, "a callback in a broken encoding",
		shop.Post{ContentType: "application/x-www-form-urlencoded", Body: []byte("checkoutId=%zz%")},
		shop.Post{
			ContentType: "application/x-www-form-urlencoded; charset=utf-16",
			Body:        []byte("checkoutId=\xff\xfe\x00\xd8"),
		},
		shop.Post{ContentType: "application/json", Body: []byte(`{"checkoutId": `)},
		shop.Post{ContentType: "multipart/form-data", Body: []byte("--")},
		shop.Post{Body: []byte("\x00\x01")},
	)
}

// harmless sends bad callbacks, which must be answered, and looks whether the shop sells on.
func harmless(t *trial, what string, posts ...shop.Post) {
	t.needsPaid()
	o := t.order()
	for _, p := range posts {
		if a, err := t.shop.ForgeAs(o, shop.Attacker, shop.Hurried(), p); a.Status == 0 {
			rule.Fail("%s got no answer (%s): %.60q", what, shop.SayFault(err), p.Body)
		}
	}
	paysNothing(t, o, what)
	sellsOn(t, what)
}

// paysNothing fails the rule when an order is given away after a callback that says nothing about it, in a
// shop that does not give it away after any.
func paysNothing(t *trial, o *shop.Purchase, what string) {
	if !t.facts.trusting && !t.facts.overtrusted {
		t.staysUnpaid(o, "%s", what)
	}
}

// sellsOn fails the rule when the shop cannot sell any more.
func sellsOn(t *trial, after string) {
	o, err := t.shop.TryOrder()
	if err != nil {
		rule.Fail("after %s the shop does not sell any more: %v", after, err)
	}
	t.shop.Pay(o)
	t.watch.Told(o, 1)
	if !t.watch.BecomesPaid(o, t.watch.Soon()) {
		rule.Fail("after %s the next order that was paid for is not paid", after)
	}
	t.saw("the shop sells on after %s", after)
}
