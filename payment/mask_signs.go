package payment

// signs are what a text must have in it before there can be a secret of a kind. Each says yes too often.
type signs struct {
	long       bool // digits enough for a card number
	named      bool // a name that SecretName knows, and a sign behind it that parts names from values
	firstNamed int  // where the first such sign is
	tag        bool // what opens a tag
	at         bool // what ends the credentials of a URL
}

func (found signs) any() bool { return found.named || found.tag || found.at || found.long }

// signsIn looks for all of them in one pass: every text of every exchange comes through here.
func signsIn[T byteText](s T) (found signs) {
	digits := 0
	for i := 0; i < len(s); i++ {
		kind := kinds[s[i]]
		if kind == isOther {
			digits = 0
			continue
		}

		if kind == isDecimal {
			digits++
			found.long = found.long || digits >= shortestPAN
			continue
		}

		switch s[i] {
		case '@':
			found.at = true
		case '<':
			found.tag = true
		}
		if kind == partsNames && !found.named {
			if c, width := separatorAt(s, i); width > 0 && secretBefore(s, i, c) {
				found.named, found.firstNamed = true, i
			}
		}

		if digits == 0 {
			continue
		}
		if width := separator(s, i); width > 0 {
			i += width - 1
		} else {
			digits = 0
		}
	}
	return found
}

// hasLongNumber reports whether there could be a card number at all.
func hasLongNumber(s string) bool { return signsIn(s).long }

// shortestPAN is how many digits the shortest card number has.
const shortestPAN = 13

// What a byte can be a sign of.
const (
	isOther    = iota
	isDecimal  // one of a card number
	partsNames // it may part a name from its value, and the groups of a number
	isSign     // of something else
)

var kinds = func() (table [256]uint8) {
	for c := '0'; c <= '9'; c++ {
		table[c] = isDecimal
	}
	for _, c := range ":=>%\\&" {
		table[c] = partsNames
	}
	for _, c := range "@< -+." {
		table[c] = isSign
	}
	return table
}()
