package report_test

import (
	"bytes"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/payporter-mock/payporter-mock/contract/report"
	"github.com/payporter-mock/payporter-mock/payment"
)

func follow(terminal report.Terminal) string {
	var b bytes.Buffer
	r := sample()
	r.Rules[1].Seconds = 2.5
	p := report.NewProgress(&b, terminal, len(r.Rules), r.Secrets...)
	for _, rule := range r.Rules {
		p.Begin(rule)
		p.Judged(rule)
	}
	p.Close()
	return b.String()
}

func TestProgressInALogIsALineARule(t *testing.T) {
	t.Parallel()
	golden(t, "progress.txt", follow(report.Terminal{}))
}

// screen is what a terminal shows in the end.
func screen(s string) []string {
	var kept []string
	for line := range strings.SplitSeq(s, "\n") {
		parts := strings.Split(line, "\r\x1b[K")
		kept = append(kept, parts[len(parts)-1])
	}
	return kept
}

func TestProgressOnATerminalKeepsOnlyWhatFailed(t *testing.T) {
	t.Parallel()
	require.Equal(t, []string{
		"[ 2/12]  failed         REQ-002  The callback URL carries no secret (2.5 s)",
		"[ 4/12]  failed         FLOW-002  A failed payment is said to have failed",
		"[ 5/12]  failed         TRUST-001  A forged callback does not pay",
		"[ 9/12]  failed         RESIL-001  A lost callback is made up for by asking",
		"",
	}, screen(follow(report.Terminal{Live: true, Width: 120})))
}

// A line that wraps could not be written over.
func TestLiveLineFitsTheTerminal(t *testing.T) {
	t.Parallel()
	var b bytes.Buffer
	p := report.NewProgress(&b, report.Terminal{Live: true, Colour: true, Width: 60}, 3)
	p.Begin(report.Rule{ID: "TRUST-001", Title: strings.Repeat("\u6f22 long ", 40)})
	require.NotContains(t, b.String(), "\n")
	require.Less(t, len([]rune(b.String())), 60)
	require.Contains(t, b.String(), "\u2026")
}

func TestProgressKeepsSecrets(t *testing.T) {
	t.Parallel()
	var b bytes.Buffer
	p := report.NewProgress(&b, report.Terminal{}, 1, payment.Secret("correct-horse"))
	p.Judged(report.Rule{ID: "REQ-001", Title: "correct-horse 4242424242424242\n::error::no", Result: report.Passed})
	require.Equal(t, "[1/1]  passed         REQ-001  *** 424242******4242 :.:error::no\n", b.String())
}

func TestProgressTakesWordFromManySides(t *testing.T) {
	t.Parallel()
	var b bytes.Buffer
	p := report.NewProgress(&b, report.Terminal{}, 40)
	var all sync.WaitGroup
	for range 40 {
		all.Go(func() {
			p.Begin(report.Rule{ID: "ACK-001"})
			p.Judged(report.Rule{ID: "ACK-001", Result: report.Passed})
		})
	}
	all.Wait()
	p.Close()
	require.Equal(t, 40, strings.Count(b.String(), "passed"))
	require.Contains(t, b.String(), "[40/40]")
}
