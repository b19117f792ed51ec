package proxy

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/google/uuid"

	"github.com/payporter-mock/payporter-mock/internal/exchange"
	"github.com/payporter-mock/payporter-mock/internal/relay"
	"github.com/payporter-mock/payporter-mock/mock/store"
	"github.com/payporter-mock/payporter-mock/payment"
)

// books write down what passed, masked, for the dashboard.
type books struct {
	store store.Store
	log   *slog.Logger
}

// openBooks opens the books that the dashboard shows.
func (p *Proxy) openBooks(kept store.Books) error {
	own, err := kept.Open(context.Background(), merchantKey)
	p.books = &books{store: own, log: p.log}
	return err
}

// moment is when an exchange begins in the order of the journal.
func (b *books) moment() (now store.Moment) {
	b.told(b.store.Update(context.Background(), func(tx store.Tx) (err error) {
		now, err = tx.Moment()
		return err
	}))
	return now
}

// told logs what could not be written.
func (b *books) told(err error) {
	if err != nil {
		b.log.Error("journal not written", "error", err.Error())
	}
}

// record writes the exchange into the journal, and what it tells into its checkout. It answers the entry's number.
func (b *books) record(x *passed) (seq uint64) {
	e := x.entry()
	b.told(b.store.Update(context.Background(), func(tx store.Tx) error {
		entry, err := b.known(tx, e)
		if err != nil {
			return err
		}
		written, err := tx.Append(entry)
		seq = written.Seq
		return errors.Join(err, learn(tx, x, written.CheckoutID))
	}))
	return seq
}

// known completes an entry by what the books have of its checkout.
func (b *books) known(tx store.Tx, e store.Entry) (store.Entry, error) {
	if e.CheckoutID == "" {
		return e, nil
	}
	if e.Kind == store.EntryCallback {
		before, err := tx.Entries(store.EntryQuery{CheckoutID: e.CheckoutID, Kind: e.Kind})
		if err != nil {
			return e, err
		}
		e.Attempt = len(before) + 1
	}

	c, err := tx.Checkout(e.CheckoutID)
	if errors.Is(err, store.ErrNotFound) {
		return e, nil
	}
	if e.OrderID == "" {
		e.OrderID = c.OrderID
	}
	return e, err
}

// entry is the exchange as the journal has it.
func (x *passed) entry() store.Entry {
	mask := func(text string) string { return exchange.Bounded(x.mask.Text(text), 2<<10) }
	e := store.Entry{
		Time: x.began, StartSeq: x.start, Kind: x.kind, Error: mask(x.Error), Request: x.shown(x.Request),
		Response: x.shown(x.Response), OrderID: mask(x.orderID()), CheckoutID: mask(x.checkoutID()),
		PaymentID: mask(x.paymentID()), Status: mask(x.told.Status),
	}
	e.End(x.ended)

	for _, f := range x.faults {
		e.Warnings = append(e.Warnings, exchange.Bounded(x.words(f), 2<<10))
	}
	if x.From == relay.PayPorter {
		e.Status = string(store.Failed)
		if status := x.Answer().Status; status >= 200 && status < 300 {
			e.Status = string(store.Delivered)
		}
	}
	return e
}

// shown is a message with nothing secret in it: neither the credentials nor what they are called by.
func (x *passed) shown(m *exchange.Message) *exchange.Message {
	if m == nil {
		return nil
	}
	copied := *m
	copied.Headers = exchange.Headers(http.Header(m.Headers).Clone())
	if _, has := copied.Headers["X-Api-Key"]; has {
		copied.Headers["X-Api-Key"] = []string{payment.Masked}
	}
	if u, err := url.Parse(m.URL); err == nil && m.URL != "" {
		copied.URL = exchange.URL(u)
		if x.From != relay.PayPorter {
			copied.URL = exchange.Target(u)
		}
	}

	copied.Body = exchange.Masked(m.Body)
	return x.mask.Message(&copied)
}

// orderID is the order that the exchange is about; empty: none is known.
func (x *passed) orderID() string {
	if x.sent.OrderID != "" {
		return x.sent.OrderID
	}
	return x.told.OrderID
}

// checkoutID is the checkout that it is about.
func (x *passed) checkoutID() string {
	for _, id := range []string{x.Params["checkoutId"], x.sent.CheckoutID, x.told.CheckoutID} {
		if uuid.Validate(id) == nil {
			return strings.ToLower(id)
		}
	}
	return ""
}

// paymentID is the payment that it is about.
func (x *passed) paymentID() string {
	for _, id := range []string{x.Params["paymentId"], x.sent.PaymentID, x.told.PaymentID} {
		if uuid.Validate(id) == nil {
			return strings.ToLower(id)
		}
	}
	return ""
}

// mostCheckouts bounds how many the dashboard lists: of those that come after, the journal alone tells.
const mostCheckouts = 50_000

// checkoutsCount is under which name they are counted.
const checkoutsCount = "proxied checkouts"

// learn writes down what an answer tells of a checkout.
func learn(tx store.Tx, x *passed, id string) error {
	if id == "" || x.Answer().Status != http.StatusOK || x.Error != "" || x.From == relay.PayPorter {
		return nil
	}
	if x.kind == store.EntryCreate {
		n, err := tx.Count(checkoutsCount)
		if err != nil || n >= mostCheckouts {
			return err
		}
		return errors.Join(tx.PutCheckout(x.created(id)), tx.Add(1, checkoutsCount))
	}

	c, err := tx.Checkout(id)
	if errors.Is(err, store.ErrNotFound) || x.told.Status == "" {
		return nil
	}
	if err != nil {
		return err
	}
	return tx.PutCheckout(x.updated(c))
}

// created is the checkout that an answer tells of.
func (x *passed) created(id string) payment.Checkout {
	amount, _ := payment.ParseAmount(x.sent.Amount, x.sent.Currency) // what cannot be read is shown in the journal
	order := payment.Order{
		OrderID: x.mask.Text(x.sent.OrderID), Amount: amount, Callback: x.mask.Text(x.sent.Callback),
		MaxInstallmentCount: 1,
	}.Masked()

	return payment.Checkout{
		ID: id, CreatedAt: x.ended, ExpiresAt: x.ended.Add(24 * time.Hour), State: payment.Open, Order: order,
		Payment: payment.Payment{
			ID: uuid.NewSHA1(uuid.NameSpaceURL, []byte(id)).String(), CheckoutID: id, OrderID: order.OrderID,
			Type: payment.Sale, Status: payment.Enrolled,
		},
	}
}

// updated is the checkout with what an answer about its payment tells.
func (x *passed) updated(c payment.Checkout) payment.Checkout {
	c.Payment.Status = payment.Status(x.mask.Text(x.told.Status))
	c.Payment.ResultCode, c.Payment.ResultMessage = x.mask.Text(x.told.ResultCode), x.mask.Text(x.told.ResultMessage)
	c.Payment.Amount, _ = payment.ParseAmount(x.told.Amount, x.told.Currency)
	c.State = stateOf(c.Payment.Status)
	return c
}

// stateOf is how far a checkout is whose payment has a status.
func stateOf(s payment.Status) payment.State {
	switch s {
	case payment.Success, payment.Captured:
		return payment.Paid
	case payment.Failed, payment.Rejected:
		return payment.Declined
	case payment.Cancelled:
		return payment.LinkCancelled
	case payment.PendingApproval:
		return payment.Processing
	}
	return payment.Open
}
