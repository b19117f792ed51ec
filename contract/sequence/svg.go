package sequence

import (
	"bytes"
	_ "embed"
	"encoding/xml"
	"fmt"
	"io"
	"net/url"
	"slices"
	"strings"
)

//go:embed sequence.css
var stylesheet string

//go:embed file.css
var fileStylesheet string

// The faces of what is drawn where no stylesheet is. All else is the colour of the text around.
const (
	font  = `system-ui, -apple-system, 'Segoe UI', Roboto, 'Noto Sans', sans-serif`
	red   = `#d13438`
	blue  = `#1f74c7`
	ink   = `#1a1d29`
	paper = `#ffffff`
)

// Stylesheet is the CSS of a page that has diagrams of WriteSVG in it. All of its rules are of the
// class sequence or begin with it. A page may set --sequence-accent and --sequence-fault.
func Stylesheet() []byte { return []byte(stylesheet) }

// WriteSVG writes an SVG element to be put into an HTML page. It has classes for Stylesheet and no
// style of its own, takes its colours from the text around it, and is wider than a phone: let what
// holds it scroll. An arrow of an actor who is not listed is an error, and then nothing is written.
func (d Diagram) WriteSVG(w io.Writer) error { return d.write(w, false) }

// WriteFile writes an SVG document that needs nothing else: with its title, its ground and a style
// for light and dark. Its errors are those of WriteSVG.
func (d Diagram) WriteFile(w io.Writer) error { return d.write(w, true) }

func (d Diagram) write(w io.Writer, file bool) error {
	l, err := d.layout(file)
	if err != nil {
		return err
	}
	p := pen{layout: l}
	p.draw()
	_, err = w.Write(p.Bytes())
	return err
}

// pen writes the elements, those below first.
type pen struct {
	bytes.Buffer
	*layout
	named map[string]bool // the IDs that are taken
}

func (p *pen) add(format string, args ...any) { fmt.Fprintf(&p.Buffer, format, args...) }

func (p *pen) draw() {
	p.named = map[string]bool{}
	p.open()
	p.drawLives()
	p.drawActors(p.top, `role="list" aria-label="Who takes part"`, `role="listitem"`)
	if len(p.rows) > manyRows {
		p.drawActors(p.height-headHeight-margin, `aria-hidden="true"`, ``)
	}
	p.drawDate()
	if len(p.rows) == 0 {
		p.add(`<text class="sequence-quiet" x="%d" y="%d" text-anchor="middle" fill-opacity=".72">nothing happened yet</text>`+"\n", p.middle(), p.height-42)
	} else {
		p.add(`<g role="list" aria-label="What happened">` + "\n")
		for _, r := range p.rows {
			p.drawRow(r)
		}
		p.add("</g>\n")
	}
	p.add("</svg>\n")
}

// middle is where a sentence about the whole diagram stands.
func (p *pen) middle() int {
	if len(p.x) == 0 {
		return p.width / 2
	}
	return (p.x[0] + p.x[len(p.x)-1]) / 2
}

func (p *pen) open() {
	title := clean(p.Title)
	name := title
	if name == "" {
		name = "Sequence diagram"
	}
	class, more := "sequence", ""
	if p.file {
		class, more = "sequence sequence-file", ` color="`+ink+`"`
		p.add(`<?xml version="1.0" encoding="UTF-8"?>` + "\n")
	}
	p.add(`<svg xmlns="http://www.w3.org/2000/svg" class="%s" role="figure" aria-label="%s" width="%d" height="%d" viewBox="0 0 %d %d" direction="ltr" font-family="%s" font-size="%d" fill="currentColor"%s>`+"\n",
		class, escape(name), p.width, p.height, p.width, p.height, font, labelSize, more)
	if !p.file {
		return
	}
	p.add("<title>%s</title>\n<style>\n%s%s</style>\n", escape(name), stylesheet, fileStylesheet)
	p.add(`<rect class="sequence-ground" width="%d" height="%d" fill="%s"/>`+"\n", p.width, p.height, paper)
	if title != "" {
		p.add(`<text class="sequence-title" x="%d" y="%d" font-size="17" font-weight="600">%s</text>`+"\n", margin, margin+16, escape(shorten(title, 17, p.width-2*margin)))
	}
}

