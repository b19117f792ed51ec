package proxy

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/payporter-mock/payporter-mock/internal/decimal"
	"github.com/payporter-mock/payporter-mock/internal/exchange"
	"github.com/payporter-mock/payporter-mock/internal/wording"
	"github.com/payporter-mock/payporter-mock/mock/store"
	"github.com/payporter-mock/payporter-mock/scenarios"
)

// Scenarios is a scenario file of what was seen: a sandbox that has it answers the same for the same orders. Left is
// how many requests are not in it, because there was no room.
func (p *Proxy) Scenarios() (file []byte, left int, err error) {
	p.orders.mu.Lock()
	defer p.orders.mu.Unlock()
	head := fmt.Sprintf("# What passed a proxy before %s, recorded by payporter-mock %s.\n",
		p.keys.masker().Text(p.config.Upstream), p.config.Version)
	written, left := writtenOf(runsOf(p.orders.tries))
	left += p.orders.dropped

	// A set is bounded, and few orders can say much.
	for {
		file = fileOf(head, written)
		_, err = scenarios.Parse("the record", file)
		if err == nil || len(written) == 0 {
			return file, left, err
		}
		half := len(written) / 2
		left, written = left+len(written)-half, written[:half]
	}
}

// writtenOf are the scenarios of the runs, and how many runs no scenario can be made of.
func writtenOf(runs []*run) (written []string, left int) {
	for _, r := range runs {
		var b bytes.Buffer
		r.write(&b, len(written)+1)
		if _, err := scenarios.Parse("the record", fileOf("", []string{b.String()})); err != nil {
			left++
			continue
		}
		written = append(written, b.String())
	}
	return written, left
}

// fileOf is a scenario file.
func fileOf(head string, written []string) []byte {
	if len(written) == 0 {
		return []byte(head + "version: 1\nscenarios: []\n")
	}
	return []byte(head + "version: 1\nscenarios:\n" + strings.Join(written, ""))
}

// run is tries for one order that went the same way, one after the other. They become a scenario.
type run struct {
	*try
	times int // how many; zero: those that follow go the same way, too
}

// runsOf joins the tries of each order. The last of an order is for all that follow.
func runsOf(tries []*try) (runs []*run) {
	last := map[string]*run{} // by operation and order
	for _, t := range tries {
		key := string(t.kind) + " " + t.pattern
		before := last[key]
		if before != nil && t.refusal != nil && before.refusal != nil && same(*t.refusal, *before.refusal) {
			before.times++
			continue
		}
		next := &run{try: t, times: 1}
		last[key], runs = next, append(runs, next)
	}
	for _, r := range last {
		r.times = 0
	}
	return runs
}

// same reports whether two refusals are the same, whatever their requestId.
func same(a, b refusal) bool {
	return a.status == b.status && factsOf(a.body).Message == factsOf(b.body).Message
}

// operations are the names that scenario files have for kinds.
var operations = map[store.EntryKind]string{
	store.EntrySale: "payment", store.EntryPreAuthorization: "pre-authorization", store.EntryThreeDSecure: "3ds",
}

// write writes the scenario. Whatever is written as JSON is YAML, too.
func (r *run) write(b *bytes.Buffer, number int) {
	line := func(key string, value any) { fmt.Fprintf(b, "    %s: %s\n", key, inline(value)) }
	fmt.Fprintf(b, "  - name: seen-%d\n", number)
	line("description", r.describe())
	when := object{{"orderId", r.pattern}}
	if op := operations[r.kind]; op != "" {
		when = append(when, property{"operation", op})
	}
	line("when", when)
	if r.times > 0 {
		line("limit", r.times)
	}
	if r.refusal != nil {
		line("create", r.refusal.phase(0))
		return
	}

	for _, phase := range slices.Concat(r.paying(), r.telling(), r.following()) {
		line(phase.name, phase.value)
	}
}

// describe says in a sentence what was seen.
func (r *run) describe() string {
	what := map[store.EntryKind]string{
		store.EntryCreate: "checkout", store.EntrySale: "payment", store.EntryPreAuthorization: "pre-authorization",
		store.EntryThreeDSecure: "payment with 3-D Secure",
	}[r.kind]
	switch {
	case r.refusal != nil && r.refusal.status == 0:
		return fmt.Sprintf("Order %s: no whole answer to the request for a %s.", r.order, what)
	case r.refusal != nil:
		return fmt.Sprintf("Order %s: the %s was refused with %d.", r.order, what, r.refusal.status)
	case r.final.Status == "":
		return fmt.Sprintf("Order %s: the %s was made; nothing more was seen.", r.order, what)
	}
	said := r.mask.Text(r.final.Status)
	if r.final.ResultCode != "" {
		said += " (" + r.mask.Text(r.final.ResultCode) + ")"
	}
	return fmt.Sprintf("Order %s: the %s came to %s.", r.order, what, said)
}

// phase is the answer to a request that was refused, for so many of them; zero: all.
func (f refusal) phase(times int) object {
	answer := object{{"fault", "empty"}}
	if f.status != 0 {
		respond := object{{"status", f.status}}
		if f.body != nil {
			respond = append(respond, property{"body", json.RawMessage(f.body)})
		}
		answer = object{{"respond", respond}}
	}
	if times > 0 {
		answer = append(answer, property{"times", times})
	}
	return answer
}

