package provider

import (
	"net/http"
	"regexp"
	"slices"
	"strings"

	"github.com/payporter-mock/payporter-mock/contract/report"
)

func paidRules() []row {
	rule := func(id, title string, severity report.Severity, source, expected, advice string, c check) row {
		return row{ID: id, Title: title, Severity: severity, Source: source, Expected: expected, Advice: advice, Judge: c}
	}
	return family("PAID",
		rule("PROV-401", "A paid checkout is SUCCESS", report.Critical, onCheckout,
			"status SUCCESS once the payment was made", "Merchants ship on SUCCESS and on nothing else.", after(isSuccess)),
		rule("PROV-402", "A paid checkout is for the order that was sent", report.Critical, onPayment,
			"orderId, amount and currency as they were sent", "Merchants compare them with their order.", after(isTheOrder)),
		rule("PROV-403", "The card number is masked", report.Critical, onPayment,
			"pan with its first six digits, six stars and its last four, and no whole card number anywhere in the answer",
			"Mask card numbers where they enter; a whole one in an answer puts merchants under PCI DSS.", after(isMasked)),
		rule("PROV-404", "A paid checkout has the result SUCCESS, Successful", report.Minor, onPayment,
			`resultCode "SUCCESS" and resultMessage "Successful"`, "Answer both as documented.", after(hasResult)),
		rule("PROV-405", "A paid checkout tells of the card and the time", report.Minor, onPayment+"; that none of them "+
			"may be absent is assumed",
			strings.Join(knownAfter, ", ")+" after the payment", "Answer what merchants print on receipts.", after(hasCard)),
		rule("PROV-406", "The other fields of a paid checkout have their documented form", report.Minor, onPayment,
			"every field that is there as the description of the API has it, paymentDate in ISO 8601",
			"See openapi.yaml, ApiPaymentResponse.", after(otherForm)),
		rule("PROV-407", "A final answer stays", report.Major, onPayment,
			"the same answer three times once the payment was made", "SUCCESS, FAILED, REJECTED and CANCELLED are final.",
			staysPaid),
		rule("PROV-408", "A declined checkout does not count as paid", report.Critical, onCheckout,
			"neither SUCCESS nor CAPTURED after a payment that failed", "Only a payment that was made may be SUCCESS.",
			afterDecline(declinedNotPaid)),
		rule("PROV-409", "A declined checkout is FAILED", report.Major, onPayment,
			"status FAILED after a payment that failed", "Say FAILED once the bank has declined.", afterDecline(isFailed)),
		rule("PROV-410", "A declined checkout does not have the result SUCCESS", report.Minor, onPayment,
			"another resultCode than SUCCESS", "Answer the bank's code.", afterDecline(hasNoSuccess)),
		rule("PROV-411", "Paying one checkout pays no other", report.Critical, onCheckout,
			"neither SUCCESS nor CAPTURED for another checkout of the same merchant", "Book a payment on the checkout whose "+
				"page was paid.", othersUnpaid),
	)
}

// knownAfter is what a payment by card tells.
var knownAfter = []string{"pan", "cardHolderName", "cardScheme", "cardType", "paymentDate", "installmentCount"}

// after looks at a checkout that was paid.
func after(look func(m *made) finding) check {
	return func(p *probe) finding {
		m, reason := p.made.paid()
		if reason = noStatus(m, reason); reason != "" {
			return unjudged("%s", reason)
		}
		return look(m)
	}
}

func afterDecline(look func(m *made) finding) check {
	return func(p *probe) finding {
		m, reason := p.made.declined()
		if reason = noStatus(m, reason); reason != "" {
			return unjudged("%s", reason)
		}
		return look(m)
	}
}

func isSuccess(m *made) finding {
	if status := m.status.text("status"); status != "SUCCESS" {
		return fail("%q", cut(status)).by(m.created, m.status)
	}
	return pass("SUCCESS").by(m.status)
}

