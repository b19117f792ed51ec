package sequence

import "time"

type kind int

// The kinds of rows.
const (
	message kind = iota
	note
	rest // nothing happened for a while
)

// row is one arrow, one note, or one break.
type row struct {
	Arrow
	kind     kind
	from, to int
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
	for _, arrow := range l.Arrows {
		if l.paused(last, arrow.At) {
			add(l.rest(last, arrow.At, y))
		}
		add(l.row(arrow, y))
		if !arrow.At.IsZero() {
			last = arrow.At
		}
	}
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

func (l *layout) row(arrow Arrow, top int) row {
	arrow.Link = safe(arrow.Link)
	r := row{Arrow: arrow, from: l.place[arrow.From], to: l.place[arrow.To], top: top}
	r.answer = shorten(arrow.answered(), smallSize, widestText)
	if r.from == r.to {
		r.kind = note
		r.answer = shorten(r.answer, smallSize, widestNote)
		r.label = wrap(clean(arrow.Label), labelSize, widestNote, textLines)
		r.bottom = top + 32 + r.lines()*line
		r.y = (r.top + r.bottom) / 2
	} else {
		r.label = wrap(clean(arrow.Label), labelSize, widestText, textLines)
		r.y = top + 16 + len(r.label)*line
		r.bottom = r.y + 12
		if r.answer != "" {
			r.back = r.y + 26
			r.bottom = r.back + 12
		}
	}
	r.wide = r.measure()
	return r
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
