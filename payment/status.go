package payment

// Status is the status of a payment, as on the wire.
type Status string

// The seven documented statuses.
const (
	Success         Status = "SUCCESS"
	Failed          Status = "FAILED"
	Enrolled        Status = "ENROLLED" // still processing: nobody has paid yet
	PendingApproval Status = "PENDING_APPROVAL"
	Cancelled       Status = "CANCELLED"
	Captured        Status = "CAPTURED"
	Rejected        Status = "REJECTED"
)

// Statuses lists every documented status.
func Statuses() []Status {
	return []Status{Success, Failed, Enrolled, PendingApproval, Cancelled, Captured, Rejected}
}

// Known reports whether s is one of the documented statuses.
func (s Status) Known() bool {
	switch s {
	case Success, Failed, Enrolled, PendingApproval, Cancelled, Captured, Rejected:
		return true
	}
	return false
}

// TransactionType says what a payment does with the money, as on the wire.
type TransactionType string

// The transaction types. SALE, CANCEL and REFUND are documented, the other two assumed.
const (
	Sale       TransactionType = "SALE"     // every payment that a checkout makes
	PreAuth    TransactionType = "PRE_AUTH" // reserves without capturing
	Capture    TransactionType = "CAPTURE"  // takes what a pre-authorization reserved
	CancelType TransactionType = "CANCEL"   // takes a payment back on the same day
	Refund     TransactionType = "REFUND"   // gives money back
)

// TransactionTypes lists every transaction type.
func TransactionTypes() []TransactionType {
	return []TransactionType{Sale, PreAuth, Capture, CancelType, Refund}
}

// State says what can still happen to a checkout link. It is the sandbox's own word, not the wire's.
//
//	           declined, may be tried again
//	              +------+
//	              v      |
//	         +--> OPEN --+--> PAID
//	         |     |  |  +--> DECLINED   (when another attempt is not allowed)
//	created -+     |  +-----> CANCELLED  (by the customer)
//	               |  +-----> EXPIRED    (nobody paid in time)
//	               +--------> PROCESSING (PENDING_APPROVAL) --> any of the above
//	               +--------> AUTHENTICATING (at the bank's 3-D Secure page) --> OPEN, PAID, DECLINED, PROCESSING
type State string

// The states of a checkout link.
const (
	Open           State = "OPEN"
	Paid           State = "PAID"
	Processing     State = "PROCESSING"
	Authenticating State = "AUTHENTICATING"
	Declined       State = "DECLINED"
	LinkCancelled  State = "CANCELLED"
	Expired        State = "EXPIRED"
)

// Final reports whether nothing can happen to the checkout any more.
func (s State) Final() bool { return s != Open && s != Processing && s != Authenticating }

// after is the state of a link whose payment has just got the status.
func after(s Status, mayRetry bool) State {
	switch s {
	case Success, Captured:
		return Paid
	case Cancelled:
		return LinkCancelled
	case PendingApproval:
		return Processing
	case Failed, Rejected:
		if !mayRetry {
			return Declined
		}
	}
	return Open
}
