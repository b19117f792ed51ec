package report

import (
	"math"
	"slices"

	"github.com/payporter-mock/payporter-mock/internal/exchange"
)

// Redacted is a copy that can be shown to anybody: without the values of secret headers, without the
// run's secrets, with card numbers masked. Every form is written from such a copy, so that this is the
// last wall, whoever built the report. It also puts right what no form can carry, such as a time of NaN.
func (r *Report) Redacted() *Report {
	c, mask := *r, exchange.NewMasker(r.Secrets...)
	maskAll(mask, &c.Reason, &c.Tool, &c.Target, &c.Bundle)
	c.Seconds = finite(c.Seconds)

	c.Rules = make([]Rule, len(r.Rules))
	for i, rule := range r.Rules {
		c.Rules[i] = rule.redacted(mask)
	}

	c.Findings = nil
	if r.Findings != nil {
		c.Findings = findingsOf(&c)
	}

	if r.Coverage != nil {
		items := append([]CoverageItem{}, r.Coverage.Items...)
		for i := range items {
			maskAll(mask, &items[i].Kind, &items[i].Name)
		}
		c.Coverage = &Coverage{Items: items}
	}
	return &c
}

func (rule Rule) redacted(mask exchange.Masker) Rule {
	maskAll(mask, &rule.ID, &rule.Family, &rule.Title, &rule.Source, &rule.Expected, &rule.Advice)
	maskAll(mask, &rule.Because)
	rule.Seen, rule.Output = mask.Text(rule.Seen), mask.Text(rule.Output)
	rule.Seconds = finite(rule.Seconds)

	exchanges := make([]exchange.Exchange, len(rule.Exchanges))
	for i, e := range rule.Exchanges {
		e = mask.Exchange(e)
		e.LatencyMS = finite(e.LatencyMS)
		exchanges[i] = e
	}
	rule.Exchanges = exchanges

	rule.Decisive, rule.Cases = slices.Clone(rule.Decisive), slices.Clone(rule.Cases)
	for i, d := range rule.Decisive {
		d.Differs = slices.Clone(d.Differs)
		for n := range d.Differs {
			d.Differs[n] = mask.Text(d.Differs[n])
		}
		rule.Decisive[i] = d
	}
	for i := range rule.Cases {
		rule.Cases[i].Name, rule.Cases[i].Order = mask.Text(rule.Cases[i].Name), mask.Own(rule.Cases[i].Order)
	}
	return rule
}

// maskAll masks texts of our own rules.
func maskAll(mask exchange.Masker, texts ...*string) {
	for _, text := range texts {
		*text = mask.Own(*text)
	}
}

// finite is a time that can be written and added up. What is none is zero.
func finite(f float64) float64 {
	if math.IsNaN(f) || f < 0 {
		return 0
	}
	return min(f, 1e12)
}
