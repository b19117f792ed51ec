package main

import (
	"encoding/json"
	"math/big"
	"net"
	"net/http"
	"time"
)

// habits are what the shop does where shops go wrong. A bug changes one of them.
type habits struct {
	// The create.
	number      func(s *shop, wanted money) string       // the orderId of a new order
	request     func(s *shop, o *order) map[string]any   // what PayPorter is asked for
	encode      func(map[string]any) (string, []byte)    // as what: content type and body
	credentials func(s *shop, method string) http.Header // who asks
	client      *http.Client                             // what calls PayPorter
	tries       int                                      // how often a create is tried
	eachTry     func(s *shop, o *order)                  // before each try but the first
	decode      func(answer) (checkout, error)           // PayPorter's answer to it
	patience    func(method string) time.Duration        // how long PayPorter may take
	alone       bool                                     // nobody else is served meanwhile
	created     func(s *shop, o *order)                  // afterwards
	unmade      func(s *shop, o *order, err error) reply // what the customer is told when there is none

	// What is kept for the next process.
	open func(s *shop) // when the shop starts
	save func(s *shop) // after each payment; the shop's lock is held

	// What the customer sees.
	door    func(http.Handler) http.Handler               // what everybody passes who comes in
	refuse  func(s *shop, r *http.Request) bool           // whom the shop sells nothing
	link    func(s *shop, redirectURL string) string      // where the customer is sent
	visited func(s *shop, r *http.Request)                // before the page of an order is shown
	page    func(s *shop, o *order, shown map[string]any) // what the pages about an order say

	// The callback.
	take     func(s *shop, r *http.Request) reply             // who handles it, and when it is answered
	read     func(s *shop, r *http.Request) (claim, error)    // what it says
	believe  func(s *shop, c claim) bool                      // settles it without asking
	about    func(s *shop, c claim) string                    // the checkout to ask about
	question func(s *shop, checkoutID string) (answer, error) // how PayPorter is asked
	check    func(answer) (payment, error)                    // whether PayPorter answered
	unasked  func(s *shop, c claim, err error) int            // what to do when it did not: the status to answer
	find     func(s *shop, c claim, p payment) *order         // whom it is about
	missing  func(s *shop, c claim, p payment) int            // what to answer when it is about nobody
	isPaid   func(s *shop, o *order, p payment) bool          // whether the money has come
	isAbout  func(c claim, o *order, p payment) bool          // whether it is this order's money
	isFailed func(p payment) bool                             // whether this attempt is over
	settle   func(s *shop, c claim, o *order, p payment)      // what follows
	fulfil   func(s *shop, o *order, p payment)               // the shop's lock is held
	fail     func(s *shop, o *order)                          // the shop's lock is held
	answer   func(s *shop, c claim, o *order, p payment, r reply) reply
	bad      func(s *shop, c claim, err error) reply // to a callback that cannot be read

	// The webhook.
	line       func(net.Listener) net.Listener                     // what the shop listens on
	hook       func(s *shop, r *http.Request) reply                // who handles it, and when it is answered
	genuine    func(s *shop, header http.Header, body []byte) bool // whether PayPorter sent it
	forged     func(s *shop, header http.Header) reply             // what follows when it did not
	wants      func(eventType string) bool                         // which types are read
	again      func(s *shop) reply                                 // to an event that is known
	remember   func(s *shop, event string, handled bool)           // before and after it is handled
	told       func(s *shop, said payment) (payment, error)        // what PayPorter says of the payment
	hookSettle func(s *shop, c claim, o *order, p payment)         // what follows of a payment
	hookRefund func(s *shop, o *order, p payment)                  // what follows of a refund; the shop's lock is held
	thank      func(p payment) reply                               // to one that was handled

	// The refund.
	refundable func(o *order) bool                                                     // the shop's lock is held
	left       func(s *shop, o *order) *big.Rat                                        // how much can be given back; the shop's lock is held
	tooMuch    func(s *shop, o *order, wanted *big.Rat) reply                          // the shop's lock is held
	back       func(s *shop, o *order, wanted *big.Rat) (path string, amount *big.Rat) // what PayPorter is asked for
	askBack    func(s *shop, o *order, path string, amount *big.Rat) (answer, error)
	refused    func(s *shop, o *order, r *refund, a answer) bool // whether it counts all the same; the shop's lock is held
	refunded   func(s *shop, o *order) *big.Rat                  // how much was given back; the shop's lock is held
	counts     func(status string) bool                          // which refunds were given back
}

