package sequence

import (
	"fmt"
	"strings"
)

// drawRow writes what one arrow is. To a reader of screens it is one thing: a sentence, and a link if
// it leads anywhere.
func (p *pen) drawRow(r row) {
	if r.kind == rest {
		p.drawBreak(r)
		return
	}

	p.add(`<g role="listitem" class="%s"%s>`, r.class(), p.id(r))
	whole := "g"
	if r.Link != "" {
		whole = "a"
		p.add(`<a href="%s">`, escape(r.Link))
	} else {
		p.add(`<g role="img">`)
	}

	p.add(`<title>%s</title>`, escape(p.sentence(r)))
	p.add(`<rect class="sequence-hit" x="%d" y="%d" width="%d" height="%d" rx="6" fill="none" pointer-events="all"/>`,
		margin-8, r.top+2, p.width-2*margin+16, r.bottom-r.top-2)
	at := r.At
	if r.kind == reply {
		at = r.ended()
	}

	p.small(`class="sequence-time"`, margin, r.y+4, p.time(at))
	p.drawShape(r)
	p.add("</%s></g>\n", whole)
}

// id is the arrow's, unless another one has it already. The row of an answer has none.
func (p *pen) id(r row) string {
	if r.kind == reply || r.ID == "" || clean(r.ID) != r.ID || strings.Contains(r.ID, " ") || p.named[r.ID] {
		return ""
	}
	p.named[r.ID] = true
	return ` id="` + escape(r.ID) + `"`
}

// small writes what is said by the way.
func (p *pen) small(attributes string, x, y int, text string) {
	if text != "" {
		p.add(`<text %s x="%d" y="%d" font-size="%d" fill-opacity=".8">%s</text>`, attributes, x, y, smallSize, escape(text))
	}
}

func (p *pen) drawShape(r row) {
	if r.Fault {
		p.add(`<g class="sequence-wrong" color="%s">`, red)
		defer p.add("</g>")
	}
	switch r.kind {
	case note:
		p.drawNote(r)
	case reply:
		p.drawReply(r)
	default:
		p.drawArrow(r)
	}
}

func (r row) class() string {
	class := "sequence-arrow"
	switch r.kind {
	case note:
		class = "sequence-note"
	case reply:
		class = "sequence-arrow sequence-reply"
	}

	if r.Planned {
		class += " sequence-planned"
	}
	if r.Fault {
		class += " sequence-fault"
	}
	return class
}

func (r row) dashes() string {
	if r.Planned {
		return ` stroke-dasharray="6 5"`
	}
	return ""
}

// labels writes the lines of a label, the first one at y.
func (p *pen) labels(r row, x, y int) {
	face := ""
	if !r.Fault && r.Link != "" {
		face = ` fill="` + blue + `"`
	}
	for i, text := range r.label {
		p.add(`<text class="sequence-label" x="%d" y="%d" text-anchor="middle"%s>%s</text>`, x, y+i*line, face, escape(text))
	}
}

func (p *pen) answer(r row, x, y int) {
	p.small(`class="sequence-answer" text-anchor="middle"`, x, y, r.answer)
}

// way is where the arrow points: 1 to the right, -1 to the left.
func (r row) way() int {
	if r.to < r.from {
		return -1
	}
	return 1
}

// middleOf is where the text of an arrow stands.
func (p *pen) middleOf(r row) int { return (p.x[r.gap()] + p.x[r.gap()+1]) / 2 }

func (p *pen) drawArrow(r row) {
	way := r.way()
	from, to := p.leaves(r, way), p.arrives(r, way)
	p.labels(r, p.middleOf(r), r.y-8-(len(r.label)-1)*line)
	if r.back > 0 {
		p.drawBar(p.x[r.to], r.level, r.y, r.back)
		p.drawBack(r)
	}

	p.add(`<path class="sequence-line" d="M%d %dH%d" fill="none" stroke="currentColor" stroke-width="1.5"%s/>`, from, r.y,
		to-8*way, r.dashes())
	if r.Fault && !r.answers() {
		p.cross(to-10*way, r.y)
		return
	}
	p.add(`<path class="sequence-head" d="M%d %dl%d -4.5v9z"/>`, to, r.y, -9*way)
}

