package ui

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"

	"github.com/payporter-mock/payporter-mock/internal/wording"
	"github.com/payporter-mock/payporter-mock/mock/internal/gateway"
	"github.com/payporter-mock/payporter-mock/payment"
)

// outcome is what came of an action, shown beside it.
type outcome struct {
	Slot   string // of the form that it belongs to
	Status int    // of the control API's answer; zero: nothing was called
	OK     bool
	Words  string
	Faults []fault
	Answer string // its body
	values url.Values
}

// fault is one thing that the control API complains of.
type fault struct {
	Place, Words string
	Line         int    // in what was sent; zero: none
	Source       string // that line
}

// maxShown bounds what an outcome keeps of an answer.
const maxShown = 16 << 10

func outcomeOf(slot string, values url.Values, r recorded) *outcome {
	o := &outcome{Slot: slot, Status: r.status, OK: r.status == http.StatusOK, values: values}
	var told reply
	_ = json.Unmarshal(r.body, &told) // what is no such thing is shown as it is
	o.Words = told.words()
	if !o.OK {
		o.Words = told.Message
		o.Faults = faultsOf(told, values.Get("yaml"))
	}

	var pretty bytes.Buffer
	if json.Indent(&pretty, r.body, "", "  ") != nil {
		pretty.Write(r.body)
	}

	o.Answer = payment.MaskSecrets(string(pretty.Bytes()[:min(pretty.Len(), maxShown)]))
	return o
}

// reply is what the dashboard understands of the answers of the control API.
type reply struct {
	Message    string               `json:"message"`
	Errors     []payment.FieldError `json:"errors"`
	State      string               `json:"state"`
	Status     string               `json:"status"`
	HTTPAnswer *struct {
		Status int `json:"status"`
	} `json:"response"`
	Error     string `json:"error"`
	Payment   *struct{ ResultCode, ResultMessage string }
	Attempts  json.RawMessage         `json:"attempts"`
	Scenario  *string                 `json:"scenario"`
	Times     int                     `json:"times"`
	Names     []string                `json:"scenarios"`
	Own       bool                    `json:"own"`
	Gone      []gateway.Next          `json:"cancelled"`
	Now       string                  `json:"now"`
	Frozen    bool                    `json:"frozen"`
	Kind      string                  `json:"kind"`
	Type      payment.TransactionType `json:"transactionType"`
	PaymentID string                  `json:"paymentId"`
	URL       *string                 `json:"url"`
	Secret    string                  `json:"secret"`
	Result    string                  `json:"resultMessage"`
}

// words says in a sentence what the answer to something that worked means.
func (r reply) words() string {
	switch {
	case r.State != "" && r.Payment != nil:
		words := fmt.Sprintf("The checkout is %s now, its payment %s", r.State, r.Status)
		if r.Payment.ResultMessage != "" {
			words += ": " + r.Payment.ResultMessage + " (" + r.Payment.ResultCode + ")"
		}
		return words + "."
	case r.Kind == "forge" && r.PaymentID != "":
		return "The forged webhook was sent. " + r.answered()
	case r.Kind == "forge":
		return "The forged callback was sent. " + r.answered()
	case r.Type != "":
		return fmt.Sprintf("The payment, a %s, is %s now: %s.", r.Type, r.Status, r.Result)
	case r.Secret != "":
		return "The secret is " + r.Secret + ". It is not shown again."
	case r.URL != nil && r.Attempts == nil:
		return "Webhooks go to " + *r.URL + " from now on."
	case r.Now != "":
		if r.Frozen {
			return "The clock stands at " + r.Now + "."
		}
		return "The clock runs, and shows " + r.Now + "."
	case r.Names != nil:
		if !r.Own {
			return fmt.Sprintf("The sandbox's own scenarios are in force: %s.%s", list(r.Names), r.cancelled())
		}
		return fmt.Sprintf("In force for new checkouts: %s.%s", list(r.Names), r.cancelled())
	case r.Times > 0 && r.Scenario != nil:
		return fmt.Sprintf("The next %d to come: %s.", r.Times, *r.Scenario)
	case r.Gone != nil:
		return strings.TrimSpace(r.cancelled())
	case r.Attempts != nil:
		return "It was sent again, and is " + r.Status + " now. " + r.lastAttempt()
	}
	return "Done."
}

// cancelled says what the next checkouts do not get any more; empty: nothing was waiting.
func (r reply) cancelled() string {
	var all []string
	for _, gone := range r.Gone {
		all = append(all, fmt.Sprintf("%s (%s)", gone.Scenario, wording.Plural(gone.Times, "checkout")))
	}
	if len(all) == 0 {
		return ""
	}
	return " Cancelled: " + strings.Join(all, ", ") + "."
}

func (r reply) answered() string {
	switch {
	case r.HTTPAnswer != nil:
		return fmt.Sprintf("It was answered with %d.", r.HTTPAnswer.Status)
	case r.Error != "":
		return "It had no answer: " + r.Error + "."
	}
	return ""
}

func (r reply) lastAttempt() string {
	var attempts []struct {
		Error string `json:"error"`
	}
	if json.Unmarshal(r.Attempts, &attempts) != nil || len(attempts) == 0 || attempts[len(attempts)-1].Error == "" {
		return ""
	}
	return "This time: " + attempts[len(attempts)-1].Error + "."
}

func list(names []string) string {
	if len(names) == 0 {
		return "none"
	}
	return strings.Join(names, ", ")
}

// faultsOf lists the complaints, each with the line of the source that it is about.
func faultsOf(told reply, source string) []fault {
	lines := strings.Split(source, "\n")
	var all []fault
	for _, e := range told.Errors {
		f := fault{Place: e.Field, Words: e.Message}
		if n, _ := fmt.Sscanf(e.Field, "line %d,", &f.Line); n == 1 && f.Line <= len(lines) {
			f.Source = strings.TrimRight(lines[f.Line-1], "\r")
		}
		all = append(all, f)
	}

	if len(all) == 1 && all[0].Line == 0 {
		return nil // the message says it all
	}
	return all
}

// maxOutcomes is how many outcomes wait to be shown: only those whose browser has no JavaScript do.
const maxOutcomes = 32

// outcomes keeps what came of actions until the page after the redirect shows it.
type outcomes struct {
	random func() string

	mu    sync.Mutex // guards both below
	byID  map[string]*outcome
	order []string // ids, oldest first
}

func newOutcomes(random func() string) *outcomes {
	return &outcomes{random: random, byID: map[string]*outcome{}}
}

func (o *outcomes) keep(one *outcome) (id string) {
	id = o.random()
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.byID[id] = one; len(o.order) >= maxOutcomes {
		delete(o.byID, o.order[0])
		o.order = slices.Delete(o.order, 0, 1)
	}
	o.order = append(o.order, id)
	return id
}

func (o *outcomes) find(id string) *outcome {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.byID[id]
}
