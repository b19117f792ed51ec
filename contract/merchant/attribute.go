package merchant

import (
	"context"
	"fmt"
	"time"

	"github.com/payporter-mock/payporter-mock/contract/report"
	"github.com/payporter-mock/payporter-mock/contract/rule"
)

// fulfilsAgain are the rules that an order breaks that is fulfilled more than once.
var fulfilsAgain = rule.See("IDEM-001", "IDEM-002", "IDEM-003", "IDEM-004", "REQ-011",
	"WEBHOOK-005", "WEBHOOK-006", "WEBHOOK-007", "WEBHOOK-014", "FLOW-013", "IDEM-007", "IDEM-008")

// lastLooking bounds how long the orders are looked at once more at the end of a run.
const lastLooking = 2 * time.Second

// lastLook looks at the orders of the whole run once more, for a worker may ship long after the trial of its order, and
// takes every one that was ever seen to be fulfilled more than once for a finding. It answers the first of them; empty:
// there is none.
func (r *run) lastLook(ctx context.Context) (again string) {
	if r.harness.Config.State.Fulfilments.IsZero() || !r.facts.paid {
		return ""
	}

	ctx, cancel := context.WithTimeout(ctx, lastLooking)
	defer cancel()
	for _, o := range r.harness.Sandbox.Placed() {
		if ctx.Err() == nil && o.MostFulfilled() == 1 {
			_, _ = r.harness.Believes(ctx, o) // what it says is kept with the order
		}

		n := o.MostFulfilled()
		if n < 2 {
			continue
		}
		seen := fmt.Sprintf("order %s was fulfilled %s", o.ID, times(n))
		if again == "" {
			again = seen
		}
		r.seen = append(r.seen, rule.Sighting{By: o.By, Others: fulfilsAgain, Share: rule.Theirs, Seen: seen})
	}
	return r.harness.Mask.Text(again)
}

// attribute makes every fault that a trial saw somebody's finding.
func (r *run) attribute(judged []report.Rule) {
	for id, s := range rule.Attribute(judged, r.seen) {
		r.failed[id] = r.trials[s.By]
	}
}
