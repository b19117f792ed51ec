package main

import (
	"fmt"
	"html"
	"io"
	"net/http"
	"net/url"
	"regexp"
)

// askedCard is one whose bank asks for a code.
const askedCard = "4000002760003184"

// bankCode is the code that the sandbox's bank takes.
const bankCode = "123456"

// How the pages of the bank are written.
var (
	formAction  = regexp.MustCompile(`<form [^>]*method="post" action="([^"]+)"`)
	securityKey = regexp.MustCompile(`name="securityKey" value="([^"]+)"`)
)

// secure starts a payment with 3-D Secure, is its customer at the bank, and completes it, or does not.
func (l *life) secure() {
	l.orders++
	body := fmt.Sprintf(`{"orderId": "ORD-%d", "amount": %d.%02d, "currency": "TRY", "cardHolderName": "AYSE YILMAZ", "pan": %q,
		"expiryMonth": "04", "expiryYear": "48", "cvv": "916", "requestIp": "203.0.113.7", "requestPort": 49152,
		"successUrl": "http://127.0.0.1:9/ok", "failureUrl": "http://127.0.0.1:9/no"}`,
		l.orders, 1+l.random.IntN(5000), l.random.IntN(100), askedCard)
	var started struct{ PaymentID, HTMLContent string }
	l.must(http.MethodPost, "/api/3ds", body, &started)
	at := "/api/3ds/" + started.PaymentID + "/complete"
	l.secured[started.PaymentID] = false

	key := ""
	switch l.random.IntN(6) {
	case 0: // the customer leaves
	case 1:
		l.visit(started.HTMLContent, nil)
	default:
		page := l.visit(started.HTMLContent, url.Values{"code": {bankCode}})
		if found := securityKey.FindStringSubmatch(page); found != nil {
			key = html.UnescapeString(found[1])
		} else {
			l.fault("the bank gave no key back for %s:\n%s", started.PaymentID, page)
		}
	}

	if key == "" || l.random.IntN(5) == 0 {
		l.refused(at, `{"securityKey": "a wrong one"}`)
	}
	if key != "" && l.random.IntN(6) > 0 { // some shops never do
		l.must(http.MethodPost, at, `{"securityKey": "`+key+`"}`, nil)
		l.secured[started.PaymentID] = true
		l.refused(at, `{"securityKey": "`+key+`"}`)
	}
}

// visit posts the form of a page to the bank, and answers the page that comes. The first visit is for the bank's page.
func (l *life) visit(page string, form url.Values) string {
	found := formAction.FindStringSubmatch(page)
	if found == nil {
		l.fault("there is no form to the bank in %q", page)
		return ""
	}
	bank := html.UnescapeString(found[1])
	said := l.post(bank, nil)
	if form != nil {
		said = l.post(bank, form)
	}
	return said
}

func (l *life) post(at string, form url.Values) string {
	res, err := l.sandbox.client.PostForm(at, form)
	if err != nil {
		l.fault("the bank: %v", err)
		return ""
	}
	defer res.Body.Close()
	said, err := io.ReadAll(res.Body)
	if err != nil || res.StatusCode != http.StatusOK {
		l.fault("the bank answered %d (%v)", res.StatusCode, err)
	}
	return string(said)
}

// refused makes a call that must be a business fault.
func (l *life) refused(path, body string) {
	status, err := l.sandbox.call(http.MethodPost, path, l.key, body, nil)
	if err != nil || status != http.StatusNotAcceptable {
		l.fault("POST %s answered %d (%v)", path, status, err)
	}
}

// secured compares the payments with 3-D Secure with what the shop completed.
func (b *books) secured(l *life, all []paid) {
	for _, p := range all {
		completed, known := l.secured[p.PaymentID]
		if !known {
			continue
		}
		b.holds("a payment with 3-D Secure has its result once the shop has completed it, and not before", p.final() == completed,
			"%s: %s is %s, completed: %v", l.key, p.PaymentID, p.Status, completed)
	}
}
