package mock

import (
	"errors"
	"fmt"
	"net/netip"
	"net/url"
	"path"
	"strconv"
	"strings"

	"golang.org/x/net/idna"
)

// checkPublicURL says what is wrong with the public URL, which has no slash at its end.
func checkPublicURL(s string) error {
	u, err := url.Parse(s)
	var fault *url.Error
	switch {
	case errors.As(err, &fault):
		return fmt.Errorf("%w; want an absolute http or https URL such as http://localhost:8080", fault.Err)
	case u.Scheme != "http" && u.Scheme != "https", u.Host == "":
		return errors.New("want an absolute http or https URL such as http://localhost:8080")
	case u.User != nil:
		return errors.New("leave out the user and the password")
	case strings.ContainsAny(s, "?#"):
		return errors.New("leave out what begins with ? or #")
	case u.Path != "" && path.Clean(u.Path) != u.Path:
		return fmt.Errorf("write the path as %s", path.Clean(u.Path))
	}

	return errors.Join(checkHost(u.Hostname()), checkPort(u))
}

// checkHost says what is wrong with the name or the address of a host.
func checkHost(host string) error {
	if host == "" {
		return errors.New("there is no host before the port: write one, such as localhost")
	}
	if strings.Contains(host, ":") {
		if at, err := netip.ParseAddr(host); err != nil || at.Zone() != "" {
			return fmt.Errorf("%q is no IPv6 address", host)
		}
		return nil
	}

	for i := range len(host) {
		if host[i] >= 0x80 {
			ascii, err := idna.Lookup.ToASCII(host)
			if err != nil {
				return fmt.Errorf("%q is no host name", host)
			}
			return fmt.Errorf("write the host name as %s", ascii)
		}
		if !isHostByte(host[i]) {
			return fmt.Errorf("a host name has letters, digits, dots and hyphens, no %q", host[i])
		}
	}

	return nil
}

// isHostByte takes the underscore, too: the services of Compose have it in their names.
func isHostByte(b byte) bool {
	return b >= 'a' && b <= 'z' || b >= 'A' && b <= 'Z' || b >= '0' && b <= '9' || b == '.' || b == '-' || b == '_'
}

// checkPort says what is wrong with the port of a URL, which may have none.
func checkPort(u *url.URL) error {
	if strings.HasSuffix(u.Host, ":") {
		return errors.New("there is no port behind the colon: write one, or leave the colon out")
	}
	if port := u.Port(); port != "" {
		if n, err := strconv.Atoi(port); err != nil || n < 1 || n > 65535 {
			return fmt.Errorf("port %s: want one from 1 to 65535", port)
		}
	}
	return nil
}
