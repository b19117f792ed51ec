package sequence

import (
	"fmt"
	"regexp"
	"strings"
	"time"
)

// Mermaid is the diagram as the text of a Mermaid sequence diagram, for a bug report. Actors that
// arrows name and nobody listed take part, too. Mermaid itself refuses more than 50,000 characters.
func (d Diagram) Mermaid() string {
	s := script{watch: d.watch(), names: map[string]string{}, taken: map[string]bool{}}
	s.put("sequenceDiagram")
	if title := plain(d.Title); title != "" {
		s.put("    title %s", title)
	}

	s.participants(d)
	if len(d.Arrows) == 0 && len(s.order) > 0 {
		s.put("    Note over %s: nothing happened yet", s.everybody())
	}

	var last time.Time
	for _, step := range d.steps() {
		arrow := d.Arrows[step.arrow]
		at := arrow.At
		if step.part == end {
			at = arrow.ended()
		}
		last = s.since(last, at)
		s.step(arrow, step.part)
	}

	return s.String()
}

// script writes the lines of a Mermaid diagram.
type script struct {
	strings.Builder
	watch
	names map[string]string // what Mermaid calls an actor, by ID
	taken map[string]bool   // of names
	order []string          // of names
}

func (s *script) put(format string, args ...any) { fmt.Fprintf(s, format+"\n", args...) }

func (s *script) participants(d Diagram) {
	for _, actor := range d.Actors {
		s.participant(actor)
	}
	for _, arrow := range d.Arrows {
		s.participant(Actor{ID: arrow.From})
		s.participant(Actor{ID: arrow.To})
	}
}

func (s *script) participant(actor Actor) {
	if _, known := s.names[actor.ID]; known {
		return
	}

	name := s.name(actor.ID)
	s.names[actor.ID] = name
	s.order = append(s.order, name)
	shown := plain(actor.shown())
	if shown == "" {
		shown = name
	}
	s.put("    participant %s as %s", name, shown)
}

// word is an ID that Mermaid takes as it is; reserved is what it takes for something else.
var (
	word     = regexp.MustCompile(`^[A-Za-z][A-Za-z0-9_]{0,39}$`)
	reserved = regexp.MustCompile(`(?i)^(sequencediagram|participant|actor|create|destroy|box|end|loop|rect|opt|alt|else|par|par_over|and|critical|option|break|as|note|over|left|right|of|links?|properties|details|title|autonumber|off|activate|deactivate|acc\w*|class\w*)$|style|classdef`)
)

// name is the ID where Mermaid takes it, and else a number of its own.
func (s *script) name(id string) string {
	name := id
	for i := len(s.order) + 1; !word.MatchString(name) || reserved.MatchString(name) || s.taken[name]; i++ {
		name = fmt.Sprintf("p%d", i)
	}
	s.taken[name] = true
	return name
}

func (s *script) everybody() string {
	if len(s.order) == 1 {
		return s.order[0]
	}
	return s.order[0] + "," + s.order[len(s.order)-1]
}

// since says the first date, and how long nothing happened.
func (s *script) since(last, at time.Time) time.Time {
	switch {
	case at.IsZero():
		return last
	case last.IsZero():
		s.put("    Note over %s: %s", s.everybody(), s.day(at))
	case s.paused(last, at) && s.date(last) != s.date(at):
		s.put("    Note over %s: +%s, %s", s.everybody(), span(at.Sub(last)), s.day(at))
	case s.paused(last, at):
		s.put("    Note over %s: +%s", s.everybody(), span(at.Sub(last)))
	}
	return at
}

func (s *script) day(at time.Time) string { return plain(s.date(at) + " " + s.watch.name(at)) }

// step writes what happened at one time. Whoever was asked is active until the answer, where other things
// happen before it.
func (s *script) step(a Arrow, p part) {
	from, to := s.names[a.From], s.names[a.To]
	switch {
	case a.From == a.To:
		s.note(a)
	case p == start:
		s.put("    %s%s+%s: %s", from, a.head(), to, s.text(a))
	case p == end:
		s.put("    %s%s-%s: %s", to, a.answerHead(), from, s.late(a))
	default:
		s.put("    %s%s%s: %s", from, a.head(), to, s.text(a))
		if a.answers() {
			s.put("    %s%s%s: %s", to, a.answerHead(), from, a.outcome())
		}
	}
}

func (s *script) note(a Arrow) {
	text := s.text(a)
	if answer := plain(a.answered()); answer != "" {
		text += " → " + answer
	}
	s.put("    Note over %s: %s", s.names[a.From], text)
}

// head is that of what was sent. What was answered has arrived.
func (a Arrow) head() string {
	switch {
	case a.Fault && !a.answers():
		return "-x"
	case a.Planned:
		return "-->>"
	}
	return "->>"
}

func (a Arrow) answerHead() string {
	if a.Broken {
		return "--x"
	}
	return "-->>"
}

// outcome is what stands at an answer.
func (a Arrow) outcome() string {
	text := plain(a.answered())
	if a.Fault && !a.Broken {
		text = "(went wrong) " + text
	}
	return text
}

// late is what stands at an answer that does not follow its arrow: the time, and what it is the answer to.
func (s *script) late(a Arrow) string {
	text := plain(a.toWhat()) + ": " + a.outcome()
	if at := s.time(a.ended()); at != "" {
		text = at + " " + text
	}
	return text
}

// text is what stands at an arrow: the time, what is special, and the label.
func (s *script) text(a Arrow) string {
	var parts []string
	if at := s.time(a.At); at != "" {
		parts = append(parts, at)
	}

	if a.Planned {
		parts = append(parts, "(planned)")
	}
	if a.Fault && a.From == a.To {
		parts = append(parts, "(went wrong)")
	}
	if label := plain(a.Label); label != "" {
		parts = append(parts, label)
	}
	return strings.Join(parts, " ")
}

// Mermaid ends a line at a semicolon, begins a comment at a hash or two per cent signs, shows HTML,
// formulas and Markdown, and takes some words for its own wherever they stand.
var (
	entities = strings.NewReplacer("#", "#35;", ";", "#59;", "%", "#37;", "<", "#lt;", ">", "#gt;", "&", "#amp;",
		`"`, "#quot;", "'", "#39;", "$", "#36;", `\`, "#92;", "`", "#96;", "{", "#123;", "}", "#125;", "@", "#64;")
	special = regexp.MustCompile(`(?i)\bend\b|style|classdef|^(no)?wrap:`)
)

// plain is a stranger's text as Mermaid shows it and does nothing with it.
func plain(text string) string {
	text = entities.Replace(shorten(clean(text), labelSize, 2*widestText))
	return special.ReplaceAllStringFunc(text, func(word string) string {
		return fmt.Sprintf("#%d;%s", word[0], word[1:])
	})
}
