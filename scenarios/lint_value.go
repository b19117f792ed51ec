package scenarios

import (
	"regexp"
	"strconv"
	"strings"

	"github.com/payporter-mock/payporter-mock/payment"
)

// mostInstallments is how many instalments a checkout and a payment have at most.
const mostInstallments = 12

// unlikely says which values of a scenario can be written, and are hardly what was meant.
func (s *Scenario) unlikely() (all []string) {
	for _, condition := range []struct {
		key      string
		patterns Globs
	}{
		{"orderId", s.When.OrderID},
		{"customerId", s.When.CustomerID},
		{"description", s.When.Description},
		{"currency", s.When.Currency},
		{"card", s.When.Card},
	} {
		for _, pattern := range condition.patterns.patterns {
			if likeRegexp.MatchString(pattern) {
				all = append(all, regexpInPattern(condition.key, pattern))
			}
		}
	}

	for _, one := range s.When.InstallmentCount.each() {
		if !one.takesSome(mostInstallments) {
			all = append(all, "waits for "+one.String()+" instalments, and there are at most "+
				strconv.Itoa(mostInstallments))
		}
	}
	if s.Payer != nil && s.Payer.InstallmentCount > mostInstallments {
		all = append(all, "cannot pay: payer.installmentCount is "+strconv.Itoa(s.Payer.InstallmentCount)+
			", and there are at most "+strconv.Itoa(mostInstallments))
	}
	for _, p := range s.Payment {
		if fault := p.contradiction(); fault != "" {
			all = append(all, fault)
		}
	}
	return all
}

// takesSome reports whether a whole number from 1 to most is taken.
func (n Numbers) takesSome(most int) bool {
	for i := 1; i <= most; i++ {
		if n.take(numberOf(strconv.Itoa(i))) {
			return true
		}
	}
	return false
}

// likeRegexp finds what stands in regular expressions and hardly ever in a text: anchors, \d and its like, .* and .+,
// a repeated class or group, and a choice between brackets.
var likeRegexp = regexp.MustCompile(`^\^|\$$|\\[dwsbDWSB]|\.[*+]|[\])]\+|\)[*?]|\]\{[0-9]|\([^)]*\|[^)]*\)`)

// asPattern writes what regular expressions often have as a pattern has it.
var asPattern = strings.NewReplacer(`.*`, "*", `.+`, "*", `\d+`, "*", `\d*`, "*", `\d`, "[0-9]", `[0-9]+`, "*")

// regexpInPattern says what a pattern with a regular expression in it should be.
func regexpInPattern(key, pattern string) string {
	said := "has a regular expression in when." + key + ", " + quoted(pattern) + ", which is a pattern: * stands for any " +
		"text, ? for one character, [0-9] for a digit"
	meant := asPattern.Replace(strings.TrimSuffix(strings.TrimPrefix(pattern, "^"), "$"))
	if likeRegexp.MatchString(meant) || strings.ContainsAny(meant, `\()|+`) {
		return said
	}
	return said + "; did you mean " + quoted(meant) + "?"
}

// declineCode is a bank's code; 00 alone is no decline.
var declineCode = regexp.MustCompile(`^[0-9A-Z][0-9A-Z]$`)

// contradiction says that the status and the result code of a payment do not go together.
func (p Payment) contradiction() string {
	approved := p.ResultCode == string(payment.Success) || p.ResultCode == "00"
	switch {
	case p.Status == payment.Success && declineCode.MatchString(p.ResultCode) && !approved:
		return "has status SUCCESS with resultCode " + p.ResultCode + ", by which a bank declines"
	case p.Status == payment.Failed && approved:
		return "has status FAILED with resultCode " + p.ResultCode + ", by which a bank approves"
	}
	return ""
}
