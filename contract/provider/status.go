package provider

import (
	"net/http"
	"reflect"
	"slices"
	"strings"

	"github.com/payporter-mock/payporter-mock/contract/report"
)

func statusRules() []row {
	rule := func(id, title string, severity report.Severity, source, expected, advice string, c check) row {
		return row{ID: id, Title: title, Severity: severity, Source: source, Expected: expected, Advice: advice, Judge: c}
	}
	return family("STATUS",
		rule("PROV-301", "A new checkout can be asked for", report.Critical, onCheckout,
			"200 to GET /api/checkout/{checkoutId} right after the create", "Answer a create once the checkout can be read.",
			readable),
		rule("PROV-302", "An unpaid checkout does not count as paid", report.Critical, onCheckout,
			"neither SUCCESS nor CAPTURED before anybody paid", "Only a payment that was made may be SUCCESS: merchants "+
				"ship on it.", before(notPaid)),
		rule("PROV-303", "An unpaid checkout is ENROLLED", report.Minor, assumed+" for the checkout; documented "+
			"for 3D Secure",
			"status ENROLLED before anybody paid", "Answer ENROLLED as long as the customer has not paid.", before(enrolled)),
		rule("PROV-304", "An unpaid checkout has no card", report.Minor, assumed,
			"none of "+strings.Join(cardFields, ", ")+" before anybody paid", "Leave out what is not known yet.",
			before(noCard)),
		rule("PROV-305", "amount is a JSON number", report.Major, onPayment,
			"a number such as 100.50, not text", "Write amounts as JSON numbers.", before(amountIsNumber)),
		rule("PROV-306", "amount is the order's", report.Critical, onPayment,
			"the amount that was sent, in major units, for 25, 100.50, 0.07 and 1249.90", "Keep amounts as decimals; floats "+
				"and minor units lose money.", sameAmounts),
		rule("PROV-307", "currency is the order's", report.Critical, onPayment,
			"the code that was sent", "Answer the currency of the order.", beforeSame("currency")),
		rule("PROV-308", "orderId is the order's", report.Critical, onPayment,
			"the text that was sent, letters of other alphabets included", "Keep text as UTF-8, unchanged.", sameOrderID),
		rule("PROV-309", "customerId is the order's", report.Minor, onPayment,
			"the text that was sent", "Answer the customerId of the order.", sameCustomerID),
		rule("PROV-310", "paymentId is a UUID", report.Major, onPayment,
			"a UUID", "Merchants keep it in columns of that type.", before(paymentIDIsUUID)),
		rule("PROV-311", "status is one of those documented", report.Major, onPayment,
			"SUCCESS, FAILED, ENROLLED, PENDING_APPROVAL, CANCELLED, CAPTURED or REJECTED", "Use the documented statuses, "+
				"in capitals.", before(statusIsKnown)),
		rule("PROV-312", "transactionType is SALE", report.Minor, onPayment+"; that a checkout is a SALE is assumed",
			"SALE", "A checkout's payment is a sale.", before(isSale)),
		rule("PROV-313", "What is known before the payment is there", report.Minor, assumed,
			strings.Join(knownBefore, ", ")+" before anybody paid", "Answer what the create has told you.", before(hasKnown)),
		rule("PROV-314", "The other fields have their documented form", report.Minor, onPayment,
			"every field that is there as the description of the API has it", "See openapi.yaml, ApiPaymentResponse.",
			before(otherForm)),
		rule("PROV-315", "Asking again changes nothing", report.Minor, assumed,
			"the same answer three times, as long as nobody pays", "A GET must not change what it shows.", readsAgree),
		rule("PROV-316", "An unknown checkout is refused", report.Critical, onIntro,
			"4xx for a UUID that no checkout has", "Never make up a payment for an id you do not know.", unknownRefused),
		rule("PROV-317", "An unknown checkout is a 404", report.Minor, assumed,
			"404", "Answer 404, so that merchants can tell it from a fault.", unknownIs404),
		rule("PROV-318", "An id that is no UUID is refused", report.Minor, assumed,
			"4xx for undefined, 12345 and a UUID with a letter too many", "Check the form of the id; 400 and 404 both say it.",
			malformedRefused),
		rule("PROV-319", "A refusal of an unknown checkout says why in `message`", report.Major, onErrors,
			"a JSON object with a `message` that is text", "Answer every error with the same JSON body; merchants read "+
				"error.message.", unknownSaysWhy),
	)
}

// cardFields are what only a card tells.
var cardFields = []string{"cardHolderName", "pan", "domInt", "cardScheme", "cardType", "cardSubType", "authCode"}

// knownBefore is what the create has told.
var knownBefore = []string{"paymentId", "orderId", "amount", "currency", "status", "transactionType"}

