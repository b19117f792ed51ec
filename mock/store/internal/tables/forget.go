package tables

import (
	"errors"

	"github.com/payporter-mock/payporter-mock/mock/store"
	"github.com/payporter-mock/payporter-mock/payment"
)

// noteOver gives a checkout that is over now its place among those that are. One that has a place keeps it.
func (tx *Transaction) noteOver(id string, state payment.State) error {
	over, err := tx.isOver(id, state)
	if err != nil || !over {
		return err
	}
	noted, err := tx.Session.Exec(`UPDATE checkout SET over = ? WHERE id = ? AND merchant = ? AND over IS NULL`,
		tx.Counters.overNumber+1, id, tx.Counters.id)
	tx.Counters.overNumber += int64(noted)
	return err
}

// isOver reports whether the state is final, no attempt of a delivery is planned, and what follows the payments is
// settled.
func (tx *Transaction) isOver(id string, state payment.State) (bool, error) {
	if !state.Final() {
		return false, nil
	}
	var one int
	planned, err := tx.Session.Row(`SELECT 1 FROM delivery WHERE merchant = ? AND checkout_id = ? AND planned LIMIT 1`,
		[]any{tx.Counters.id, id}, &one)
	if err != nil || planned {
		return false, err
	}
	return tx.settled("", id)
}

// Forget implements store.Tx.
func (tx *Transaction) Forget(keep int) (int, error) {
	dropped, err := tx.makeRoom(&tx.Counters.checkouts, keep, func() (found, gone bool, err error) {
		var id, body string
		found, err = tx.Session.Row(`SELECT id, body FROM checkout WHERE merchant = ? AND over IS NOT NULL
			ORDER BY over LIMIT 1`, []any{tx.Counters.id}, &id, &body)
		if err == nil && found {
			gone, err = tx.forgetIfOver(id, body)
		}
		return found, gone, err
	})
	if err != nil {
		return dropped, err
	}
	if err := tx.forgetRuns(store.OfOrder, max(keep, store.FewestRuns)); err != nil {
		return dropped, err
	}
	return dropped, tx.dropUnusedScenarios()
}

// makeRoom forgets the oldest of some things while there are more than keep of them. oldest forgets one, if that can be
// done now, and answers found = false where there is none.
func (tx *Transaction) makeRoom(
	count *int64, keep int, oldest func() (found, gone bool, err error),
) (dropped int, err error) {
	for *count > int64(keep) {
		found, gone, err := oldest()
		if err != nil || !found {
			return dropped, err
		}
		if gone {
			dropped++
			tx.Freed = true
		}
	}
	return dropped, nil
}

// forgetIfOver forgets the checkout, or only its place among those that are over if it has come to life again.
func (tx *Transaction) forgetIfOver(id, body string) (gone bool, err error) {
	state, err := stateOf(body)
	if err != nil {
		return false, tx.Session.Fail(err)
	}

	if gone, err = tx.isOver(id, state); err != nil {
		return false, err
	}
	if gone {
		return true, tx.forgetCheckout(id)
	}
	return false, tx.Session.Run(`UPDATE checkout SET over = NULL WHERE id = ? AND merchant = ?`, id, tx.Counters.id)
}

// forgetCheckout forgets the checkout and all that belongs to it.
func (tx *Transaction) forgetCheckout(id string) error {
	if err := tx.Session.Run(`DELETE FROM delivery WHERE merchant = ? AND checkout_id = ?`,
		tx.Counters.id, id); err != nil {
		return err
	}
	payments, err := all(tx.Session, `SELECT id FROM payment WHERE merchant = ? AND checkout_id = ?`,
		tx.Counters.id, id)
	if err != nil {
		return err
	}
	for _, paid := range payments {
		if err := tx.forgetPayment(paid, id); err != nil {
			return err
		}
	}

	tx.Counters.checkouts--
	delete(tx.latest, id)
	return errors.Join(
		tx.DropRun(store.CheckoutRun(id)),
		tx.Session.Run(`DELETE FROM checkout WHERE id = ? AND merchant = ?`, id, tx.Counters.id),
	)
}

// dropUnusedScenarios forgets the sets that nothing names any more.
func (tx *Transaction) dropUnusedScenarios() error {
	if !tx.Counters.unusedSets {
		return nil
	}
	tx.Counters.unusedSets = false
	record, err := tx.Merchant()
	if err != nil && !errors.Is(err, store.ErrNotFound) {
		return err
	}

	return tx.Session.Run(`DELETE FROM scenario_set WHERE merchant = ? AND digest NOT IN (?, ?)
		AND NOT EXISTS (SELECT 1 FROM run WHERE run.merchant = scenario_set.merchant AND run.digest = scenario_set.digest)`,
		tx.Counters.id, record.Scenarios, record.InForce)
}
