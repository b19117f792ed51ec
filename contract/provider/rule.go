package provider

import (
	"fmt"
	"slices"
	"strings"

	"github.com/payporter-mock/payporter-mock/contract/report"
	"github.com/payporter-mock/payporter-mock/contract/rule"
)

// row is one fact about the checkout endpoints. A fact that PayPorter's pages do not state is assumed, and less severe
// for it. Its group is AUTH, CREATE, FIELD, STATUS, PAID, CALLBACK, HTTP, PAYMENT, INSTALMENT,
// PREAUTH, 3DS, CANCEL, REFUND or WEBHOOK.
type row = rule.Rule[check]

// check looks at the server and says what it saw.
type check func(p *probe) finding

// Rules is the table of all rules as a report has it before anything is judged.
func Rules() []report.Rule { return rule.Unjudged(table()) }

// table is all rules, in the order in which they are judged. The last ones judge all that was seen.
func table() []row {
	return slices.Concat(authRules(), createRules(), fieldRules(), statusRules(), paidRules(), callbackRules(),
		httpRules(), directRules(), instalmentRules(), reserveRules(), threeDRules(), cancelRules(), refundRules(), webhookRules())
}

// The pages that rules stem from.
const (
	onCheckout = "documented: Checkout"
	onAuth     = "documented: Authentication"
	onErrors   = "documented: Errors"
	onIntro    = "documented: general API introduction"
	onPayment  = "documented: Direct Payment (ApiPaymentResponse)"
	assumed    = "assumed: PayPorter's pages are silent"
)

// family marks rules as belonging together.
func family(name string, rules ...row) []row {
	for i := range rules {
		rules[i].Group = name
	}
	return rules
}

// selection says which rules are asked for. Ids and families may be mixed, in any case; PROV means all.
func selection(asked []string) (func(row) bool, error) {
	var names []string
	for _, name := range asked {
		names = append(names, strings.ToUpper(strings.TrimSpace(name)))
	}
	chosen, unknown := rule.Select(table(), names)
	if len(unknown) > 0 {
		return nil, fmt.Errorf("rules %q: there is no such rule or family; families are %s", unknown[0],
			strings.Join(families(), ", "))
	}
	return chosen, nil
}

func families() []string {
	var names []string
	for _, r := range Rules() {
		if !slices.Contains(names, r.Family) {
			names = append(names, r.Family)
		}
	}
	return names
}

// finding is what a check saw.
type finding struct {
	rule.Verdict

	shows []*call
}

func pass(format string, args ...any) finding { return found(report.Passed, format, args...) }

func fail(format string, args ...any) finding { return found(report.Failed, format, args...) }

// unjudged says why nothing can be said.
func unjudged(format string, args ...any) finding { return found(report.NotEvaluable, format, args...) }

func found(result report.Result, format string, args ...any) finding {
	return finding{Verdict: rule.Verdict{Result: result, Seen: fmt.Sprintf(format, args...)}}
}

// by adds the exchanges that show it.
func (f finding) by(shows ...*call) finding {
	f.shows = append(f.shows, shows...)
	return f
}
