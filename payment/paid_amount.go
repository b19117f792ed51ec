package payment

// PaidAmount says which amount a payment has whose customer pays interest, beside the order's. PayPorter's pages do not
// say it.
type PaidAmount string

// The amounts.
const (
	PaidAmountOrder   PaidAmount = "order"   // what the order costs
	PaidAmountCharged PaidAmount = "charged" // what the customer's card is charged, the interest included
)

// Charged is what the card of a customer is charged who pays the order in so many instalments. A number of instalments
// that the order does not offer costs what the order does.
func (o Order) Charged(installments int) Amount {
	ways := o.Installments()
	if installments < 1 || installments > len(ways) {
		return o.Amount
	}
	return ways[installments-1].Total
}

// PaidAmount is the amount of the checkout's payment: its own, or what the order costs while it has none.
func (c Checkout) PaidAmount() Amount {
	if c.Payment.Amount == (Amount{}) {
		return c.Amount
	}
	return c.Payment.Amount
}
