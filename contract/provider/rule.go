package provider

import (
	"fmt"
	"slices"
	"strings"

	"github.com/payporter-mock/payporter-mock/contract/report"
)

// Rule is one fact about the checkout endpoints. A fact that PayPorter's pages do not state is assumed, and less severe
// for it.
type Rule struct {
	ID       string // stable, such as PROV-003
	Family   string // AUTH, CREATE, FIELD, STATUS, PAID, CALLBACK or HTTP
	Title    string
	Severity report.Severity
	Source   string // documented or assumed, with the page
	Expected string
	Advice   string

	check check
}

// unjudged is the rule as a report has it, without a result.
func (r Rule) unjudged() report.Rule {
	return report.Rule{
		ID: r.ID, Family: r.Family, Title: r.Title, Severity: r.Severity, Source: r.Source, Expected: r.Expected, Advice: r.Advice,
	}
}

// check looks at the server and says what it saw.
type check func(p *probe) finding

// Rules is the table of all rules, in the order in which they are judged. The last ones judge all that was seen.
func Rules() []Rule {
	return slices.Concat(authRules(), createRules(), fieldRules(), statusRules(), paidRules(), callbackRules(), httpRules())
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
func family(name string, rules ...Rule) []Rule {
	for i := range rules {
		rules[i].Family = name
	}
	return rules
}

// selection says which rules are asked for. Ids and families may be mixed, in any case; PROV means all.
func selection(asked []string) (func(Rule) bool, error) {
	if len(asked) == 0 {
		return func(Rule) bool { return true }, nil
	}
	wanted := make(map[string]bool)
	for _, name := range asked {
		name = strings.ToUpper(strings.TrimSpace(name))
		known := slices.ContainsFunc(Rules(), func(r Rule) bool { return named(r, name) })
		if !known {
			return nil, fmt.Errorf("rules %q: there is no such rule or family; families are %s", name, strings.Join(families(), ", "))
		}
		wanted[name] = true
	}
	return func(r Rule) bool { return wanted[r.ID] || wanted[r.Family] || wanted[everything] }, nil
}

// everything is the family that all rules belong to by their ids.
const everything = "PROV"

func named(r Rule, name string) bool { return r.ID == name || r.Family == name || name == everything }

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
	result report.Result
	seen   string
	shows  []*call
}

func pass(format string, args ...any) finding {
	return finding{result: report.Passed, seen: fmt.Sprintf(format, args...)}
}

func fail(format string, args ...any) finding {
	return finding{result: report.Failed, seen: fmt.Sprintf(format, args...)}
}

// unjudged says why nothing can be said.
func unjudged(format string, args ...any) finding {
	return finding{result: report.NotEvaluable, seen: fmt.Sprintf(format, args...)}
}

// by adds the exchanges that show it.
func (f finding) by(shows ...*call) finding {
	f.shows = append(f.shows, shows...)
	return f
}
