package pos_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/payporter-mock/payporter-mock/mock/internal/pos"
	"github.com/payporter-mock/payporter-mock/payment"
	"github.com/payporter-mock/payporter-mock/scenarios"
)

var noon = time.Date(2026, 1, 31, 12, 0, 0, 0, time.UTC)

const (
	goodCard     = "5528790000000008"
	declinedCard = "4111111111111129"
)

// desk decides with the settings that a sandbox has without flags.
func desk() pos.POS {
	return pos.POS{
		Draws: pos.Draws{Seed: 1, Key: "test_key"},
		Rules: pos.Rules{
			LinkLifetime: 24 * time.Hour, ThreeDSecure: payment.ThreeDSecureByCard, BankPatience: 3 * time.Minute,
			RetryPayments: true, RepeatedOrders: true,
			Announce: map[pos.Event]bool{pos.OnSuccess: true, pos.OnFailure: true, pos.OnCancel: true},
		},
	}
}

// set reads scenarios; an empty text is no set.
func set(t *testing.T, list string) *scenarios.Set {
	t.Helper()
	if list == "" {
		return nil
	}
	s, err := scenarios.Parse("", []byte("version: 1\nscenarios:\n"+list))
	require.NoError(t, err)
	return s
}

func never(string) uint64 { return 0 }

// opened is a new checkout, with its run if a scenario can matter to it.
func opened(t *testing.T, p pos.POS, s *scenarios.Set, header string) pos.Sale {
	t.Helper()
	amount, err := payment.ParseAmount("100.50", "TRY")
	require.NoError(t, err)
	made, err := p.Create(pos.Request{
		Order: payment.Order{
			OrderID: "ORD-1", Amount: amount, Callback: "http://127.0.0.1:1/callback", MaxInstallmentCount: 3,
		},
		Header: header, Set: s, Used: never, Now: noon,
	})
	require.NoError(t, err)
	require.NotNil(t, made.Checkout)
	sale := pos.Sale{
		Checkout: *made.Checkout, Set: s, Used: never, Other: func() string { return "the other one" },
		Now: noon.Add(time.Minute),
	}
	if made.Followed {
		sale.Run = &made.Run
	}
	return sale
}

// after is the sale once a decision has been written down.
func after(s pos.Sale, d pos.Decision) pos.Sale {
	s.Checkout, s.Run = d.Checkout, d.Run
	return s
}

type event func(p pos.POS, s pos.Sale) (pos.Decision, error)

func pays(card string) event {
	return func(p pos.POS, s pos.Sale) (pos.Decision, error) { return p.PayWithTestCard(s, card, 1) }
}

func forces(status payment.Status) event {
	return func(p pos.POS, s pos.Sale) (pos.Decision, error) { return p.Force(s, payment.Outcome{Status: status}) }
}

func types(code string) event {
	return func(p pos.POS, s pos.Sale) (pos.Decision, error) { return p.Authenticate(s, code) }
}

// atBank pays in front of the page, so that the bank of a card with 3-D Secure asks for a code.
func atBank(p pos.POS, s pos.Sale) (pos.Decision, error) {
	p.Rules.ThreeDSecure = payment.ThreeDSecureAlways
	return p.Pay(s, pos.Try{Card: p.FilledIn(s, goodCard), Present: true})
}

func later(by time.Duration, happens event) event {
	return func(p pos.POS, s pos.Sale) (pos.Decision, error) {
		s.Now = s.Now.Add(by)
		return happens(p, s)
	}
}

// told sums a decision up in a line: state, status, result code, what is scheduled and dropped, what is sent.
func told(d pos.Decision) string {
	line := fmt.Sprintf("%s %s %s", d.Checkout.State, d.Checkout.Payment.Status, d.Checkout.Payment.ResultCode)
	for _, task := range d.Schedule {
		line += fmt.Sprintf(" +%s@%s", task.Kind, task.Due.Sub(noon))
	}
	for _, kind := range d.Drop {
		line += " -" + string(kind)
	}
	for _, callback := range d.Outbox {
		says := "its id"
		if callback.Carries != d.Checkout.ID {
			says = fmt.Sprintf("%q", callback.Carries)
		}
		line += fmt.Sprintf(" >%s@%s", says, callback.Due.Sub(noon))
	}
	return strings.Join(strings.Fields(line), " ")
}

