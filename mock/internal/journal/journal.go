// Package journal records what happened to one merchant: every exchange in both directions and
// every change of a payment. The entries stand in the merchant's books, which keep the newest within a bound. No
// secret does: whoever records masks first, with the functions of this package.
package journal

import (
	"context"
	"errors"
	"log/slog"
	"slices"

	"github.com/payporter-mock/payporter-mock/internal/exchange"
	"github.com/payporter-mock/payporter-mock/mock/store"
	"github.com/payporter-mock/payporter-mock/payment"
)

// Journal is one merchant's record. It is safe for concurrent use.
type Journal struct {
	store store.Store
	log   *slog.Logger
}

// New makes the journal that stands in the books. What cannot be recorded is told to the log.
func New(s store.Store, log *slog.Logger) *Journal { return &Journal{store: s, log: log} }

// recording is for what is recorded after it has happened: nobody waits until it outlives the process.
var recording = store.Soon(context.Background())

// Moment takes the next moment.
func (j *Journal) Moment() (now store.Moment) {
	j.told("moment", j.store.Update(recording, func(tx store.Tx) error {
		var err error
		now, err = tx.Moment()
		return err
	}))
	return now
}

// Append records the entry, masked, which must not be changed afterwards. It counts the names with it. What has
// happened is recorded, whoever still waits for it.
func (j *Journal) Append(e *store.Entry, counts ...string) {
	mask(e)
	j.told("entry", j.store.Update(recording, func(tx store.Tx) error {
		if _, err := tx.Append(*e); err != nil || len(counts) == 0 {
			return err
		}
		return tx.Add(1, counts...)
	}))
}

// Recorded records the entry as Append does, and answers it as it stands in the books.
func (j *Journal) Recorded(e store.Entry) (recorded store.Entry) {
	mask(&e)
	j.told("entry", j.store.Update(recording, func(tx store.Tx) (err error) {
		recorded, err = tx.Append(e)
		return err
	}))
	return recorded
}

// Note records an entry within a transaction.
func Note(tx store.Tx, e store.Entry) error {
	mask(&e)
	_, err := tx.Append(e)
	return err
}

// told logs what could not be recorded.
func (j *Journal) told(what string, err error) {
	if err != nil {
		j.log.Error("journal not written", "what", what, "error", err.Error())
	}
}

// mask masks and bounds what the entry says besides its messages, which are masked where they are made.
func mask(e *store.Entry) {
	e.OrderID, e.CheckoutID = maskedText(e.OrderID), maskedText(e.CheckoutID)
	e.Note, e.Error = maskedText(e.Note), maskedText(e.Error)
	for _, s := range []*string{&e.DeliveryID, &e.Status, &e.Scenario} {
		*s = exchange.Bounded(*s, maxText)
	}
}

// maxText bounds a text of an entry, in bytes.
const maxText = 2 << 10

// maskedText is a text as the journal keeps it: people give orders the numbers of cards.
func maskedText(text string) string { return exchange.Bounded(payment.MaskSecrets(text), maxText) }

// Newest answers the entries that fit, oldest first; of more than limit, the newest. Zero is no limit.
func (j *Journal) Newest(ctx context.Context, q store.EntryQuery, limit int) ([]store.Entry, error) {
	q.NewestFirst, q.Limit = true, limit
	found, err := j.entries(ctx, q)
	slices.Reverse(found)
	return found, err
}

// Oldest answers the entries that fit, oldest first; of more than limit, the oldest. It is for those
// who read on from where they were.
func (j *Journal) Oldest(ctx context.Context, q store.EntryQuery, limit int) ([]store.Entry, error) {
	q.NewestFirst, q.Limit = false, limit
	return j.entries(ctx, q)
}

// Page answers at most limit entries that fit and are older than the number before, newest first, and
// whether there are more. A before of zero begins with the newest.
func (j *Journal) Page(
	ctx context.Context, q store.EntryQuery, before uint64, limit int,
) (found []store.Entry, more bool, err error) {
	q.NewestFirst, q.Before, q.Limit = true, before, limit+1
	found, err = j.entries(ctx, q)
	return found[:min(limit, len(found))], len(found) > limit, err
}

func (j *Journal) entries(ctx context.Context, q store.EntryQuery) (found []store.Entry, err error) {
	found, _, err = j.look(ctx, q)
	return found, err
}

// look answers the entries that fit, never nil, and the version at which they were all.
func (j *Journal) look(ctx context.Context, q store.EntryQuery) (found []store.Entry, version uint64, err error) {
	q.OrderID, q.CheckoutID = maskedText(q.OrderID), maskedText(q.CheckoutID)
	q.Search = maskedText(q.Search)
	err = j.store.View(ctx, func(r store.Reader) error {
		var faults [2]error
		found, faults[0] = r.Entries(q)
		version, faults[1] = r.Version()
		return errors.Join(faults[:]...)
	})

	if found == nil {
		found = []store.Entry{}
	}
	return found, version, err
}

// Wait blocks until at least count entries fit, and answers them. When ctx ends first it answers
// what fits by then and false. The error is that of the books.
func (j *Journal) Wait(ctx context.Context, q store.EntryQuery, count int) (found []store.Entry, ok bool, err error) {
	for {
		found, version, err := j.look(context.WithoutCancel(ctx), q)
		if err != nil || len(found) >= count {
			return found, err == nil, err
		}

		_, err = j.store.Changed(ctx, version)
		switch {
		case ctx.Err() != nil:
			return found, false, nil
		case err != nil:
			return found, false, err
		}
	}
}

// Changed blocks until the journal is not at the version any more, and answers the one it is at. When
// ctx ends first it answers false. Version zero is before every other.
func (j *Journal) Changed(ctx context.Context, version uint64) (uint64, bool) {
	now, err := j.store.Changed(ctx, version)
	if err != nil { // a change that came before the end is told
		now, err = j.Version(context.WithoutCancel(ctx))
	}
	return now, err == nil && now != version
}

// Version says which state of the journal this is; Changed waits for another.
func (j *Journal) Version(ctx context.Context) (version uint64, err error) {
	err = j.store.View(ctx, func(r store.Reader) error {
		version, err = r.Version()
		return err
	})
	return version, err
}

// Forgotten reports whether older entries have been dropped.
func (j *Journal) Forgotten(ctx context.Context) (bool, error) {
	oldest, err := j.Oldest(ctx, store.EntryQuery{}, 1)
	return len(oldest) > 0 && oldest[0].Seq > 1, err
}
