package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"math/big"
	"net/http"
	"slices"
	"strings"
)

// order is what a program orders and pays.
type order struct{ id, amount, currency string }

// orders have amounts that a client spoils when it reckons with float32, or writes decimals carelessly.
var orders = []order{
	{"ORD-1", "100.50", "TRY"},
	{"ORD-2", "19.99", "TRY"},
	{"ORD-3", "1234567.89", "TRY"},
	{"ORD-4", "16777217.01", "TRY"},
	{"ORD-5", "1500", "JPY"},
}

// declinedOrder is an order that is paid with a card without funds, refusedOrder one that has too many decimals.
var (
	declinedOrder = order{"ORD-DECLINED", "100.50", "TRY"}
	refusedOrder  = order{"ORD-REFUSED", "100.505", "TRY"}
)

// merchantLines are what a program prints about the merchant API, but for the lines of orders.
var merchantLines = []string{"declined FAILED 51", "refused 400 INVALID_REQUEST amount"}

// controlLines are what a program prints that also uses the control API's client. README.md says why.
var controlLines = []string{
	"journal 7",
	"scenarios generated own true",
	"stored generated",
	"clock 1770033600 frozen true",
}

// allLines are what a program prints that uses both clients.
var allLines = slices.Concat(merchantLines, controlLines)

// runProgram lets a program order, pay and ask, and then judges what it printed and what the sandbox recorded.
func (w *work) runProgram(lines []string, command ...string) error {
	for _, o := range orders {
		command = append(command, strings.Join([]string{o.id, o.amount, o.currency}, ":"))
	}
	out, err := w.call(command...)
	if err != nil {
		return err
	}
	if err := w.judge(out, lines); err != nil {
		return fmt.Errorf("%w; the program printed\n%s", err, lastLines(out, 30))
	}
	return nil
}

// judge compares the lines that a program printed with those that it should have, and the amounts with the orders'.
func (w *work) judge(out string, lines []string) error {
	printed := map[string]bool{}
	paid := map[string]string{} // amount and status of each order
	for line := range strings.Lines(out) {
		line = strings.TrimSpace(line)
		printed[line] = true
		if rest, ok := strings.CutPrefix(line, "order "); ok {
			id, result, _ := strings.Cut(rest, " ")
			paid[id] = result
		}
	}

	var faults []error
	for _, want := range lines {
		if !printed[want] {
			faults = append(faults, fmt.Errorf("the line %q is missing", want))
		}
	}
	for _, o := range orders {
		amount, status, _ := strings.Cut(paid[o.id], " ")
		if !sameValue(amount, o.amount) || status != "SUCCESS" {
			faults = append(faults, fmt.Errorf("%s: the client read amount and status %q, want %s SUCCESS",
				o.id, paid[o.id], o.amount))
		}
	}
	return errors.Join(append(faults, w.judgeJournal())...)
}

// judgeJournal compares the amounts that arrived at the sandbox, and those that it answered, with the orders'.
func (w *work) judgeJournal() error {
	sent, err := w.amounts("create", "request")
	if err != nil {
		return err
	}
	answered, err := w.amounts("status", "response")
	if err != nil {
		return err
	}

	var faults []error
	for _, o := range append([]order{declinedOrder, refusedOrder}, orders...) {
		if !sameValue(sent[o.id], o.amount) {
			faults = append(faults, fmt.Errorf("%s: the sandbox was sent amount %q, want %s", o.id, sent[o.id], o.amount))
		}
		if o != refusedOrder && !sameValue(answered[o.id], o.amount) {
			faults = append(faults, fmt.Errorf("%s: the sandbox answered amount %q, want %s", o.id, answered[o.id], o.amount))
		}
	}
	return errors.Join(faults...)
}

// amounts returns each order's amount in the bodies of one side of a kind of exchange, as the journal has it.
func (w *work) amounts(kind, side string) (map[string]string, error) {
	status, answer, err := w.sandbox.exchange(w.key, http.MethodGet, w.sandbox.url+"/_mock/journal?kind="+kind, "")
	if err != nil {
		return nil, err
	}
	var journal struct {
		Entries []map[string]json.RawMessage
	}
	if err := json.Unmarshal(answer, &journal); err != nil || status != http.StatusOK {
		return nil, fmt.Errorf("journal: %d %s", status, answer)
	}

	amounts := map[string]string{}
	for _, entry := range journal.Entries {
		var message struct{ Body string }
		var body struct {
			OrderID string
			Amount  json.Number
		}
		if json.Unmarshal(entry[side], &message) != nil || json.Unmarshal([]byte(message.Body), &body) != nil {
			return nil, fmt.Errorf("journal: the body of a %s's %s is not JSON: %s", kind, side, entry[side])
		}
		amounts[body.OrderID] = body.Amount.String()
	}
	return amounts, nil
}

// sameValue reports whether two decimals have the same value. 1.5E3 and 1500.0 have.
func sameValue(a, b string) bool {
	x, ok := new(big.Rat).SetString(a)
	y, alsoOK := new(big.Rat).SetString(b)
	return ok && alsoOK && x.Cmp(y) == 0
}