// before looks at the status of a checkout that has every field and that nobody has paid.
func before(look func(m *made) finding) check {
	return func(p *probe) finding {
		m, reason := p.unpaidStatus()
		if reason != "" {
			return unjudged("%s", reason)
		}
		return look(m)
	}
}

// unpaidStatus prefers the checkout with every field.
func (p *probe) unpaidStatus() (*made, string) {
	m, reason := p.made.whole()
	if reason != "" {
		m, reason = p.made.unpaid()
	}
	return m, noStatus(m, reason)
}

func noStatus(m *made, reason string) string {
	if reason == "" && m.status.Answer().Status != http.StatusOK {
		reason = "the status of a checkout was not answered with 200 but: " + m.status.answered()
	}
	return reason
}

func readable(p *probe) finding {
	m, reason := p.made.unpaid()
	if reason != "" {
		return unjudged("%s", reason)
	}
	if m.status.Answer().Status != http.StatusOK {
		return fail("%s", m.status.answered()).by(m.created, m.status)
	}
	return pass("200").by(m.created, m.status)
}

func counts(status string) bool { return status == "SUCCESS" || status == "CAPTURED" }

func notPaid(m *made) finding {
	if status := m.status.text("status"); counts(status) {
		return fail("%s, and nobody has paid", status).by(m.created, m.status)
	}
	return pass("%s", m.status.text("status")).by(m.status)
}

func enrolled(m *made) finding {
	switch status := m.status.text("status"); {
	case status == "ENROLLED":
		return pass("ENROLLED").by(m.status)
	case counts(status) || !known(status):
		return unjudged("it is %q, which other rules judge", cut(status)).by(m.status)
	default:
		return fail("%s", status).by(m.created, m.status)
	}
}

var statuses = []string{"SUCCESS", "FAILED", "ENROLLED", "PENDING_APPROVAL", "CANCELLED", "CAPTURED", "REJECTED"}

func known(status string) bool { return slices.Contains(statuses, status) }

func noCard(m *made) finding {
	values := m.status.values()
	for _, name := range cardFields {
		if value, there := values[name]; there && value != nil {
			return fail("%s is there, and nobody has paid", name).by(m.created, m.status)
		}
	}
	return pass("none is there").by(m.status)
}

func paymentIDIsUUID(m *made) finding {
	if _, there := m.status.values()["paymentId"]; !there {
		return unjudged("there is no paymentId to look at").by(m.status)
	}
	return fieldFaults(m.status, "paymentId")
}

func statusIsKnown(m *made) finding {
	if _, there := m.status.values()["status"]; !there {
		return unjudged("there is no status to look at").by(m.status)
	}
	return fieldFaults(m.status, "status")
}

func isSale(m *made) finding {
	value, there := m.status.values()["transactionType"]
	switch {
	case !there:
		return unjudged("there is no transactionType to look at").by(m.status)
	case value != "SALE":
		return fail("it is %q", cut(m.status.text("transactionType"))).by(m.status)
	}
	return pass("SALE").by(m.status)
}

func hasKnown(m *made) finding {
	values := m.status.values()
	for _, name := range knownBefore {
		if values[name] == nil {
			return fail("there is no %s", name).by(m.status)
		}
	}
	return pass("all are there").by(m.status)
}

// judgedAlone are the fields of a payment that have rules of their own.
var judgedAlone = []string{
	"paymentId", "orderId", "amount", "currency", "status", "transactionType", "customerId",
	"pan",
}

func otherForm(m *made) finding { return formBut(m.status, judgedAlone...) }

// formBut tells what the document finds wrong with an answer, save for these properties.
func formBut(x *call, but ...string) finding {
	for _, v := range x.faults() {
		if name, _, _ := strings.Cut(v.Field, "."); !slices.Contains(but, name) {
			return fail("%s", v).by(x)
		}
	}
	return pass("as documented").by(x)
}

// agree asks twice more and compares.
func (p *probe) agree(m *made) finding {
	first := m.status.values()
	for range 2 {
		again := p.run.read(p.ctx, "status once more", m.id)
		if again.Answer().Status != http.StatusOK || !reflect.DeepEqual(again.values(), first) {
			return fail("another answer: %s", differing(first, again)).by(m.status, again)
		}
	}
	return pass("the same answer three times").by(m.status)
}

func differing(first map[string]any, again *call) string {
	if again.Answer().Status != http.StatusOK {
		return again.answered()
	}

	other := again.values()
	var names []string
	for _, values := range []map[string]any{first, other} {
		for name := range values {
			if !reflect.DeepEqual(first[name], other[name]) && !slices.Contains(names, name) {
				names = append(names, name)
			}
		}
	}

	slices.Sort(names)
	return strings.Join(names, ", ") + " changed"
}

func readsAgree(p *probe) finding {
	m, reason := p.made.unpaid()
	if reason = noStatus(m, reason); reason != "" {
		return unjudged("%s", reason)
	}
	return p.agree(m)
}
