package pos

import (
	"time"

	"github.com/payporter-mock/payporter-mock/mock/store"
	"github.com/payporter-mock/payporter-mock/payment"
	"github.com/payporter-mock/payporter-mock/scenarios"
)

// Asked is a request of the merchant about payments, with what decides about its scenario.
type Asked struct {
	Operation scenarios.Operation
	Facts     scenarios.Facts // the operation and the transaction type aside
	Type      payment.TransactionType
	Header    string              // the scenario that the request names; empty: none
	Next      *scenarios.Scenario // forced for the next checkout or payment; nil: none
	Earlier   *scenarios.Run      // of earlier requests for the same, whose answer a scenario kept; nil: there are none
	Parent    *scenarios.Run      // of the payment that the request is about; nil: it follows none, or there is no payment
	ParentSet *scenarios.Set      // that of Parent
	Set       *scenarios.Set      // in force
	Used      func(string) uint64 // how often a scenario with a limit has been used
	Now       time.Time           // by the merchant's clock
}

// Followed is what a request comes to follow.
type Followed struct {
	Run      scenarios.Run       // of the request, and of the payment if one is made
	Scenario *scenarios.Scenario // nil: none
	Counted  []string            // the scenarios that the request has come to follow
	TookNext bool                // the scenario was the one forced for the next checkout or payment

	Inherited   bool // the scenario is that of the payment which the request is about
	KeepRequest bool // the run is that of the next request for the same as well
	DropRequest bool // the requests for the same are over
}

// Answer is what the scenario does to the answer; nil: nothing.
func (f Followed) Answer(op scenarios.Operation) *scenarios.Create {
	if op == OpComplete && f.Inherited {
		return nil // its create was for the request that started the payment
	}
	if answer := f.Scenario.Answers(op); answer.Applies(f.Run.Request) {
		return answer
	}
	return nil
}

// OpComplete is POST /api/3ds/{paymentId}/complete. Only a scenario that the request names is for it.
const OpComplete scenarios.Operation = "3ds complete"

// Begins reports whether an operation begins something, so that what is forced for the next checkouts is for it.
func Begins(op scenarios.Operation) bool {
	switch op {
	case scenarios.OpPayment, scenarios.OpThreeDSecure, scenarios.OpPreAuthorization:
		return true
	}
	return false
}

// Follow chooses the scenario of a request. One about a payment goes on with the payment's scenario, unless the request
// or the set in force has one for it. A name that no scenario has is an *payment.Error.
func (p POS) Follow(a Asked) (Followed, error) {
	if set, again, err := a.again(); again || err != nil {
		if err != nil {
			return Followed{}, err
		}
		run := *a.Earlier
		run.Request++
		f := Followed{Run: run, Scenario: run.Of(set)}
		f.KeepRequest = f.Answer(a.Operation) != nil
		f.DropRequest = !f.KeepRequest
		return f, nil
	}

	found, chosen, inherited, err := p.chooseFor(a)
	if err != nil {
		return Followed{}, err
	}
	f := Followed{
		Scenario: found, Inherited: inherited, TookNext: chosen.Choice == scenarios.ByNext && !inherited,
		DropRequest: a.Earlier != nil,
	}
	f.Run = scenarios.Run{Set: a.Set.Digest(), Request: 1, Chosen: chosen, Opened: chosen, Used: a.Set.Usage(a.Used)}
	if inherited {
		f.Run.Set = a.Parent.Set
	}
	if found == nil {
		return f, nil
	}
	if f.Run.Counted = []string{found.Name}; !inherited {
		f.Counted = f.Run.Counted
	}
	answer := f.Answer(a.Operation)
	f.KeepRequest = answer != nil && answer.Times > 0
	f.DropRequest = f.DropRequest && !f.KeepRequest
	return f, nil
}

// again reports whether a repeated request goes on with the scenario of the earlier ones, and from which set that is.
// Only a header that names another one, or another set in force, makes it begin anew.
func (a Asked) again() (set *scenarios.Set, again bool, err error) {
	switch {
	case a.Earlier == nil:
		return nil, false, nil
	case a.Earlier.Set == a.Set.Digest():
		set = a.Set
	case a.Parent != nil && a.Earlier.Set == a.Parent.Set:
		set = a.ParentSet
	default:
		return nil, false, nil
	}

	if a.Header == "" {
		return set, true, nil
	}

	named, err := scenarios.NamedIn(scenarios.HeaderName, a.Header, a.Set)
	return set, err == nil && named == a.Earlier.Of(set), err
}

// chooseFor finds the scenario; inherited says that it is the payment's own.
func (p POS) chooseFor(a Asked) (found *scenarios.Scenario, chosen scenarios.Chosen, inherited bool, err error) {
	facts, names := a.Facts, scenarios.Names{Header: a.Header, Next: a.Next}
	facts.Operation, facts.TransactionType = a.Operation, a.Type
	if a.Parent == nil {
		names.Default = p.Rules.Scenario
	}
	own := a.Parent != nil && a.Parent.Scenario != ""
	if own && a.Header == "" && a.Parent.Choice.Named() {
		return a.Parent.Of(a.ParentSet), a.Parent.Chosen, true, nil
	}

	found, choice, err := a.Set.Choose(facts, names, a.Used)
	if err == nil && found == nil && own {
		return a.Parent.Of(a.ParentSet), a.Parent.Chosen, true, nil
	}
	chosen.Choice = choice
	if found != nil {
		chosen.Scenario = found.Name
	}
	return found, chosen, false, err
}

// Movement is what becomes of a payment. All of it is written down in one transaction.
type Movement struct {
	Payment  payment.Payment   // that was made, or that something has happened to
	Changed  []payment.Payment // others that it changes
	Run      *scenarios.Run    // of Payment; nil: as it was
	Schedule []store.Task      // what happens by itself
	Drop     []store.TaskKind  // what does not happen any more
	Outbox   []Callback        // what is to be sent: webhooks
	Note     string            // what has happened, for the journal; empty: nothing
}

// Related is a payment with what decides about it.
type Related struct {
	payment.Family
	Payment payment.Payment // that something happens to: the root, or one of its captures, cancels and refunds
	Run     *scenarios.Run  // of it; nil: it follows none
	Set     *scenarios.Set  // that of the run
	Webhook string          // where webhooks go; empty: nowhere
	Now     time.Time       // by the merchant's clock
}

// Scenario is the one that the payment follows; nil: none.
func (r Related) Scenario() *scenarios.Scenario {
	if r.Run == nil {
		return nil
	}
	return r.Run.Of(r.Set)
}

// operationOf is the operation that makes payments of a type.
var operationOf = map[payment.TransactionType]scenarios.Operation{
	payment.Sale: scenarios.OpPayment, payment.PreAuth: scenarios.OpPreAuthorization, payment.Capture: scenarios.OpCapture,
	payment.CancelType: scenarios.OpCancel, payment.Refund: scenarios.OpRefund,
}

// Facts are what a scenario can be chosen by for the payment, which is none of a checkout.
func (r Related) Facts() scenarios.Facts {
	p := r.Payment
	facts := scenarios.Facts{
		OrderID: p.OrderID, CustomerID: p.CustomerID, Amount: p.Amount, Operation: operationOf[p.Type],
		TransactionType: p.Type,
		Paying:          true, Attempt: 1, InstallmentCount: max(1, p.InstallmentCount), Card: payment.TestCardMasked(p.PAN),
	}
	if p.Authentication != nil {
		facts.Operation = scenarios.OpThreeDSecure
	}
	return facts
}
