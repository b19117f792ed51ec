package shop

// moneyBack looks at what the file says of webhooks and refunds, with an order that is paid.
func (k *check) moneyBack(o *Purchase) {
	if k.config.Webhook.URL != "" {
		k.at = "webhook.url"
		k.webhook(o)
	}
	if !k.config.Refund.Request.IsZero() {
		k.at = "refund.request"
		k.refund(o)
	}
	if !k.config.State.Refunded.IsZero() {
		k.refunded(o)
	}
}

// webhook says whether a good webhook about the order was taken.
func (k *check) webhook(o *Purchase) {
	all := k.session.Payments(o)
	if len(all) == 0 {
		k.wrong("webhook.url", "PayPorter knows no payment of the order, so no webhook can be sent")
		return
	}
	c := k.session.Send(o, k.session.NewEvent(all[0]))
	switch status := c.Answer().Status; {
	case status == 0:
		k.wrong("webhook.url", "a webhook to %s got no answer: %s", c.Request.URL, c.Error)
	case !c.Taken():
		k.wrong("webhook.url", "a webhook to %s was answered %d, and 2xx is wanted: does the shop take "+
			"PAYPORTER_WEBHOOK_SECRET, or webhook.secret?%s", c.Request.URL, status, answered(c.Answer()))
	default:
		k.right("webhook.url", "a webhook to %s was answered %d", c.Request.URL, status)
	}
}

// refund asks for the whole order back, and says whether PayPorter was asked.
func (k *check) refund(o *Purchase) {
	all := k.session.Payments(o)
	if len(all) == 0 {
		k.wrong("refund.request", "PayPorter knows no payment of the order, so nothing can be refunded")
		return
	}
	a, err := k.session.Refund(o, string(all[len(all)-1].Amount))
	if err != nil {
		k.wrong("refund.request", "%v", err)
		return
	}

	k.session.Watch.Settled()
	for _, p := range k.session.Payments(o) {
		if p.GivesBack() {
			k.right("refund.request", "it was answered %d; PayPorter has a %s of %s", a.Status, p.TransactionType, p.Amount)
			return
		}
	}
	k.wrong("refund.request", "the shop did not ask PayPorter to give the payment back%s", answered(a))
}

// refunded says what state.refunded finds.
func (k *check) refunded(o *Purchase) {
	s := k.config.State
	if _, err := k.harness.Believes(k.session.Ctx, o); err != nil {
		k.wrong("state.refunded", "%v", err)
		return
	}
	a, _ := k.lastLook(o)
	text, err := s.Refunded.find(a)
	switch {
	case err != nil:
		k.wrong("state.refunded", "%v%s", err, answered(a))
	case s.refunded(a) == nil:
		k.wrong("state.refunded", "%s is `%s`, and an amount is wanted", s.Refunded.short(), Clip(text, 120))
	default:
		k.right("state.refunded", "%s is `%s`", s.Refunded.short(), text)
	}
}
