package merchant

import (
	"fmt"
	"strings"
)

// RulesPage is the table of rules as Markdown, for people.
func RulesPage() string {
	var b strings.Builder
	b.WriteString("# The rules for a merchant\n\n" +
		"What `payporter-mock verify merchant` and `contract.Merchant` hold a shop to. An id never changes its meaning.\n" +
		"The file is generated from the table: `go test ./contract -run RulesPage -update`.\n\n")
	severities := map[string]int{}
	for _, r := range table() {
		severities[string(r.Severity)]++
	}

	fmt.Fprintf(&b, "%d rules: %d critical, %d major, %d minor, %d advisory. Critical ones lose money or goods, major "+
		"ones spoil orders.\n",
		len(table()), severities["critical"], severities["major"], severities["minor"], severities["advisory"])
	for _, family := range families() {
		fmt.Fprintf(&b, "\n## %s: %s\n", family.Name, family.About)
		for _, r := range family.rules() {
			fmt.Fprintf(&b, "\n### %s %s\n\n%s, %s.\n\n%s\n\n%s\n", r.ID, r.Title, capital(string(r.Severity)), r.Source,
				r.Expected, r.Advice)
			if r.Thorough {
				b.WriteString("\nIt is judged with `--thorough`, or when it is named.\n")
			}
		}
	}

	return b.String()
}

func capital(s string) string { return strings.ToUpper(s[:1]) + s[1:] }
