package notify

import (
	"fmt"
	"net"
	"net/netip"
	"net/url"
	"strconv"
	"strings"

	"github.com/payporter-mock/payporter-mock/payment"
)

// allowed is one entry of --callback-allow.
type allowed struct {
	prefix netip.Prefix // invalid: the entry is a name
	host   string       // in lower case and ASCII, without a dot at its end
	below  bool         // the entry is for every name that ends in host, which begins with a dot
}

// parseAllowed reads a CIDR, an address, a host name, or *.NAME for all names under it. What could match nothing is
// an error, with what was probably meant.
func parseAllowed(s string) (allowed, error) {
	if prefix, ok := parsePrefix(s); ok {
		return allowed{prefix: prefix}, nil
	}
	name, below := strings.CutPrefix(s, "*.")
	host, ok := payment.HostName(name)
	ok = ok && !isRange(s)
	switch host = strings.TrimSuffix(host, "."); {
	case ok && below:
		return allowed{host: "." + host, below: true}, nil
	case ok:
		return allowed{host: host}, nil
	}

	hint := ""
	if meant := meantBy(s); meant != "" {
		hint = fmt.Sprintf("; did you mean %s?", meant)
	}
	return allowed{}, fmt.Errorf("callback-allow %q: want a CIDR such as 10.0.0.0/8, an address, or a host name "+
		"without port "+
		"such as shop or *.internal%s", s, hint)
}

// parsePrefix reads a CIDR or an address. One of IPv4 that is written as IPv6 is the same one.
func parsePrefix(s string) (netip.Prefix, bool) {
	prefix, err := netip.ParsePrefix(s)
	if err != nil {
		ip, err := netip.ParseAddr(s)
		if err != nil || ip.Zone() != "" {
			return netip.Prefix{}, false
		}
		prefix = netip.PrefixFrom(ip, ip.BitLen())
	}

	const mapped = 96 // the bits before the IPv4 address
	if prefix.Addr().Is4In6() {
		if prefix.Bits() < mapped {
			return netip.Prefix{}, false
		}
		prefix = netip.PrefixFrom(prefix.Addr().Unmap(), prefix.Bits()-mapped)
	}
	return prefix.Masked(), true
}

// meantBy guesses the right spelling of an entry; empty: no guess.
func meantBy(s string) string {
	if isRange(s) {
		from, to, _ := strings.Cut(s, "-")
		return around(strings.TrimSpace(from), strings.TrimSpace(to))
	}
	if s == "*" {
		return "0.0.0.0/0 and ::/0"
	}
	if at, err := url.Parse(s); err == nil && at.Host != "" {
		return at.Hostname()
	}
	if host, _, err := net.SplitHostPort(s); err == nil && host != "" {
		return host
	}
	if bare := strings.Trim(s, "[] \t"); bare != s && bare != "" {
		return bare
	}
	if ip, err := netip.ParseAddr(s); err == nil && ip.Zone() != "" {
		return ip.WithZone("").String()
	}

	return padded(s)
}

// isRange reports whether an entry begins like 10.0.0.1-10.0.0.9 or 10.0.0.1-9.
func isRange(s string) bool {
	from, _, ok := strings.Cut(s, "-")
	_, err := netip.ParseAddr(strings.TrimSpace(from))
	return ok && err == nil
}

// around is the smallest CIDR with both addresses in it. Of the second, the last number is enough.
func around(from, to string) string {
	if !strings.ContainsAny(to, ".:") {
		to = from[:strings.LastIndexAny(from, ".:")+1] + to
	}

	first, err := netip.ParseAddr(from)
	last, err2 := netip.ParseAddr(to)
	if err != nil || err2 != nil || first.BitLen() != last.BitLen() {
		return ""
	}

	for bits := first.BitLen(); bits >= 0; bits-- {
		if prefix := netip.PrefixFrom(first, bits).Masked(); prefix.Contains(last) {
			return prefix.String()
		}
	}
	return ""
}

// padded completes an IPv4 network of which only the beginning was written: 10.0.0, 10.0.0.*, 10/8.
func padded(s string) string {
	address, length, _ := strings.Cut(s, "/")
	numbers := strings.Split(strings.TrimRight(address, ".*"), ".")
	bits := 8 * len(numbers)
	if n, err := strconv.Atoi(length); err == nil && n >= 0 && n <= 32 {
		bits = n
	}

	for len(numbers) < 4 {
		numbers = append(numbers, "0")
	}

	ip, err := netip.ParseAddr(strings.Join(numbers, "."))
	if err != nil || !ip.Is4() {
		return ""
	}
	return netip.PrefixFrom(ip, bits).Masked().String()
}
