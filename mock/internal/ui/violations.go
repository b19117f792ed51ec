package ui

import (
	"context"
	"encoding/json"
	"strconv"

	"github.com/payporter-mock/payporter-mock/mock/store"
	"github.com/payporter-mock/payporter-mock/payment"
)

// violations is the page of the requests that broke the contract.
type violations struct {
	Found     []violation // newest first
	Before    string      // the number that the next page begins behind; empty: there is none
	Paged     bool        // this is not the newest page
	Strangers []violation // with no API key, or one that nobody has; of all callers together
}

// violation is a request with what is wrong with it, in words.
type violation struct {
	store.Entry
	Shown shown // with what can be done with it; zero: it is nobody's
	Words []payment.FieldError
}

// mostStrangers bounds how many requests without a merchant are shown.
const mostStrangers = 20

func (d *dashboard) violationsPage(ctx context.Context, x *exchange) (answer, error) {
	before, _ := strconv.ParseUint(x.query.Get("before"), 10, 64)
	q := store.EntryQuery{Violation: true}
	found, more, err := x.merchant.Journal().Page(ctx, q, before, pageSize)
	if err != nil {
		return answer{}, err
	}
	strangers, _, err := d.Gateway.Strangers().Journal().Page(ctx, q, 0, mostStrangers)
	if err != nil {
		return answer{}, err
	}

	page := violations{Found: explained(found), Paged: before > 0, Strangers: explained(strangers)}
	for i := range page.Found {
		page.Found[i].Shown = d.shown(x, page.Found[i].Entry)
	}
	if more {
		page.Before = strconv.FormatUint(found[len(found)-1].Seq, 10)
	}
	return x.page("violations", "Violations", page), nil
}

func explained(found []store.Entry) []violation {
	all := make([]violation, len(found))
	for i, e := range found {
		all[i] = violation{Entry: e, Words: wordsOf(e)}
	}
	return all
}

// wordsOf is what the answer says is wrong. A warning comes with a request that was taken.
func wordsOf(e store.Entry) []payment.FieldError {
	var told struct {
		Message string
		Errors  []payment.FieldError
	}
	if e.Response != nil {
		_ = json.Unmarshal(e.Response.Body, &told) // not every refusal has a body
	}
	words := told.Errors
	if len(words) == 0 && told.Message != "" && len(e.Warnings) == 0 {
		words = []payment.FieldError{{Message: told.Message}}
	}

	for _, warning := range e.Warnings {
		words = append(words, payment.FieldError{Message: warning})
	}

	return words
}
