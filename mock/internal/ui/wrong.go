package ui

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/payporter-mock/payporter-mock/internal/sequence"
	"github.com/payporter-mock/payporter-mock/internal/wording"
	"github.com/payporter-mock/payporter-mock/mock/internal/gateway"
	"github.com/payporter-mock/payporter-mock/mock/internal/wire"
	"github.com/payporter-mock/payporter-mock/mock/store"
	"github.com/payporter-mock/payporter-mock/payment"
)

// wrong is one thing about a checkout that did not go as a merchant hopes.
type wrong struct {
	Words string
	Seq   uint64 // of the entry of the journal that shows it; zero: none does
}

// Bounds of what is said about one checkout.
const (
	mostWrong  = 3   // lines
	mostLooked = 200 // of its newest entries
	mostNamed  = 3   // fields of an answer
)

// wrongsOf says what went wrong with a checkout, the latest first, and each thing once. In a record of what others did
// it is how the contract was broken: what should have been answered, nobody here knows.
func (d *dashboard) wrongsOf(ctx context.Context, m *gateway.Merchant, o gateway.Overview) ([]wrong, error) {
	if !d.ReadOnly {
		return wrongsOf(ctx, m, o)
	}

	entries, err := m.Journal().Newest(ctx, store.EntryQuery{CheckoutID: o.Checkout.ID}, mostLooked)
	all := declined(o.Checkout)
	for _, e := range slices.Backward(entries) {
		for _, words := range e.Warnings {
			if len(all) < mostWrong {
				all = append(all, wrong{payment.MaskSecrets(words), e.Seq})
			}
		}
	}
	return all, err
}

// wrongsOf says what went wrong with a checkout, the latest first, and each thing once.
func wrongsOf(ctx context.Context, m *gateway.Merchant, o gateway.Overview) ([]wrong, error) {
	entries, err := m.Journal().Newest(ctx, store.EntryQuery{CheckoutID: o.Checkout.ID}, mostLooked)
	if err != nil {
		return nil, err
	}

	all := append(declined(o.Checkout), silent(o)...)
	answers := answersOf(o.Checkout, entries)
	for _, e := range slices.Backward(entries) {
		words := answers.wrong(e)
		if e.Kind == store.EntryCallback {
			words = undelivered(e, entries)
		}
		if words != "" && !slices.ContainsFunc(all, func(w wrong) bool { return w.Words == words }) {
			all = append(all, wrong{payment.MaskSecrets(words), e.Seq})
		}
	}

	return all[:min(len(all), mostWrong)], nil
}

// declined is the reason of a payment that failed.
func declined(c payment.Checkout) []wrong {
	if c.Payment.Status != payment.Failed || c.Payment.ResultCode == "" {
		return nil
	}
	return []wrong{{Words: fmt.Sprintf("payment FAILED: %s (%s)", c.Payment.ResultMessage, c.Payment.ResultCode)}}
}

// silent is a payment that a scenario keeps the merchant from hearing of.
func silent(o gateway.Overview) []wrong {
	if o.Scenario == "" || o.Checkout.State != payment.Paid || len(o.Deliveries) > 0 {
		return nil
	}
	return []wrong{{Words: "no callback" + by(o.Scenario)}}
}

// undelivered is why the last try of a callback failed.
func undelivered(e store.Entry, entries []store.Entry) string {
	later := func(other store.Entry) bool { return other.DeliveryID == e.DeliveryID && other.Seq > e.Seq }
	if e.Error == "" || slices.ContainsFunc(entries, later) {
		return ""
	}
	return fmt.Sprintf("callback, try %d: %s", e.Attempt, e.Error)
}

func by(scenario string) string {
	if scenario == "" {
		return ""
	}
	return " by scenario " + scenario
}

// answers are what the merchant should have been answered about a checkout.
type answers struct {
	checkout payment.Checkout
	settled  store.Moment // when the payment got its last result
	before   fields       // what is true of the checkout before that and after it
	after    fields       // of the checkout as it is now
}

// fields are the properties of an answer.
type fields map[string]json.RawMessage

func answersOf(c payment.Checkout, entries []store.Entry) answers {
	a := answers{checkout: c, after: fieldsOf(asJSON(wire.PaymentOf(c)))}
	unpaid := c
	unpaid.Payment = payment.Payment{ID: c.Payment.ID, Type: c.Payment.Type}
	a.before = fieldsOf(asJSON(wire.PaymentOf(unpaid)))
	delete(a.before, "status")

	for _, e := range entries {
		if e.Kind == store.EntryPayment {
			a.settled = e.EndSeq
		}
	}
	return a
}

func fieldsOf(body []byte) (f fields) {
	_ = json.Unmarshal([]byte(payment.MaskSecrets(string(body))), &f) // what is no object has no fields
	return f
}

// wrong says what a scenario changed in the answer to a request, or why it was refused; empty: nothing.
func (a answers) wrong(e store.Entry) string {
	if !e.Kind.Asked() || e.Request == nil {
		return ""
	}

	words := e.Request.Method
	switch fault := strings.TrimPrefix(e.Note, "fault: "); {
	case e.Response == nil:
		return words + " without an answer" + because(e.Note) + by(e.Scenario)
	case fault != e.Note:
		return words + " " + strconv.Itoa(e.Response.Status) + ", " + fault + by(e.Scenario)
	case e.Response.Status >= http.StatusBadRequest:
		return words + " " + sequence.Answered(e.Response.Status, string(e.Response.Body)) + by(e.Scenario)
	case len(e.Warnings) > 0:
		return words + " " + strconv.Itoa(e.Response.Status) + ", warned: " + e.Warnings[0]
	case e.Kind != store.EntryStatus || e.Scenario == "":
		return ""
	}

	if found := a.differences(e); len(found) > 0 {
		return words + " " + strconv.Itoa(e.Response.Status) + ", " + strings.Join(found, ", ") + by(e.Scenario)
	}
	return ""
}

func because(note string) string {
	if note == "" {
		return ""
	}
	return " (" + strings.TrimPrefix(note, "fault: ") + ")"
}

// differences lists the fields of a status that are not what the checkout says.
func (a answers) differences(e store.Entry) (found []string) {
	got := fieldsOf(e.Response.Body)
	if id, told := got["paymentId"]; e.PaymentID != "" && told && text(id) != a.checkout.Payment.ID {
		return nil // a status of what followed the payment
	}

	want := a.after
	if e.StartSeq < a.settled {
		want = a.before
	}
	for _, name := range slices.Sorted(maps.Keys(want)) {
		switch value, told := got[name]; {
		case !told:
			found = append(found, "no "+name)
		case text(value) != text(want[name]):
			found = append(found, fmt.Sprintf("%s %s instead of %s", name, text(value), text(want[name])))
		}
	}
	if status, told := got["status"]; e.StartSeq < a.settled && told && text(status) != e.Status {
		found = append(found, fmt.Sprintf("status %s instead of %s", text(status), e.Status))
	}

	if more := len(found) - mostNamed; more > 0 {
		found = append(found[:mostNamed], wording.Plural(more, "field")+" more")
	}
	return found
}

// text is a value as people read it: a string without its quotes.
func text(value json.RawMessage) string {
	var s string
	if json.Unmarshal(value, &s) == nil {
		return s
	}
	return string(value)
}
