package client

import (
	"fmt"
	"strings"
)

// Page is the documentation of the rules, in Markdown.
func Page() string {
	var b strings.Builder
	fmt.Fprintf(&b, `# What verify client judges

<!-- Generated from the table of rules by: go test ./contract/client -run Page -update -->

%d rules about what an SDK or an app sent while its own tests ran. A request that a scenario answers is no violation, whatever
the answer; one that the sandbox itself refuses is, also if a test provokes it on purpose: let a scenario answer instead
(`+"`create: {respond: {status: 401}}`"+`), or accept it with a baseline.

| rule | what holds | severity | source | expected | to mend it |
|---|---|---|---|---|---|
`, len(table))
	for _, r := range table {
		cells := []string{r.id, r.title, string(r.severity), r.source, r.expected, r.advice}
		for i := range cells {
			cells[i] = strings.ReplaceAll(cells[i], "|", `\|`)
		}
		fmt.Fprintf(&b, "| %s |\n", strings.Join(cells, " | "))
	}
	return b.String()
}
