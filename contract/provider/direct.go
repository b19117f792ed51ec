package provider

import (
	"encoding/json"
	"slices"
)

// The payments that the rules of the direct payment look at.
var (
	sale     = once("sale", charged(payOp, "a direct payment", nil))
	second   = once("second", charged(payOp, "another direct payment", nil))
	declined = once("declined", charged(payOp, "a direct payment with a card that is declined",
		map[string]any{"pan": declinedCard, "cvv": "123"}))
	saleRead     = once("saleRead", on(sale, readOp, "the status of a direct payment", nil))
	declinedRead = once("declinedRead", on(declined, readOp, "the status of a declined payment", nil))
	unknownRead  = once("unknownRead", unknownOf(saleRead))
)

const asDocumented = "Answer an ApiPaymentResponse as openapi.yaml has it."

func directRules() []row {
	const mask = "Mask card numbers where they enter; a whole one in an answer puts merchants under PCI DSS."
	rows := []row{
		critical(told("PROV-701", "A direct payment is answered", onDirect, "200 to POST /api/payment with a card",
			"Serve POST /api/payment.", served(sale))),
		told("PROV-702", "The paymentId of a direct payment is a UUID", onDirect, "a UUID", asDocumented,
			isUUID(sale, "paymentId")),
		told("PROV-703", "A direct payment that was made is SUCCESS", onDirect, "status SUCCESS", asDocumented,
			has(sale, "status", "SUCCESS")),
		told("PROV-704", "A direct payment is a SALE", onDirect, "transactionType SALE", asDocumented,
			has(sale, "transactionType", "SALE")),
		critical(told("PROV-705", "A direct payment is for the orderId that was sent", onDirect, "the orderId that was sent",
			asDocumented, echoes(sale, sale, "orderId"))),
		critical(told("PROV-706", "A direct payment has the amount that was sent", onDirect, "the amount, in major units",
			"Keep amounts as decimals.", echoes(sale, sale, "amount"))),
		critical(told("PROV-707", "A direct payment has the currency that was sent", onDirect, "the currency", asDocumented,
			echoes(sale, sale, "currency"))),
		told("PROV-708", "A direct payment has the customerId that was sent", onDirect, "the customerId", asDocumented,
			echoes(sale, sale, "customerId")),
		critical(told("PROV-709", "A direct payment shows the card masked", onDirect, "pan with its first six digits, six "+
			"stars and its last four, and the whole number nowhere in the answer", mask, hides(sale))),
		told("PROV-710", "A direct payment never answers the cvv", "assumed: PayPorter's pages name no such field",
			"no cvv in the answer", "Forget the cvv once the bank has it.", looking(sale, hidesCVV)),
		told("PROV-711", "A direct payment has the resultCode SUCCESS", onDirect, `resultCode "SUCCESS"`, asDocumented,
			has(sale, "resultCode", "SUCCESS")),
		told("PROV-712", "A direct payment has the resultMessage Successful", onDirect, `resultMessage "Successful"`,
			asDocumented, has(sale, "resultMessage", "Successful")),
		told("PROV-713", "The other fields of a direct payment have their documented form", onDirect,
			"every field that is there as the description of the API has it", asDocumented,
			formOf(sale, judgedAlone...)),
		critical(told("PROV-714", "A declined direct payment does not count as paid", onDirect,
			"neither SUCCESS nor CAPTURED", "Only a payment that was made may be SUCCESS.",
			hasNot(declined, "status", "SUCCESS", "CAPTURED"))),
		told("PROV-715", "A declined direct payment does not have the result SUCCESS", onDirect,
			"another resultCode than SUCCESS", "Answer the bank's code.", hasNot(declined, "resultCode", "SUCCESS")),
		critical(told("PROV-716", "Two direct payments have two ids", onDirect, "two paymentIds",
			"Make an id for each payment.", isNew(second, sale))),
		critical(told("PROV-717", "A direct payment without credentials is refused", onAuth, "401",
			"Look at both headers first.", locked(changed(sale, noCredentials)))),
		critical(told("PROV-718", "A direct payment with a wrong secret is refused", onAuth, "401",
			"Compare both headers with the merchant's.", locked(changed(sale, wrongCredentials)))),
		told("PROV-719", "A direct payment of nothing is refused", assumed, "4xx for 0 and for -1", "Answer 400.",
			declines(changed(sale, with(map[string]any{"amount": json.Number("0")})),
				changed(sale, with(map[string]any{"amount": json.Number("-1")})))),
	}
	rows = append(rows, missing([]string{
		"PROV-720", "PROV-721", "PROV-722", "PROV-723", "PROV-724", "PROV-725", "PROV-726", "PROV-727", "PROV-728", "PROV-729",
	}, "A direct payment", onDirect, sale, chargeFields...)...)
	return family("PAYMENT", append(rows,
		told("PROV-730", "A card number that is none is refused", assumed, "4xx for letters", "Answer 400.",
			declines(changed(sale, with(map[string]any{"pan": "not-a-card"})))),
		told("PROV-731", "A month that is none is refused", assumed, "4xx for expiryMonth 13", "Answer 400.",
			declines(changed(sale, with(map[string]any{"expiryMonth": "13"})))),
		critical(told("PROV-741", "A payment can be asked for", onStatus, "200 to GET /api/payment/{paymentId}",
			"Answer a payment once it can be read.", served(saleRead))),
		critical(told("PROV-742", "The payment that is answered is the one that was asked for", onStatus, "the paymentId of "+
			"the path", "Look payments up by their id.", refersTo(saleRead, sale, "paymentId"))),
		critical(told("PROV-743", "A payment that was made stays SUCCESS", onStatus, "status SUCCESS",
			"SUCCESS is final.", has(saleRead, "status", "SUCCESS"))),
		critical(told("PROV-744", "The status has the amount that was sent", onStatus, "the amount, in major units",
			"Keep amounts as decimals.", echoes(saleRead, sale, "amount"))),
		told("PROV-745", "The status has the orderId that was sent", onStatus, "the orderId", asDocumented,
			echoes(saleRead, sale, "orderId")),
		critical(told("PROV-746", "A declined payment does not become paid", onStatus, "neither SUCCESS nor CAPTURED",
			"FAILED is final.", hasNot(declinedRead, "status", "SUCCESS", "CAPTURED"))),
		critical(told("PROV-747", "An unknown payment is refused", onIntro, "4xx", "Never make up a payment.",
			declines(unknownRead))),
		told("PROV-748", "An unknown payment says why in `message`", onErrors, "a JSON object with a `message` that is text",
			"Answer every error with the same JSON body.", refusalOf(unknownRead)),
		critical(told("PROV-749", "Another merchant cannot read a payment", onAuth, "4xx", "Look payments up by merchant and id.",
			strangers(saleRead))),
		critical(told("PROV-750", "A payment is not shown without credentials", onAuth, "401", "Look at both headers first.",
			locked(changed(saleRead, noCredentials), changed(saleRead, wrongCredentials)))),
	)...)
}

// chargeFields are what every payment with a card needs.
var chargeFields = []string{
	"orderId", "amount", "currency", "cardHolderName", "pan", "expiryMonth", "expiryYear", "cvv", "requestIp",
	"requestPort",
}

func hidesCVV(x *call) finding {
	for name, value := range x.values() {
		if value == goodCVV || slices.Contains([]string{"cvv", "cvc", "cvv2"}, name) {
			return fail("%s has it", name)
		}
	}
	return pass("it is not there")
}

// refusalOf looks at the message of a refusal.
func refusalOf(s source) check {
	return func(p *probe) finding {
		x, reason := s(p.payments())
		if reason == "" && x.Answer().Status < 400 {
			reason = "it was not refused but answered with " + x.answered()
		}
		if reason != "" {
			return unjudged("%s", reason)
		}
		return saysWhy(x)
	}
}