func (p *pen) drawLives() {
	p.add(`<g class="sequence-life" aria-hidden="true" fill="none" stroke="currentColor" stroke-opacity=".32">` + "\n")
	for i, life := range p.lives {
		var solid strings.Builder
		for _, part := range life.solid {
			fmt.Fprintf(&solid, "M%d %dV%d", p.x[i], part[0], part[1])
		}
		p.add(`<path d="%s"/>`+"\n", solid.String())
	}
	p.add("</g>\n")
}

func (p *pen) drawActors(y int, list, item string) {
	if len(p.Actors) == 0 {
		return
	}
	p.add(`<g class="sequence-actors" %s font-size="%d" font-weight="600" text-anchor="middle">`+"\n", list, nameSize)
	for i, actor := range p.Actors {
		name := actor.shown()
		shown := shorten(name, nameSize, widestHead-28)
		p.add(`<g %s>`, item)
		if shown != name {
			p.add(`<title>%s</title>`, escape(name))
		}
		p.add(`<rect x="%d" y="%d" width="%d" height="%d" rx="8" fill-opacity=".06" stroke="currentColor" stroke-opacity=".4"/>`, p.x[i]-p.heads[i]/2, y, p.heads[i], headHeight)
		p.add(`<text x="%d" y="%d">%s</text></g>`+"\n", p.x[i], y+headHeight/2+5, escape(shown))
	}
	p.add("</g>\n")
}

// drawDate says what the column of times does not repeat.
func (p *pen) drawDate() {
	if p.zone == nil {
		return
	}
	first := p.Arrows[slices.IndexFunc(p.Arrows, func(a Arrow) bool { return !a.At.IsZero() })].At
	p.add(`<g class="sequence-time" font-size="%d" fill-opacity=".72">`, smallSize)
	p.add(`<text x="%d" y="%d">%s</text><text x="%d" y="%d">%s</text></g>`+"\n", margin, p.top+16, p.date(first), margin, p.top+32, escape(p.name(first)))
}

// drawRow writes what one arrow is. It is one thing to a reader of screens: a sentence, and a link if
// it leads anywhere.
func (p *pen) drawRow(r row) {
	if r.kind == rest {
		p.drawBreak(r)
		return
	}
	p.add(`<g role="listitem" class="%s"`, r.class())
	if id := clean(r.ID); id != "" && !strings.Contains(id, " ") && !p.named[id] {
		p.named[id] = true
		p.add(` id="%s"`, escape(id))
	}
	if r.Fault {
		p.add(` color="%s"`, red)
	}
	p.add(">")
	link := safe(r.Link)
	if link != "" {
		p.add(`<a href="%s">`, escape(link))
	} else {
		p.add(`<g role="img">`)
	}
	p.add(`<title>%s</title>`, escape(p.sentence(r)))
	p.add(`<rect class="sequence-hit" x="%d" y="%d" width="%d" height="%d" rx="6" fill="none" pointer-events="all"/>`, margin-8, r.top+2, p.width-2*margin+16, r.bottom-r.top-2)
	if at := p.time(r.At); at != "" {
		p.add(`<text class="sequence-time" x="%d" y="%d" font-size="%d" fill-opacity=".72">%s</text>`, margin, r.y+4, smallSize, at)
	}
	if r.kind == note {
		p.drawNote(r)
	} else {
		p.drawArrow(r)
	}
	if link != "" {
		p.add("</a></g>\n")
	} else {
		p.add("</g></g>\n")
	}
}

