package wire

import (
	"net/http"
	"strings"

	"github.com/payporter-mock/payporter-mock/payment"
)

// Header is the value of a header that must not say two things; the name is written as net/http writes it. Two values
// that differ are an *payment.Error with code InvalidRequest, which shows neither. Equal ones are one.
func Header(r *http.Request, name string) (string, error) {
	values := r.Header[name]
	if len(values) == 0 {
		return "", nil
	}

	for _, other := range values[1:] {
		if other != values[0] {
			return "", &payment.Error{
				Code: payment.InvalidRequest, Field: documentedName(name), Message: "came with two different values: send it once",
			}
		}
	}
	return values[0], nil
}

// documentedName is how PayPorter writes the name.
func documentedName(name string) string {
	if strings.HasPrefix(name, "X-Api-") {
		return strings.ToUpper(name)
	}
	return name
}
