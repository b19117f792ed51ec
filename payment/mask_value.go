package payment

import (
	"regexp"
	"strings"
)

// value is where the value behind a secret name is, and what is shown instead of it.
type value struct {
	from, to int
	instead  string
}

// valueAt finds the value behind the separator at i, which has so many bytes. Objects are none: what is secret in
// them has a name of its own.
func valueAt(s string, i int, separator byte, width int) (v value, found bool) {
	end := i
	for end > 0 && isBlank(s[end-1]) {
		end--
	}

	quote := s[end-quoteBefore(s, end) : end] // around the name
	from := skipBlanks(s, i+width, quote != "", s[i] == '%' || strings.HasPrefix(quote, "%"))
	if from >= len(s) {
		return v, false
	}

	switch begin := quoteAt(s, from); {
	case begin > 0:
		from += begin
		v = value{from, closing(s, from, s[from-begin:from]), Masked}
	case s[from] == '{':
		return v, false
	case s[from] == '[':
		v, found = listAt(s, from, quote)
		if !found {
			return v, false
		}
	default:
		v = bareAt(s, i, from, separator, quote)
	}

	return v, v.to > v.from && !isMasked(s[v.from:v.to])
}

// skipBlanks steps over what may stand between a separator and its value.
func skipBlanks(s string, at int, quoted, encoded bool) int {
	for at < len(s) {
		c, width := percentAt(s, at)
		switch {
		case s[at] == ' ', s[at] == '\t', quoted && isBlank(s[at]), encoded && s[at] == '+':
			at++
		case encoded && width > 0 && (c == ' ' || c == '+'):
			at += width
		default:
			return at
		}
	}
	return at
}

// quoteAt is how many bytes the quote that begins at i has; zero: there is none.
func quoteAt(s string, i int) int {
	at := i
	for at < len(s) && s[at] == '\\' {
		at++
	}

	switch {
	case at < len(s) && (s[at] == '"' || s[at] == '\''):
		return at + 1 - i
	case at > i && strings.HasPrefix(s[at:], "u0022"), at > i && strings.HasPrefix(s[at:], "u0027"):
		return at + 5 - i
	}

	for at = i; at < len(s); {
		c, width := percentAt(s, at)
		switch {
		case width > 0 && (c == '"' || c == '\''):
			return at + width - i
		case width == 0 || c != '\\':
			at = len(s)
		default:
			at += width
		}
	}

	for _, q := range quotes {
		if strings.HasPrefix(s[i:], q) {
			return len(q)
		}
	}

	return 0
}

// closing is where the string ends that began with the quote. One that was cut off goes on to the end.
func closing(s string, from int, quote string) int {
	bare := strings.TrimLeft(quote, `\`)
	slashes := len(quote) - len(bare)
	if strings.HasPrefix(bare, "u") { // \u0022 has one backslash of its own
		bare, slashes = `\`+bare, slashes-1
	}

	for at := from; ; {
		next := strings.Index(s[at:], bare)
		if next < 0 {
			return len(s)
		}
		end := at + next
		before := end
		for before > from && s[before-1] == '\\' {
			before--
		}
		// An escaped quote has more backslashes than the one that began the string.
		if run := end - before; run < slashes || run%(2*(slashes+1)) == slashes {
			if !escapedInPercent(s[from:end], bare) {
				return end - min(run, slashes)
			}
		}
		at = end + len(bare)
	}
}

// escapedInPercent reports whether a percent-encoded quote has more encoded backslashes before it than it began with.
func escapedInPercent(before, quote string) bool {
	return strings.HasPrefix(quote, "%") && backslashesBefore(before, len(before)) < len(before)
}

// listAt is a list of texts, such as the values of a header.
func listAt(s string, from int, quote string) (v value, found bool) {
	length := strings.IndexByte(s[from:], ']')
	if length < 0 {
		return value{from + 1, len(s), quote + Masked + quote}, true
	}
	v = value{from + 1, from + length, quote + Masked + quote}
	inside := s[v.from:v.to]
	return v, !strings.Contains(inside, "{") && inside != v.instead
}

// bareAt is a value without quotes: a number behind a quoted name, or a word or the rest of a line.
func bareAt(s string, i, from int, separator byte, quote string) value {
	encoded := s[i] == '%' || strings.HasPrefix(quote, "%")
	upTo := func(stops, instead string) value {
		return value{from, from + until(s[from:], stops, encoded), instead}
	}

	switch {
	case quote != "":
		v := upTo(",}]&<; \t\r\n", quote+Masked+quote)
		if literal(s[v.from:v.to]) {
			v.to = v.from
		}
		return v
	case separator == '>':
		return upTo("<&", Masked)
	case separator == ':' && wholeLine(nameBefore(s, i)):
		return upTo("\r\n<", Masked)
	case separator == ':':
		return upTo("\r\n<,;&}]", Masked)
	}
	return upTo("& \t\r\n;<", Masked)
}

// wholeLine reports whether the value of a header has signs in it that end others.
func wholeLine(name string) bool {
	name = strings.ToLower(name)
	return strings.HasSuffix(name, "authorization") || strings.HasSuffix(name, "cookie")
}

// literal reports whether a value is one of JSON's words, which tell nothing.
func literal(s string) bool { return s == "null" || s == "true" || s == "false" }

// until is where the first of the stops, a quote or an escaped line break is. What is encoded ends at encoded ones,
// too.
func until(s, stops string, encoded bool) int {
	stops += `"'`
	for i := range len(s) {
		switch c := s[i]; {
		case strings.IndexByte(stops, c) >= 0:
			return i
		case c == '\\' && endsBare(s[i:]):
			return i
		case c == '%' && encoded:
			if plain, width := percentAt(s, i); width > 0 && strings.IndexByte(stops, plain) >= 0 {
				return i
			}
		}
	}
	return len(s)
}

// endsBare reports whether backslashes lead to a quote, a line break, an ampersand or a tag.
func endsBare(s string) bool {
	rest := strings.TrimLeft(s, `\`)
	if rest == "" || strings.IndexByte(`"'nr`, rest[0]) >= 0 {
		return true
	}
	for _, escape := range []string{"u0022", "u0026", "u003c"} {
		if strings.HasPrefix(rest, escape) {
			return true
		}
	}
	return false
}

// isMasked reports whether a value shows no more than it may: stars, stars in a URL, a card number's mask, or that it
// was refused.
func isMasked(s string) bool {
	switch {
	case s == "(refused, not kept)":
		return true
	case strings.HasPrefix(s, "%2A"):
		return len(s) >= 9 && strings.ReplaceAll(s, "%2A", "") == ""
	case strings.HasPrefix(s, "*"):
		return len(s) >= 3 && strings.Trim(s, "*") == ""
	}
	return len(s) == 16 && allDigits(s[:6]) && s[6:12] == "******" && allDigits(s[12:])
}

// The inputs of a page, with their names and values.
var (
	input      = regexp.MustCompile(`(?i)<input\b[^>]*>`)
	inputName  = regexp.MustCompile(`(?i)\bname\s*=\s*["']?([^"'\s>]+)`)
	inputValue = regexp.MustCompile(`(?i)(\bvalue\s*=\s*)(?:"[^"]*"|'[^']*'|[^"'\s>]+)`)
)

// maskInputs masks the values of a page's inputs whose name is a secret's.
func maskInputs(s string) string {
	return input.ReplaceAllStringFunc(s, func(tag string) string {
		if name := inputName.FindStringSubmatch(tag); name == nil || !SecretName(name[1]) {
			return tag
		}
		return inputValue.ReplaceAllString(tag, `${1}"`+Masked+`"`)
	})
}