// paying are the phases of the payment.
func (r *run) paying() (phases object) {
	status := r.final.Status
	switch {
	case r.kind == store.EntryCreate && status == "CANCELLED" && r.final.ResultCode == "EXPIRED":
		after := max(100*time.Millisecond, r.after())
		return object{{"create", object{{"expiresAfter", after.String()}}}, {"payer", object{{"action", "abandon"}}}}
	case r.kind == store.EntryCreate && status == "CANCELLED":
		return object{{"payer", object{{"action", "cancel"}, {"after", r.after().String()}}}}
	case r.kind == store.EntryCreate && r.settled.IsZero():
		return object{{"payer", object{{"action", "wait"}}}}
	case r.kind == store.EntryCreate:
		payer := object{{"action", "pay"}, {"after", r.after().String()}}
		if n := string(r.final.fields["installmentCount"]); n != "" && n != "1" && decimal.Read(n).Sign() > 0 {
			payer = append(payer, property{"installmentCount", json.RawMessage(n)})
		}
		phases = append(phases, property{"payer", payer})
	}
	if status == "" || status == "ENROLLED" {
		return phases
	}
	return append(phases, property{"payment", r.payment()})
}

// after is how long after the answer the payment was over, to a tenth of a second. Where the app was told before that
// the payment is open, there is time for such a question on a slower machine, too.
func (r *run) after() time.Duration {
	after := max(0, r.settled.Sub(r.ended)).Round(100 * time.Millisecond)
	if slices.ContainsFunc(r.asked, func(one told) bool { return one.refused == nil && one.facts.Status == "ENROLLED" }) {
		after = max(after, time.Second)
	}
	return after
}

// payment is what the bank said.
func (r *run) payment() (phase object) {
	if known(r.final.Status) {
		phase = append(phase, property{"status", r.final.Status})
	}
	for _, of := range [][2]string{{"resultCode", r.final.ResultCode}, {"resultMessage", r.final.ResultMessage}} {
		if of[1] != "" {
			phase = append(phase, property{of[0], r.mask.Text(of[1])})
		}
	}
	if fields := r.overlay(r.final); len(fields) > 0 {
		phase = append(phase, property{"fields", fields})
	}
	return phase
}

// known reports whether a status is one that a scenario can give a payment.
func known(status string) bool {
	return slices.Contains([]string{
		"SUCCESS", "FAILED", "ENROLLED", "PENDING_APPROVAL", "CANCELLED", "CAPTURED", "REJECTED",
	}, status)
}

// own are the properties of a payment that a sandbox makes itself, or that name somebody.
var own = []string{
	"paymentId", "parentPaymentId", "paymentDate", "cardHolderName", "customerId", "transactionType",
	"resultCode", "resultMessage", "installmentCount",
}

// optional are the properties that a sandbox answers and PayPorter may leave out.
var optional = []string{
	"merchantCommission", "pan", "domInt", "cardScheme", "cardType", "cardSubType", "loyaltyCode",
	"externalTransactionId", "authCode",
}

// overlay is what a sandbox would answer otherwise by itself.
func (r *run) overlay(f facts) (fields object) {
	for _, name := range sortedNames(f.fields) {
		if slices.Contains(own, name) || r.asOrdered(name, f) || r.mask.Text(name) != name {
			continue // what a masked name says would stand under another one
		}
		value := json.RawMessage(r.mask.Text(string(exchange.Masked(f.fields[name]))))
		if json.Valid(value) {
			fields = append(fields, property{name, value})
		}
	}
	for _, name := range optional {
		if _, has := f.fields[name]; !has {
			fields = append(fields, property{name, nil})
		}
	}
	return fields
}

// asOrdered reports whether a property is what the order says anyway, or what its scenario does.
func (r *run) asOrdered(name string, f facts) bool {
	switch name {
	case "orderId":
		return f.OrderID == r.sent.OrderID
	case "amount":
		return decimal.Same(f.Amount, r.sent.Amount)
	case "currency":
		return f.Currency == r.sent.Currency
	case "status":
		return known(f.Status)
	}
	return false
}

// telling are the callbacks, when more than one was taken, and the answers to questions that were others than the
// last.
func (r *run) telling() (phases object) {
	if len(r.taken) > 1 && r.kind == store.EntryCreate {
		var deliveries []any
		for _, at := range r.taken[:min(len(r.taken), 20)] {
			deliveries = append(deliveries, object{{"after", at.Sub(r.taken[0]).Round(100 * time.Millisecond).String()}})
		}
		phases = append(phases, property{"callback", object{{"deliveries", deliveries}}})
	}
	if steps := r.steps(); len(steps) > 0 {
		phases = append(phases, property{"status", steps})
	}
	return phases
}

// decisions are what the statuses of a refund come from.
var decisions = map[string]string{"SUCCESS": "approve", "REJECTED": "reject", "FAILED": "bankRejects"}

// following are the phases of captures, cancels and refunds.
func (r *run) following() (phases object) {
	for _, name := range []string{"capture", "cancel", "refund"} {
		refused := r.follow[name]
		var phase object
		if len(refused) > 0 {
			phase = refused[0].phase(len(refused))
		}
		if decision := decisions[r.decided]; name == "refund" && decision != "" {
			phase = append(phase, property{"decision", decision})
		}
		if phase != nil && (name != "capture" || r.kind == store.EntryPreAuthorization) {
			phases = append(phases, property{name, phase})
		}
	}
	return phases
}

// LeftWords says that a record is not whole; empty: it is.
func LeftWords(left int) string {
	if left == 0 {
		return ""
	}
	return "the record has no room for " + wording.Plural(left, "request") + " that asked for a checkout or a payment"
}
