package sqlite

import (
	"maps"
	"slices"

	"github.com/payporter-mock/payporter-mock/mock/store/internal/tables"
)

// mostKnown bounds of how many merchants what is known is kept in memory.
const mostKnown = 1024

// knownIfAnyLocked is what is known of the merchant with the key. One without a row is not Known.
func (w *writer) knownIfAnyLocked(s *session, key string) (tables.Standing, error) {
	if known, ok := w.merchants[key]; ok {
		return known, nil
	}
	return tables.ReadStanding(s, key, "")
}

// knownLocked is what is known of the merchant with the key. Its row is made if there is none.
func (w *writer) knownLocked(s *session, key string) (tables.Standing, error) {
	known, err := w.knownIfAnyLocked(s, key)
	if err != nil || known.Known() {
		return known, err
	}
	if err := s.Run(`INSERT INTO merchant (key) VALUES (?)`, key); err != nil {
		return known, err
	}
	return w.knownIfAnyLocked(s, key)
}

// learnLocked keeps what a transaction knows of the merchant, once nothing can take it back alone any more.
func (w *writer) learnLocked(key string, tx *tables.Transaction) {
	known := tx.Standing()
	w.merchants[key] = known
	if known.Behind() {
		w.behind[key] = struct{}{}
	}
}

// writeDownLocked brings the file to what is known, and keeps the bound of all journals: at the end of a batch, where
// nothing is taken back but all of it.
func (w *writer) writeDownLocked(b *batch) error {
	w.session.first = func() error { return w.beginLocked(b) }
	defer func() { w.session.first = nil }()
	for _, key := range slices.Sorted(maps.Keys(w.behind)) {
		known := w.merchants[key]
		if err := known.WriteDown(w.session); err != nil {
			return troubled(err)
		}
		w.merchants[key] = known
	}
	clear(w.behind)

	if err := w.boundJournalsLocked(b); err != nil {
		return troubled(err)
	}
	if len(w.merchants) > mostKnown {
		clear(w.merchants)
	}
	return nil
}

// boundJournalsLocked bounds what all journals hold together. Where it is too much, those that were not written to for
// longest forget their oldest entries: somewhat more than is needed, so that it is not done for every entry.
func (w *writer) boundJournalsLocked(b *batch) error {
	held := w.journalBytes + b.journalBytes
	if held <= w.journalMost {
		return nil
	}
	freed, err := tables.MakeRoom(w.session, held-(w.journalMost-w.journalMost/32), "")
	b.journalBytes, b.freed = b.journalBytes-freed, true
	clear(w.merchants)
	return err
}

// forgetLocked forgets what is known of one merchant.
func (w *writer) forgetLocked(key string) {
	delete(w.merchants, key)
	delete(w.behind, key)
}

// closeLocked commits what is not yet, and leaves nothing known.
func (w *writer) closeLocked() {
	if w.batch == nil && len(w.behind) > 0 {
		w.joinLocked().changed = true
	}
	if w.batch != nil {
		w.endLocked(w.batch)
	}
	w.forgetMerchantsLocked()
}

// forgetMerchantsLocked forgets what is known: the file may say something else now.
func (w *writer) forgetMerchantsLocked() {
	clear(w.merchants)
	clear(w.behind)
}
