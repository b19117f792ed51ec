package notify

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"slices"
	"strings"
	"sync/atomic"
	"syscall"

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
	under    []string        // the ends of names that are allowed, each with a dot before it
	never    *ssrf.Guardian
	own      atomic.Pointer[netip.AddrPort] // where this sandbox listens; nil: nowhere yet
}

// NewGuard takes CIDRs, addresses and host names, *.NAME for all names under one. Without any, callbacks go anywhere
// when anywhere is true and nowhere otherwise. Its error is about the first entry that can match nothing.
func NewGuard(allow []string, anywhere bool) (*Guard, error) {
	g := &Guard{anywhere: anywhere && len(allow) == 0, hosts: map[string]bool{}, never: alwaysRefused()}
	for _, entry := range allow {
		a, err := parseAllowed(entry)
		switch {
		case err != nil:
			return nil, err
		case a.below:
			g.under = append(g.under, a.host)
		case a.host != "":
			g.hosts[a.host] = true
		case a.prefix.IsSingleIP() && g.neverSends(netip.AddrPortFrom(a.prefix.Addr(), 80).String()):
			return nil, fmt.Errorf("callback-allow %q: callbacks are never sent there", entry)
		default:
			g.prefixes = append(g.prefixes, a.prefix)
		}
	}

	return g, nil
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
	host, port, _ := net.SplitHostPort(address)
	byName := g.byName(host)
	dialer := &net.Dialer{
		Timeout: MostTimeout,
		Control: func(_, address string, _ syscall.RawConn) error { return g.check(byName, address) },
	}

	if !isLoopbackName(host) {
		return dialer.DialContext(ctx, network, address)
	}
	conn, err := dialer.DialContext(ctx, network, net.JoinHostPort("127.0.0.1", port))
	if errors.Is(err, syscall.ECONNREFUSED) {
		return dialer.DialContext(ctx, network, net.JoinHostPort("::1", port))
	}
	return conn, err
}

// isLoopbackName reports whether a name is one that browsers and curl take for this machine without asking DNS.
func isLoopbackName(host string) bool {
	return strings.HasSuffix(strings.ToLower(strings.TrimSuffix(host, ".")), ".localhost")
}

// through dials as DialContext does, but for the proxy, which whoever runs the sandbox has named.
func (g *Guard) through(proxy *Proxy) func(ctx context.Context, network, address string) (net.Conn, error) {
	return func(ctx context.Context, network, address string) (net.Conn, error) {
		if proxy.is(address) {
			return (&net.Dialer{Timeout: MostTimeout}).DialContext(ctx, network, address)
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
	if isLoopbackName(host) {
		return g.check(g.byName(host), net.JoinHostPort("127.0.0.1", port))
	}
	addresses, err := net.DefaultResolver.LookupNetIP(ctx, "ip", host)
	if err != nil && !g.byName(host) {
		return fmt.Errorf("%w: %s is not in --callback-allow", errNotAllowed, address)
	}

	for _, ip := range addresses {
		if err := g.check(g.byName(host), net.JoinHostPort(ip.Unmap().String(), port)); err != nil {
			return err
		}
	}

	return nil
}

// byName reports whether the host may be reached whatever its address is, as far as any may.
func (g *Guard) byName(host string) bool {
	name := strings.ToLower(strings.TrimSuffix(host, "."))
	return g.anywhere || g.hosts[name] || slices.ContainsFunc(g.under, func(end string) bool {
		return strings.HasSuffix(
			name, end)
	})
}

// check says why an address must not be dialled; nil: it may.
func (g *Guard) check(byName bool, address string) error {
	if g.isOwn(address) {
		return fmt.Errorf("%w: %s is this sandbox itself, which gets no callbacks", errNotAllowed, address)
	}
	if !byName && !g.listed(address) {
		return fmt.Errorf("%w: %s is not in --callback-allow", errNotAllowed, address)
	}
	if g.neverSends(address) {
		return fmt.Errorf("%w: callbacks are never sent to %s", errNotAllowed, address)
	}
	return nil
}

// neverSends reports whether an address is refused whatever is allowed.
func (g *Guard) neverSends(address string) bool {
	return g.never.Safe(family(address), address, nil) != nil || metadata(address)
}

// family is the network of an address, with the version of IP.
func family(address string) string {
	if at, err := netip.ParseAddrPort(address); err == nil && at.Addr().Is4() {
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
	for _, cloud := range clouds {
		if cloud.Contains(at.Addr().Unmap().WithZone("")) {
			return true
		}
	}
	return false
}

// clouds are these addresses: of Azure, Alibaba, Oracle, and the private ranges from which AWS and Google take theirs,
// such as fd00:ec2::254, fd00:ec2::23 and fd20:ce::254.
var clouds = [...]netip.Prefix{
	netip.MustParsePrefix("168.63.129.16/32"), netip.MustParsePrefix("100.100.100.200/32"),
	netip.MustParsePrefix("192.0.0.192/32"),
	netip.MustParsePrefix("fd00:ec2::/112"), netip.MustParsePrefix("fd20:ce::/112"),
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
