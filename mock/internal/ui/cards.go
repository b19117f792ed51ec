package ui

import (
	"fmt"
	"strings"

	"github.com/payporter-mock/payporter-mock/payment"
)

// cards lists the test cards, the number first, so that it is never cut. They are public; no other number is ever
// shown.
func cards() []option {
	var all []option
	for _, c := range payment.TestCards() {
		all = append(all, option{c.PAN.Digits(), inGroups(c.PAN.Digits()) + " · " + bankSays(c)})
	}
	return all
}

// atMost is in how many instalments each test card can pay where so many are offered, by its number; those that can pay
// in all of them are left out.
func atMost(offered int) map[string]int {
	most := map[string]int{}
	for _, c := range payment.TestCards() {
		if n := c.InstallmentsAtMost(offered); n < offered {
			most[c.PAN.Digits()] = n
		}
	}
	return most
}

// cardHelp says what each test card does, 3-D Secure's included.
func cardHelp(by payment.ThreeDSecure) []option {
	var all []option
	for _, c := range payment.TestCards() {
		all = append(all, option{inGroups(c.PAN.Digits()), strings.Join([]string{
			bankSays(c) + ".", challenge(c, by), kindOf(c) + ".",
		}, " ")})
	}
	return all
}

func bankSays(c payment.TestCard) string {
	if c.Outcome.Status == payment.Success {
		return "Paid"
	}
	return c.Outcome.ResultMessage + " (" + c.Outcome.ResultCode + ")"
}

// challenge says what 3-D Secure does with the card where a customer pays with it on the hosted page.
func challenge(c payment.TestCard, by payment.ThreeDSecure) string {
	switch {
	case !c.Challenged(by):
		return "3-D Secure: no code is asked for."
	case c.Bank3DS == payment.Hopeless:
		return "3-D Secure: the bank asks for a code, and none is right."
	}
	return "3-D Secure: the bank asks for a code first, " + payment.BankCode + " is right."
}

// kindOf is such as "Akbank, VISA credit card".
func kindOf(c payment.TestCard) string {
	kind := fmt.Sprintf("%s %s card", c.Scheme, strings.ToLower(c.Type))
	if c.Bank != "" {
		kind = c.Bank + ", " + kind
	}
	if c.InstallmentsAtMost(2) < 2 {
		kind += ", without instalments"
	}
	return kind
}

// inGroups writes a number in groups of four.
func inGroups(digits string) string {
	var out strings.Builder
	for i := range digits {
		if i > 0 && i%4 == 0 {
			out.WriteByte(' ')
		}
		out.WriteByte(digits[i])
	}
	return out.String()
}

// cardOf hides a number that is no test card: it may be somebody's.
func cardOf(number string) string {
	if pan, ok := payment.ParsePAN(number); ok {
		if _, known := payment.FindTestCard(pan); !known {
			return pan.Masked()
		}
	}
	return number
}

// ways are the numbers of instalments that the checkout offers, with what the customer pays, short enough for the
// narrowest screen.
func ways(c payment.Checkout) []option {
	var all []option
	for _, way := range c.Installments() {
		label := fmt.Sprintf("1 × %s", way.Total)
		if way.Count > 1 {
			label = fmt.Sprintf("%d × %s (%s)", way.Count, way.Each, way.Total)
		}
		all = append(all, option{fmt.Sprint(way.Count), label})
	}
	return all
}
