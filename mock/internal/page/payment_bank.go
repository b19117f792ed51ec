package page

import (
	"context"
	"net/http"

	"github.com/payporter-mock/payporter-mock/payment"
)

// bankPath is where a customer arrives whose payment the shop started with POST /api/3ds.
const bankPath = "/three-d-secure/"

// paymentID is the path parameter that names such a payment.
const paymentID = "paymentId"

// forPayment lets do see a payment with a 3-D Secure step as it stands now; any other is NotFound.
func (p *page) forPayment(do useCase) useCase {
	return func(ctx context.Context, x *call) (answer, error) {
		if x.merchant == nil {
			return p.unknownLink(ctx, x)
		}
		found, err := x.merchant.WholePayment(ctx, x.checkout.ID)
		if err != nil {
			return answer{}, err
		}
		if found.Authentication == nil {
			return p.unknownLink(ctx, x)
		}
		x.show(found)
		return do(ctx, x)
	}
}

// show shows the payment as it is now.
func (x *call) show(p payment.Payment) {
	x.payment = p
	x.checkout.Order = payment.Order{OrderID: p.OrderID, CustomerID: p.CustomerID, Amount: p.Amount}
}

// bankOfPayment asks for the code. Once the bank has answered, it leads the customer back to the shop.
func (p *page) bankOfPayment(ctx context.Context, x *call) (answer, error) {
	met, err := x.merchant.MeetBank(ctx, x.payment.ID)
	if err != nil {
		return answer{}, err
	}

	x.show(met)
	a := met.Authentication
	if a.Over() {
		return x.backFromBank(a), nil
	}

	facts := append(x.order(a.Charged), fact{"masked-pan", x.words.Card, a.Payment.PAN})
	return x.askCode(&a.Challenge, bankScreen{
		Facts: facts, Attempt: 1, At: x.bankAt(""), CancelAt: x.bankAt("/cancel"),
	}), nil
}

// bankAt is the address of a page of the bank, in the language that was asked for.
func (x *call) bankAt(rest string) string {
	at := x.to(bankPath + x.payment.ID + rest)
	if x.language != "" {
		at += "?lang=" + x.language
	}
	return at
}

// backFromBank is the form that the customer's browser brings to the shop. It is sent by itself until the shop has
// completed the payment.
func (x *call) backFromBank(a *payment.Authentication) answer {
	says, at := x.words.Unknown, a.FailureURL
	if a.State == payment.Authenticated || x.payment.Status == payment.Success {
		says, at = x.words.Known, a.SuccessURL
	}
	s := screen{Title: says.Title, Return: &says}
	if a.State != payment.Completed && !x.isHere(at) {
		s.Back = &backToShop{At: at, Fields: []hidden{{"paymentId", x.payment.ID}, {"securityKey", a.Posted}}}
		s.Back.sendItself()
	}
	return answer{status: http.StatusOK, screen: s}
}

// authenticatePayment takes a code. Nothing typed, as the shop's own form sends, is no try.
func (p *page) authenticatePayment(ctx context.Context, x *call) (answer, error) {
	values, err := readValues(x.response, x.request)
	if err != nil {
		return answer{}, err
	}

	if code := x.code(values); code != "" {
		said, err := x.merchant.TypeBankCode(ctx, x.payment.ID, code)
		if err != nil {
			return answer{}, err
		}
		x.show(said)
	}
	return answer{status: http.StatusSeeOther, location: x.bankAt("")}, nil
}

// leaveBankOfPayment is the customer who presses Cancel at the bank.
func (p *page) leaveBankOfPayment(ctx context.Context, x *call) (answer, error) {
	left, err := x.merchant.LeaveBankPage(ctx, x.payment.ID)
	if err != nil {
		return answer{}, err
	}
	x.show(left)
	return answer{status: http.StatusSeeOther, location: x.bankAt("")}, nil
}
