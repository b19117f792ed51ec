package payment

// Installment is one way to pay a checkout: in so many monthly parts.
type Installment struct {
	Count int
	Each  Amount // what the customer pays a month
	Total Amount // what the customer pays in all
}

// Interest is what the customer pays more than the amount in all; zero where the merchant pays the interest.
func (i Installment) Interest(amount Amount) Amount {
	return ofMinor(max(0, i.Total.minor-amount.minor), amount.currency)
}

// Installments lists the ways to pay the order, one payment first; parts of nothing are no way. With
// InterestPaidByCustomer the parts carry the interest that PayPorter's page on installment options
// shows, 2.0 % for two, 3.5 % for three; the line through these two is assumed for the rest. The total
// is then what the parts add up to. Without it the total is the order's, and the parts are rounded.
func (o Order) Installments() []Installment {
	options := make([]Installment, 0, o.MaxInstallmentCount)
	for n := 1; n <= o.MaxInstallmentCount; n++ {
		total := o.Amount
		if o.InterestPaidByCustomer && n > 1 {
			total = total.Plus(total.Percent(int64(150*n - 100)))
		}
		each := total.Over(int64(n))
		if each.Minor() == 0 {
			break
		}
		if o.InterestPaidByCustomer && n > 1 {
			total = each.Percent(100_00 * int64(n))
		}
		options = append(options, Installment{Count: n, Each: each, Total: total})
	}

	return options
}
