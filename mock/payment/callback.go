package payment

import (
	"net/url"
	"strconv"
)

// CheckCallback says what is wrong with a callback URL, or nothing: it must be an absolute http or
// https URL without credentials in it.
func CheckCallback(callback string) (fault string) {
	u, err := url.Parse(callback)
	switch {
	case err != nil || (u.Scheme != "http" && u.Scheme != "https") || u.Hostname() == "":
		return "must be an absolute http or https URL such as https://shop.example.com/payment-callback"
	case u.User != nil:
		return "must not contain credentials"
	}
	if port := u.Port(); port != "" {
		if n, err := strconv.Atoi(port); err != nil || n < 1 || n > 65535 {
			return "must have a port from 1 to 65535"
		}
	}
	return ""
}
