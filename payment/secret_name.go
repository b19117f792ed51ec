package payment

// SecretName reports whether a name promises a value that must not be shown: the name of a header, of a query or
// form field, or of a JSON property. Case, separators and digits at the end make no difference: X-API-SECRET,
// apiSecret and api_secret_2 are one name. It is the one list of these names; whoever masks asks it.
func SecretName(name string) bool { return secretName(name) }

// secretEnds end the names of secrets, in lower case and without separators.
var secretEnds = []string{
	"secret", "token", "authorization", "cookie", "credential", "credentials",
	"password", "passwordconfirmation", "passwd", "pwd", "passphrase", "passcode", "parola", "sifre",
	"accesskey", "privatekey", "secretkey", "signingkey",
	"cvv", "cvc", "securitycode", "verificationcode", "verificationnumber", "verificationvalue",
	"cardnumber", "cardnum", "cardno", "ccnumber", "kartno", "kartnumarasi",
}

// secretWords promise a secret only where they are a word of their own: japan is no card number.
var secretWords = []string{"auth", "card", "csc", "otp", "pan", "pass", "pin"}

// byEnding has both lists by their last two letters, so that most names are told by these alone.
var byEnding = func() (table [26 * 26]sameEnding) {
	for _, s := range secretEnds {
		at := &table[ending(s[len(s)-2], s[len(s)-1])]
		at.ends = append(at.ends, s)
	}
	for _, s := range secretWords {
		at := &table[ending(s[len(s)-2], s[len(s)-1])]
		at.words = append(at.words, s)
	}
	return table
}()

// sameEnding is what has the same last two letters.
type sameEnding struct{ ends, words []string }

func (e *sameEnding) known() bool { return e.ends != nil || e.words != nil }

// ending is the place of two letters in byEnding.
func ending(a, b byte) int { return int(a|0x20-'a')*26 + int(b|0x20-'a') }

// longestSecretName is how much of the end of a name is looked at, in bytes.
const longestSecretName = 64

// byteText is a text, whichever way it is held.
type byteText interface{ ~string | ~[]byte }

func secretName[T byteText](name T) bool {
	end := len(name)
	for end > 0 && !isLetter(name[end-1]) { // cvv2, password_1, user[password]
		end--
	}
	if end < 2 || !isLetter(name[end-2]) {
		return false
	}
	known := &byEnding[ending(name[end-2], name[end-1])]
	if !known.known() {
		return false
	}

	var room [longestSecretName]byte
	joined, word := foldName(room[:0], name[max(0, end-longestSecretName):end])
	for _, s := range known.ends {
		if len(s) <= len(joined) && string(joined[len(joined)-len(s):]) == s {
			return true
		}
	}
	for _, s := range known.words {
		if string(joined[word:]) == s && (s != "card" || word == 0) { // a savedCard may be the name of one
			return true
		}
	}
	return false
}

// foldName writes the name in lower case and without separators, and answers where its last word begins.
func foldName[T byteText](joined []byte, name T) (all []byte, word int) {
	parted := false
	for i := range len(name) {
		c := name[i]
		if !isLetter(c) && !isDigit(c) && c < 0x80 {
			parted = true
			continue
		}
		if parted || beginsWord(name, i) {
			word = len(joined)
		}
		if parted = false; isUpper(c) {
			c |= 0x20
		}
		joined = append(joined, c)
	}

	return joined, word
}

// beginsWord reports whether a capital begins a word: that of apiSecret, or that of XToken.
func beginsWord[T byteText](name T, i int) bool {
	if i == 0 || !isUpper(name[i]) {
		return false
	}
	return !isUpper(name[i-1]) || i+1 < len(name) && isLetter(name[i+1]) && !isUpper(name[i+1])
}

func isUpper(c byte) bool { return c >= 'A' && c <= 'Z' }

func isLetter(c byte) bool { return c|0x20 >= 'a' && c|0x20 <= 'z' }
