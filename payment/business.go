package payment

// The codes of business faults: the request is well formed, and a rule about payments refuses it. Each is the
// messageCode of a 406. PayPorter documents that there are such codes, and the rules; the codes are assumed.
const (
	RepeatedOrderID Code = "REPEATED_ORDER_ID" // the order has a checkout and repeats are refused

	NotCancellable Code = "NOT_CANCELLABLE"   // only a SUCCESS payment of a sale, a pre-authorization or a capture is
	NotSameDay     Code = "NOT_SAME_DAY"      // it was paid on an earlier day: refund it
	WasCancelled   Code = "ALREADY_CANCELLED" // it was taken back already
	WasRefunded    Code = "ALREADY_REFUNDED"  // some of it was given back or is to be: refund the rest

	NotRefundable     Code = "NOT_REFUNDABLE"            // only a SUCCESS or CAPTURED payment is
	ExceedsRefundable Code = "AMOUNT_EXCEEDS_REFUNDABLE" // pending refunds count
	OtherCurrency     Code = "CURRENCY_MISMATCH"         // the payment has another currency

	NotCapturable   Code = "NOT_CAPTURABLE"          // only an open pre-authorization is
	WasCaptured     Code = "ALREADY_CAPTURED"        // it is captured once
	ExceedsReserved Code = "AMOUNT_EXCEEDS_RESERVED" // at most what was reserved
	PartialCapture  Code = "PARTIAL_CAPTURE"         // a setting refuses less than what was reserved

	NotThreeDSecure  Code = "NOT_THREE_D_SECURE"   // the payment was not started with POST /api/3ds
	NotAuthenticated Code = "NOT_AUTHENTICATED"    // the bank has not answered yet
	WrongSecurityKey Code = "WRONG_SECURITY_KEY"   // not the key of this payment
	SecurityKeyEnded Code = "SECURITY_KEY_EXPIRED" // it came too late
	WasCompleted     Code = "ALREADY_COMPLETED"    // a payment is completed once
)

// BusinessFault is a rule that refuses a request.
type BusinessFault struct {
	Code   Code
	Reason string // a sentence without its end
}

// BusinessFaults lists the business faults.
func BusinessFaults() []BusinessFault {
	return []BusinessFault{
		{RepeatedOrderID, "The order has a checkout already, and `--repeated-order-id` refuses another one"},
		{NotCancellable, "Only a sale, an open pre-authorization and a capture can be cancelled, and only with the " +
			"status SUCCESS"},
		{NotSameDay, "The payment was made on an earlier day: ask for a refund"},
		{WasCancelled, "The payment was cancelled before"},
		{WasRefunded, "Some of the payment was refunded or is to be: ask for a refund of the rest"},
		{NotRefundable, "Only a payment with the status SUCCESS or CAPTURED can be refunded, no cancel, refund or open " +
			"pre-authorization"},
		{ExceedsRefundable, "All refunds together, those included that wait for approval, would exceed the payment"},
		{OtherCurrency, "The amount is in another currency than the payment"},
		{NotCapturable, "Only an open pre-authorization can be captured"},
		{WasCaptured, "The pre-authorization was captured before"},
		{ExceedsReserved, "The amount is more than what was reserved"},
		{PartialCapture, "The amount is less than what was reserved, and `--partial-capture` refuses that"},
		{NotThreeDSecure, "The payment was not started with `POST /api/3ds`"},
		{NotAuthenticated, "The customer has not come back from the bank"},
		{WrongSecurityKey, "The key is not that of the payment"},
		{SecurityKeyEnded, "The key came too late (`--security-key-lifetime`)"},
		{WasCompleted, "The payment was completed before"},
	}
}

// BusinessCodes lists the codes of business faults.
func BusinessCodes() []Code { return businessCodes }

var businessCodes = func() (all []Code) {
	for _, fault := range BusinessFaults() {
		all = append(all, fault.Code)
	}
	return all
}()
