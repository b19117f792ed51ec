package payment

import "regexp"

// MaskText masks whatever in a text looks like a card number: 13 to 19 digits, single spaces and
// hyphens between them allowed, that begin like a card number and add up like one. UUIDs are left
// alone. It is for texts that strangers write; a PAN masks itself.
func MaskText(s string) string {
	var out []byte
	kept := 0
	var uuids [][]int // looked for once there is something to mask
	for i := 0; i < len(s); i++ {
		if !isDigit(s[i]) || (i > 0 && isDigit(s[i-1])) {
			continue
		}
		end, digits := digitRun(s, i)
		if !looksLikeCard(digits) || (end < len(s) && isDigit(s[end])) {
			continue
		}
		if uuids == nil {
			uuids = uuidShape.FindAllStringIndex(s, -1)
		}
		if within(uuids, i) {
			continue
		}
		out = append(out, s[kept:i]...)
		out = append(out, PAN(digits).Masked()...)
		kept, i = end, end-1
	}
	if kept == 0 {
		return s
	}
	return string(append(out, s[kept:]...))
}

var uuidShape = regexp.MustCompile(`[0-9A-Fa-f]{8}-[0-9A-Fa-f]{4}-[0-9A-Fa-f]{4}-[0-9A-Fa-f]{4}-[0-9A-Fa-f]{12}`)

func within(spans [][]int, i int) bool {
	for _, span := range spans {
		if i >= span[0] && i < span[1] {
			return true
		}
	}
	return false
}

func isDigit(c byte) bool { return c >= '0' && c <= '9' }

// digitRun reads digits from i on, stepping over single spaces and hyphens between them.
func digitRun(s string, i int) (end int, digits []byte) {
	for end = i; end < len(s) && len(digits) < 20; end++ {
		separator := (s[end] == ' ' || s[end] == '-') && end > i && end+1 < len(s) && isDigit(s[end+1])
		if separator {
			continue
		}
		if !isDigit(s[end]) {
			break
		}
		digits = append(digits, s[end])
	}
	return end, digits
}

func looksLikeCard(digits []byte) bool {
	return len(digits) >= 13 && len(digits) <= 19 && digits[0] >= '2' && Luhn(string(digits))
}