func TestDecisions(t *testing.T) {
	t.Parallel()
	const open, over = "+expire@24h0m0s", "-expire -pay -cancel -abandon"
	for name, test := range map[string]struct {
		scenarios string
		events    []event
		want      string
		note      string
	}{
		"paid": {
			events: []event{pays(goodCard)}, note: "paid by card",
			want: "PAID SUCCESS SUCCESS -give up " + over + " -settle >its id@1m0s",
		},
		"declined": {
			events: []event{pays(declinedCard)}, note: "declined: 51 Not sufficient funds",
			want: "OPEN FAILED 51 " + open + " -give up >its id@1m0s",
		},
		"paid after a decline": {
			events: []event{pays(declinedCard), pays(goodCard)}, note: "paid by card",
			want: "PAID SUCCESS SUCCESS -give up " + over + " -settle >its id@1m0s",
		},
		"cancelled": {
			events: []event{pos.POS.Cancel}, note: "cancelled by the customer",
			want: "CANCELLED CANCELLED CANCELLED -give up " + over + " -settle >its id@1m0s",
		},
		"expired": {
			events: []event{pos.POS.Expire}, note: "the link expired",
			want: "EXPIRED CANCELLED EXPIRED -give up " + over + " -settle",
		},
		"abandoned": {
			events: []event{pos.POS.Abandon}, note: "abandoned by the customer", want: "OPEN ENROLLED -pay",
		},
		"at the bank": {
			events: []event{atBank}, note: "the bank asks the customer for a one-time code",
			want: "AUTHENTICATING ENROLLED +give up@4m0s " + over,
		},
		"a wrong code": {
			events: []event{atBank, types("000000")}, note: "a wrong code, 2 of 3 tries left",
			want: "AUTHENTICATING ENROLLED +give up@4m0s " + over,
		},
		"three wrong codes": {
			events: []event{atBank, types("0"), types("0"), types("0")}, note: "the customer typed a code",
			want: "OPEN FAILED MD_STATUS_0 " + open + " -give up >its id@1m0s",
		},
		"the right code": {
			events: []event{atBank, types(payment.BankCode)}, note: "the customer typed a code",
			want: "PAID SUCCESS SUCCESS -give up " + over + " -settle >its id@1m0s",
		},
		"a code too late": {
			events: []event{atBank, later(time.Hour, types(payment.BankCode))}, note: "the bank waits no longer",
			want: "OPEN FAILED MD_STATUS_0 " + open + " -give up >its id@1h1m0s",
		},
		"left the bank": {
			events: []event{atBank, pos.POS.LeaveBank}, note: "cancelled on the bank's page",
			want: "OPEN FAILED MD_STATUS_0 " + open + " -give up >its id@1m0s",
		},
		"forced": {
			events: []event{forces(payment.Captured)}, note: "outcome forced",
			want: "PAID CAPTURED SUCCESS -settle -give up " + over + " -settle >its id@1m0s",
		},
		"forced while it waits for approval": {
			events: []event{forces(payment.PendingApproval), forces(payment.Rejected)}, note: "outcome forced",
			want: "OPEN REJECTED REJECTED " + open + " -settle -give up >its id@1m0s",
		},
		"a slow bank": {
			scenarios: "  - {name: a, payment: {delay: 1m}}", events: []event{pays(goodCard)},
			note: "the bank takes its time",
			want: "PROCESSING ENROLLED +settle@2m0s -give up " + over,
		},
		"a slow bank's answer": {
			scenarios: "  - {name: a, payment: {delay: 1m}}", events: []event{
				pays(goodCard),
				later(time.Minute, pos.POS.BankAnswers),
			},
			want: "PAID SUCCESS SUCCESS -give up " + over + " -settle >its id@2m0s", note: "the bank has answered",
		},
		"a scenario for the card": {
			scenarios: "  - {name: a, when: {card: \"5528*\"}, payment: {status: FAILED, resultCode: \"05\"}}",
			events:    []event{pays(goodCard)}, note: "declined: 05 Do not honour",
			want: "OPEN FAILED 05 " + open + " -give up >its id@1m0s",
		},
		"callbacks as the scenario plans them": {
			scenarios: "  - {name: a, callback: {deliveries: [{after: 5s}, {checkoutId: missing}, {checkoutId: other, count: " +
				"2, concurrently: true}]}}",
			events: []event{pays(goodCard)}, note: "paid by card",
			want: "PAID SUCCESS SUCCESS -give up " + over + " -settle" +
				" >its id@1m5s >\"\"@1m0s >\"the other one\"@1m0s >\"the other one\"@1m0s",
		},
		"a callback that gets lost": {
			scenarios: "  - {name: a, callback: {via: none}}", events: []event{pays(goodCard)}, note: "paid by card",
			want: "PAID SUCCESS SUCCESS -give up " + over + " -settle",
		},
		"a customer with a real card": {
			scenarios: "  - {name: a, payer: {card: \"4242424242424242\"}}", events: []event{pos.POS.PayAsScenario},
			want: "OPEN ENROLLED", note: "the customer could not pay: card: is not a test card of this sandbox; never enter " +
				"a real card here",
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := desk()
			sale := opened(t, p, set(t, test.scenarios), "")
			before := sale
			var d pos.Decision
			for _, happens := range test.events {
				var err error
				d, err = happens(p, sale)
				require.NoError(t, err)
				again, err := happens(p, sale)
				require.NoError(t, err)
				require.Equal(t, d, again, "the same decision can be made twice")
				before, sale = sale, after(sale, d)
			}
			require.Equal(t, test.want, told(d))
			require.Equal(t, test.note, d.Note)
			require.Equal(t, before.Checkout.Order, d.Checkout.Order)
		})
	}
}

