package payment

import (
	"net/url"
	"strconv"
	"strings"
)

// NotAbsolute is what is said of a callback URL that is none at all.
const NotAbsolute = "must be an absolute http or https URL such as https://shop.example.com/payment-callback"

// CheckCallback says what is wrong with a callback URL, or nothing: it must be an absolute http or
// https URL without credentials in it.
func CheckCallback(callback string) (fault string) {
	_, fault = CallbackOnWire(callback)
	return fault
}

// CallbackOnWire is a callback URL as it is asked for: in ASCII, its host by IDNA, whatever is not ASCII behind it
// percent-encoded in UTF-8, and without a fragment. It names the host that a browser would go to. The fault says what is
// wrong with the URL; empty: nothing.
func CallbackOnWire(callback string) (wire, fault string) {
	u, err := url.Parse(callback)
	switch {
	case err != nil || (u.Scheme != "http" && u.Scheme != "https") || u.Hostname() == "":
		return "", NotAbsolute
	case u.User != nil:
		return "", "must not contain credentials"
	}

	host, fault := hostOnWire(u.Hostname())
	if fault != "" {
		return "", fault
	}
	if port := u.Port(); port != "" {
		n, err := strconv.Atoi(port)
		if err != nil || n < 1 || n > 65535 {
			return "", "must have a port from 1 to 65535"
		}
		host += ":" + strconv.Itoa(n)
	}

	target, fault := targetOnWire(callback)
	return u.Scheme + "://" + host + target, fault
}

// targetOnWire is what follows the host of a URL that was parsed: path and query in ASCII.
func targetOnWire(callback string) (target, fault string) {
	_, rest, _ := strings.Cut(callback, "://")
	start := strings.IndexAny(rest, "/?#")
	if start < 0 {
		return "", ""
	}
	rest, _, _ = strings.Cut(rest[start:], "#")

	if strings.ContainsAny(rest, "\\ \t\r\n") { // browsers read a backslash as a slash, and leave out the others
		return "", "must not contain a backslash or a space: write %5C or %20"
	}
	return toASCII(rest), ""
}

// toASCII percent-encodes the bytes that are not ASCII, and leaves alone what is encoded already.
func toASCII(text string) string {
	var out strings.Builder
	for i := range len(text) {
		if c := text[i]; c < 0x80 {
			out.WriteByte(c)
		} else {
			const digits = "0123456789ABCDEF"
			out.Write([]byte{'%', digits[c>>4], digits[c&15]})
		}
	}
	return out.String()
}
