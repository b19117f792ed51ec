package page

import (
	"context"
	"fmt"
	"math"
	"net/http"
	"net/url"
	"strconv"
	"time"

	"github.com/payporter-mock/payporter-mock/internal/exchange"
	"github.com/payporter-mock/payporter-mock/payment"
)

// bankScreen is the page of the customer's bank, which asks for a one-time code.
type bankScreen struct {
	Facts        []fact
	At, CancelAt string
	Attempt      int    // which try to pay is being asked about
	Wrong        string // after a wrong code
	Hint, Tries  string
	EndsAt       string // for machines
	Until        string
	Seconds      int // from now until then
}

// bank asks for the code. Whoever has nothing to do here is led to where the customer goes on.
func (p *page) bank(_ context.Context, x *call) (answer, error) {
	if x.checkout.State != payment.Authenticating {
		return x.next(), nil
	}
	q := x.checkout.Challenge
	return x.askCode(q, bankScreen{
		Facts: x.asked(q.Payment), Attempt: x.checkout.Attempts, At: x.path("/bank"), CancelAt: x.path("/bank/cancel"),
	}), nil
}

// askCode shows the bank's page.
func (x *call) askCode(q *payment.Challenge, about bankScreen) answer {
	w := x.words
	left := max(q.EndsAt.Sub(x.merchant.Clock().Now()), 0)
	s := &bankScreen{
		Facts: about.Facts, Attempt: about.Attempt, At: about.At, CancelAt: about.CancelAt,
		Hint: fmt.Sprintf(w.BankHint, payment.BankCode), Tries: w.tries(q.Left),
		EndsAt: q.EndsAt.UTC().Format(time.RFC3339), Until: q.EndsAt.UTC().Format(w.Clock),
		Seconds: int(math.Ceil(left.Seconds())),
	}
	if q.Left < payment.BankTries {
		s.Wrong = w.BankWrong
	}

	// The bank gives up by itself, and a page that is still open then moves on.
	return answer{status: http.StatusOK, refresh: s.Seconds + 1, screen: screen{Title: w.BankHeading, Bank: s}}
}

// asked is what the customer approves.
func (x *call) asked(p payment.Payment) []fact {
	return append(x.order(x.charged(p)), fact{"masked-pan", x.words.Card, p.PAN})
}

func (w *words) tries(left int) string {
	if left == 1 {
		return w.BankLastTry
	}
	return fmt.Sprintf(w.BankTries, left)
}

// authenticate takes a code. Nothing typed is no try.
func (p *page) authenticate(ctx context.Context, x *call) (answer, error) {
	values, err := readValues(x.response, x.request)
	if err != nil {
		return answer{}, err
	}
	code := x.code(values)
	if !x.asks(values) || code == "" {
		return x.next(), nil
	}
	return x.afterBank(x.merchant.Authenticate(ctx, x.checkout.ID, code))
}

// leaveBank is the customer who presses Cancel at the bank.
func (p *page) leaveBank(ctx context.Context, x *call) (answer, error) {
	values, _ := readValues(x.response, x.request) // to cancel, nothing needs to be said
	if !x.asks(values) {
		return x.next(), nil
	}
	return x.afterBank(x.merchant.LeaveBank(ctx, x.checkout.ID))
}

// afterBank leads on from what the bank made of the payment, whoever asked it first.
func (x *call) afterBank(c payment.Checkout, err error) (answer, error) {
	if err != nil && !notPayable(err) {
		return answer{}, err
	}
	x.checkout = c
	return x.next(), nil
}

// asks reports whether the bank asks about the try to pay that the customer's page shows. An old tab
// must not approve what it does not show.
func (x *call) asks(values url.Values) bool {
	shown := values.Get("attempt")
	return x.checkout.State == payment.Authenticating && (shown == "" || shown == strconv.Itoa(x.checkout.Attempts))
}

// code takes the code out of a form. The journal keeps that there was one.
func (x *call) code(values url.Values) string {
	code := tidy(values.Get("code"))
	if code != "" {
		x.body = exchange.Harmless([]byte("code=" + payment.Masked))
	}
	return code
}
