package gateway

import (
	"context"
	"slices"

	"github.com/payporter-mock/payporter-mock/mock/store"
)

// maxFarewell is how many deliveries of a merchant are named when the sandbox ends.
const maxFarewell = 20

// farewell says what a merchant was not told before the sandbox ended: how much, and of what was due, the earliest by
// name. It is called when nothing is under way any more.
func (m *Merchant) farewell(ctx context.Context) {
	now := m.clock.Now()
	books, err := m.backlog(ctx, now)
	if err != nil || books.Planned == 0 {
		return
	}

	log := m.config.Log.With("merchant", m.Key)
	log.Warn("undelivered", "deliveries", books.Planned, "due", books.Due, "earliest", books.Earliest)
	if books.Due == 0 {
		return
	}

	all, err := m.Deliveries(ctx, store.DeliveryQuery{})
	if err != nil {
		return
	}

	due := slices.DeleteFunc(all, func(d store.Delivery) bool {
		return d.NextAttemptAt == nil || d.NextAttemptAt.After(
			now)
	})
	slices.SortStableFunc(due, func(a, b store.Delivery) int { return a.NextAttemptAt.Compare(*b.NextAttemptAt) })
	for _, d := range due[:min(len(due), maxFarewell)] {
		log.Warn("undelivered callback", "callbackId", d.ID, "checkoutId", d.CheckoutID, "attempts", len(d.Attempts), "due",
			*d.NextAttemptAt)
	}

	if more := len(due) - maxFarewell; more > 0 {
		log.Warn("undelivered callbacks that are not named", "callbacks", more)
	}
}
