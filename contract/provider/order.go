package provider

import (
	"encoding/json"
	"fmt"
	"maps"
)

// order is the body of a create. Its callback leads to the receiver, under a name of its own.
type order map[string]any

// order makes the smallest body that is allowed, with an order number that no other has.
func (r *run) order() order {
	r.mu.Lock()
	r.orders++
	n := r.orders
	r.mu.Unlock()
	return order{
		"orderId": fmt.Sprintf("PROV-%s-%d", r.tag, n), "amount": json.Number("25"), "currency": "TRY",
		"callback": r.receiver.address(fmt.Sprintf("%s-%d", r.tag, n)),
	}
}

// example has every field of the page's own example.
func (r *run) example() order {
	return r.order().with("amount", json.Number("100.50")).with("description", "Product purchase").
		with("maxInstallmentCount", 6).with("interestPaidByCustomer", true).with("customerId", "customer-42")
}

func (o order) with(field string, value any) order {
	changed := maps.Clone(o)
	changed[field] = value
	return changed
}

func (o order) without(field string) order {
	changed := maps.Clone(o)
	delete(changed, field)
	return changed
}

func (o order) json() []byte {
	body, _ := json.Marshal(o) // texts, numbers, booleans and nil always marshal
	return body
}

func (o order) text(field string) string {
	value, _ := o[field].(string)
	return value
}

// name is the last part of the callback's path.
func (o order) name() string { return nameOf(o.text("callback")) }