func TestWhatIsOverCannotHappenAgain(t *testing.T) {
	t.Parallel()
	p := desk()
	sale := opened(t, p, nil, "")
	paid, err := p.PayWithTestCard(sale, goodCard, 1)
	require.NoError(t, err)
	for name, happens := range map[string]event{
		"pay": pays(goodCard), "cancel": pos.POS.Cancel, "expire": pos.POS.Expire, "abandon": pos.POS.Abandon,
		"force": forces(payment.Success), "code": types(payment.BankCode), "leave": pos.POS.LeaveBank,
		"give up": pos.POS.BankGivesUp, "answer": pos.POS.BankAnswers,
	} {
		_, err := happens(p, after(sale, paid))
		require.ErrorIs(t, err, &payment.Error{Code: payment.NotPayable}, name)
	}
	require.Nil(t, p.Answered(after(sale, paid)))

	late, err := later(25*time.Hour, pays(goodCard))(p, sale)
	require.NoError(t, err)
	require.Equal(t, payment.Expired, late.Checkout.State, "a link whose time is over ends before anybody pays")
	require.ErrorIs(t, late.Refused, &payment.Error{Code: payment.NotPayable})
}

func TestAScenarioIsCountedOncePerCheckout(t *testing.T) {
	t.Parallel()
	p := desk()
	s := set(t, "  - {name: first, limit: 1, when: {attempt: 1}}\n  - {name: rest, when: {attempt: {gte: 2}}}")
	sale := opened(t, p, s, "")
	require.Empty(t, sale.Run.Scenario)

	one, err := p.PayWithTestCard(sale, declinedCard, 1)
	require.NoError(t, err)
	require.Equal(t, []string{"first"}, one.Counted)
	sale = after(sale, one)
	sale.Used = func(string) uint64 { return 1 } // by this checkout
	two, err := p.PayWithTestCard(sale, declinedCard, 1)
	require.NoError(t, err)
	require.Equal(t, []string{"rest"}, two.Counted)
	three, err := p.PayWithTestCard(after(sale, two), declinedCard, 1)
	require.NoError(t, err)
	require.Empty(t, three.Counted)
	require.Equal(t, []string{"first", "rest"}, three.Run.Counted)
	require.Empty(t, sale.Run.Counted[1:], "the run of the books was not changed")
}