// good are the habits of a shop that does everything right.
func good() *habits {
	return &habits{
		number:      uniqueNumber,
		request:     documentedRequest,
		encode:      asJSON,
		credentials: both,
		client:      staysHere,
		tries:       1,
		eachTry:     func(*shop, *order) {},
		decode:      decodeCheckout,
		patience:    func(string) time.Duration { return 3 * time.Second }, // a callback wants its answer within 5
		created:     func(*shop, *order) {},
		unmade:      tryAgain,
		open:        func(*shop) {},
		save:        func(*shop) {},
		door:        func(inside http.Handler) http.Handler { return inside },
		refuse:      func(*shop, *http.Request) bool { return false },
		link:        func(_ *shop, redirectURL string) string { return redirectURL },
		visited:     func(*shop, *http.Request) {},
		page:        func(*shop, *order, map[string]any) {},
		take:        (*shop).handle,
		read:        readForm,
		believe:     func(*shop, claim) bool { return false },
		about:       func(_ *shop, c claim) string { return c.checkoutID },
		question:    (*shop).status,
		check:       readPayment,
		unasked:     askAgain,
		find:        ownOrder,
		missing:     func(*shop, claim, payment) int { return http.StatusNotFound },
		isPaid:      func(_ *shop, _ *order, p payment) bool { return p.Status() == "SUCCESS" },
		isAbout:     func(_ claim, o *order, p payment) bool { return p.OrderID() == o.id && p.money().is(o.money) },
		isFailed:    isFailed,
		settle:      settle,
		fulfil:      fulfilOnce,
		fail:        failUnpaid,
		answer:      func(_ *shop, _ claim, _ *order, _ payment, r reply) reply { return r },
		bad:         func(_ *shop, _ claim, err error) reply { return sayError(err) },

		line:       func(l net.Listener) net.Listener { return l },
		hook:       (*shop).handleWebhook,
		genuine:    isGenuine,
		forged:     func(*shop, http.Header) reply { return say(http.StatusUnauthorized, "the signature is wrong") },
		wants:      func(string) bool { return true },
		again:      func(*shop) reply { return say(http.StatusOK, "thank you, again") },
		remember:   rememberHandled,
		told:       (*shop).askAbout,
		hookSettle: settle,
		hookRefund: takeRefund,
		thank:      func(payment) reply { return say(http.StatusOK, "thank you") },

		refundable: func(o *order) bool { return o.status == "paid" },
		left:       leftOf,
		tooMuch:    func(*shop, *order, *big.Rat) reply { return say(http.StatusConflict, "that is too much") },
		back:       refundOf,
		askBack:    (*shop).askBack,
		refused:    func(*shop, *order, *refund, answer) bool { return false },
		refunded:   sumRefunded,
		counts:     func(status string) bool { return status == "SUCCESS" },
	}
}

func asJSON(fields map[string]any) (string, []byte) {
	body, _ := json.Marshal(fields) // texts, and an amount that was JSON before
	return "application/json", body
}

func both(s *shop, _ string) http.Header {
	return http.Header{"X-Api-Key": {s.key}, "X-Api-Secret": {s.secret}}
}

func documentedRequest(s *shop, o *order) map[string]any {
	return map[string]any{
		"orderId": o.sent, "amount": o.Amount, "currency": o.Currency, "callback": s.home + "/payment-callback",
		"maxInstallmentCount": 3,
	}
}