func (r row) class() string {
	class := "sequence-arrow"
	if r.kind == note {
		class = "sequence-note"
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
	if r.Fault {
		face = ` fill="currentColor"`
	} else if safe(r.Link) != "" {
		face = ` fill="` + blue + `"`
	}
	for i, text := range r.label {
		p.add(`<text class="sequence-label" x="%d" y="%d" text-anchor="middle"%s>%s</text>`, x, y+i*line, face, escape(text))
	}
}

func (p *pen) answer(r row, x, y int) {
	p.add(`<text class="sequence-answer" x="%d" y="%d" text-anchor="middle" font-size="%d" fill-opacity=".72">%s</text>`, x, y, smallSize, escape(r.answer))
}

func (p *pen) drawArrow(r row) {
	way := 1 // to the right
	if r.to < r.from {
		way = -1
	}
	from, to := p.x[r.from], p.x[r.to]
	text := (p.x[r.gap()] + p.x[r.gap()+1]) / 2
	p.labels(r, text, r.y-8-(len(r.label)-1)*line)
	if r.answer != "" {
		p.add(`<rect class="sequence-busy" x="%d" y="%d" width="8" height="%d" rx="2" fill-opacity=".3"/>`, to-4, r.y, r.back-r.y)
		to -= 4 * way
		p.answer(r, text, r.back-7)
		p.add(`<path class="sequence-back" d="M%d %dH%dm%d -4l%d 4l%d 4" fill="none" stroke="currentColor" stroke-opacity=".6"/>`, to, r.back, from+way, 7*way, -7*way, 7*way)
	}
	p.add(`<path class="sequence-line" d="M%d %dH%d" fill="none" stroke="currentColor" stroke-width="1.5"%s/>`, from, r.y, to-8*way, r.dashes())
	if r.Fault {
		p.cross(to-10*way, r.y)
		return
	}
	p.add(`<path class="sequence-head" d="M%d %dl%d -4.5v9z"/>`, to, r.y, -9*way)
}

// cross marks what went wrong for those who do not see red.
func (p *pen) cross(x, y int) {
	p.add(`<path class="sequence-cross" d="M%d %dl10 10m0 -10l-10 10" fill="none" stroke="currentColor" stroke-width="2"/>`, x-5, y-5)
}

func (p *pen) drawNote(r row) {
	wide, x := r.noteWidth(), p.x[r.from]
	p.add(`<rect class="sequence-box" x="%d" y="%d" width="%d" height="%d" rx="6" fill-opacity=".04" stroke="currentColor" stroke-opacity=".5"%s/>`, x-wide/2, r.top+8, wide, r.bottom-r.top-16, r.dashes())
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
	p.add(`<path d="%s" fill="none" stroke="currentColor" stroke-opacity=".6" stroke-width="2" stroke-linecap="round" stroke-dasharray="0 6"/>`, dots.String())
	y := r.y + 4
	if r.day != "" {
		p.add(`<text class="sequence-time" x="%d" y="%d" font-size="%d" fill-opacity=".72">%s</text>`, margin, y+8, smallSize, r.day)
		y -= 8
	}
	p.add(`<text class="sequence-passed" x="%d" y="%d" font-size="%d" font-weight="600" fill-opacity=".72">+%s</text></g></g>`+"\n", margin, y, smallSize, span(r.passed))
}

// sentence says a row in words, with all that was shortened.
func (p *pen) sentence(r row) string {
	var b strings.Builder
	if r.Fault {
		b.WriteString("Went wrong: ")
	}
	if r.Planned {
		b.WriteString("Planned: ")
	}
	if !r.At.IsZero() {
		b.WriteString(p.date(r.At) + " " + p.time(r.At) + " ")
	}
	b.WriteString(p.Actors[r.from].shown())
	if r.kind == message {
		b.WriteString(" to " + p.Actors[r.to].shown())
	}
	if label := clean(r.Label); label != "" {
		b.WriteString(": " + label)
	}
	if answer := r.answered(); answer != "" {
		b.WriteString(", answered " + answer)
	}
	return b.String()
}

// safe gives back a link that leads to a place and does nothing, and no other.
func safe(link string) string {
	u, err := url.Parse(link)
	if err != nil || clean(link) != link {
		return ""
	}
	switch u.Scheme {
	case "", "http", "https":
		return link
	}
	return ""
}

func escape(s string) string {
	if !strings.ContainsAny(s, "<>&\"'\r\n\t") {
		return s
	}
	var b strings.Builder
	_ = xml.EscapeText(&b, []byte(s)) // a Builder never fails
	return b.String()
}
