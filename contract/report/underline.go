package report

import (
	"slices"
	"strings"
)

// deciding are the exchanges to show of a rule, in order, at most so many: those that decided, or else the first.
func deciding(rule Rule, most int) []Deciding {
	var shown []Deciding
	for _, d := range rule.Decisive {
		if d.Exchange >= 1 && d.Exchange <= len(rule.Exchanges) {
			shown = append(shown, d)
		}
	}
	for n := 1; len(shown) == 0 || len(rule.Decisive) == 0 && n <= len(rule.Exchanges); n++ {
		if n > len(rule.Exchanges) {
			break
		}
		shown = append(shown, Deciding{Exchange: n})
	}
	return shown[:min(len(shown), most)]
}

// span is a part of a text, in bytes.
type span struct{ from, to int }

// spans are where the parts stand in a text, in order, none within another.
func spans(text string, parts []string) []span {
	var all []span
	for _, part := range parts {
		if part = oneLine(part); part == "" {
			continue
		}
		if at := strings.Index(text, part); at >= 0 {
			all = append(all, span{at, at + len(part)})
		}
	}

	slices.SortFunc(all, func(a, b span) int { return a.from - b.from })
	end := 0
	return slices.DeleteFunc(all, func(s span) bool {
		if s.from < end {
			return true
		}
		end = s.to
		return false
	})
}

// underlined is a text in one line, clipped around the first of the parts that it must show, and a line that underlines
// them; empty: there are none. No room means no limit but that of a body.
func underlined(text string, parts []string, room int) (shown, line string) {
	if room <= 0 {
		room = mostBody
	}
	text = oneLine(text)
	marks := spans(text, parts)
	if len(marks) == 0 {
		return shortenTo(text, room), ""
	}

	var before string
	if last := marks[len(marks)-1]; columns(text) > room && columns(text[:last.to]) > room-1 {
		from := clipFrom(text, marks[0], room)
		before, text = ellipsis, text[from:]
		for i := range marks {
			marks[i].from, marks[i].to = marks[i].from-from, marks[i].to-from
		}
	}

	shown = shortenTo(before+text, room)
	var b strings.Builder
	for _, mark := range marks {
		from, to := columns(before+text[:mark.from]), min(columns(before+text[:mark.to]), columns(shown))
		if from < to {
			b.WriteString(strings.Repeat(" ", from-b.Len()) + strings.Repeat("^", to-from))
		}
	}
	return shown, b.String()
}

// clipFrom is where a text begins that shows the mark in the middle of the room.
func clipFrom(text string, mark span, room int) int {
	spare := max(0, room-columns(text[mark.from:mark.to])-4) / 2
	for i := range text[:mark.from] {
		if columns(text[i:mark.from]) <= spare {
			return i
		}
	}
	return mark.from
}

// shortenTo keeps what fits into so many columns; no room means no limit.
func shortenTo(text string, room int) string {
	if room <= 0 || columns(text) <= room {
		return text
	}
	return cutTo(text, room)
}

// longestWord is how many columns a word has at most that is not cut. An address or an id is longer, and half of it
// still says something.
const longestWord = 24

// shortenWords is shortenTo for prose: it cuts between words.
func shortenWords(text string, room int) string {
	short := shortenTo(text, room)
	if short == text {
		return text
	}
	kept := strings.TrimSuffix(short, ellipsis)
	start := strings.LastIndex(kept, " ") + 1
	word, _, _ := strings.Cut(text[start:], " ")
	if kept[start:] == word || start == 0 || columns(word) > longestWord {
		return short
	}
	return kept[:start] + ellipsis
}
