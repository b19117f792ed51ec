package mock

import (
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"strings"

	"github.com/payporter-mock/payporter-mock/payment"
)

// hosts are the hosts that a request may name while the control API has no token. A web site can give its own name
// to the address of this sandbox (DNS rebinding): to a browser, the sandbox is then a part of that site. Only names
// that no web site can have are taken, and those that whoever runs the sandbox has listed.
type hosts struct {
	names map[string]bool // lower case, ASCII
	under []string        // what listed names may end in, each with a dot before it
}

// ownedByNobody are the ends of names that nobody outside can register.
var ownedByNobody = []string{".localhost", ".test", ".internal", ".cluster.local"}

// newHosts takes Config.AllowedHosts, and the hosts of the public URL and of the address to listen on. Its error
// names every entry that is no host.
func newHosts(allowed []string, publicURL, addr string) (*hosts, error) {
	h := &hosts{names: map[string]bool{}, under: ownedByNobody[:len(ownedByNobody):len(ownedByNobody)]}
	var faults []error
	for _, entry := range allowed {
		name, below := strings.CutPrefix(entry, "*.")
		ascii, ok := hostName(name)
		switch {
		case !ok:
			faults = append(faults, fmt.Errorf("allowed-host %q: want a host name such as sandbox.example.com, "+
				"without scheme and port, or *.example.com for all names that end in it", entry))
		case below:
			h.under = append(h.under, "."+ascii)
		default:
			h.names[ascii] = true
		}
	}

	// The two names that the settings say anyway.
	if public, err := url.Parse(publicURL); err == nil {
		h.add(public.Hostname())
	}
	if host, _, err := net.SplitHostPort(addr); err == nil {
		h.add(host)
	}
	return h, errors.Join(faults...)
}

func (h *hosts) add(name string) {
	if ascii, ok := hostName(name); ok {
		h.names[ascii] = true
	}
}

// hostName is a name as requests write it, without a dot at its end. It reports false for what is no name, which an
// address is not either.
func hostName(name string) (string, bool) {
	ascii, ok := payment.HostName(name)
	return strings.TrimSuffix(ascii, "."), ok
}

// trusts reports whether a request for this host, with or without a port, cannot come from another web site's page.
// Without any Host it can't either: every browser sends one.
func (h *hosts) trusts(host string) bool {
	if name, port, err := net.SplitHostPort(host); err == nil && (port == "" || validPort(port)) {
		host = name
	} else if inner, ok := strings.CutPrefix(host, "["); ok {
		host = strings.TrimSuffix(inner, "]")
	}
	if _, err := netip.ParseAddr(host); err == nil || host == "" {
		return true
	}

	name := strings.ToLower(strings.TrimSuffix(host, "."))
	if strings.ContainsAny(name, ":/@[]") || strings.Contains(name, "..") || strings.HasPrefix(name, ".") {
		return false
	}
	if !strings.Contains(name, ".") || h.names[name] {
		return true
	}
	for _, end := range h.under {
		if strings.HasSuffix(name, end) {
			return true
		}
	}
	return false
}

// checkHost refuses a host that is not the sandbox's while the control API has no token. With one, no web site's
// page can do anything. Whoever serves Handler without Listen answers for its hosts.
func (s *Server) checkHost(r *http.Request) error {
	if s.config.AdminToken != "" || s.listener == nil || s.hosts.trusts(r.Host) {
		return nil
	}
	return &payment.Error{Code: payment.Forbidden, Message: fmt.Sprintf(
		"the host %q is not known as this sandbox's: ask by IP address or as localhost, list the name with "+
			"--allowed-host, or set --admin-token",
		payment.MaskText(r.Host[:min(len(r.Host), 255)]))}
}
