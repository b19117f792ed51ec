package provider

// The pre-authorizations and captures that rules look at.
var (
	reserved    = once("reserved", charged(reserveOp, "a pre-authorization", nil))
	notReserved = once("notReserved", charged(reserveOp, "a pre-authorization with a card that is declined",
		map[string]any{"pan": declinedCard, "cvv": "123"}))
	tooMuch       = once("tooMuch", on(reserved, captureOp, "a capture of more than was reserved", part("100.51", "TRY")))
	otherCurrency = once("otherCurrency", on(reserved, captureOp, "a capture in another currency", part("1", "EUR")))
	captured      = once("captured", then(reserved, on(reserved, captureOp, "a capture", part("60.00", "TRY"))))
	reservedRead  = once("reservedRead", then(captured, on(reserved, readOp, "the status of a captured pre-authorization", nil)))
	captureSale   = once("captureSale", then(captured, on(sale, captureOp, "a capture of a sale", part("1", "TRY"))))
)

func reserveRules() []row {
	const taken = "Take what was reserved once, and no more than that."
	return family("PREAUTH",
		told("PROV-771", "A pre-authorization is answered", onReserve, "200 to POST /api/pre-authorization with a card",
			"Serve POST /api/pre-authorization.", served(reserved)),
		told("PROV-772", "A pre-authorization's paymentId is a UUID", onReserve, "a UUID", asDocumented,
			isUUID(reserved, "paymentId")),
		told("PROV-773", "A pre-authorization is a PRE_AUTH", assumed, "transactionType PRE_AUTH",
			"Tell reserving from taking.", has(reserved, "transactionType", "PRE_AUTH")),
		critical(told("PROV-774", "A pre-authorization reserves the amount that was sent", onReserve, "the amount",
			"Keep amounts as decimals.", echoes(reserved, reserved, "amount"))),
		told("PROV-775", "A pre-authorization is for the orderId that was sent", onReserve, "the orderId", asDocumented,
			echoes(reserved, reserved, "orderId")),
		critical(told("PROV-776", "A pre-authorization takes no money", onReserve, "another status than CAPTURED before the "+
			"capture", "CAPTURED is for what was captured.", hasNot(reserved, "status", "CAPTURED"))),
		critical(told("PROV-777", "A pre-authorization shows the card masked", onReserve, "first six, six stars, last four",
			"Mask card numbers where they enter.", hides(reserved))),
		critical(told("PROV-778", "A declined pre-authorization reserves nothing", onReserve, "neither SUCCESS nor CAPTURED",
			"Only what was reserved may be SUCCESS.", hasNot(notReserved, "status", "SUCCESS", "CAPTURED"))),
		critical(told("PROV-779", "A pre-authorization without credentials is refused", onAuth, "401",
			"Look at both headers first.", locked(changed(reserved, noCredentials), changed(reserved, wrongCredentials)))),
		told("PROV-780", "A pre-authorization without a required field is refused", onReserve+
			"; that the refusal is a 4XX: general API introduction", "4xx without an amount and without a pan",
			"The page asks for the same as for a payment.", declines(changed(reserved, with(map[string]any{"amount": nil})),
				changed(reserved, with(map[string]any{"pan": nil})))),
		critical(told("PROV-781", "No more is captured than was reserved", onCapture, "4xx for 100.51 of 100.50", taken,
			declines(tooMuch))),
		told("PROV-782", "A capture in another currency is refused", assumed, "4xx for EUR of TRY",
			"Compare the currency with that of the pre-authorization.", declines(otherCurrency)),
		told("PROV-783", "A capture is answered", onCapture, "200 to POST /api/pre-authorization/{paymentId}/capture",
			"Serve it.", served(captured)),
		critical(told("PROV-784", "A capture takes the amount that was sent", onCapture, "the amount of the capture",
			"Answer what was taken.", echoes(captured, captured, "amount"))),
		told("PROV-785", "A capture has the currency that was sent", onCapture, "the currency", asDocumented,
			echoes(captured, captured, "currency")),
		told("PROV-786", "A capture names its pre-authorization", assumed, "parentPaymentId", "Answer parentPaymentId.",
			refersTo(captured, reserved, "parentPaymentId")),
		told("PROV-787", "A capture is a CAPTURE", assumed, "transactionType CAPTURE", "Tell the two apart.",
			has(captured, "transactionType", "CAPTURE")),
		told("PROV-788", "What was captured is CAPTURED", assumed, "status CAPTURED of the pre-authorization afterwards",
			"Say that it was captured.", has(reservedRead, "status", "CAPTURED")),
		told("PROV-789", "A second capture is refused", assumed, "4xx", taken,
			declines(changed(captured, func(_ payments, q *request) { q.title = "a second capture" }))),
		told("PROV-790", "A sale is not captured", assumed, "4xx for a direct payment", "Only what was reserved is captured.",
			declines(captureSale)),
		told("PROV-791", "A capture of an unknown payment is refused", onIntro, "4xx", "Never make up a payment.",
			declines(unknownOf(captured))),
		critical(told("PROV-792", "A capture without credentials is refused", onAuth, "401", "Look at both headers first.",
			locked(changed(captured, noCredentials)))),
		critical(told("PROV-793", "Another merchant cannot capture", onAuth, "4xx", "Look payments up by merchant and id.",
			strangers(captured))),
	)
}