func (p *pen) drawReply(r row) {
	p.small(`class="sequence-what" text-anchor="middle"`, p.middleOf(r), r.back-9-line, r.label[0])
	p.drawBack(r)
}

// drawBack draws the line of an answer. That of one that did not come breaks off.
func (p *pen) drawBack(r row) {
	way, text := r.way(), p.middleOf(r)
	from, to := p.leaves(r, way), p.arrives(r, way)
	if r.Broken {
		p.answer(r, text, r.back-10)
		p.add(`<path class="sequence-back" d="M%d %dH%d" fill="none" stroke="currentColor" stroke-opacity=".6"/>`,
			to, r.back, text)
		p.cross(text, r.back)
		return
	}

	p.answer(r, text, r.back-7)
	if _, wide := fit(r.answer, smallSize, widestText); r.Fault {
		p.cross(text-wide/2-12, r.back-11)
	}
	p.add(`<path class="sequence-back" d="M%d %dH%dm%d -4l%d 4l%d 4" fill="none" stroke="currentColor" `+
		`stroke-opacity=".6"/>`,
		to, r.back, from+way, 7*way, -7*way, 7*way)
}

// cross marks what went wrong for those who do not see red.
func (p *pen) cross(x, y int) {
	p.add(`<path class="sequence-cross" d="M%d %dl10 10m0 -10l-10 10" fill="none" stroke="currentColor" `+
		`stroke-width="2"/>`, x-5, y-5)
}

func (p *pen) drawNote(r row) {
	wide, x := r.noteWidth(), p.x[r.from]
	p.add(`<rect class="sequence-box" x="%d" y="%d" width="%d" height="%d" rx="6" fill-opacity=".04" `+
		`stroke="currentColor" stroke-opacity=".5"%s/>`, x-wide/2, r.top+8, wide, r.bottom-r.top-16, r.dashes())
	if r.Fault {
		p.cross(x-wide/2+16, r.y)
		x += 9
	}

	y := r.top + 8 + line + 4
	p.labels(r, x, y-1)
	if r.answer != "" {
		p.answer(r, x, y+len(r.label)*line-1)
	}
}

// drawBreak says how long nothing happened, and lets the life lines fade meanwhile.
func (p *pen) drawBreak(r row) {
	p.add(`<g role="listitem" class="sequence-break"><g role="img"><title>%s later</title>`, span(r.passed))
	var dots strings.Builder
	for _, x := range p.x {
		fmt.Fprintf(&dots, "M%d %dv%d", x, r.top+10, breakRoom-20)
	}

	p.add(`<path d="%s" fill="none" stroke="currentColor" stroke-opacity=".6" stroke-width="2" stroke-linecap="round" `+
		`stroke-dasharray="0 6"/>`, dots.String())
	y := r.y + 4
	if r.day != "" {
		y -= 8
	}

	p.small(`class="sequence-passed" font-weight="600"`, margin, y, "+"+span(r.passed))
	p.small(`class="sequence-time"`, margin, y+16, r.day)
	p.add("</g></g>\n")
}

// sentence says a row in words, with what its label and its answer were shortened by.
func (p *pen) sentence(r row) string {
	var b strings.Builder
	if r.Fault {
		b.WriteString("Went wrong: ")
	}
	if r.Planned {
		b.WriteString("Planned: ")
	}

	at := r.At
	if r.kind == reply {
		at = r.ended()
	}
	if !at.IsZero() {
		b.WriteString(p.date(at) + " " + p.time(at) + " ")
	}
	if r.kind == reply {
		b.WriteString(p.names[r.to] + " to " + p.names[r.from] + ": " + r.toWhat() + ": " + clean(r.answered()))
		return b.String()
	}

	b.WriteString(p.names[r.from])
	if r.kind == message {
		b.WriteString(" to " + p.names[r.to])
	}
	if label := clean(r.Label); label != "" {
		b.WriteString(": " + label)
	}

	if answer := clean(r.Answer); answer != "" {
		said := ", answered "
		if r.Broken {
			said = ", not answered: "
		}
		b.WriteString(said + answer)
		if r.Latency > 0 {
			b.WriteString(" after " + latency(r.Latency))
		}
	}

	return b.String()
}
