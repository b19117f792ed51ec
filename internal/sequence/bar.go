package sequence

// Where bars are, in pixels: those that stand side by side are moved apart, as far as there is room.
const (
	barWidth  = 8
	barStep   = 5
	mostMoved = 3
)

// bar is the time in which an actor is asked something and has not answered yet.
type bar struct {
	actor, level int
	top, bottom  int
}

// bars gives each bar the first place that is free at its actor.
type bars struct {
	taken [][]bool    // by actor and level
	open  map[int]bar // by arrow
	done  []bar
}

func newBars(actors int) *bars { return &bars{taken: make([][]bool, actors), open: map[int]bar{}} }

// place tells the row where the bars are that its lines begin and end at, and draws on those that it opens or
// closes.
func (b *bars) place(s step, r *row) {
	if r.kind == note || !r.answers() {
		r.busy = b.highest(r.from)
		return
	}

	if s.part == end {
		opened := b.open[s.arrow]
		delete(b.open, s.arrow)
		b.taken[r.to][opened.level] = false
		opened.bottom, r.level = r.back, opened.level
		b.done = append(b.done, opened)
	} else {
		r.level = b.free(r.to)
	}

	if s.part == start {
		b.taken[r.to][r.level] = true
		b.open[s.arrow] = bar{actor: r.to, level: r.level, top: r.y}
	}

	r.busy = b.highest(r.from)
}

// free is the first level that no open bar of the actor has.
func (b *bars) free(actor int) int {
	for level, taken := range b.taken[actor] {
		if !taken {
			return level
		}
	}
	b.taken[actor] = append(b.taken[actor], false)
	return len(b.taken[actor]) - 1
}

// highest is one more than the highest level of an open bar of the actor; zero: it has none.
func (b *bars) highest(actor int) int {
	for level := len(b.taken[actor]) - 1; level >= 0; level-- {
		if b.taken[actor][level] {
			return level + 1
		}
	}
	return 0
}

// moved is how far a bar of the level is from its life line.
func moved(level int) int { return min(level, mostMoved) * barStep }

// leaves is where a line begins, or an answer arrives, at who asks; way is 1 to the right, -1 to the left.
func (l *layout) leaves(r row, way int) int {
	x := l.x[r.from]
	switch {
	case r.busy == 0:
		return x
	case way > 0:
		return x + moved(r.busy-1) + barWidth/2
	}
	return x - barWidth/2
}

// arrives is where a line ends, or an answer begins, at who is asked.
func (l *layout) arrives(r row, way int) int {
	x := l.x[r.to]
	if !r.answers() {
		return x
	}
	return x + moved(r.level) - way*barWidth/2
}

// parts are the solid parts of a bar: it is interrupted where its life line is.
func (l *layout) parts(b bar) [][2]int {
	var parts [][2]int
	from := b.top
	for _, r := range l.rows {
		if r.bottom <= b.top || r.top >= b.bottom || r.kind != rest && (r.kind != note || r.from != b.actor) {
			continue
		}
		gap := 8
		if r.kind == rest {
			gap = 6
		}
		parts = append(parts, [2]int{from, r.top + gap})
		from = r.bottom - gap
	}
	return append(parts, [2]int{from, b.bottom})
}
