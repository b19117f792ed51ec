package main

import (
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/payporter-mock/payporter-mock/contract"
	"github.com/payporter-mock/payporter-mock/contract/client"
	"github.com/payporter-mock/payporter-mock/contract/provider"
	"github.com/payporter-mock/payporter-mock/contract/proxy"
	"github.com/payporter-mock/payporter-mock/contract/report"
)

// ruleTable is all rules about one side of the contract.
type ruleTable struct {
	about string
	rules func() []listedRule
	judge string // the command that judges its rules; %s is the id of one
}

// ruleTables are all rules there are, those about merchants first.
func ruleTables() []ruleTable {
	return []ruleTable{
		{"merchant", merchantRules, "payporter-mock verify merchant --config verify.yaml --rules %s"},
		{"client", listed(client.Rules), "payporter-mock verify client -- CMD"},
		{"provider", listed(provider.Rules), "payporter-mock verify provider --base-url URL --rules %s"},
		{"proxy", listed(proxy.Rules), "payporter-mock proxy --upstream URL --report html=FILE"},
	}
}

// listedRule is a rule of `verify rules --json`, in the words of the report.
type listedRule struct {
	ID       string          `json:"id"`
	Family   string          `json:"family"`
	Title    string          `json:"title"`
	Severity report.Severity `json:"severity"`
	Source   string          `json:"source"`
	Expected string          `json:"expected"`
	Advice   string          `json:"advice"`
}

func merchantRules() (all []listedRule) {
	for _, r := range contract.Rules() {
		all = append(all, listedRule{r.ID, r.Family(), r.Title, r.Severity, r.Source, r.Expected, r.Advice})
	}
	return all
}

func listed(rules func() []report.Rule) func() []listedRule {
	return func() (all []listedRule) {
		for _, r := range rules() {
			all = append(all, listedRule{r.ID, r.Family, r.Title, r.Severity, r.Source, r.Expected, r.Advice})
		}
		return all
	}
}

// rulesAbout are the rules about one side. An error names the sides there are.
func rulesAbout(side string) ([]listedRule, error) {
	var known []string
	for _, table := range ruleTables() {
		if table.about == side {
			return table.rules(), nil
		}
		known = append(known, table.about)
	}
	return nil, fmt.Errorf("about %q: want one of %s", side, strings.Join(known, ", "))
}

// explainRule writes one rule for people, of whatever table.
func explainRule(w io.Writer, id string) error {
	for _, table := range ruleTables() {
		rules := table.rules()
		at := slices.IndexFunc(rules, func(r listedRule) bool { return strings.EqualFold(r.ID, id) })
		if at >= 0 && table.about != "merchant" { // of which more can be said
			_, err := io.WriteString(w, rules[at].explained(table.judge))
			return err
		}
	}

	text, err := contract.Explain(id)
	if err == nil {
		_, err = io.WriteString(w, text)
	}
	return err
}

// explained is the rule for people. judge is the command that judges it.
func (r listedRule) explained(judge string) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s  %s\n%s, %s\n", r.ID, r.Title, r.Severity, r.Source)
	for _, section := range []struct{ title, text string }{{"Expected", r.Expected}, {"How to mend it", r.Advice}} {
		fmt.Fprintf(&b, "\n%s\n", section.title)
		for _, line := range report.Sentences(section.text) {
			fmt.Fprintf(&b, "  - %s\n", line)
		}
	}

	fmt.Fprintf(&b, "\nWhat judges it\n  %s\n", strings.ReplaceAll(judge, "%s", r.ID))
	return b.String()
}
