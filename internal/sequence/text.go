package sequence

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/width"
)

const (
	longest      = 2000 // runes of a text that are kept at all
	titleLetters = 100
	stacked      = 6 // marks in a row: enough for every script, too few to paint over the neighbours
	ellipsis     = "…"
	joiner       = '\u200d'
)

// clean makes one line of a stranger's text that XML can carry and that reads in the order it is
// written: white space becomes a space, and what controls, reorders or is no character becomes U+FFFD.
func clean(s string) string {
	if isPlain(s) {
		return s
	}

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

// isPlain is true of most texts, and spares them the rest.
func isPlain(s string) bool {
	for i := range len(s) {
		if s[i] < ' ' || s[i] >= 0x7f || s[i] == ' ' && (i == 0 || i == len(s)-1 || s[i-1] == ' ') {
			return false
		}
	}
	return len(s) <= longest
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

// isMark says whether the rune belongs to the one before it.
func isMark(r rune) bool {
	if r < 0x300 {
		return r == 0xad
	}
	return isTone(r) || unicode.In(r, unicode.Mn, unicode.Me, unicode.Cf)
}

// isTone is true of the colour of an emoji's skin. Behind anything else it is drawn as a square, so it takes room.
func isTone(r rune) bool { return r >= 0x1f3fb && r <= 0x1f3ff }

// begins says whether a text may be cut in front of the rune.
func begins(r, before rune) bool { return !isMark(r) && before != joiner }

// em is the width of a rune in hundredths of the font's size. Nobody knows the font, so it is that of
// a wide one.
func em(r rune) int {
	switch {
	case r < 0x80:
		return int(latin[r])
	case isMark(r) && !isTone(r):
		return 0
	case r < 0x250:
		return 80
	}

	if kind := width.LookupRune(r).Kind(); kind == width.EastAsianWide || kind == width.EastAsianFullwidth {
		return 130 // CJK takes 100, an emoji more
	}
	return 122 // as an Arabic letter that stands alone
}

// latin is em of ASCII.
var latin = func() (table [0x80]uint8) {
	for width, letters := range map[uint8]string{
		32: "'ijl ", 36: "I,.:;|/\\", 42: "frt()[]-!", 52: "s*_`\"", 56: "c?zLJ",
		80: "CDGHNOQU&", 86: "wM#+<=>^~", 100: "mW@%",
	} {
		for _, r := range letters {
			table[r] = width
		}
	}
	for r := range table {
		if table[r] == 0 {
			table[r] = 66
		}
		if table[r] == 66 && r >= 'A' && r <= 'Z' {
			table[r] = 72
		}
	}
	return table
}()

// fit says how many bytes of s go into the room, and what they take of it. It never parts a letter
// from its marks.
func fit(s string, size, room int) (cut, taken int) {
	before, total := rune(0), 0
	for i, r := range s {
		if begins(r, before) {
			cut, taken = i, total
		}
		if total += em(r) * size; total > room*100 {
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

// atMost ends with an ellipsis what has more letters, however narrow they are. It never parts a letter from its
// marks.
func atMost(s string, letters int) string {
	before, cut := rune(0), 0
	for i, r := range s {
		if letters > 0 && begins(r, before) {
			cut = i
		}
		if em(r) > 0 {
			letters--
		}
		if letters < 0 {
			return strings.TrimRight(s[:cut], " ") + ellipsis
		}
		before = r
	}
	return s
}

// wrap makes at most so many lines of s, of about the same length if no word suffers, and shortens the
// last one.
func wrap(s string, size, room, lines int) []string {
	even := room
	if all, total := fit(s, size, room*lines); all == len(s) {
		n := max(1, (total+room-1)/room)
		even = min(room, total*7/(n*6))
	}

	full, rest, torn := pack(s, size, even, lines-1)
	if cut, _ := fit(rest, size, room); torn || cut < len(rest) {
		full, rest, _ = pack(s, size, room, lines-1)
	}
	if rest == "" {
		return full
	}
	return append(full, shorten(rest, size, room))
}

// pack fills at most so many lines, each up to the end of a word or of a part of a path if one is
// near; else the word is torn.
func pack(s string, size, room, lines int) (full []string, rest string, torn bool) {
	for len(full) < lines {
		cut, _ := fit(s, size, room)
		if cut == len(s) || cut == 0 {
			break
		}
		at := strings.LastIndexAny(s[:cut], " /?&=-_,;")
		switch {
		case s[cut] == ' ': // a word ends just here
		case at > cut/2:
			cut = at + 1
		default:
			torn = true
		}
		full = append(full, strings.TrimRight(s[:cut], " "))
		s = strings.TrimLeft(s[cut:], " ")
	}
	return full, s, torn
}
