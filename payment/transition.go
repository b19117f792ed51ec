package payment

import (
	"fmt"
	"slices"
)

// A payment's status changes as follows. What a type or a status does not name is final: SUCCESS, FAILED, CANCELLED,
// CAPTURED and REJECTED of a SALE, a CAPTURE, a CANCEL or a REFUND. Another try to pay is another payment.
//
//	SALE      ENROLLED --------+--> SUCCESS, FAILED, CANCELLED, CAPTURED, REJECTED
//	              |            |
//	              v            |
//	          PENDING_APPROVAL +
//
//	PRE_AUTH  ENROLLED, PENDING_APPROVAL as SALE; then SUCCESS --> CAPTURED, CANCELLED
//
//	CAPTURE, CANCEL   ENROLLED --> SUCCESS, FAILED, REJECTED
//
//	REFUND    PENDING_APPROVAL --> SUCCESS (approved), FAILED (refused by the bank), REJECTED (by the administrator)
//
// SALE, CANCEL and REFUND are documented, PRE_AUTH and CAPTURE assumed.
var transitions = map[TransactionType]map[Status][]Status{
	Sale: {
		Enrolled:        {Success, Failed, Cancelled, Captured, Rejected, PendingApproval},
		PendingApproval: {Success, Failed, Cancelled, Captured, Rejected},
	},
	PreAuth: {
		Enrolled:        {Success, Failed, Cancelled, Rejected, PendingApproval},
		PendingApproval: {Success, Failed, Cancelled, Rejected},
		Success:         {Captured, Cancelled},
	},
	Capture:    {Enrolled: {Success, Failed, Rejected}},
	CancelType: {Enrolled: {Success, Failed, Rejected}},
	Refund:     {PendingApproval: {Success, Failed, Rejected}},
}

// MayBecome reports whether the payment can get the status. Its own status is no change, so that it always may.
func (p Payment) MayBecome(s Status) bool {
	return p.Status == s || slices.Contains(transitions[p.Type][p.Status], s)
}

// becomes answers an error if the next payment is this one with a status that it may not get.
func (p Payment) becomes(next Payment) error {
	if p.ID == next.ID && !p.MayBecome(next.Status) {
		return fmt.Errorf("payment %s cannot become %s: it is %s", p.ID, next.Status, p.Status)
	}
	return nil
}

// Final reports whether the payment keeps its status for good.
func (p Payment) Final() bool { return len(transitions[p.Type][p.Status]) == 0 }
