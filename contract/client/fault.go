package client

import (
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/payporter-mock/payporter-mock/internal/exchange"
	"github.com/payporter-mock/payporter-mock/payment"
)

// violation is one request that broke a rule.
type violation struct {
	rule     string
	sign     string // the same for the same mistake in every run: a baseline holds it
	said     string // a sentence for people
	merchant string
	entry    Entry
}

// trial goes through the journal of a merchant and gathers what it did wrong.
type trial struct {
	merchant string
	secret   string // empty: not known
	mask     exchange.Masker
	owners   map[string][]string // by the id of a checkout or a payment: who made it
	paid     map[string]bool     // by order id: the orders that are paid so far
	secure   threeDSecure
	found    []violation
}

// Kinds of entries, as the journal names them, that the API description does not tell apart.
const (
	requestKind = "request"
	paymentKind = "payment"
	controlKind = "control"
)

// violations finds everything that the clients did wrong.
func (r Record) violations(secret payment.Secret) []violation {
	owners, mask := map[string][]string{}, exchange.NewMasker(secret)
	own := func(id, key string) {
		if id != "" && !slices.Contains(owners[id], key) {
			owners[id] = append(owners[id], key)
		}
	}
	for _, m := range r.Merchants {
		for _, e := range m.Entries {
			if e.isCreate() {
				own(e.CheckoutID, m.Key)
			}
			own(e.answeredPayment(), m.Key)
		}
	}

	var all []violation
	for _, m := range r.Merchants {
		t := trial{
			merchant: m.Key, secret: secret.Reveal(), mask: mask, owners: owners, paid: map[string]bool{},
			secure: newThreeDSecure(),
		}
		for _, e := range m.Entries {
			t.judge(e)
		}
		all = append(all, t.found...)
	}

	t := trial{
		secret: secret.Reveal(), mask: mask, owners: owners, paid: map[string]bool{}, secure: newThreeDSecure(),
	}
	for _, e := range r.Strangers {
		t.judge(e)
	}

	return append(all, t.found...)
}

func (t *trial) judge(e Entry) {
	switch {
	case e.Kind == controlKind && e.Note == "reset":
		clear(t.paid) // what was before has been forgotten
	case e.Kind == paymentKind && e.Status == "SUCCESS":
		t.paid[e.OrderID] = true
	case e.isBank():
		t.bank(e)
	case e.isRequest() && e.Request != nil:
		t.request(e)
	}
}

// request judges one request of the client. Whoever follows a scenario was answered what the
// scenario says, so that the answer proves nothing against the client.
func (t *trial) request(e Entry) {
	for _, warning := range e.Warnings {
		if !strings.HasPrefix(warning, secretWarning) { // which t.secrets looks at
			t.add(knownFields, e, warning)
		}
	}

	t.secrets(e)
	t.secure.started(e)
	if e.isCreate() && e.CheckoutID != "" && t.paid[e.OrderID] {
		t.add(paidOnce, e, "another checkout for an order that is paid")
	}
	if e.Response != nil && e.Scenario == "" {
		t.refused(e)
	}
}

// refused says why an answer is a refusal, if it is one.
func (t *trial) refused(e Entry) {
	switch status := e.Response.Status; {
	case status == http.StatusTooManyRequests: // it came too often, or with too many keys: the request was not looked at
	case status == http.StatusUnauthorized:
		t.unauthorized(e)
	case e.Kind == requestKind && status >= 400 && status < 500:
		t.add(servedPaths, e, "the API has no such operation")
	case status == http.StatusUnsupportedMediaType:
		t.add(jsonType, e, e.words("the content type is refused"))
	case status == http.StatusRequestEntityTooLarge:
		t.add(readable, e, "the body is too large")
	case status == http.StatusNotAcceptable && e.isCompletion():
		t.completion(e)
	case status == http.StatusNotAcceptable && e.isFollowUp():
		t.add(allowedNow, e, e.words("the payment does not allow it"))
	case status == http.StatusNotFound && e.isFollowUp():
		t.unknownPayment(e)
	case status == http.StatusNotAcceptable:
		t.add(paidOnce, e, e.words("the order has a checkout already"))
	case status == http.StatusNotFound:
		t.unknown(e)
	case status >= 400 && status < 500:
		t.invalid(e)
	}
}

func (t *trial) unauthorized(e Entry) {
	var missing []string
	for _, name := range []string{"X-API-KEY", "X-API-SECRET"} {
		values := e.Request.Headers[http.CanonicalHeaderKey(name)]
		if len(values) == 0 || values[0] == "" {
			missing = append(missing, name)
		}
	}

	if len(missing) > 0 {
		t.add(headersThere, e, "missing: "+strings.Join(missing, " and "))
		return
	}
	t.add(headersRight, e, "the key or the secret is wrong")
}

