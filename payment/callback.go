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
	_, _, fault = partsOf(callback)
	return fault
}

// CallbackOnWire is a callback URL as it is asked for: in ASCII, its host by IDNA, whatever is not ASCII behind it
// percent-encoded in UTF-8, and without a fragment. It names the host that a browser would go to. The fault says what
// is wrong with the URL; empty: nothing.
func CallbackOnWire(callback string) (wire, fault string) {
	u, host, fault := partsOf(callback)
	if fault != "" {
		return "", fault
	}
	if port := u.Port(); port != "" {
		n, _ := strconv.Atoi(port) // it was read before
		host += ":" + strconv.Itoa(n)
	}
	return u.Scheme + "://" + host + toASCII(targetOf(callback)), ""
}

// partsOf takes a callback URL apart: the host is as it goes over the wire, without the port.
func partsOf(callback string) (u *url.URL, host, fault string) {
	u, err := url.Parse(callback)
	switch {
	case err != nil || (u.Scheme != "http" && u.Scheme != "https") || u.Hostname() == "":
		return nil, "", NotAbsolute
	case u.User != nil:
		return nil, "", "must not contain credentials"
	}

	if host, fault = hostOnWire(u.Hostname()); fault != "" {
		return nil, "", fault
	}
	if port := u.Port(); port != "" {
		if n, err := strconv.Atoi(port); err != nil || n < 1 || n > 65535 {
			return nil, "", "must have a port from 1 to 65535"
		}
	}
	// browsers read a backslash as a slash, and leave out the others
	if strings.ContainsAny(targetOf(callback), "\\ \t\r\n") {
		return nil, "", "must not contain a backslash or a space: write %5C or %20"
	}
	return u, host, ""
}

// targetOf is what follows the host of a URL that was parsed: path and query, as they are written.
func targetOf(callback string) string {
	_, rest, _ := strings.Cut(callback, "://")
	start := strings.IndexAny(rest, "/?#")
	if start < 0 {
		return ""
	}
	target, _, _ := strings.Cut(rest[start:], "#")
	return target
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
