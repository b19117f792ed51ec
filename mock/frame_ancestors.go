package mock

import (
	"errors"
	"fmt"
	"strings"
)

// checkFrameAncestor says what is wrong with an origin that may show the hosted page in a frame. It takes what browsers
// take in the frame-ancestors of a Content-Security-Policy: a scheme and a host name, whose first label may be *, and a
// port, which may be *.
func checkFrameAncestor(origin string) error {
	scheme, rest, ok := strings.Cut(origin, "://")
	if !ok || scheme != "http" && scheme != "https" || rest == "" {
		return errors.New("want an origin such as https://shop.example, http://localhost:3000, " +
			"http://localhost:* or https://*.shop.example")
	}
	if strings.ContainsAny(rest, "/?#@") {
		return errors.New("want scheme, host and port only, without a slash at the end")
	}
	if strings.HasPrefix(rest, "[") {
		return errors.New("browsers take no IPv6 address here: name the host, such as localhost")
	}

	anyPort := strings.HasSuffix(rest, ":*")
	host := strings.TrimPrefix(strings.TrimSuffix(origin, ":*"), scheme+"://")
	host = strings.TrimPrefix(host, "*.")
	if anyPort && strings.Contains(host, ":") {
		return fmt.Errorf("want one port or *, got %q", rest)
	}
	return checkPublicURL(scheme + "://" + host)
}
