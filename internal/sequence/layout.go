package sequence

// All in pixels at 100 %.
const (
	margin     = 20
	titleSize  = 17 // of the font
	nameSize   = 14
	labelSize  = 13
	smallSize  = 12 // times and answers
	line       = 17 // from one line of text to the next
	headHeight = 38
	narrowest  = 170 // between two life lines
	widestHead = 200
	widestText = 300 // of a label: longer ones wrap
	widestPart = 160 // of the label of an arrow that passes other actors, if two lines of it are enough
	widestWhat = 260 // of what an answer is for: a longer one is shortened
	widestNote = 230
	wideFrom   = 1080 // a whole diagram: most screens have less room
	textLines  = 2    // of a label or a note: longer ones are shortened
	breakRoom  = 52
	tail       = 18 // of the life lines below the last row
	manyRows   = 24 // from then on the actors stand below, too
)

// layout is where everything goes. It is made in one pass over the arrows, and drawn in another.
type layout struct {
	Diagram
	watch
	file          bool // it stands alone: with title, ground and style
	place         map[string]int
	times         int // width of the column of times
	top, end      int // of the actors, and of their life lines
	x             []int
	names         []string
	heads         []int // widths of the actors' boxes
	rows          []row
	bars          []bar // of those who are asked something, and do other things before they answer
	lives         []life
	width, height int
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

// placeActors goes from left to right, with room for what stands between.
func (l *layout) placeActors() {
	n := len(l.Actors)
	if n == 0 {
		l.width = 2*margin + 280
		l.height = l.top + 72
		return
	}

	for _, actor := range l.Actors {
		name := shorten(actor.shown(), nameSize, widestHead-36)
		_, wide := fit(name, nameSize, widestHead)
		l.names = append(l.names, name)
		l.heads = append(l.heads, max(96, wide+36))
	}

	left, gaps, right := l.room()
	l.x = make([]int, n)
	l.x[0] = margin + l.times + left
	for i, gap := range gaps {
		l.x[i+1] = l.x[i] + gap
	}

	l.width = l.x[n-1] + right + margin
}

// room is what is needed before the first life line, between each two, and behind the last one.
func (l *layout) room() (left int, gaps []int, right int) {
	last := len(l.heads) - 1
	gaps = make([]int, last)
	for i := range gaps {
		gaps[i] = max(narrowest, (l.heads[i]+l.heads[i+1])/2+24)
	}

	left, right = l.heads[0]/2, l.heads[last]/2
	if len(l.rows) == 0 {
		left, right = max(left, 80), max(right, 80) // for the sentence that says so
	}

	for _, r := range l.rows {
		if r.kind == message || r.kind == reply {
			gaps[r.gap()] = max(gaps[r.gap()], r.wide+48)
		}
		if r.kind == note && r.from == 0 {
			left = max(left, r.noteWidth()/2)
		}
		if r.kind == note && r.from == last {
			right = max(right, r.noteWidth()/2)
		}
	}

	return left, gaps, right
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
		stop(i, l.end, 0)
	}
}
