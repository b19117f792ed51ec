package main

import (
	"encoding/json"
	"log"
	"math/big"
	"net/http"
	"slices"
)

// refund is money that was given back, or may be.
type refund struct {
	paymentID string // PayPorter's; empty: its answer never came
	amount    *big.Rat
	status    string // UNKNOWN until PayPorter answers
}

// giveBack gives a customer some of the money back.
func (s *shop) giveBack(w http.ResponseWriter, r *http.Request) {
	var wanted struct {
		Amount json.RawMessage `json:"amount"`
	}
	err := json.NewDecoder(http.MaxBytesReader(w, r.Body, maxBody)).Decode(&wanted)
	if err != nil || !amounts.Match(wanted.Amount) {
		write(w, say(http.StatusBadRequest, `want {"amount": 50.25}`))
		return
	}
	write(w, s.refund(r.PathValue("id"), money{Amount: wanted.Amount}.number()))
}

func (s *shop) refund(id string, wanted *big.Rat) reply {
	o, made, refused := s.reserve(id, wanted)
	if made == nil {
		return refused
	}

	path, amount := s.habits.back(s, o, wanted)
	got, err := s.habits.askBack(s, o, path, amount)
	s.mu.Lock()
	defer s.mu.Unlock()
	switch {
	case err == nil && got.status == http.StatusOK:
		if p, err := decodePayment(got.body); err == nil {
			made.paymentID, made.status = p.text("paymentId"), p.Status()
		}
		return say(http.StatusOK, "the refund was asked for")
	case err == nil && s.habits.refused(s, o, made, got):
		made.status = "SUCCESS"
		return say(http.StatusOK, "the money was given back")
	case err == nil && got.status >= 400 && got.status < 500: // PayPorter says no: nothing has happened
		o.refunds = slices.DeleteFunc(o.refunds, func(r *refund) bool { return r == made })
		return say(http.StatusConflict, "PayPorter refuses this refund")
	}
	log.Printf("%s: refund of %s: %d %v", o.id, amount.FloatString(2), got.status, err) // for a person to look at
	return say(http.StatusBadGateway, "it is not known whether this refund was made")
}

// reserve keeps a refund before PayPorter is asked, so that two at once cannot exceed the order.
func (s *shop) reserve(id string, wanted *big.Rat) (*order, *refund, reply) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, o := range s.orders {
		switch {
		case o.id != id:
			continue
		case !s.habits.refundable(o):
			return o, nil, say(http.StatusConflict, "this order is not paid")
		case wanted.Sign() <= 0 || wanted.Cmp(s.habits.left(s, o)) > 0:
			return o, nil, s.habits.tooMuch(s, o, wanted)
		}
		made := &refund{amount: wanted, status: "UNKNOWN"}
		o.refunds = append(o.refunds, made)
		return o, made, reply{}
	}
	return nil, nil, say(http.StatusNotFound, "there is no such order")
}

// leftOf is what was paid and not given back, nor may be.
func leftOf(_ *shop, o *order) *big.Rat {
	return new(big.Rat).Sub(o.number(), o.sum(func(status string) bool {
		return status == "SUCCESS" || status == "PENDING_APPROVAL" || status == "UNKNOWN"
	}))
}

func sumRefunded(s *shop, o *order) *big.Rat { return o.sum(s.habits.counts) }

// sum adds the refunds up that have one of these statuses.
func (o *order) sum(counts func(status string) bool) *big.Rat {
	all := new(big.Rat)
	for _, r := range o.refunds {
		if counts(r.status) {
			all.Add(all, r.amount)
		}
	}
	return all
}

func refundOf(_ *shop, o *order, wanted *big.Rat) (string, *big.Rat) {
	return "/api/payment/" + o.paymentID + "/refund", wanted
}

func (s *shop) askBack(o *order, path string, amount *big.Rat) (answer, error) {
	body, _ := json.Marshal(money{json.RawMessage(amount.FloatString(2)), o.Currency}) // a number and a text
	header := s.habits.credentials(s, http.MethodPost)
	header.Set("Content-Type", "application/json")
	return s.call(header, http.MethodPost, path, body)
}

// takeRefund learns what became of a refund.
func takeRefund(_ *shop, o *order, p payment) {
	id := p.text("paymentId")
	at := slices.IndexFunc(o.refunds, func(r *refund) bool { return r.paymentID == id })
	if at < 0 { // its answer never came
		at = slices.IndexFunc(o.refunds, func(r *refund) bool {
			return r.paymentID == "" && r.amount.Cmp(p.money().number()) == 0
		})
	}
	if at >= 0 {
		o.refunds[at].paymentID, o.refunds[at].status = id, p.Status()
	}
}
