package payment

// Installment is one way to pay a checkout: in so many monthly parts.
type Installment struct {
	Count int
	Each  Amount // what the customer pays a month
	Total Amount // what the customer pays in all
}

// Installments lists the ways to pay the order, one payment first. With InterestPaidByCustomer the
// total carries the interest that PayPorter's page on installment options shows: 2.0 % for two,
// 3.5 % for three; the line through these two is assumed for the rest.
func (o Order) Installments() []Installment {
	options := make([]Installment, 0, o.MaxInstallmentCount)
	for n := 1; n <= o.MaxInstallmentCount; n++ {
		total := o.Amount
		if o.InterestPaidByCustomer && n > 1 {
			total = total.Plus(total.Percent(int64(150*n - 100)))
		}
		options = append(options, Installment{Count: n, Each: total.Over(int64(n)), Total: total})
	}
	return options
}