func TestCreatesThatAScenarioKeeps(t *testing.T) {
	t.Parallel()
	p := desk()
	s := set(t, "  - {name: busy, create: {respond: {status: 503, times: 2}}}\n  - {name: other}")
	request := pos.Request{Order: payment.Order{OrderID: "ORD-1"}, Set: s, Used: never, Now: noon}
	for n := 1; n <= 3; n++ {
		made, err := p.Create(request)
		require.NoError(t, err)
		require.Equal(t, n, made.Run.Request)
		require.Equal(t, n == 3, made.Checkout != nil)
		require.Equal(t, n == 1, len(made.Counted) == 1, "repeated requests are no further use of the scenario")
		require.Equal(t, n < 3, made.KeepOrder && !made.DropOrder)
		request.Earlier = &made.Run
	}

	request.Header = "other"
	made, err := p.Create(request)
	require.NoError(t, err)
	require.Equal(t, "other", made.Run.Scenario, "a header that names another scenario begins anew")
	request.Header = "none-such"
	_, err = p.Create(request)
	require.ErrorIs(t, err, &payment.Error{Code: payment.InvalidRequest})
}

func TestQuestions(t *testing.T) {
	t.Parallel()
	p := desk()
	sale := opened(t, p, set(t, "  - {name: a, payment: {fields: {domInt: INT}}, status: [{respond: {status: 500}, "+
		"times: 1}, "+
		"{fields: {amount: 1.00}}]}"), "")

	first := p.Question(sale)
	require.Equal(t, 500, first.Step.Respond.Status)
	require.Equal(t, 1, first.Run.Answered)
	require.Zero(t, sale.Run.Answered, "the run of the books was not changed")
	sale.Run = first.Run
	second := p.Question(sale)
	require.Nil(t, second.Run, "fields wait until somebody has tried to pay")
	require.Empty(t, second.Step)

	paid, err := p.PayWithTestCard(sale, goodCard, 1)
	require.NoError(t, err)
	third := p.Question(after(sale, paid))
	require.Equal(t, "domInt", third.Fields[0].Name)
	require.Equal(t, "amount", third.Step.Fields[0].Name)
}

func TestCallbacksBeforeTheAnswer(t *testing.T) {
	t.Parallel()
	p := desk()
	s := set(t, "  - {name: a, callback: {deliveries: [{beforeResponse: true, count: 2, concurrently: true}, "+
		"{after: 5s}]}}")
	d, err := p.Early(opened(t, p, s, ""))
	require.NoError(t, err)
	require.Equal(t, payment.Paid, d.Checkout.State)
	held := []bool{}
	for _, callback := range d.Outbox {
		held = append(held, callback.Held)
	}
	require.Equal(t, []bool{false, true, true}, held)
	require.Equal(t, d.Outbox[1].Turn, d.Outbox[2].Turn)

	nothing, err := p.Early(opened(t, p, nil, ""))
	require.NoError(t, err)
	require.Empty(t, nothing.Outbox)
	require.Empty(t, nothing.Note)
}

func TestGeneratedValuesFollowFromWhatTheyAreFor(t *testing.T) {
	t.Parallel()
	d := pos.Draws{Seed: 1, Key: "a"}
	require.Equal(t, d.UUID("s", "p", 1), d.UUID("s", "p", 1))
	seen := map[string]bool{}
	for _, id := range []string{
		d.UUID("s", "p", 1), d.UUID("s", "p", 2), d.UUID("s", "p", 1, 2), d.UUID("s", "p"), d.UUID("sp", ""),
		d.UUID("", "sp"),
		pos.Draws{Seed: 2, Key: "a"}.UUID("s", "p"), pos.Draws{Seed: 1, Key: "b"}.UUID("s", "p"),
		pos.Draws{Seed: 1, Key: "as"}.UUID("", "p"),
	} {
		require.False(t, seen[id], id)
		seen[id] = true
	}
	require.Regexp(t, `^EXT\d{9}$`, d.Reference("EXT", 9, "s", "p"))
	require.Equal(t, strings.ToUpper(d.Name("s", "p")), d.Name("s", "p"))
	require.Less(t, d.Fraction("s", "p"), 1.0)
}
