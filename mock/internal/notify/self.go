package notify

import (
	"net"
	"net/http"
	"net/netip"
	"strings"
)

// agent is how every delivery's User-Agent begins; the version follows. Receivers may rely on it, and the control API
// does: it does nothing for a delivery, whichever sandbox sent it and whatever stood in between.
const agent = "payporter-mock/"

// IsDelivery reports whether a request is what a sandbox sends: a callback, or a forged one. Whoever chooses a
// callback URL must not thereby act in the sandbox's name.
func IsDelivery(r *http.Request) bool { return strings.HasPrefix(r.UserAgent(), agent) }

// Own tells the guard where this sandbox listens. No callback is sent there.
func (g *Guard) Own(addr net.Addr) {
	if at, err := netip.ParseAddrPort(addr.String()); err == nil {
		g.own.Store(&at)
	}
}

// isOwn reports whether this sandbox itself answers at an address. Another port of the same machine is another's.
func (g *Guard) isOwn(address string) bool {
	own := g.own.Load()
	at, err := netip.ParseAddrPort(address)
	if own == nil || err != nil || at.Port() != own.Port() {
		return false
	}

	ip := at.Addr().Unmap().WithZone("")
	listens := own.Addr().Unmap().WithZone("")
	if !listens.IsUnspecified() {
		return ip == listens
	}
	if listens.Is4() && !ip.Is4() { // 0.0.0.0 hears IPv4 alone, [::] both
		return false
	}
	return ip.IsLoopback() || ip.IsUnspecified() || isOfThisMachine(ip)
}

// isOfThisMachine reports whether an interface of this machine has the address.
func isOfThisMachine(ip netip.Addr) bool {
	all, err := net.InterfaceAddrs()
	if err != nil {
		return false // the control API still recognises what is sent
	}
	for _, a := range all {
		if prefix, err := netip.ParsePrefix(a.String()); err == nil && prefix.Addr().Unmap().WithZone("") == ip {
			return true
		}
	}
	return false
}
