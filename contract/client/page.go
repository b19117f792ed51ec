package client

import (
	"fmt"
	"strings"

	"github.com/payporter-mock/payporter-mock/contract/rule"
)

// Page is the documentation of the rules, in Markdown.
func Page() string {
	var b strings.Builder
	fmt.Fprintf(&b, `# What verify client judges

<!-- Generated from the table of rules by: go test ./contract/client -run Page -update -->

%d rules about what an SDK or an app sent while its own tests ran. A request that a scenario answers is no violation, whatever
the answer; one that the sandbox itself refuses is, also if a test provokes it on purpose: let a scenario answer instead
(`+"`create: {respond: {status: 401}}`"+`), or accept it with a baseline.

%s`, len(table), rule.TableHead("to mend it"))
	for _, r := range Rules() {
		b.WriteString(rule.MarkdownRow(r, strings.NewReplacer("|", `\|`)))
	}
	return b.String()
}
