package client

import (
	"net/http"
	"strings"

	"github.com/payporter-mock/payporter-mock/payment"
)

// bankPath is where the form of htmlContent leads: the page of the customer's bank.
const bankPath = "/three-d-secure/"

// The operations of a payment with 3-D Secure, as openapi.yaml names them.
const (
	startOp    = "startThreeDSecure"
	completeOp = "completeThreeDSecure"
)

// isBank reports whether the customer's browser asked for the bank's page.
func (e Entry) isBank() bool { return e.Request != nil && strings.HasPrefix(e.Request.URL, bankPath) }

func (e Entry) isCompletion() bool { return e.isFor(completeOp) }

// threeDSecure is what is known of the payments that were started with POST /api/3ds, by their ids.
type threeDSecure struct {
	opened   map[string]bool // the bank's page was asked for
	scripted map[string]bool // a scenario decides what the bank does
}

func newThreeDSecure() threeDSecure {
	return threeDSecure{opened: map[string]bool{}, scripted: map[string]bool{}}
}

// started notes the answer to POST /api/3ds.
func (s threeDSecure) started(e Entry) {
	if e.isFor(startOp) && e.Scenario != "" {
		s.scripted[e.answeredPayment()] = true
	}
}

// bank judges a request for the bank's page: the first one is what the form of htmlContent sends.
func (t *trial) bank(e Entry) {
	first := !t.secure.opened[e.PaymentID]
	if e.PaymentID != "" {
		t.secure.opened[e.PaymentID] = true
	}

	switch {
	case e.Response != nil && e.Response.Status >= http.StatusBadRequest:
		t.add(bankOpened, e, "the bank's page does not take the request, which is not that of the form in htmlContent")
	case first && e.Request.Method != http.MethodPost:
		t.add(bankOpened, e, "opened with "+e.Request.Method+", and the form in htmlContent is sent with POST")
	}
}

// completion judges a completion that was refused because of the state of its payment.
func (t *trial) completion(e Entry) {
	code, _ := e.refusal()
	switch id := e.paymentID(); {
	case t.secure.scripted[id]: // the bank did what a test wanted to see
	case code == string(payment.NotAuthenticated) && !t.secure.opened[id]:
		t.add(bankOpened, e, "completed, and the bank's page was never opened")
	case code == string(payment.WrongSecurityKey):
		t.add(keyBrought, e, "another securityKey than the customer's browser brought")
	default:
		t.add(allowedNow, e, e.words("the payment does not allow it"))
	}
}
