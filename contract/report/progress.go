package report

import (
	"fmt"
	"io"
	"strings"
	"sync"

	"github.com/payporter-mock/payporter-mock/internal/exchange"
	"github.com/payporter-mock/payporter-mock/payment"
)

// Progress tells how far a run is, rule by rule: on a terminal in one line that is written over, with
// what failed above it, and in a log in a line for each rule. It may be used from many sides at once.
type Progress struct {
	mu    sync.Mutex
	w     io.Writer
	t     Terminal
	mask  exchange.Masker
	total int
	done  int
	live  bool // the last line is still to be written over
}

// NewProgress tells w of a run of so many rules. The secrets are kept out of it, as of the report.
func NewProgress(w io.Writer, t Terminal, total int, secrets ...payment.Secret) *Progress {
	if t.Width == 0 {
		t.Width = usualWidth
	}
	return &Progress{w: w, t: t, mask: exchange.NewMasker(secrets...), total: total}
}

// Begin says what is being judged. A log is told only what came of it.
func (p *Progress) Begin(rule Rule) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.t.Live {
		p.overwrite(fmt.Sprintf("%s  %s", p.count(p.done+1), p.named(rule)))
	}
}

// Judged says what became of a rule. Skipped ones are counted without a word.
func (p *Progress) Judged(rule Rule) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.done++
	if rule.Result == Skipped {
		return
	}

	word, c := "failed", red
	switch rule.Result {
	case Passed:
		word, c = "passed", green
	case NotEvaluable:
		word, c = "not evaluable", yellow
	}

	line := fmt.Sprintf("%s  %s%s  %s", p.count(p.done), p.t.paint(c, word), strings.Repeat(" ", len("not evaluable")-len(
		word)), p.named(rule))
	if p.t.Live && rule.Result != Failed {
		p.overwrite(line)
		return
	}

	p.erase()
	p.put(harmless(line) + "\n")
}

// Close takes the live line away. What comes next begins on a line of its own.
func (p *Progress) Close() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.erase()
}

func (p *Progress) count(n int) string {
	width := len(fmt.Sprint(p.total))
	return fmt.Sprintf("[%*d/%d]", width, n, p.total)
}

func (p *Progress) named(rule Rule) string {
	name := oneLine(p.mask.Own(rule.ID)) + "  " + oneLine(p.mask.Own(rule.Title))
	if rule.Seconds >= 1 {
		name += " (" + seconds(finite(rule.Seconds)) + ")"
	}
	return name
}

// overwrite keeps to one line of the terminal: a longer one could not be taken back.
func (p *Progress) overwrite(line string) {
	p.erase()
	if room := p.t.Width - 1; columns(plain(line)) > room {
		line = cutTo(plain(line), room)
	}
	p.put(harmless(line))
	p.live = true
}

func (p *Progress) erase() {
	if p.live {
		p.put("\r\x1b[K")
		p.live = false
	}
}

// put ignores errors: a run goes on when nobody can watch it.
func (p *Progress) put(s string) { _, _ = io.WriteString(p.w, s) }

var paints = strings.NewReplacer("\x1b[0m", "", "\x1b[31m", "", "\x1b[32m", "", "\x1b[33m", "")

// plain is the line without its colours.
func plain(s string) string { return paints.Replace(s) }

// cutTo keeps what fits into so many columns.
func cutTo(s string, room int) string {
	taken := 0
	for i, r := range s {
		if taken += columns(string(r)); taken > room-1 {
			return s[:i] + ellipsis
		}
	}
	return s
}
