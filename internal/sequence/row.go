package sequence

import (
	"strings"
	"time"
)

type kind int

// The kinds of rows.
const (
	message kind = iota
	note
	reply // an answer that does not follow its arrow at once
	rest  // nothing happened for a while
)

// row is one arrow, one answer, one note, or one break.
type row struct {
	Arrow
	kind     kind
	part     part
	from, to int // of the arrow, also in the row of its answer
	level    int // of the bar at who is asked
	busy     int // how many bars stand side by side at who asks
	label    []string
	answer   string
	wide     int           // the room that the text takes
	passed   time.Duration // of a break
	day      string        // when it is another one than above
	top, y   int           // y is where the line, the middle of a note or of a break is
	back     int           // where the answer's line is
	bottom   int
}

// placeRows goes from top to bottom.
func (l *layout) placeRows() {
	l.rows = make([]row, 0, len(l.Arrows)+len(l.Arrows)/8)
	y := l.top + headHeight + 14
	add := func(r row) {
		l.rows = append(l.rows, r)
		y = r.bottom
	}
	var last time.Time
	b := newBars(len(l.Actors))
	for _, s := range l.steps() {
		arrow := l.Arrows[s.arrow]
		at := arrow.At
		if s.part == end {
			at = arrow.ended()
		}
		if l.paused(last, at) {
			add(l.rest(last, at, y))
		}

		r := l.row(arrow, s.part, y)
		b.place(s, &r)
		add(r)
		if !at.IsZero() {
			last = at
		}
	}
	l.bars = b.done
	l.end = y + tail
	l.height = l.end + 2
	switch {
	case len(l.rows) == 0:
		l.height = l.end + 34 // for the sentence that says so
	case len(l.rows) > manyRows:
		l.end += 8
		l.height = l.end + headHeight + margin
	}
}

func (l *layout) rest(last, at time.Time, top int) row {
	r := row{kind: rest, passed: at.Sub(last), top: top, y: top + breakRoom/2, bottom: top + breakRoom}
	if day := l.date(at); day != l.date(last) {
		r.day = day
	}
	return r
}

func (l *layout) row(arrow Arrow, p part, top int) row {
	arrow.Link = safe(arrow.Link)
	r := row{Arrow: arrow, part: p, from: l.place[arrow.From], to: l.place[arrow.To], top: top}
	switch {
	case r.from == r.to:
		r.placeNote()
	case p == end:
		r.placeReply()
	default:
		r.placeMessage()
	}

	r.wide = r.measure()
	return r
}

func (r *row) placeNote() {
	r.kind = note
	r.answer = shorten(r.answered(), smallSize, widestNote)
	r.label = wrap(clean(r.Label), labelSize, widestNote, textLines)
	r.bottom = r.top + 32 + r.lines()*line
	r.y = (r.top + r.bottom) / 2
}

func (r *row) placeMessage() {
	r.label = r.wrapped()
	r.y = r.top + 16 + len(r.label)*line
	r.bottom = r.y + 12
	if r.answers() && r.part == whole {
		r.answer = shorten(r.answered(), smallSize, widestText)
		r.back = r.y + 26
		r.bottom = r.back + 12
	}
}

// wrapped is the label in its lines. That of an arrow that passes other actors stands in one of several gaps, which
// need not be wide for it.
func (r *row) wrapped() []string {
	label := clean(r.Label)
	if passes := r.to-r.from > 1 || r.from-r.to > 1; passes {
		narrow := wrap(label, labelSize, widestPart, textLines)
		if strings.Join(narrow, " ") == label {
			return narrow
		}
	}
	return wrap(label, labelSize, widestText, textLines)
}

// placeReply has a line for what is answered, and one for the answer.
func (r *row) placeReply() {
	r.kind = reply
	r.label = []string{shorten(r.toWhat(), smallSize, widestWhat)}
	r.answer = shorten(r.answered(), smallSize, widestText)
	r.back = r.top + 16 + 2*line
	r.y = r.back
	r.bottom = r.back + 12
}

// lines counts those of a note's text.
func (r row) lines() int {
	if r.answer == "" {
		return max(1, len(r.label))
	}
	return len(r.label) + 1
}

func (r row) measure() int {
	_, most := fit(r.answer, smallSize, widestText)
	for _, text := range r.label {
		_, wide := fit(text, labelSize, widestText)
		most = max(most, wide)
	}
	return most
}

// gap is the one next to the sender, which the text of an arrow stands in: so no life line crosses it.
func (r row) gap() int {
	if r.to > r.from {
		return r.from
	}
	return r.from - 1
}

func (r row) noteWidth() int {
	wide := r.wide + 28
	if r.Fault {
		wide += 18 // the cross
	}
	return max(72, wide)
}
