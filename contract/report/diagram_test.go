package report_test

import (
	"regexp"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/payporter-mock/payporter-mock/contract/report"
	"github.com/payporter-mock/payporter-mock/internal/exchange"
)

// A callback that was answered while a create was under way lies inside it, whatever order the exchanges have.
func TestDiagramFollowsTheTimes(t *testing.T) {
	t.Parallel()
	at := func(ms int) time.Time { return noon.Add(time.Duration(ms) * time.Millisecond) }
	rule := rule("TRUST-027", report.Critical, report.Failed, "Early", "seen")
	rule.Exchanges = []exchange.Exchange{
		{
			From: "payporter", To: "merchant", Title: "callback", At: at(10), LatencyMS: 60,
			Response: &exchange.Message{Status: 200, Body: exchange.Body("OK")},
		},
		{From: "merchant", To: "payporter", Title: "create", At: at(0), LatencyMS: 100, Error: "the connection was closed"},
		{
			From: "merchant", To: "payporter", Title: "status", At: at(20), LatencyMS: 5,
			Response: &exchange.Message{
				Status: 200,
				Body:   exchange.Body(`{"status":"SUCCESS","amount":1.00,"currency":"TRY"}`),
			},
		},
		{
			From: "payporter", To: "merchant", Title: "callback", At: at(30), LatencyMS: 30,
			Response: &exchange.Message{Status: 500},
		},
	}
	got := rule.Diagram(nil).Mermaid()
	lines := regexp.MustCompile(`(?m)^ +\w+-\S+: (?:[0-9:]{8}\.[0-9]{3} )?(.*)$`).FindAllStringSubmatch(got, -1)
	var said []string
	for _, line := range lines {
		said = append(said, line[1])
	}
	require.Equal(t, []string{
		"create", "callback", "status", "200 SUCCESS 1.00 TRY · 5 ms", "callback", "500 Internal Server Error · 30 ms",
		"answer to callback: 200 #quot;OK#quot; · 60 ms", "no answer to create: the connection was closed",
	}, said, "%s", got)
}
