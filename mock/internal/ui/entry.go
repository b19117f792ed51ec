package ui

import (
	"context"
	"net/url"
	"strconv"

	"github.com/payporter-mock/payporter-mock/mock/internal/link"
	"github.com/payporter-mock/payporter-mock/mock/store"
	"github.com/payporter-mock/payporter-mock/payment"
)

// shown is an entry of the journal as a page shows it.
type shown struct {
	store.Entry
	Link  string // its own page, from the page it stands on
	Open  bool
	Curl  string // makes the same request to a shop or to the control API; empty: not all of it is kept
	Again []form // sends it again
	Lost  bool   // it cannot be sent again: something of it is not kept
}

// onlyEntry is the page of one entry.
type onlyEntry struct {
	Shown        shown
	Older, Newer uint64 // the numbers of those beside it; zero: there is none
}

func (d *dashboard) shown(x *exchange, e store.Entry) shown {
	number := strconv.FormatUint(e.Seq, 10)
	s := shown{Entry: e, Link: link.To(x.request.URL.EscapedPath(), address(x.merchant.Key, "journal/"+number))}
	if e.Request == nil || d.ReadOnly {
		return s
	}

	switch {
	case e.Kind.Asked():
		if s.Lost = !whole(e); !s.Lost {
			s.Again = []form{d.ready(x, d.againForm(x, e))}
		}
	case e.Kind == store.EntryControl:
		if s.Lost = !whole(e); !s.Lost {
			s.Curl = controlCall(e).curl(d.base(x.request), x.merchant.Key, d.Gate.WantsToken())
		}
	case e.Kind == store.EntryCallback || e.Kind == store.EntryWebhook || e.Kind == store.EntryForge:
		if whole(e) {
			s.Curl = replayed(e).curl("", "", false)
		}
		if e.DeliveryID != "" {
			f := redeliverForm(e.DeliveryID)
			f.Slot, f.Button, f.Bare = "again-"+number, "Send this "+string(e.Kind)+" again", s.Curl != ""
			s.Again = []form{d.ready(x, f)}
		}
	}
	return s
}

func (d *dashboard) allShown(x *exchange, entries []store.Entry) []shown {
	all := make([]shown, len(entries))
	for i, e := range entries {
		all[i] = d.shown(x, e)
	}
	return all
}

func (d *dashboard) entryPage(ctx context.Context, x *exchange) (answer, error) {
	seq, _ := strconv.ParseUint(x.param("seq"), 10, 64)
	e, ok, err := entryAt(ctx, x, seq)
	if err != nil {
		return answer{}, err
	}
	if !ok {
		return answer{}, &payment.Error{
			Code: payment.NotFound, Message: "The journal of this merchant has no such entry. It may have been forgotten: " +
				"the journal is a ring, and a reset begins it anew.",
		}
	}

	page := onlyEntry{Shown: d.shown(x, e)}
	page.Shown.Open = true
	if _, older, err := entryAt(ctx, x, seq-1); err == nil && older {
		page.Older = seq - 1
	}
	if _, newer, err := entryAt(ctx, x, seq+1); err == nil && newer {
		page.Newer = seq + 1
	}
	return x.page("entrypage", "Entry "+strconv.FormatUint(seq, 10), page), nil
}

// entryAt is the merchant's entry with the number; ok is false where there is none.
func entryAt(ctx context.Context, x *exchange, seq uint64) (e store.Entry, ok bool, err error) {
	if seq == 0 {
		return e, false, nil
	}
	found, err := x.merchant.Journal().Oldest(ctx, store.EntryQuery{After: seq - 1, Before: seq + 1}, 1)
	if err != nil || len(found) == 0 {
		return e, false, err
	}
	return found[0], true, nil
}

// againForm sends a request of the merchant again.
func (d *dashboard) againForm(x *exchange, e store.Entry) form {
	number := strconv.FormatUint(e.Seq, 10)
	f := form{
		Action: "again", Slot: "again-" + number, Button: "Send this request again", Live: true,
		Fields: []field{hidden("seq", number)},
	}
	secret, known := d.secretOf(x)
	if !known {
		f.Fields = append(f.Fields, field{
			Name: "secret", Label: "X-API-SECRET", Kind: "secret",
			Hint: "the secret of this key; the sandbox keeps its hash alone",
		})
	}
	f.build = func(v url.Values) action {
		a := replayed(e)
		a.key, a.secret, a.secretShown = x.merchant.Key, secret, x.merchant.Takes(publicSecret)
		if !known {
			a.secret = payment.Secret(v.Get("secret"))
		}
		return a
	}
	return f
}

// secretOf is the secret of the merchant, where the sandbox knows more of it than its hash.
func (d *dashboard) secretOf(x *exchange) (payment.Secret, bool) {
	switch {
	case x.merchant.Key == d.Gateway.APIKey:
		return d.Gateway.APISecret, true
	case x.merchant.Takes(publicSecret):
		return publicSecret, true
	}
	return "", false
}
