package sequence

import (
	"bufio"
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
// holds it scroll. One that is wider than 1080 pixels has the class sequence-wide as well: a page that shrinks
// diagrams must not shrink it as far as others. An arrow of an actor who is not listed is an error, and then nothing is written.
func (d Diagram) WriteSVG(w io.Writer) error { return d.write(w, false) }

// WriteFile writes an SVG document that needs nothing else: with its title, its ground and a style
// for light and dark. Its errors are those of WriteSVG.
func (d Diagram) WriteFile(w io.Writer) error { return d.write(w, true) }

func (d Diagram) write(w io.Writer, file bool) error {
	l, err := d.layout(file)
	if err != nil {
		return err
	}
	p := pen{Writer: bufio.NewWriterSize(w, 1<<15), layout: l, named: map[string]bool{}}
	p.draw()
	return p.Flush()
}

// pen writes the elements, those below first.
type pen struct {
	*bufio.Writer // remembers the first error
	*layout
	named map[string]bool // the IDs that are taken
}

func (p *pen) add(format string, args ...any) { fmt.Fprintf(p.Writer, format, args...) }

func (p *pen) draw() {
	p.open()
	p.drawLives()
	p.drawBars()
	p.drawActors(p.top, `role="list" aria-label="Who takes part"`, ` role="listitem"`)
	if len(p.rows) > manyRows {
		p.drawActors(p.end, `aria-hidden="true"`, ``)
	}

	p.drawDate()
	if len(p.rows) == 0 {
		p.small(`class="sequence-nothing" text-anchor="middle"`, p.middle(), p.height-14, "nothing happened yet")
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
	if p.width > wideFrom {
		class += " sequence-wide"
	}
	if p.file {
		class, more = "sequence sequence-file", ` color="`+ink+`"`
		p.add(`<?xml version="1.0" encoding="UTF-8"?>` + "\n")
	}

	p.add(`<svg xmlns="http://www.w3.org/2000/svg" class="%s" role="figure" aria-label="%s" width="%d" height="%d" `+
		`viewBox="0 0 %d %d" direction="ltr" font-family="%s" font-size="%d" fill="currentColor"%s>`+"\n",
		class, escape(name), p.width, p.height, p.width, p.height, font, labelSize, more)
	if !p.file {
		return
	}

	p.add("<title>%s</title>\n<style>\n%s%s</style>\n", escape(name), stylesheet, fileStylesheet)
	p.add(`<rect class="sequence-ground" width="%d" height="%d" fill="%s"/>`+"\n", p.width, p.height, paper)
	if title != "" {
		p.add(`<text class="sequence-title" x="%d" y="%d" font-size="%d" font-weight="600">%s</text>`+"\n", margin, margin+
			16, titleSize, escape(shorten(atMost(title, titleLetters), titleSize, p.width-2*margin)))
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

func (p *pen) drawBars() {
	if len(p.bars) == 0 {
		return
	}
	p.add(`<g class="sequence-bars" aria-hidden="true">` + "\n")
	for _, b := range p.bars {
		for _, part := range p.parts(b) {
			p.drawBar(p.x[b.actor], b.level, part[0], part[1])
		}
	}
	p.add("</g>\n")
}

func (p *pen) drawBar(x, level, top, bottom int) {
	p.add(`<rect class="sequence-busy" x="%d" y="%d" width="%d" height="%d" rx="2" fill-opacity=".3"/>`,
		x+moved(level)-barWidth/2, top, barWidth, bottom-top)
}

func (p *pen) drawActors(y int, list, item string) {
	if len(p.Actors) == 0 {
		return
	}

	p.add(`<g class="sequence-actors" %s font-size="%d" font-weight="600" text-anchor="middle">`+"\n", list, nameSize)
	for i, actor := range p.Actors {
		p.add(`<g%s>`, item)
		if name := actor.shown(); name != p.names[i] {
			p.add(`<title>%s</title>`, escape(name))
		}
		p.add(`<rect x="%d" y="%d" width="%d" height="%d" rx="8" fill-opacity=".06" stroke="currentColor" `+
			`stroke-opacity=".4"/>`, p.x[i]-p.heads[i]/2, y, p.heads[i], headHeight)
		p.add(`<text x="%d" y="%d">%s</text></g>`+"\n", p.x[i], y+headHeight/2+5, escape(p.names[i]))
	}
	p.add("</g>\n")
}

// drawDate says what the column of times does not repeat.
func (p *pen) drawDate() {
	if p.zone == nil {
		return
	}
	first := p.Arrows[slices.IndexFunc(p.Arrows, func(a Arrow) bool { return !a.At.IsZero() })].At
	p.small(`class="sequence-time"`, margin, p.top+16, p.date(first))
	p.small(`class="sequence-time"`, margin, p.top+32, p.name(first))
	p.add("\n")
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
