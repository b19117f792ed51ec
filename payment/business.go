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

// BusinessCodes lists the codes of business faults.
func BusinessCodes() []Code {
	return []Code{
		RepeatedOrderID, NotCancellable, NotSameDay, WasCancelled, WasRefunded, NotRefundable, ExceedsRefundable, OtherCurrency,
		NotCapturable, WasCaptured, ExceedsReserved, PartialCapture, NotThreeDSecure, NotAuthenticated, WrongSecurityKey,
		SecurityKeyEnded, WasCompleted,
	}
}
