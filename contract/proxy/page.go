package proxy

import (
	"fmt"
	"strings"

	"github.com/payporter-mock/payporter-mock/contract/rule"
)

// Page is the documentation of the rules, in Markdown.
func Page() string {
	var b strings.Builder
	fmt.Fprintf(&b, `# What a proxy judges

<!-- Generated from the table of rules by: go test ./contract/proxy -run Page -update -->

%d rules about what passed between an app and PayPorter, in both directions.
[docs/proxy.md](../../docs/proxy.md) says how a proxy is run.

%s`, len(table), rule.TableHead("to mend it"))
	for _, r := range Rules() {
		b.WriteString(rule.MarkdownRow(r, strings.NewReplacer("|", `\|`)))
	}
	return b.String()
}
