package callback

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"strings"
	"sync/atomic"
	"syscall"
	"time"

	"code.dny.dev/ssrf"
)

// errNotAllowed marks a dial that the guard refused.
var errNotAllowed = errors.New("address not allowed")

// Guard decides which addresses callbacks may go to. Strangers choose callback URLs, so it looks at
// the address really dialled, after the name was resolved. Link-local addresses, which include the
// metadata services of clouds, are never allowed.
type Guard struct {
	anywhere bool            // everything that is not always refused
	prefixes []netip.Prefix  // what is allowed by address
	hosts    map[string]bool // what is allowed by name, lower case
	never    *ssrf.Guardian
	own      atomic.Pointer[netip.AddrPort] // where this sandbox listens; nil: nowhere yet
}

// NewGuard takes CIDRs, addresses and host names. Without any, callbacks go anywhere when anywhere
// is true and nowhere otherwise.
func NewGuard(allow []string, anywhere bool) (*Guard, error) {
	g := &Guard{anywhere: anywhere && len(allow) == 0, hosts: map[string]bool{}, never: alwaysRefused()}
	for _, a := range allow {
		prefix, host, err := parseAllowed(a)
		switch {
		case err != nil:
			return nil, err
		case host != "":
			g.hosts[host] = true
		default:
			g.prefixes = append(g.prefixes, prefix)
		}
	}
	return g, nil
}

func parseAllowed(s string) (prefix netip.Prefix, host string, err error) {
	if prefix, err := netip.ParsePrefix(s); err == nil {
		return prefix.Masked(), "", nil
	}
	if addr, err := netip.ParseAddr(s); err == nil {
		return netip.PrefixFrom(addr, addr.BitLen()), "", nil
	}
	if s == "" || strings.ContainsAny(s, "/:@ \t") {
		return prefix, "", fmt.Errorf("callback-allow %q: want a CIDR such as 10.0.0.0/8, an address, or a host name without port", s)
	}
	return prefix, strings.ToLower(s), nil
}

// alwaysRefused lets private and loopback addresses pass, which are where merchants under test live,
// and refuses what no merchant has: link-local, multicast, reserved and tunnelled addresses.
func alwaysRefused() *ssrf.Guardian {
	return ssrf.New(
		ssrf.WithAnyPort(),
		ssrf.WithNetworks("tcp4", "tcp6"),
		ssrf.WithAllowedV4Prefixes(
			netip.MustParsePrefix("127.0.0.0/8"), netip.MustParsePrefix("10.0.0.0/8"),
			netip.MustParsePrefix("172.16.0.0/12"), netip.MustParsePrefix("192.168.0.0/16"),
		),
		ssrf.WithAllowedV6Prefixes(netip.MustParsePrefix("::1/128"), netip.MustParsePrefix("fc00::/7")),
	)
}

// DialContext dials like net.Dialer and refuses what the guard does not allow.
func (g *Guard) DialContext(ctx context.Context, network, address string) (net.Conn, error) {
	host, _, _ := net.SplitHostPort(address)
	byName := g.byName(host)
	dialer := &net.Dialer{
		Timeout: 5 * time.Second,
		Control: func(network, address string, c syscall.RawConn) error { return g.check(byName, network, address, c) },
	}
	return dialer.DialContext(ctx, network, address)
}

// through dials as DialContext does, but for the proxy, which whoever runs the sandbox has named.
func (g *Guard) through(proxy *Proxy) func(ctx context.Context, network, address string) (net.Conn, error) {
	return func(ctx context.Context, network, address string) (net.Conn, error) {
		if proxy.is(address) {
			return (&net.Dialer{Timeout: 5 * time.Second}).DialContext(ctx, network, address)
		}
		return g.DialContext(ctx, network, address)
	}
}

// permits reports what is wrong with a host and port that somebody else will dial. A name that only the proxy can
// resolve must be listed, or everything be allowed.
func (g *Guard) permits(ctx context.Context, address string) error {
	host, port, err := net.SplitHostPort(address)
	if err != nil {
		return err
	}
	addresses, err := net.DefaultResolver.LookupNetIP(ctx, "ip", host)
	if err != nil && !g.byName(host) {
		return fmt.Errorf("%w: %s is not in --callback-allow", errNotAllowed, address)
	}
	for _, ip := range addresses {
		if err := g.check(g.byName(host), "tcp", net.JoinHostPort(ip.Unmap().String(), port), nil); err != nil {
			return err
		}
	}
	return nil
}

// byName reports whether the host may be reached whatever its address is, as far as any may.
func (g *Guard) byName(host string) bool { return g.anywhere || g.hosts[strings.ToLower(host)] }

// check says why an address must not be dialled; nil: it may.
func (g *Guard) check(byName bool, network, address string, c syscall.RawConn) error {
	if g.isOwn(address) {
		return fmt.Errorf("%w: %s is this sandbox itself, which gets no callbacks", errNotAllowed, address)
	}
	if !byName && !g.listed(address) {
		return fmt.Errorf("%w: %s is not in --callback-allow", errNotAllowed, address)
	}
	if g.never.Safe(family(network, address), address, c) != nil || metadata(address) {
		return fmt.Errorf("%w: callbacks are never sent to %s", errNotAllowed, address)
	}
	return nil
}

// family is the network with the version of IP, as the dialler would say it.
func family(network, address string) string {
	at, err := netip.ParseAddrPort(address)
	if network != "tcp" || err != nil {
		return network
	}
	if at.Addr().Is4() {
		return "tcp4"
	}
	return "tcp6"
}

// metadata reports whether the address is one at which a cloud answers for its machines. They are
// the ones that do not lie in a link-local range.
func metadata(address string) bool {
	at, err := netip.ParseAddrPort(address)
	if err != nil {
		return true
	}
	switch at.Addr().Unmap().String() {
	case "168.63.129.16", "100.100.100.200", "192.0.0.192", "fd00:ec2::254":
		return true
	}
	return false
}

func (g *Guard) listed(address string) bool {
	at, err := netip.ParseAddrPort(address)
	if err != nil {
		return false
	}
	for _, p := range g.prefixes {
		if p.Contains(at.Addr().Unmap().WithZone("")) {
			return true
		}
	}
	return false
}
