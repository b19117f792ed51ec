package tables

import (
	"errors"
	"slices"

	"github.com/payporter-mock/payporter-mock/mock/store"
	"github.com/payporter-mock/payporter-mock/payment"
)

// familyOf is the payment ?2 with all that follows it, if ?3 is empty, else the payments of the checkout ?3 with all
// that follows them.
const familyOf = `WITH RECURSIVE family (id) AS (
	SELECT id FROM payment WHERE merchant = ?1 AND ?3 = '' AND id = ?2
	UNION SELECT id FROM payment WHERE merchant = ?1 AND ?3 <> '' AND checkout_id = ?3
	UNION SELECT p.id FROM family f JOIN payment p
		ON p.merchant = ?1 AND p.parent_id = f.id AND p.parent_id <> '' AND (?3 = '' OR p.checkout_id <> ?3)) `

// settled reports whether all payments of the family keep their status for good, those of the checkout itself aside, no
// task about them is left, and no attempt of their deliveries is planned.
func (tx *Transaction) settled(paymentID, checkoutID string) (bool, error) {
	args := []any{tx.Counters.id, paymentID, checkoutID}
	settled := true
	err := tx.Session.Rows(familyOf+`SELECT body FROM payment WHERE merchant = ?1 AND id IN (SELECT id FROM family)
		AND (?3 = '' OR checkout_id <> ?3)`, args, func(scan func(...any) error) (bool, error) {
		var body string
		var p payment.Payment
		if err := scan(&body); err != nil {
			return false, err
		}
		err := decode(body, &p)
		settled = p.Final()
		return settled, err
	})
	if err != nil || !settled {
		return false, err
	}

	var one int
	waits, err := tx.Session.Row(familyOf+`SELECT 1 FROM family f WHERE
		EXISTS (SELECT 1 FROM task WHERE merchant = ?1 AND subject = f.id) OR
		EXISTS (SELECT 1 FROM delivery WHERE merchant = ?1 AND payment_id = f.id AND payment_id <> '' AND planned) LIMIT 1`,
		args, &one)
	return !waits, err
}

// noteSettled gives what the payment belongs to, a checkout or a family without one, its place among those that are
// over, if it is now. One that has a place keeps it.
func (tx *Transaction) noteSettled(id string) error {
	for range deepest {
		var parent, checkout string
		found, err := tx.Session.Row(`SELECT parent_id, checkout_id FROM payment WHERE id = ? AND merchant = ?`,
			[]any{id, tx.Counters.id}, &parent, &checkout)
		switch {
		case err != nil || !found:
			return err
		case checkout != "":
			return tx.noteOverByID(checkout)
		case parent == "":
			return tx.noteFamily(id)
		}
		id = parent
	}
	return nil
}

// deepest is how many payments may follow each other. A refund of a capture of a pre-authorization makes three.
const deepest = 16

// noteFamily gives the family that the payment begins its place, if it has none.
func (tx *Transaction) noteFamily(id string) error {
	settled, err := tx.settled(id, "")
	if err != nil || !settled {
		return err
	}
	noted, err := tx.Session.Exec(`UPDATE payment SET over = ? WHERE id = ? AND merchant = ? AND over IS NULL`,
		tx.Counters.overNumber+1, id, tx.Counters.id)
	tx.Counters.overNumber += int64(noted)
	return err
}

// noteTaskGone is noteSettled once a task about the subject is gone.
func (tx *Transaction) noteTaskGone(kind store.TaskKind, subject string) error {
	kinds := store.PaymentTasks()
	if !slices.Contains(kinds[:], kind) {
		return nil
	}
	return tx.noteSettled(subject)
}

// ForgetPayments implements store.Tx.
func (tx *Transaction) ForgetPayments(keep int) (int, error) {
	dropped, err := tx.makeRoom(&tx.Counters.families, keep, func() (found, gone bool, err error) {
		var id string
		found, err = tx.Session.Row(`SELECT id FROM payment WHERE merchant = ? AND over IS NOT NULL
			ORDER BY over LIMIT 1`, []any{tx.Counters.id}, &id)
		if err == nil && found {
			gone, err = tx.forgetIfSettled(id)
		}
		return found, gone, err
	})
	if err != nil {
		return dropped, err
	}
	return dropped, tx.forgetRuns(store.OfRequest, max(keep, store.FewestRuns))
}

// forgetIfSettled forgets the family that the payment begins, or only its place if it has come to life again.
func (tx *Transaction) forgetIfSettled(id string) (gone bool, err error) {
	at, err := tx.paymentPlace(id)
	if err == nil && at.beginsFamily && at.latestOf == "" {
		gone, err = tx.settled(id, "")
	}

	if err != nil {
		return false, err
	}
	if !gone {
		return false, tx.Session.Run(`UPDATE payment SET over = NULL WHERE id = ? AND merchant = ?`, id, tx.Counters.id)
	}
	return true, tx.forgetPayment(id, "")
}

// forgetPayment forgets the payment and those that capture, cancel or refund it. One that is the latest of another
// checkout stays. checkoutID is empty for a payment that is none of a checkout.
func (tx *Transaction) forgetPayment(id, checkoutID string) error {
	at, err := tx.paymentPlace(id)
	if err != nil || !at.known || at.latestOf != "" && at.latestOf != checkoutID {
		return err
	}
	children, err := all(tx.Session, `SELECT id FROM payment WHERE merchant = ? AND parent_id = ? AND parent_id <> ''`,
		tx.Counters.id, id)
	if err != nil {
		return err
	}

	if at.beginsFamily {
		tx.Counters.families--
	}
	faults := []error{
		tx.Session.Run(`DELETE FROM payment WHERE id = ? AND merchant = ?`, id, tx.Counters.id),
		tx.Session.Run(`DELETE FROM delivery WHERE merchant = ? AND payment_id = ? AND payment_id <> ''
			AND checkout_id = ''`, tx.Counters.id, id),
		tx.DropRun(store.PaymentRun(id)),
	}
	for _, child := range children {
		faults = append(faults, tx.forgetPayment(child, checkoutID))
	}
	return errors.Join(faults...)
}