func isTheOrder(m *made) finding {
	for _, f := range []finding{
		sameAmount(m.status, m.order), same(m.status, m.order, "currency"),
		same(m.status, m.order, "orderId"),
	} {
		if f.Result != report.Passed {
			return f
		}
	}
	return pass("all three are").by(m.status)
}

func isMasked(m *made) finding {
	pan := m.status.text("pan")
	if pan == "" {
		return unjudged("there is no pan to look at").by(m.status)
	}

	if f := fieldFaults(m.status, "pan"); f.Result == report.Failed {
		return f
	}
	if showsWhole(pan, string(m.status.Answer().Body)) {
		return fail("the whole number of the card %s is in the answer", pan).by(m.status)
	}
	return pass("%s", pan).by(m.status)
}

// showsWhole looks for the number behind a masked one. Other long numbers are none of its business: one in ten adds up
// like a card number by chance.
func showsWhole(masked, text string) bool {
	if len(masked) < 10 || strings.Trim(masked, "0123456789*") != "" {
		return false
	}
	digits := strings.NewReplacer(" ", "", "-", "").Replace(text)
	whole := regexp.MustCompile(masked[:6] + `[0-9]{2,9}` + masked[len(masked)-4:])
	return !strings.Contains(masked[:6], "*") && whole.MatchString(digits)
}

func hasResult(m *made) finding {
	code, message := m.status.text("resultCode"), m.status.text("resultMessage")
	if m.status.text("status") != "SUCCESS" {
		return unjudged("it is not SUCCESS").by(m.status)
	}
	if code != "SUCCESS" || message != "Successful" {
		return fail("resultCode %q, resultMessage %q", cut(code), cut(message)).by(m.status)
	}
	return pass("SUCCESS, Successful").by(m.status)
}

func hasCard(m *made) finding {
	values := m.status.values()
	for _, name := range knownAfter {
		if values[name] == nil {
			return fail("there is no %s", name).by(m.status)
		}
	}
	return pass("all are there").by(m.status)
}

func staysPaid(p *probe) finding {
	m, reason := p.made.paid()
	if reason = noStatus(m, reason); reason != "" {
		return unjudged("%s", reason)
	}
	if status := m.status.text("status"); !slices.Contains([]string{"SUCCESS", "FAILED", "REJECTED", "CANCELLED"},
		status) {
		return unjudged("%q is not final", cut(status)).by(m.status)
	}
	return p.agree(m)
}

func declinedNotPaid(m *made) finding {
	if status := m.status.text("status"); counts(status) {
		return fail("%s, and the payment failed", status).by(m.created, m.status)
	}
	return pass("%s", m.status.text("status")).by(m.status)
}

func isFailed(m *made) finding {
	switch status := m.status.text("status"); {
	case status == "FAILED":
		return pass("FAILED").by(m.status)
	case counts(status):
		return unjudged("it is %s, which PROV-408 judges", status).by(m.status)
	default:
		return fail("%q", cut(status)).by(m.created, m.status)
	}
}

func hasNoSuccess(m *made) finding {
	if counts(m.status.text("status")) {
		return unjudged("it counts as paid, which PROV-408 judges").by(m.status)
	}
	if code := m.status.text("resultCode"); code == "SUCCESS" {
		return fail("SUCCESS, and the payment failed").by(m.status)
	}
	return pass("%q", cut(m.status.text("resultCode"))).by(m.status)
}

func othersUnpaid(p *probe) finding {
	other, reason := p.unpaidStatus()
	if reason != "" {
		return unjudged("%s", reason)
	}
	if m, reason := p.made.paid(); noStatus(m, reason) != "" {
		return unjudged("%s", noStatus(m, reason))
	}
	if counts(other.status.text("status")) {
		return unjudged("the other one counted as paid before, which PROV-302 judges").by(other.status)
	}

	x := p.run.read(p.ctx, "status of another checkout, after a payment", other.id)
	switch {
	case x.Answer().Status != http.StatusOK:
		return unjudged("%s", x.answered()).by(x)
	case counts(x.text("status")):
		return fail("%s, and nobody has paid it", x.text("status")).by(other.created, x)
	}

	return pass("%s", x.text("status")).by(x)
}
