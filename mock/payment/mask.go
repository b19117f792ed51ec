package payment

// MaskText masks whatever in a text looks like a card number: 13 to 19 digits, spaces and hyphens
// between them allowed, that stand alone, begin like a card number and add up like one. It is for
// texts that strangers write; a PAN masks itself.
func MaskText(s string) string {
	var out []byte
	kept := 0
	for i := 0; i < len(s); i++ {
		if i > 0 && joined(s[i-1]) {
			continue
		}
		end, digits := digitRun(s, i)
		if !looksLikeCard(digits) || (end < len(s) && joined(s[end])) {
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

// joined reports whether a byte next to digits makes them part of a longer word, such as a UUID.
func joined(c byte) bool {
	return c == '-' || isDigit(c) || (c|0x20 >= 'a' && c|0x20 <= 'z')
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
