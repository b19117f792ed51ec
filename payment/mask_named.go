package payment

import (
	"net/url"
	"regexp"
	"strings"
)

// MaskSecrets masks what a text written by strangers must not tell: what stands under a name that SecretName knows,
// in JSON, a form, a query, header lines, tags or a printed map, however often it was escaped; the credentials in
// URLs; and card numbers. Masking twice is masking once.
func MaskSecrets(s string) string { return signsIn(s).maskedIn(s) }

// MaskSecretsIn is MaskSecrets for a text that is held as bytes. It answers the same bytes if there is nothing to
// mask, which it tells in one look: whoever records an exchange masks its bodies with it.
func MaskSecretsIn(text []byte) []byte {
	found := signsIn(text)
	if !found.any() {
		return text
	}
	return []byte(found.maskedIn(string(text)))
}

// maskedIn masks the secrets that the signs may be of, in the text that they were found in. What is masked has none of
// the other signs in it: they need not be looked for again.
func (found signs) maskedIn(s string) string {
	if found.named {
		s = maskNamed(s, found.firstNamed)
	}
	if found.tag {
		s = maskInputs(s)
	}
	if found.at {
		s = urlCredentials.ReplaceAllString(s, "${1}"+Masked+"@")
	}
	if found.long {
		s = MaskText(s)
	}
	return s
}

// urlCredentials are what stands before the host of a URL, also where its slashes are escaped.
var urlCredentials = regexp.MustCompile(`(:(?:\\*/){2})[^/?#\s"@\\]+@`)

// maskNamed masks the value behind every secret name. The first one's separator stands at first.
func maskNamed(s string, first int) string {
	var out strings.Builder
	kept := 0
	for i := first; i < len(s); i++ {
		c, width := separatorAt(s, i)
		if width == 0 || !secretBefore(s, i, c) {
			continue
		}
		v, found := valueAt(s, i, c, width)
		if !found {
			continue
		}
		out.WriteString(s[kept:v.from])
		out.WriteString(v.instead)
		kept, i = v.to, v.to-1
	}

	if kept == 0 {
		return s
	}
	return out.String() + s[kept:]
}

// separatorAt is the sign between a name and its value, and how many bytes it has: a colon, an equals sign, the end
// of a tag. It may be escaped as in URLs, JSON or HTML, once or more. A width of zero: there is none.
func separatorAt[T byteText](s T, i int) (c byte, width int) {
	switch s[i] {
	case ':', '=', '>':
		return s[i], 1
	case '%':
		if c, width := percentAt(s, i); c == ':' || c == '=' || c == '>' {
			return c, width
		}
	case '&':
		if i+4 <= len(s) && string(s[i:i+4]) == "&gt;" {
			return '>', 4
		}
	case '\\':
		at := i
		for at < len(s) && s[at] == '\\' {
			at++
		}
		switch {
		case at+5 > len(s):
		case string(s[at:at+5]) == "u003e":
			return '>', at + 5 - i
		case string(s[at:at+5]) == "u003d":
			return '=', at + 5 - i
		}
	}
	return 0, 0
}

// percentAt decodes what is percent-encoded at i, once or more, and says how many bytes that takes; zero: nothing is.
func percentAt[T byteText](s T, i int) (c byte, width int) {
	at := i + 1
	for at+1 < len(s) && s[at] == '2' && s[at+1] == '5' { // the per cent sign was encoded itself
		at += 2
	}

	if s[i] != '%' || at+1 >= len(s) {
		return 0, 0
	}

	high, low := hexDigit(s[at]), hexDigit(s[at+1])
	if high < 0 || low < 0 {
		return 0, 0
	}
	return byte(high<<4 | low), at + 2 - i
}

func hexDigit(c byte) int {
	switch {
	case isDigit(c):
		return int(c - '0')
	case c|0x20 >= 'a' && c|0x20 <= 'f':
		return int(c|0x20-'a') + 10
	}
	return -1
}

// secretBefore reports whether a secret name ends where the separator c at i begins.
func secretBefore[T byteText](s T, i int, c byte) bool {
	end, _ := nameEnd(s, i)
	if !endsLikeSecret(s, end) {
		return false
	}

	name := nameBefore(s, i)
	if hasEscape(name) {
		if c == '>' {
			at := strings.LastIndexAny(unescaped(string(name)), "<:")
			return at >= 0 && SecretName(unescaped(string(name))[at+1:])
		}
		return secretName(name) || SecretName(lastPart(unescaped(string(name))))
	}
	if c == '>' { // a tag, such as <cvv>
		if len(name) > 5 && string(name[:5]) == "u003c" { // its < is escaped
			return secretName(name[5:])
		}
		return opensTag(s, i-len(name)) && secretName(name)
	}

	return secretName(name)
}

// opensTag reports whether what opens a tag, or the prefix of its name, ends at end.
func opensTag[T byteText](s T, end int) bool {
	if end == 0 {
		return false
	}
	return s[end-1] == '<' || s[end-1] == ':' || end >= 4 && string(s[end-4:end]) == "&lt;"
}

