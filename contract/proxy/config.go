package proxy

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/payporter-mock/payporter-mock/mock"
	"github.com/payporter-mock/payporter-mock/mock/store"
	"github.com/payporter-mock/payporter-mock/payment"
)

// DefaultAddr is where a proxy listens: beside a sandbox on its own default address.
const DefaultAddr = "127.0.0.1:8081"

// Config is how a proxy behaves.
type Config struct {
	Upstream   string // the base URL of PayPorter: what comes before /api/checkout; wanted
	UpstreamCA []byte // PEM certificates that it may be signed by, beside the system's

	Addr string // where to listen; default DefaultAddr, port 0 picks a free one
	// PublicURL is where PayPorter reaches the proxy, so that callbacks pass it; default: it does not, and callbacks go
	// where the app says.
	PublicURL string
	// App is the base URL of the app, for what PayPorter sends to other paths of PublicURL; default: nobody is there.
	App           string
	CallbackAllow []string // as mock.Config has it
	CallbackCA    []byte   // as mock.Config has it

	AdminToken   payment.Secret // what the dashboard wants; empty lets everybody in
	AllowedHosts []string       // as mock.Config has it
	TLS          mock.TLS       // as mock.Config has it
	TLSCert      []byte         // as mock.Config has it
	TLSKey       payment.Secret // as mock.Config has it

	Version string       // of the program; default dev
	Logger  *slog.Logger // default: silent
}

// withDefaults fills in what was left out.
func (c Config) withDefaults() Config {
	if c.Addr == "" {
		c.Addr = DefaultAddr
	}
	if c.Version == "" {
		c.Version = "dev"
	}
	if c.Logger == nil {
		c.Logger = slog.New(slog.DiscardHandler)
	}
	c.Upstream, c.PublicURL = strings.TrimRight(c.Upstream, "/"), strings.TrimRight(c.PublicURL, "/")
	c.App = strings.TrimRight(c.App, "/")
	return c
}

// Validate reports everything that is wrong with the config at once, in the words of the flags. New does the same.
func (c Config) Validate() error {
	c = c.withDefaults()
	faults := []error{checkBase("upstream", c.Upstream), c.server(nil, http.NotFoundHandler()).Validate()}
	if c.App != "" {
		faults = append(faults, checkBase("app", c.App))
		if c.PublicURL == "" {
			faults = append(faults, errors.New("app: wants --public-url, the address that the app registers at PayPorter"))
		}
	}

	_, err := c.transport()
	return errors.Join(append(faults, err)...)
}

// checkBase says what is wrong with a base URL.
func checkBase(flag, base string) error {
	u, err := url.Parse(base)
	shown := payment.MaskURL(base)
	switch {
	case base == "":
		return fmt.Errorf("%s: name the address of PayPorter, such as --%s http://127.0.0.1:8080", flag, flag)
	case err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "":
		return fmt.Errorf("%s %q: want an absolute http or https URL such as http://127.0.0.1:8080", flag, shown)
	case u.User != nil:
		return fmt.Errorf("%s %q: leave out the user and the password; the app sends its credentials", flag, shown)
	case strings.ContainsAny(base, "?#"):
		return fmt.Errorf("%s %q: leave out what begins with ? or #", flag, shown)
	case strings.HasSuffix(u.Path, "/api") || strings.Contains(u.Path, "/api/"):
		return fmt.Errorf("%s %q: want what comes before /api: leave it out", flag, shown)
	}
	return nil
}

// merchantKey is whose books have the record.
const merchantKey = "proxy"

// server is the config of what listens and shows the books.
func (c Config) server(kept store.Books, passes http.Handler) mock.Config {
	return mock.Config{
		Addr: c.Addr, PublicURL: c.PublicURL, APIKey: merchantKey, Passes: passes, Store: kept,
		CallbackAllow: c.allowed(), CallbackCA: c.CallbackCA, AdminToken: c.AdminToken, AllowedHosts: c.AllowedHosts,
		TLS: c.TLS, TLSCert: c.TLSCert, TLSKey: c.TLSKey, Version: c.Version, Logger: c.Logger,
	}
}

// allowed is where callbacks may go: the app that is named is always among it.
func (c Config) allowed() []string {
	app, err := url.Parse(c.App)
	if c.App == "" || err != nil || len(c.CallbackAllow) == 0 && mock.Loopback(c.Addr) {
		return c.CallbackAllow
	}
	return append(c.CallbackAllow[:len(c.CallbackAllow):len(c.CallbackAllow)], app.Hostname())
}

// transport leads to the upstream and through no other proxy. Its certificate is verified. Each request has a
// connection of its own: on one that is kept, net/http asks again by itself when there is no answer, and the app would
// not be told.
func (c Config) transport() (http.RoundTripper, error) {
	trust := &tls.Config{MinVersion: tls.VersionTLS12}
	if c.UpstreamCA != nil {
		roots, err := x509.SystemCertPool()
		if err != nil {
			roots = x509.NewCertPool() // a machine without any
		}
		if !roots.AppendCertsFromPEM(c.UpstreamCA) {
			return nil, errors.New("upstream-ca: want a file of certificates in PEM, each of which begins with " +
				"-----BEGIN CERTIFICATE-----")
		}
		trust.RootCAs = roots
	}

	return &http.Transport{
		TLSClientConfig: trust, DisableCompression: true, DisableKeepAlives: true, TLSHandshakeTimeout: 10 * time.Second,
	}, nil
}
