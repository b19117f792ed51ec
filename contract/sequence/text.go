package sequence

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/width"
)

const (
	longest  = 2000 // runes of a text that are kept at all
	stacked  = 6    // marks in a row: enough for every script, too few to paint over the neighbours
	ellipsis = "…"
	joiner   = '\u200d'
)

// clean makes one line of a stranger's text that XML can carry and that reads in the order it is
// written: white space becomes a space, and what controls, reorders or is no character becomes U+FFFD.
func clean(s string) string {
	var b strings.Builder
	runes, marks, space := 0, 0, false
	for _, r := range s {
		if unicode.IsSpace(r) {
			space = b.Len() > 0
			continue
		}
		if isMark(r) {
			marks++
		} else {
			marks = 0
		}
		if marks > stacked {
			continue
		}
		if runes++; runes > longest {
			return b.String() + ellipsis
		}
		if space {
			b.WriteByte(' ')
			space = false
		}
		b.WriteRune(harmless(r))
	}
	return b.String()
}

func harmless(r rune) rune {
	if r >= ' ' && r < 0x7f {
		return r
	}
	if unicode.IsControl(r) || unicode.In(r, unicode.Bidi_Control, unicode.Noncharacter_Code_Point) {
		return utf8.RuneError
	}
	return r
}

// isMark says whether the rune takes no room of its own.
func isMark(r rune) bool {
	if r < 0x300 {
		return r == 0xad
	}
	tone := r >= 0x1f3fb && r <= 0x1f3ff // of an emoji's skin
	return tone || unicode.In(r, unicode.Mn, unicode.Me, unicode.Cf)
}

// em is the width of a rune in hundredths of the font's size. Nobody knows the font, so it is that of
// a wide one.
func em(r rune) int {
	switch {
	case strings.ContainsRune("iljI.,:;'|!()[]/ ", r):
		return 40
	case strings.ContainsRune("mwMW@%", r):
		return 100
	case r >= 'A' && r <= 'Z' || strings.ContainsRune("&<>=+~#_", r):
		return 78
	case r < 0x300:
		return 65
	case isMark(r):
		return 0
	}
	if kind := width.LookupRune(r).Kind(); kind == width.EastAsianWide || kind == width.EastAsianFullwidth {
		return 130 // CJK needs 100, an emoji more
	}
	if r < 0x590 || r >= 0x1e00 && r < 0x2100 {
		return 78
	}
	return 100
}

// fit says how many bytes of s go into the room, and what they take of it. It never parts a letter
// from its marks.
func fit(s string, size, room int) (cut, taken int) {
	before, total := rune(0), 0
	for i, r := range s {
		wide := em(r)
		if wide > 0 && before != joiner {
			cut, taken = i, total
		}
		if total += wide * size; total > room*100 {
			return cut, (taken + 99) / 100
		}
		before = r
	}
	return len(s), (total + 99) / 100
}

// shorten ends what is too long with an ellipsis.
func shorten(s string, size, room int) string {
	cut, _ := fit(s, size, room)
	if cut == len(s) {
		return s
	}
	cut, _ = fit(s, size, room-size) // an ellipsis is about as wide as the font is high
	return strings.TrimRight(s[:cut], " ") + ellipsis
}

// wrap makes at most so many lines of s, and shortens the last one.
func wrap(s string, size, room, lines int) []string {
	var all []string
	for len(all) < lines-1 {
		cut, _ := fit(s, size, room)
		if cut == len(s) || cut == 0 {
			break
		}
		if at := strings.LastIndexAny(s[:cut], " /?&=-_,;"); at > cut/2 {
			cut = at + 1
		}
		all = append(all, strings.TrimRight(s[:cut], " "))
		s = strings.TrimLeft(s[cut:], " ")
	}
	if s == "" {
		return all
	}
	return append(all, shorten(s, size, room))
}
