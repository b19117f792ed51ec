package report

import (
	"fmt"
	"math"
	"regexp"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/width"
)

const ellipsis = "…"

// clean makes a stranger's text one that every form can carry: valid UTF-8, with line feeds and tabs
// as the only control characters, and nothing that reorders what is around it.
func clean(s string) string {
	s = strings.ReplaceAll(strings.ToValidUTF8(s, "\ufffd"), "\r\n", "\n")
	return strings.Map(func(r rune) rune {
		switch {
		case r == '\n' || r == '\t' || r >= ' ' && r < 0x7f:
			return r
		case r == '\r':
			return '\n'
		case unicode.IsControl(r), unicode.In(r, unicode.Bidi_Control, unicode.Noncharacter_Code_Point):
			return utf8.RuneError
		}
		return r
	}, s)
}

// oneLine is clean without line feeds, tabs and white space at the ends.
func oneLine(s string) string { return strings.Join(strings.Fields(clean(s)), " ") }

// shorten keeps at most so many runes, the ellipsis among them.
func shorten(s string, most int) string {
	count := 0
	cut := 0
	for i := range s {
		if count == most-1 {
			cut = i
		}
		if count++; count > most {
			return strings.TrimRight(s[:cut], " ") + ellipsis
		}
	}
	return s
}

// columns is the room that a text takes on a terminal.
func columns(s string) int {
	total := 0
	for _, r := range s {
		switch {
		case r < 0x300:
			total++
		case unicode.In(r, unicode.Mn, unicode.Me, unicode.Cf):
		case wide(r):
			total += 2
		default:
			total++
		}
	}
	return total
}

func wide(r rune) bool {
	kind := width.LookupRune(r).Kind()
	return kind == width.EastAsianWide || kind == width.EastAsianFullwidth
}

// wrap breaks lines between words, never within one: an address must stay one to be copied. No room
// at all means no limit.
func wrap(s string, room int) []string {
	var lines []string
	for line := range strings.SplitSeq(s, "\n") {
		lines = append(lines, wrapLine(line, room)...)
	}
	return lines
}

func wrapLine(line string, room int) []string {
	if room <= 0 || columns(line) <= room {
		return []string{strings.TrimRight(line, " ")}
	}

	var lines []string
	current, taken := "", 0
	for word := range strings.FieldsSeq(line) {
		long := columns(word)
		if taken > 0 && taken+1+long > room {
			lines = append(lines, current)
			current, taken = "", 0
		}
		if taken > 0 {
			current += " "
			taken++
		}
		current += word
		taken += long
	}

	return append(lines, current)
}

// seconds is a time for people: 40 ms, 0.4 s, 31 s, 1 m 4 s.
func seconds(s float64) string {
	switch {
	case s < 0.1:
		return fmt.Sprintf("%.0f ms", s*1000)
	case s < 10:
		return fmt.Sprintf("%.1f s", s)
	case math.Round(s) < 60:
		return fmt.Sprintf("%.0f s", s)
	}
	return fmt.Sprintf("%d m %d s", int(math.Round(s))/60, int(math.Round(s))%60)
}

// millis is a latency for people: 0.3 ms, 12 ms, 1.5 s.
func millis(ms float64) string {
	switch {
	case ms < 1:
		return fmt.Sprintf("%.1f ms", ms)
	case math.Round(ms) < 1000:
		return fmt.Sprintf("%.0f ms", ms)
	}
	return seconds(ms / 1000)
}

func when(t time.Time) string { return t.UTC().Format("2006-01-02 15:04:05 UTC") }

// sentenceEnd is where a sentence ends and another one begins.
var sentenceEnd = regexp.MustCompile(`[.!?] +["(/]?[A-Z]`)

// Sentences are the sentences of a text, in clean lines.
func Sentences(s string) []string {
	s = strings.TrimSpace(clean(s))
	var all []string
	for s != "" {
		at := sentenceEnd.FindStringIndex(s)
		if at == nil {
			return append(all, s)
		}
		all, s = append(all, s[:at[0]+1]), strings.TrimSpace(s[at[0]+1:])
	}
	return all
}
