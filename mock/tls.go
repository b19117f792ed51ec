package mock

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"strings"

	"github.com/labstack/echo/v4"

	"github.com/payporter-mock/payporter-mock/mock/internal/route"
)

// TLS says whose certificate the sandbox shows when Config has none.
type TLS string

// The kinds of TLS.
const (
	TLSNone       TLS = "none"        // plain HTTP
	TLSSelfSigned TLS = "self-signed" // one that the sandbox makes when it begins to listen; CACert is who signed it
)

// caPath is where clients get the certificate that they must trust. It is public, so it needs no token.
const caPath = "/_mock/ca.pem"

// secure reports whether the sandbox speaks https.
func (c Config) secure() bool { return c.TLS == TLSSelfSigned || c.TLSCert != nil }

// scheme is what the sandbox's URL begins with.
func (c Config) scheme() string {
	if c.secure() {
		return "https"
	}
	return "http"
}

// checkTLS reports what is wrong with the settings of https.
func (c Config) checkTLS() error {
	var kind error
	if c.TLS != TLSNone && c.TLS != TLSSelfSigned {
		kind = fmt.Errorf("tls %q: want none or self-signed; a certificate of your own goes into --tls-cert and --tls-key",
			string(c.TLS))
	}

	switch {
	case (c.TLSCert == nil) != (c.TLSKey == ""):
		return errors.Join(kind, errors.New("tls-cert, tls-key: want both or none"))
	case c.TLSCert == nil:
		return kind
	case c.TLS == TLSSelfSigned:
		return errors.New("tls self-signed: leave it out with --tls-cert and --tls-key, or leave those out")
	}

	if _, err := tls.X509KeyPair(c.TLSCert, []byte(c.TLSKey.Reveal())); err != nil {
		err = fmt.Errorf("tls-cert, tls-key: want a certificate and its private key, both in PEM: %w", err)
		return errors.Join(kind, err)
	}

	return kind
}

// secureAs gives the sandbox its certificate, now that its address is known. For plain HTTP it does nothing.
func (s *Server) secureAs(addr net.Addr) error {
	if !s.config.secure() {
		return nil
	}
	certificate, err := s.certificate(addr)
	if err != nil {
		return err
	}
	s.http.TLSConfig = &tls.Config{Certificates: []tls.Certificate{certificate}, MinVersion: tls.VersionTLS12}
	return nil
}

func (s *Server) certificate(addr net.Addr) (tls.Certificate, error) {
	c := s.config
	if c.TLS != TLSSelfSigned {
		return tls.X509KeyPair(c.TLSCert, []byte(c.TLSKey.Reveal()))
	}
	certificate, authority, err := selfSigned(c.ownNames(addr))
	if err != nil {
		return tls.Certificate{}, fmt.Errorf("make a certificate: %w", err)
	}
	s.caCert = authority
	return certificate, nil
}

// CACert is the certificate, in PEM, that clients of a self-signed sandbox must trust. It is nil before Listen and for
// any other sandbox.
func (s *Server) CACert() []byte { return s.caCert }

// CAPool is CACert as clients written in Go want it. It is empty where CACert is nil.
func (s *Server) CAPool() *x509.CertPool {
	pool := x509.NewCertPool()
	pool.AppendCertsFromPEM(s.caCert)
	return pool
}

// serveCA adds the route of the certificate, for a self-signed sandbox.
func (s *Server) serveCA(e *echo.Echo) {
	if s.config.TLS != TLSSelfSigned {
		return
	}
	route.Look(e, caPath, func(c echo.Context) error {
		return c.Blob(http.StatusOK, "application/pem-certificate-chain", s.caCert)
	})
}

// names are what a certificate is for.
type names struct {
	hosts     []string // lower case, ASCII; some begin with *.
	addresses []net.IP
}

// ownNames are the names and addresses that clients can know the sandbox by, which listens at addr.
func (c Config) ownNames(addr net.Addr) names {
	n := names{hosts: []string{"localhost"}, addresses: []net.IP{net.IPv4(127, 0, 0, 1), net.IPv6loopback}}
	if at, err := netip.ParseAddrPort(addr.String()); err == nil && !at.Addr().IsUnspecified() {
		n.add(at.Addr().WithZone("").String())
	} else if all, err := net.InterfaceAddrs(); err == nil { // it listens at each
		for _, a := range all {
			n.add(strings.Split(a.String(), "/")[0])
		}
	}

	if host, _, err := net.SplitHostPort(c.Addr); err == nil {
		n.add(host)
	}
	if public, err := url.Parse(c.PublicURL); err == nil {
		n.add(public.Hostname())
	}
	for _, name := range c.AllowedHosts {
		n.add(name)
	}
	return n
}

// add takes a host name, *.NAME or an address; nothing else, and no address that stands for all.
func (n *names) add(host string) {
	if ip := net.ParseIP(host); ip != nil {
		if !ip.IsUnspecified() {
			n.addresses = append(n.addresses, ip)
		}
		return
	}

	name, below := strings.CutPrefix(host, "*.")
	if ascii, ok := hostName(name); ok && below {
		n.hosts = append(n.hosts, "*."+ascii)
	} else if ok {
		n.hosts = append(n.hosts, ascii)
	}
}
