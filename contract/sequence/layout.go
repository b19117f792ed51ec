package sequence

import "time"

// All in pixels at 100 %.
const (
	margin     = 20
	nameSize   = 14 // of the font
	labelSize  = 13
	smallSize  = 12 // times and answers
	line       = 17 // from one line of text to the next
	headHeight = 38
	narrowest  = 170 // between two life lines
	widestHead = 200
	widestText = 300 // of a label: longer ones wrap
	widestNote = 230
	textLines  = 2 // of a label or a note: longer ones are shortened
	breakRoom  = 44
	manyRows   = 24 // from then on the actors stand below, too
)

// layout is where everything goes. It is made in one pass over the arrows, and drawn in another.
type layout struct {
	Diagram
	watch
	file          bool // it stands alone: with title, ground and style
	place         map[string]int
	times         int // width of the column of times
	top           int // of the actors
	x             []int
	heads         []int // widths of the actors' boxes
	rows          []row
	lives         []life
	width, height int
}

type kind int

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
	passed   time.Duration // of a break
	day      string        // when it is another one than above
	top, y   int           // y is where the line, the middle of a note or of a break is
	back     int           // where the answer's line is
	bottom   int
}

// life is where the life line of one actor is solid; what is between is a note or a break.
type life struct{ solid [][2]int }

func (d Diagram) layout(file bool) (*layout, error) {
	place, err := d.places()
	if err != nil {
		return nil, err
	}
	l := &layout{Diagram: d, watch: d.watch(), file: file, place: place, top: margin}
	if file && clean(d.Title) != "" {
		l.top += 36
	}
	if l.zone != nil {
		_, l.times = fit(l.form, smallSize, widestHead)
		l.times += 16
	}
	l.placeRows()
	l.placeActors()
	l.liveOn()
	return l, nil
}

// placeRows goes from top to bottom.
func (l *layout) placeRows() {
	y := l.top + headHeight + 14
	var last time.Time
	for _, arrow := range l.Arrows {
		day := ""
		if !arrow.At.IsZero() {
			if passed := arrow.At.Sub(last); !last.IsZero() && passed > pause {
				if l.date(last) != l.date(arrow.At) {
					day = l.date(arrow.At)
				}
				l.rows = append(l.rows, row{kind: rest, passed: passed, day: day, top: y, y: y + breakRoom/2, bottom: y + breakRoom})
				y += breakRoom
			}
			last = arrow.At
		}
		r := l.row(arrow, y)
		l.rows = append(l.rows, r)
		y = r.bottom
	}
	if len(l.Arrows) == 0 {
		y += 72
	}
	l.height = y + 18
}

func (l *layout) row(arrow Arrow, top int) row {
	r := row{Arrow: arrow, from: l.place[arrow.From], to: l.place[arrow.To], top: top}
	r.answer = shorten(arrow.answered(), smallSize, widestText)
	if r.from == r.to {
		r.kind = note
		r.label = wrap(clean(arrow.Label), labelSize, widestNote, textLines)
		r.bottom = top + 32 + r.lines()*line
		r.y = (r.top + r.bottom) / 2
		return r
	}
	r.label = wrap(clean(arrow.Label), labelSize, widestText, textLines)
	r.y = top + 16 + len(r.label)*line
	r.bottom = r.y + 12
	if r.answer != "" {
		r.back = r.y + 26
		r.bottom = r.back + 12
	}
	return r
}

// lines counts those of a note's text.
func (r row) lines() int {
	if r.answer == "" {
		return max(1, len(r.label))
	}
	return len(r.label) + 1
}

// wide is the room that the text of a row takes.
func (r row) wide() int {
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

// placeActors goes from left to right, with room for what stands between.
func (l *layout) placeActors() {
	n := len(l.Actors)
	if n == 0 {
		l.width = 2*margin + 280
		l.height = l.top + 72
		return
	}
	l.heads = make([]int, n)
	for i, actor := range l.Actors {
		_, wide := fit(shorten(actor.shown(), nameSize, widestHead-28), nameSize, widestHead)
		l.heads[i] = max(96, wide+28)
	}
	gaps := make([]int, n-1)
	for i := range gaps {
		gaps[i] = max(narrowest, (l.heads[i]+l.heads[i+1])/2+24)
	}
	left, right := l.heads[0]/2, l.heads[n-1]/2
	for _, r := range l.rows {
		switch {
		case r.kind == message:
			gaps[r.gap()] = max(gaps[r.gap()], r.wide()+48)
		case r.kind == note && r.from == 0:
			left = max(left, r.noteWidth()/2)
		}
		if r.kind == note && r.from == n-1 {
			right = max(right, r.noteWidth()/2)
		}
	}
	l.x = make([]int, n)
	l.x[0] = margin + l.times + left
	for i, gap := range gaps {
		l.x[i+1] = l.x[i] + gap
	}
	l.width = l.x[n-1] + right + margin
}

func (r row) noteWidth() int {
	wide := r.wide() + 28
	if r.Fault {
		wide += 18 // the cross
	}
	return max(72, wide)
}

// liveOn interrupts the life lines where time is skipped or a note stands.
func (l *layout) liveOn() {
	l.lives = make([]life, len(l.Actors))
	from := make([]int, len(l.Actors))
	for i := range from {
		from[i] = l.top + headHeight
	}
	stop := func(i, y, again int) {
		l.lives[i].solid = append(l.lives[i].solid, [2]int{from[i], y})
		from[i] = again
	}
	for _, r := range l.rows {
		switch r.kind {
		case note:
			stop(r.from, r.top+8, r.bottom-8)
		case rest:
			for i := range from {
				stop(i, r.top+6, r.bottom-6)
			}
		}
	}
	for i := range from {
		stop(i, l.height-18, 0)
	}
	if len(l.rows) > manyRows {
		l.height += headHeight
	}
	l.height += 2
}
