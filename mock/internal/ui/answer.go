package ui

import (
	"slices"
	"strconv"
	"strings"

	"github.com/payporter-mock/payporter-mock/internal/sequence"
	"github.com/payporter-mock/payporter-mock/mock/store"
	"github.com/payporter-mock/payporter-mock/payment"
)

// answerTo is what an exchange was answered, in a few words; or why there was no answer, when it is broken.
func (l life) answerTo(e store.Entry) (words string, fault, broken bool) {
	switch {
	case e.Request == nil:
		return "", e.Error != "", false // no exchange
	case e.Response == nil || e.Response.Status == 0:
		return noAnswer(e), true, true
	}

	words = payment.MaskText(l.answered(e))
	if wrong, ok := strings.CutPrefix(e.Note, "fault: "); ok {
		words += " (fault: " + wrong + ")"
	}
	return words, e.Response.Status >= 400 || e.Error != "", false
}

// noAnswer is why there was none.
func noAnswer(e store.Entry) string {
	if e.Error != "" {
		return e.Error
	}
	return strings.TrimSpace("connection closed " + inBrackets(e.Note))
}

func inBrackets(note string) string {
	if note == "" {
		return ""
	}
	return "(" + note + ")"
}

// answered is the status with what counts. The answers of the hosted page and of the control API are not kept: what
// became of the payment stands for them.
func (l life) answered(e store.Entry) string {
	status := strconv.Itoa(e.Response.Status)
	switch e.Kind {
	case store.EntryPage, store.EntryBank:
		return strings.TrimSpace(status + " " + e.Status)
	case store.EntryControl:
		if e.CheckoutID == "" && e.PaymentID == "" && e.Response.Status < 400 { // a move of the clock
			return status + " now " + stamp(e.EndedAt)
		}
		if effect := l.effectOf(e); effect != "" {
			return status + " " + effect
		}
	}
	return sequence.Answered(e.Response.Status, string(e.Response.Body))
}

// effectOf is what a call of the control API came to: the status of the last thing that it made happen.
func (l life) effectOf(control store.Entry) string {
	for _, e := range slices.Backward(l.entries) {
		switch {
		case control.StartSeq == 0 || e.Cause != control.StartSeq:
			continue
		case e.Kind != store.EntryForge:
			return e.Status
		case e.Response == nil:
			return "and no answer to what was sent"
		}
		return "and " + strconv.Itoa(e.Response.Status) + " to what was sent"
	}
	return ""
}
