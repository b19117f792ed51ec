package main

import (
	"encoding/json"
	"log"
	"os"
)

// keptOrder is an order as it stands in the file.
type keptOrder struct {
	ID, Sent, Status, Currency string
	Amount                     json.RawMessage
	Fulfilments                int
	Checkout                   checkout
}

// keepsOrders keeps the orders in the file that ORDERS names, and takes them from there when the shop starts. Without one
// it keeps none.
func keepsOrders(h *habits) {
	if os.Getenv("ORDERS") == "" {
		return
	}

	h.save = saveLocked
	created := h.created
	h.created = func(s *shop, o *order) {
		created(s, o)
		s.mu.Lock()
		defer s.mu.Unlock()
		s.habits.save(s)
	}
	h.open = load
}

func saveLocked(s *shop) {
	var all []keptOrder
	for _, o := range s.orders {
		all = append(all, keptOrder{o.id, o.sent, o.status, o.Currency, o.Amount, o.fulfilments, o.checkout})
	}
	text, err := json.Marshal(all)
	if err == nil {
		err = os.WriteFile(os.Getenv("ORDERS"), text, 0o600)
	}
	if err != nil {
		log.Fatal(err)
	}
}

// load reads what an earlier process kept. There is nothing at the first start.
func load(s *shop) {
	text, err := os.ReadFile(os.Getenv("ORDERS"))
	if err != nil {
		return
	}
	var all []keptOrder
	if err := json.Unmarshal(text, &all); err != nil {
		log.Fatal(err)
	}
	for _, k := range all {
		o := &order{
			money: money{k.Amount, k.Currency}, id: k.ID, sent: k.Sent, status: k.Status, fulfilments: k.Fulfilments,
			checkout: k.Checkout,
		}
		s.orders[o.sent], s.checkouts[o.checkout.CheckoutID] = o, o
	}
}
