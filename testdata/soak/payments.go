package main

import (
	"fmt"
	"math"
	"net/http"
	"net/url"
)

// paid is what the control API tells of a payment.
type paid struct {
	PaymentID, ParentPaymentID, TransactionType, Status string
	Amount                                              float64
}

// minor is the amount in minor units.
func (p paid) minor() int64 { return int64(math.Round(p.Amount * 100)) }

// final reports whether nothing happens to it by itself any more.
func (p paid) final() bool { return p.Status != "ENROLLED" && p.Status != "PENDING_APPROVAL" }

// hears sets the merchant's webhook, to the shop.
func (l *life) hears() {
	l.must(http.MethodPut, "/_mock/webhook", `{"url": "http://`+l.shop.address+l.hook()+`"}`, nil)
}

// hook is the path at which the shop takes webhooks.
func (l *life) hook() string { return "/hook/" + l.key }

// charge takes or reserves money by the API.
func (l *life) charge() {
	l.orders++
	body := fmt.Sprintf(`{"orderId": "ORD-%d", "amount": %d.%02d, "currency": "TRY", "cardHolderName": "AYSE YILMAZ", "pan": %q,
		"expiryMonth": "04", "expiryYear": "48", "cvv": "916", "requestIp": "203.0.113.7", "requestPort": 49152}`,
		l.orders, 1+l.random.IntN(5000), l.random.IntN(100), cards[l.random.IntN(len(cards))])
	path := []string{"/api/payment", "/api/pre-authorization"}[l.random.IntN(2)]
	l.must(http.MethodPost, path, body, nil)
}

// giveBack does with the newest payments what shops and administrators do. Much of it is refused.
func (l *life) giveBack() {
	var recent struct{ Payments []paid }
	l.must(http.MethodGet, "/_mock/payments?limit=20", "", &recent)
	for _, p := range recent.Payments {
		part := fmt.Sprintf(`{"amount": %.2f, "currency": "TRY"}`, max(0.01, p.Amount*l.random.Float64()))
		at := "/api/payment/" + p.PaymentID
		switch l.random.IntN(8) {
		case 0, 1:
			l.may(http.MethodPost, at+"/refund", part)
		case 2:
			l.may(http.MethodPost, at+"/cancel", "")
		case 3:
			l.may(http.MethodPost, "/api/pre-authorization/"+p.PaymentID+"/capture", part)
		case 4:
			l.may(http.MethodPost, "/_mock/payments/"+p.PaymentID+"/approve", "")
		case 5:
			l.may(http.MethodPost, "/_mock/payments/"+p.PaymentID+"/reject", "")
		}
	}
}

// payments are all that the sandbox knows of the merchant.
func (l *life) payments() (all []paid) {
	before := ""
	for {
		var page struct {
			Payments []paid
			Next     string
		}
		l.must(http.MethodGet, "/_mock/payments?limit=500"+before, "", &page)
		all = append(all, page.Payments...)
		if page.Next == "" || len(page.Payments) == 0 {
			return all
		}
		before = "&before=" + url.QueryEscape(page.Next)
	}
}

// webhooks are all that the merchant was sent.
func (l *life) webhooks() (all []callback) {
	before := ""
	for {
		var page struct {
			Callbacks []callback
			Next      string
		}
		l.must(http.MethodGet, "/_mock/callbacks?kind=webhook&limit=500"+before, "", &page)
		all = append(all, page.Callbacks...)
		if page.Next == "" || len(page.Callbacks) == 0 {
			return all
		}
		before = "&before=" + url.QueryEscape(page.Next)
	}
}

// money compares what was taken with what was given back.
func (b *books) money(l *life, all []paid) {
	b.payments += len(all)
	captured, given := map[string]int64{}, map[string]int64{}
	for _, p := range all {
		switch {
		case p.TransactionType == "CAPTURE" && p.Status == "SUCCESS":
			captured[p.ParentPaymentID] += p.minor()
		case p.TransactionType == "REFUND" && (p.Status == "SUCCESS" || p.Status == "PENDING_APPROVAL"):
			given[p.ParentPaymentID] += p.minor()
		}
	}

	for _, p := range all {
		switch p.TransactionType {
		case "PRE_AUTH":
			b.holds("never more is captured than was reserved", captured[p.PaymentID] <= p.minor(),
				"%s: %s: %d of %d", l.key, p.PaymentID, captured[p.PaymentID], p.minor())
		case "SALE", "CAPTURE":
			b.holds("never more is given back than was taken", given[p.PaymentID] <= p.minor(),
				"%s: %s: %d of %d", l.key, p.PaymentID, given[p.PaymentID], p.minor())
			b.holds("only what was taken is given back", given[p.PaymentID] == 0 || p.Status == "SUCCESS" || p.Status == "CAPTURED",
				"%s: %s is %s, and %d was given back", l.key, p.PaymentID, p.Status, given[p.PaymentID])
		}
	}
}

// told compares the payments with their webhooks, and these with what the shop saw.
func (b *books) told(l *life, all []paid, webhooks []callback) {
	of := map[string]int{}
	answered, unanswered := 0, 0
	for _, w := range webhooks {
		b.webhooks++
		of[w.PaymentID]++
		b.holds("every webhook is delivered or given up", (w.Status == "DELIVERED" || w.Status == "EXHAUSTED") && w.NextAttemptAt == nil,
			"%s: %s of %s is %s", l.key, w.ID, w.PaymentID, w.Status)
		for _, a := range w.Attempts {
			if a.HTTPStatus != 0 {
				answered++
			} else {
				unanswered++
			}
		}
	}
	for _, p := range all {
		if p.final() {
			b.holds("of every payment that has come to its end the shop is told", of[p.PaymentID] > 0, "%s: %s, a %s, is %s", l.key,
				p.PaymentID, p.TransactionType, p.Status)
		}
	}

	saw, broke := l.shop.posts(l.hook())
	b.holds("every answer to a webhook was recorded, and none that was not given", saw == answered,
		"%s: the shop answered %d, the sandbox recorded %d", l.key, saw, answered)
	b.holds("every webhook that was hung up on was recorded", broke == unanswered || broke < unanswered && l.diedSince,
		"%s: the shop hung up on %d, the sandbox recorded %d without an answer", l.key, broke, unanswered)
}
