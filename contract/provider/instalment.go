package provider

import (
	"encoding/json"
	"math"
)

// lists asks in how many instalments 1000.00 TRY can be paid.
func lists(name string, extra map[string]any) source {
	return once(name, func(c payments) (*call, string) {
		if reason := newProbe(c.run).works(); reason != "" {
			return nil, reason
		}
		body := part("1000.00", "TRY")
		body["pan"] = goodCard[:6]
		for name, value := range extra {
			body[name] = value
		}
		return c.ask(optionsOp, "the instalment options", "", body), ""
	})
}

var (
	dear     = lists("dear", map[string]any{"maxInstallmentCount": 3, "interestPaidByCustomer": true})
	free     = lists("free", map[string]any{"maxInstallmentCount": 3, "interestPaidByCustomer": false})
	wholePan = lists("wholePan", map[string]any{"pan": goodCard, "maxInstallmentCount": 3, "interestPaidByCustomer": true})
	most12   = lists("most12", nil)
)

func instalmentRules() []row {
	const counts = "Compute with decimals, and round once."
	rows := []row{
		told("PROV-751", "Instalment options are answered", onOptions, "200 with options", "Serve POST /api/installment-options.",
			served(dear)),
		told("PROV-752", "There are options to choose from", onOptions, "a list `options` with at least one", "Answer `options`.",
			looking(dear, func(x *call) finding {
				if len(optionsOf(x)) == 0 {
					return fail("there is none")
				}
				return pass("%d options", len(optionsOf(x)))
			})),
		told("PROV-753", "No option has more instalments than asked for", onOptions, "installmentCount up to maxInstallmentCount",
			"Leave out what the merchant does not offer.", eachOption(dear, func(o option) bool { return o.n("installmentCount") <= 3 })),
		told("PROV-754", "An option's total is the amount with its interest", onOptions, "totalAmount = amount + interestAmount",
			counts, eachOption(dear, func(o option) bool {
				return near(o.n("totalAmount"), 1000+o.n("interestAmount"), 0.005)
			})),
		told("PROV-755", "An option's instalments add up to its total", onOptions, "installmentCount x installmentAmount = "+
			"totalAmount, to a cent each", counts, eachOption(dear, func(o option) bool {
			return near(o.n("installmentCount")*o.n("installmentAmount"), o.n("totalAmount"), 0.01*o.n("installmentCount")+0.001)
		})),
		told("PROV-756", "An option has the currency that was sent", onOptions, "the currency", "Answer the currency.",
			eachOption(dear, func(o option) bool { return o["currency"] == "TRY" })),
		told("PROV-757", "No number of instalments is offered twice", onOptions, "each installmentCount once",
			"Answer one option for each.", looking(dear, distinct)),
		told("PROV-758", "Without a limit at most 12 instalments are offered", onOptions, "installmentCount up to 12",
			"The default of maxInstallmentCount is 12.",
			eachOption(most12, func(o option) bool { return o.n("installmentCount") <= 12 })),
		told("PROV-759", "A customer who pays no interest is charged the amount", assumed, "totalAmount = amount when "+
			"interestPaidByCustomer is false", "Leave the interest to the merchant.",
			eachOption(free, func(o option) bool { return near(o.n("totalAmount"), 1000, 0.005) })),
		told("PROV-760", "The whole card number gives options, too", onOptions, "200 with all digits of the card",
			"The page takes the first six digits or all.", served(then(dear, wholePan))),
		critical(told("PROV-761", "Instalment options without credentials are refused", onAuth, "401", "Look at both headers "+
			"first.", locked(changed(dear, noCredentials), changed(dear, wrongCredentials)))),
	}
	rows = append(rows, missing([]string{"PROV-762", "PROV-763", "PROV-764"}, "A question for instalment options", onOptions,
		dear, "amount", "currency", "pan")...)
	return family("INSTALMENT", rows...)
}

// option is one way to pay.
type option map[string]any

func (o option) n(field string) float64 {
	number, _ := o[field].(json.Number)
	n, err := number.Float64()
	if err != nil {
		return math.NaN()
	}
	return n
}

func near(a, b, most float64) bool { return math.Abs(a-b) <= most }

func optionsOf(x *call) []option {
	list, _ := x.values()["options"].([]any)
	var all []option
	for _, one := range list {
		values, _ := one.(map[string]any)
		all = append(all, values)
	}
	return all
}

// eachOption wants every option so.
func eachOption(s source, so func(o option) bool) check {
	return looking(s, func(x *call) finding {
		for _, o := range optionsOf(x) {
			if !so(o) {
				return fail("%s", cut(asText(o)))
			}
		}
		if len(optionsOf(x)) == 0 {
			return unjudged("there are no options to look at")
		}
		return pass("all %d are", len(optionsOf(x)))
	})
}

func distinct(x *call) finding {
	seen := map[any]bool{}
	for _, o := range optionsOf(x) {
		if seen[o["installmentCount"]] {
			return fail("%v twice", o["installmentCount"])
		}
		seen[o["installmentCount"]] = true
	}
	return pass("%d different", len(seen))
}
