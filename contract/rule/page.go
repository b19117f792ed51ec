package rule

import (
	"fmt"
	"strings"

	"github.com/payporter-mock/payporter-mock/contract/report"
)

// TableHead is the head of a table of rules in Markdown, for rows that MarkdownRow makes.
func TableHead(advice string) string {
	return "| rule | what holds | severity | source | expected | " + advice + " |\n|---|---|---|---|---|---|\n"
}

// MarkdownRow is a rule as a row of a table in Markdown. The replacer keeps texts from ending their cells.
func MarkdownRow(r report.Rule, escape *strings.Replacer) string {
	cells := []string{r.ID, r.Title, string(r.Severity), r.Source, r.Expected, r.Advice}
	for i := range cells {
		cells[i] = escape.Replace(cells[i])
	}
	return fmt.Sprintf("| %s |\n", strings.Join(cells, " | "))
}
