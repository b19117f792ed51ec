package notify

import (
	"fmt"
	"net"
	"net/http"
	"net/url"

	"golang.org/x/net/http/httpproxy"
)

// Proxy is the HTTP proxy that callbacks go through. A nil one is none: they go straight to the receiver.
//
// A proxy is where the guard ends: it resolves the receiver's name by itself. What the guard can see of a receiver, its
// address as the URL writes it or as the name resolves here, it still refuses.
type Proxy struct {
	choose func(*url.URL) (*url.URL, error)
	hosts  map[string]bool // of the proxies, with ports: these may be dialled
}

// NewProxy takes none (or nothing), env for HTTP_PROXY, HTTPS_PROXY and NO_PROXY, or the URL of a proxy.
func NewProxy(setting string) (*Proxy, error) {
	switch setting {
	case "", "none":
		return nil, nil
	case "env":
		env := httpproxy.FromEnvironment()
		p := &Proxy{choose: env.ProxyFunc(), hosts: map[string]bool{}}
		for _, one := range []string{env.HTTPProxy, env.HTTPSProxy} {
			if at, err := url.Parse(one); err == nil && one != "" {
				p.hosts[withPort(at)] = true
			}
		}
		return p, nil
	}

	at, err := url.Parse(setting)
	if err != nil || (at.Scheme != "http" && at.Scheme != "https") || at.Host == "" {
		return nil, fmt.Errorf("callback-proxy: want none, env, or the URL of a proxy such as http://127.0.0.1:3128")
	}

	return &Proxy{
		choose: func(*url.URL) (*url.URL, error) { return at, nil },
		hosts:  map[string]bool{withPort(at): true},
	}, nil
}

func withPort(at *url.URL) string {
	port := at.Port()
	switch {
	case port != "":
	case at.Scheme == "https":
		port = "443"
	default:
		port = "80"
	}
	return net.JoinHostPort(at.Hostname(), port)
}

// forRequest is http.Transport's question.
func (p *Proxy) forRequest(r *http.Request) (*url.URL, error) {
	if p == nil {
		return nil, nil
	}
	return p.choose(r.URL)
}

// used reports whether a callback to the address goes through a proxy.
func (p *Proxy) used(target *url.URL) bool {
	if p == nil {
		return false
	}
	by, err := p.choose(target)
	return err == nil && by != nil
}

// is reports whether a dialled address is a proxy's.
func (p *Proxy) is(address string) bool { return p != nil && p.hosts[address] }
