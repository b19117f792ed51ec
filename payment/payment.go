package payment

import "time"

// Payment is one movement of money and its result: a try to pay, or a cancel or refund of one. Zero fields are not
// known yet and are left out of answers.
type Payment struct {
	ID                    string // UUID
	ParentID              string // the payment that this one captures, cancels or refunds; empty: none
	CheckoutID            string // the checkout that it pays; empty: none
	OrderID               string
	CustomerID            string // the merchant's id of the customer; empty: none, or the checkout knows it
	Type                  TransactionType
	Status                Status
	Date                  time.Time // when it was processed, UTC; zero before
	Amount                Amount    // zero before payment: then it is what the order costs
	InstallmentCount      int       // zero before payment
	Commission            string    // what the merchant pays, a decimal in the checkout's currency
	CardHolderName        string
	PAN                   string // masked: first six, six stars, last four
	DomInt                string // DOM or INT
	Scheme                string
	CardType              string // CREDIT or DEBIT
	CardSubType           string
	LoyaltyCode           string
	ExternalTransactionID string
	AuthCode              string // only when the bank said yes
	ResultCode            string // SUCCESS, or an ISO 8583 code such as 51
	ResultMessage         string

	// Authentication is the 3-D Secure step of a payment that the merchant started by the API; nil: it has none.
	Authentication *Authentication
}

// Result codes and messages: the successful ones are documented, the others assumed.
const (
	ResultSuccess          = "SUCCESS"
	ResultSuccessful       = "Successful"
	ResultCancelled        = "CANCELLED"
	ResultCancelledMessage = "Cancelled by the customer"
	ResultExpired          = "EXPIRED"
	ResultExpiredMessage   = "The checkout link expired"

	ResultPendingApproval        = "PENDING_APPROVAL"
	ResultPendingApprovalMessage = "Refund request queued for approval" // documented
	ResultRejected               = "REJECTED"
	ResultRejectedMessage        = "Rejected by the administrator"
	ResultEnrolled               = "ENROLLED"
	ResultEnrolledMessage        = "3-D Secure authentication started"
)

// Outcome is what the bank says to a payment.
type Outcome struct {
	Status        Status
	ResultCode    string
	ResultMessage string
}

// Approved is the outcome of a payment that the bank takes.
func Approved() Outcome {
	return Outcome{Status: Success, ResultCode: ResultSuccess, ResultMessage: ResultSuccessful}
}
