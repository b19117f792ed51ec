package merchant

import (
	"context"
	"time"

	"github.com/payporter-mock/payporter-mock/contract/rule"
	"github.com/payporter-mock/payporter-mock/contract/shop"
)

// queueing is how long another customer waits while PayPorter does not answer a question or a create.
const queueing = 8 * time.Second

func judgeCreateHangs(t *trial) {
	t.needsPaid()
	t.needsQuick()
	defer t.shop.Alone()() // else another rule's create may be taken for one of these two

	ctx, goAway := context.WithCancel(t.shop.Ctx)
	held := shop.NewHold()
	stuck := t.shop.NewOrder(shop.Edit(held.Edit).Creates)
	gone := make(chan struct{})
	go func() {
		defer close(gone)
		_ = t.shop.PlaceWithin(ctx, stuck) // what becomes of it is not asked
	}()
	defer func() { held.Release(); goAway(); <-gone }()
	if !t.watch.Arrives(1, queueing, stuck.HasCreate) {
		rule.NotEvaluable("the shop sent no create for the order")
	}

	other := t.shop.NewOrder()
	patient, cancel := context.WithTimeout(t.shop.Ctx, queueing)
	defer cancel()
	if err := t.shop.PlaceWithin(patient, other); err != nil {
		rule.Fail("while PayPorter did not answer one customer's create, another could not order within %s: %v", queueing,
			err)
	}

	t.saw("another customer could order while a create hung")
}

func judgeStatusHangs(t *trial) {
	t.needsQuestions()
	t.needsQuick()
	held := shop.NewHold()
	defer held.Release()
	stuck := t.order(shop.Edit(held.Edit).Statuses)
	t.shop.Pay(stuck)
	if !t.watch.Arrives(1, queueing, stuck.HasQuestion) {
		rule.NotEvaluable("the shop did not ask for the status this time")
	}

	done := t.shop.Alone() // the wait for its turn is none of the shop's
	other, begun := t.shop.NewOrder(), time.Now()
	patient, cancel := context.WithTimeout(t.shop.Ctx, queueing)
	defer cancel()
	err := t.shop.PlaceWithin(patient, other)
	done()
	if err != nil {
		rule.Fail("while PayPorter did not answer the question about one order, another could not be made within %s: %v",
			queueing, err)
	}

	t.shop.Pay(other)
	if !t.watch.BecomesPaid(other, queueing-time.Since(begun)) {
		rule.Fail("while PayPorter did not answer the question about one order, another that was paid for was not "+
			"paid within %s", queueing)
	}

	t.saw("another order was paid %s after its customer came, while a GET hung",
		time.Since(begun).Round(10*time.Millisecond))
}
