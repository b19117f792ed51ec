package api

import (
	"context"
	"encoding/json"

	"github.com/payporter-mock/payporter-mock/payment"
	"github.com/payporter-mock/payporter-mock/scenarios"
)

// installmentOptions is the answer of POST /api/installment-options.
type installmentOptions struct {
	Options []installmentOption `json:"options"`
}

type installmentOption struct {
	InstallmentCount  int            `json:"installmentCount"`
	InstallmentAmount payment.Amount `json:"installmentAmount"`
	Currency          string         `json:"currency"`
	InterestAmount    payment.Amount `json:"interestAmount"`
	TotalAmount       payment.Amount `json:"totalAmount"`
}

// mostInstallments is how many instalments are listed for a request that does not say it. PayPorter documents it.
const mostInstallments = 12

func (a *api) listInstallmentOptions(ctx context.Context, x *call) (any, error) {
	amount, err := part(x.body)
	if err != nil {
		return nil, err
	}
	q, err := a.request(x, scenarios.OpInstallmentOptions)
	if err != nil {
		return nil, err
	}
	order := payment.Order{Amount: amount, MaxInstallmentCount: mostInstallments}
	order.InterestPaidByCustomer, _ = x.body.Values["interestPaidByCustomer"].(bool)
	if n, ok := x.body.Values["maxInstallmentCount"].(json.Number); ok {
		order.MaxInstallmentCount = wholeNumber(n)
	}
	pan, _ := x.body.Values["pan"].(string)

	done, ways, err := x.merchant.InstallmentOptions(ctx, q, order, pan)
	if err != nil {
		return nil, err
	}
	a.requested(ctx, x, done)
	return optionsOf(amount, ways), nil
}

// optionsOf lists the ways to pay an amount.
func optionsOf(amount payment.Amount, ways []payment.Installment) installmentOptions {
	list := installmentOptions{Options: []installmentOption{}}
	for _, way := range ways {
		list.Options = append(list.Options, installmentOption{
			InstallmentCount: way.Count, InstallmentAmount: way.Each, Currency: amount.Currency(),
			InterestAmount: way.Interest(amount), TotalAmount: way.Total,
		})
	}
	return list
}