// nameBefore is the name that ends at end, spaces and a quote behind it left out.
func nameBefore[T byteText](s T, end int) T {
	end, width := nameEnd(s, end)
	begin := end
	for begin > 0 && end-begin < longestSecretName && (inName(s[begin-1]) || width > 0 && inQuotes(s[begin-1])) {
		begin--
	}
	return s[begin:end]
}

// nameEnd is where the name before a separator ends, and how many bytes the quote behind it has.
func nameEnd[T byteText](s T, separator int) (end, quote int) {
	end = separator
	for end > 0 && isBlank(s[end-1]) {
		end--
	}
	quote = quoteBefore(s, end)
	return end - quote, quote
}

// endsLikeSecret looks at the last two letters of a name. An escape can be any letter.
func endsLikeSecret[T byteText](s T, end int) bool {
	for at := end - 1; at >= 0 && end-at < 16 && hexDigit(s[at]) >= 0; at-- {
		if at > 0 && (s[at-1] == '%' || s[at-1] == 'u') {
			return true
		}
	}

	for range longestSecretName {
		if end < 2 || isLetter(s[end-1]) {
			break
		}
		end--
	}
	return end > 1 && isLetter(s[end-1]) && isLetter(s[end-2]) && byEnding[ending(s[end-2], s[end-1])].known()
}

func isBlank(c byte) bool { return c == ' ' || c == '\t' || c == '\r' || c == '\n' }

// inName reports whether a byte can be one of a name. A per cent sign can: names are encoded, too.
func inName(c byte) bool {
	switch c {
	case '_', '-', '.', '[', ']', '%':
		return true
	}
	return isLetter(c) || isDigit(c) || c >= 0x80
}

// inQuotes reports whether a byte can be one of a quoted name only.
func inQuotes(c byte) bool { return c == ' ' || c == '\\' }

func hasEscape[T byteText](name T) bool {
	for i := range len(name) {
		if name[i] == '%' || name[i] == '\\' {
			return true
		}
	}
	return false
}

var unicodeEscape = regexp.MustCompile(`\\+u00([0-9A-Fa-f]{2})`)

// unescaped is a name without percent-encoding and without JSON's escapes.
func unescaped(name string) string {
	if cut := strings.IndexByte(name, '%'); cut >= 0 && len(name) == longestSecretName { // it may begin within an escape
		name = name[cut:]
	}

	for range 4 {
		name = unicodeEscape.ReplaceAllString(name, "%$1")
		plain, err := url.PathUnescape(name)
		if err != nil || plain == name {
			break
		}
		name = plain
	}
	return name
}

// lastPart is what stands behind the last sign that is none of a name: of a&pan it is pan.
func lastPart(name string) string {
	name = strings.TrimRight(name, `"'\ `)
	return name[strings.LastIndexFunc(name, func(r rune) bool { return r < 0x80 && !inName(byte(r)) })+1:]
}

// quotes are what strings stand between besides a plain quote, with or without backslashes before it.
var quotes = [...]string{"&quot;", "&#34;", "&#39;", "&apos;"}

// quoteBefore is how many bytes the quote that ends at end has, its backslashes among them; zero: there is none.
func quoteBefore[T byteText](s T, end int) int {
	if end == 0 {
		return 0
	}

	switch c := s[end-1]; {
	case c == '"' || c == '\'':
		begin := end - 1
		for begin > 0 && s[begin-1] == '\\' {
			begin--
		}
		return end - begin
	case c == ';':
		for _, q := range quotes {
			if end >= len(q) && string(s[end-len(q):end]) == q {
				return len(q)
			}
		}
	case c == '2' || c == '7': // %22, %27, \u0022 and the like
		return encodedQuoteBefore(s, end)
	}

	return 0
}

func encodedQuoteBefore[T byteText](s T, end int) int {
	if end >= 6 && string(s[end-5:end-1]) == "u002" && s[end-6] == '\\' {
		begin := end - 6
		for begin > 0 && s[begin-1] == '\\' {
			begin--
		}
		return end - begin
	}

	if end < 3 || s[end-2] != '2' {
		return 0
	}

	begin := end - 2
	for begin > 2 && s[begin-2] == '2' && s[begin-1] == '5' {
		begin -= 2
	}
	if begin == 0 || s[begin-1] != '%' {
		return 0
	}

	return end - backslashesBefore(s, begin-1)
}

// backslashesBefore is where the percent-encoded backslashes begin that end at end.
func backslashesBefore[T byteText](s T, end int) int {
	for end > 2 && s[end-2] == '5' && s[end-1]|0x20 == 'c' {
		begin := end - 2
		for begin > 2 && s[begin-2] == '2' && s[begin-1] == '5' {
			begin -= 2
		}
		if s[begin-1] != '%' {
			break
		}
		end = begin - 1
	}
	return end
}