// unknown judges a GET of a checkout that the merchant does not have.
func (t *trial) unknown(e Entry) {
	owners := t.owners[e.CheckoutID]
	switch {
	case len(owners) == 0:
		t.add(createdFirst, e, "no create has answered this checkoutId")
	case slices.Contains(owners, t.merchant):
		t.add(createdFirst, e, "the checkout was created before a reset, which has forgotten it")
	default:
		t.add(ownCheckouts, e, "the checkout was created with another key")
	}
}

// unknownPayment judges a request about a payment that the merchant does not have.
func (t *trial) unknownPayment(e Entry) {
	owners := t.owners[e.paymentID()]
	switch {
	case len(owners) == 0:
		t.add(paidFirst, e, "no answer has had this paymentId")
	case slices.Contains(owners, t.merchant):
		t.add(paidFirst, e, "the payment was made before a reset, which has forgotten it")
	default:
		t.add(ownPayments, e, "the payment was made with another key")
	}
}

// invalid judges a request that breaks the description of the API, fault by fault.
func (t *trial) invalid(e Entry) {
	_, faults := e.refusal()
	for _, f := range faults {
		broken, _, _ := strings.Cut(f.Message, ", got ") // what was sent differs from run to run
		t.addSigned(ruleOf(e, f), e, f.Field+" "+broken, f.Field+" "+f.Message)
	}
	if len(faults) == 0 {
		t.add(fallback(e), e, e.words("the request is refused"))
	}
}

func fallback(e Entry) string {
	if !e.hasBody() && e.isFollowUp() {
		return paidFirst
	}
	if !e.hasBody() {
		return idForm
	}
	return readable
}

// ruleOf says which rule a fault of a field breaks.
func ruleOf(e Entry, f fieldFault) string {
	switch f.Field { // of headers, whatever the request is for
	case "X-API-KEY", "X-API-SECRET":
		return headersRight
	case "Content-Type":
		return jsonType
	case "X-Mock-Scenario":
		return scenariosExist
	}

	switch {
	case strings.Contains(f.Message, "no scenario"):
		return scenariosExist
	case f.Field == "paymentId":
		return paidFirst
	case !e.hasBody():
		return idForm
	case f.Field == "body":
		return readable
	case f.Message == "is required":
		return requiredFields
	case f.Message == "appears twice":
		return readable
	}

	switch f.Field {
	case "amount":
		return amountRight
	case "currency":
		return currencyRight
	case "callback":
		return callbackRight
	}

	return otherFields
}

// secretWarning begins what the sandbox says of a secret that it has masked.
const secretWarning = "the secret is in "

// secrets looks for the secret where it does not belong. The journal masks its value, not its name.
func (t *trial) secrets(e Entry) {
	_, query, _ := strings.Cut(e.Request.URL, "?")
	for _, field := range strings.Split(query, "&") {
		if name, _, sent := strings.Cut(field, "="); sent && payment.SecretName(name) {
			t.add(secretKept, e, "the query of the request has a secret")
			return
		}
	}

	for _, warning := range e.Warnings {
		if strings.HasPrefix(warning, secretWarning) {
			t.add(secretKept, e, warning)
			return
		}
	}

	if t.secret == "" {
		return
	}

	for where, text := range map[string]string{"URL": e.Request.URL, "body": e.Request.Body.String()} {
		if strings.Contains(text, t.secret) {
			t.add(secretKept, e, "the "+where+" of the request has the secret")
		}
	}
}

func (t *trial) add(rule string, e Entry, said string) { t.addSigned(rule, e, said, said) }

func (t *trial) addSigned(rule string, e Entry, kind, said string) {
	status := "no answer"
	if e.Response != nil {
		status = strconv.Itoa(e.Response.Status)
	}

	// The secret may be where it does not belong.
	said, kind = t.mask.Known(said), t.mask.Known(kind)
	e.Request, e.Response = t.mask.Message(e.Request), t.mask.Message(e.Response)
	t.found = append(t.found, violation{
		rule: rule, sign: e.title() + " " + status + " " + kind, said: said, merchant: t.merchant, entry: e,
	})
}

// words is what the error answer says, or something else if it says nothing.
func (e Entry) words(otherwise string) string {
	_, faults := e.refusal()
	if len(faults) == 0 {
		return otherwise
	}
	return fmt.Sprintf("%s %s", faults[0].Field, faults[0].Message)
}

// exchange is the request as a report shows it.
func (v violation) exchange() exchange.Exchange {
	note := v.said
	if v.merchant != "" {
		note += " (merchant " + v.merchant + ")"
	}
	return exchange.Exchange{
		From: "client", To: "payporter", At: v.entry.Time, LatencyMS: v.entry.LatencyMS, Title: v.entry.title(),
		Note: note, Request: v.entry.Request, Response: v.entry.Response, Error: v.entry.Error,
	}
}
