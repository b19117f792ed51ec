package payment

import (
	"errors"
	"net/netip"
	"strings"
	"unicode/utf8"

	"golang.org/x/net/idna"
)

// asBrowsers is how browsers read a host name: UTS 46, mapped, not transitional, with underscores.
var asBrowsers = idna.New(
	idna.MapForLookup(), idna.Transitional(false), idna.BidiRule(), idna.CheckHyphens(false), idna.StrictDomainName(false),
)

// Limits of host names, in bytes, by RFC 1035.
const (
	maxName  = 253
	maxLabel = 63
)

// HostName is a host name as it goes over the wire: in lower case and ASCII, by IDNA as browsers do it, so that
// mağaza.example becomes xn--maaza-l1a.example. A dot at its end stays. It reports false for what is no host name;
// an IP address is none, and neither is what is no UTF-8.
func HostName(name string) (ascii string, ok bool) {
	ascii = name
	if !isPlain(name) {
		var err error
		if ascii, err = inASCII(name); err != nil {
			return "", false
		}
	}

	bare := strings.TrimSuffix(ascii, ".")
	if len(bare) > maxName || endsInNumber(bare) {
		return "", false
	}
	for label := range strings.SplitSeq(bare, ".") {
		if label == "" || len(label) > maxLabel || strings.Trim(label, nameCharacters) != "" {
			return "", false
		}
	}
	return ascii, true
}

// inASCII is a name by IDNA. The library itself takes some bytes that are no UTF-8 for letters.
func inASCII(name string) (string, error) {
	if !utf8.ValidString(name) {
		return "", errNoUTF8
	}
	return asBrowsers.ToASCII(name)
}

var errNoUTF8 = errors.New("not UTF-8")

// isPlain reports whether IDNA leaves a name as it is: nearly every name is in lower case and ASCII.
func isPlain(name string) bool {
	return strings.Trim(name, nameCharacters+".") == "" && !strings.Contains(name, "xn--")
}

const nameCharacters = "abcdefghijklmnopqrstuvwxyz0123456789-_"

// endsInNumber reports whether browsers take a host for an IPv4 address, perhaps an odd one such as 127.1 or 0x7f.1.
func endsInNumber(host string) bool {
	last := host[strings.LastIndexByte(host, '.')+1:]
	if digits, ok := strings.CutPrefix(last, "0x"); ok {
		return strings.Trim(digits, "0123456789abcdef") == ""
	}
	return last != "" && strings.Trim(last, "0123456789") == ""
}

// hostOnWire is the host of a URL as it goes over the wire, without port. The fault says what is wrong with it.
func hostOnWire(host string) (wire, fault string) {
	if strings.Contains(host, ":") { // only IPv6 has one, and net/url wants brackets around it
		ip, err := netip.ParseAddr(host)
		switch {
		case err != nil:
			return "", "must have an IPv6 address between the brackets, such as http://[::1]:3000/callback"
		case ip.Zone() != "":
			return "", "must not have a zone (" + ip.Zone() + "): another machine does not know it"
		}
		return "[" + ip.String() + "]", ""
	}

	if isDigit(host[0]) { // else it is no IPv4 address
		if ip, err := netip.ParseAddr(host); err == nil {
			return ip.String(), ""
		}
	}
	if name, ok := HostName(host); ok {
		return name, ""
	}

	ascii, err := inASCII(host)
	if ip, parsed := netip.ParseAddr(strings.TrimSuffix(ascii, ".")); err == nil && parsed == nil {
		return ip.String(), ""
	}
	if err == nil && endsInNumber(strings.TrimSuffix(ascii, ".")) {
		return "", "must write an IPv4 address as four decimal numbers, such as http://127.0.0.1:3000/callback"
	}

	return "", "must have a valid host name: letters, digits, hyphens and dots, at most 63 characters between two dots"
}
