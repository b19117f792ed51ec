package report

import (
	"fmt"
	"io"
	"os"

	"golang.org/x/term"
)

// Terminal says what the reader of a text has in front of them. Its zero value is a log: 100 columns,
// no colour, and passed rules only counted.
type Terminal struct {
	Width   int  // in columns; zero: 100
	Colour  bool // escape sequences for colour
	Live    bool // a line may be written over, as Progress does
	Verbose bool // a line for every passed rule, too
}

const (
	usualWidth = 100
	leastWidth = 60
	mostWidth  = 160 // longer lines are hard to read
)

// Env looks up an environment variable, as os.LookupEnv does.
type Env = func(name string) (string, bool)

// TerminalOf finds out what w is. Only a terminal has colour and a live line; NO_COLOR switches the
// one off, CI the other, and TERM=dumb both.
func TerminalOf(w io.Writer, env Env) Terminal {
	file, ok := w.(*os.File)
	if !ok || !term.IsTerminal(int(file.Fd())) {
		return Terminal{}
	}
	t := Terminal{Colour: true, Live: true}
	if columns, _, err := term.GetSize(int(file.Fd())); err == nil {
		t.Width = min(max(columns, leastWidth), mostWidth)
	}
	return t.heeding(env)
}

// heeding takes away what the environment does not want.
func (t Terminal) heeding(env Env) Terminal {
	if set(env, "NO_COLOR") {
		t.Colour = false
	}
	if set(env, "CI") {
		t.Live = false
	}
	if name, _ := env("TERM"); name == "dumb" {
		t.Colour, t.Live = false, false
	}
	return t
}

func set(env Env, name string) bool {
	value, ok := env(name)
	return ok && value != "" && value != "false"
}

// WriteTerminal writes the report for people at a terminal or before a log: what failed comes last
// and in full, and the very last line is the verdict.
func (r *Report) WriteTerminal(w io.Writer, t Terminal) error {
	r = r.Redacted()
	if t.Width == 0 {
		t.Width = usualWidth
	}

	p := &printer{Terminal: t}
	o := overview{p}
	o.heading(r)
	o.first(r)
	o.families(r)
	o.coverage(r.Coverage)
	o.reasons("Not evaluable", r.of(NotEvaluable))
	o.reasons("Skipped", r.of(Skipped))

	b := briefly{p}
	b.findings(fmt.Sprintf("Failed below %s, which does not fail the run", r.failOn()), r.findings(false), yellow)
	b.findings("Failed", r.findings(true), red)
	o.next(r)
	o.untried(r)
	o.verdict(r)
	_, err := io.WriteString(w, p.text.String())
	return err
}
